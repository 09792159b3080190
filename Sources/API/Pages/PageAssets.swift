/// What pages load: one script and one sheet, both ours.
enum PageAssets {
  static let script = #"""
    "use strict";
    // Takes the code out of the address, asks the API with what is typed, and says what came of it.
    const form = document.querySelector("form[data-route]");
    const told = document.querySelector("[role=status]");
    const field = name => form.elements.namedItem(name);

    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (token) {
      field("token").value = token;
      field("token").closest("label").hidden = true;
      history.replaceState(null, "", location.pathname + location.search);
    }

    async function ask(route, body, access) {
      const headers = { "Content-Type": "application/json" };
      if (access) headers.Authorization = "Bearer " + access;
      const answer = await fetch(route, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
      const text = await answer.text();
      const value = text ? JSON.parse(text) : {};
      if (!answer.ok) throw new Refusal(answer.status, value);
      return value;
    }

    // What the API has said against it.
    class Refusal extends Error {
      constructor(status, problem) {
        super(problem.detail || "");
        const isCode = problem.type === "/problems/mail-token";
        this.words = status === 429 ? "often" : status === 401 ? "signin" : status >= 500 ? "failed" : isCode ? "code" : "refused";
      }
    }

    // In words of the page; where those do not say what was wrong, also in the API's, which are English.
    function tell(fault) {
      const kind = fault.words || "failed";
      const detail = kind === "refused" ? fault.message : "";
      told.textContent = form.dataset[kind];
      if (!detail) return;
      const exactly = document.createElement("span");
      exactly.lang = "en";
      exactly.textContent = " " + detail;
      told.append(exactly);
    }

    // Signs in for this one request, and out again: no session stays behind on somebody else's machine.
    async function askSignedIn(route, body) {
      const wish = { email: field("email").value, password: field("password").value };
      if (!wish.email) return ask(route, body);
      if (field("code").value) wish.code = field("code").value;
      const session = await ask("/v1/auth/login", wish);
      try {
        return await ask(route, body, session.accessToken);
      } finally {
        await ask("/v1/auth/logout", { refreshToken: session.refreshToken }).catch(() => {});
      }
    }

    form.addEventListener("submit", async event => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      told.textContent = "";
      try {
        if ("signsIn" in form.dataset) {
          await askSignedIn(form.dataset.route, { token: field("token").value.trim() });
        } else {
          const body = Object.fromEntries(new FormData(form));
          body.token = body.token.trim();
          await ask(form.dataset.route, body);
        }
        form.hidden = true;
        told.textContent = form.dataset.done;
      } catch (fault) {
        tell(fault);
        button.disabled = false;
      }
    });
    """#

  static let sheet = """
    :root { color-scheme: light dark }
    body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem; color: #1f2933; background: #f6f6f3 }
    main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: #fff; border: 1px solid #ddd; border-radius: 8px }
    h1 { font-size: 1.3rem; margin: 0 0 1rem }
    label { display: block; margin: 0 0 1rem }
    label[hidden] { display: none }
    input { display: block; box-sizing: border-box; width: 100%; font: inherit; padding: .5rem; border: 1px solid #999;
      border-radius: 4px }
    button { font: inherit; padding: .5rem 1.2rem; border: 0; border-radius: 4px; color: #fff; background: #14532d }
    button:disabled { opacity: .5 }
    [role=status] { font-weight: 600 }
    [role=status] span { display: block; font-weight: 400; font-size: .9rem }
    @media (prefers-color-scheme: dark) {
      body { color: #ddd; background: #181818 } main { background: #222; border-color: #444 }
      input { color: inherit; background: #181818 }
    }

    """
}
