import Accounts
import HTTP
import JSON
import Kernel
import Notification
import Secrets
import Testing

@testable import API

/// The pages that mails lead to.
@Suite("Pages")
struct PageTests {
  private static let browser: HTTPFields = [
    "Accept": "text/html,application/xhtml+xml", "Content-Type": "application/x-www-form-urlencoded",
  ]

  @Test("every page is ours alone: no script within it, nothing from elsewhere, and a route of ours that it asks")
  func safe() async throws {
    var routes: Set<String> = []
    try await AccountsFixture.run(surroundings: { surroundings in
      routes = Set(Application.responder(surroundings).routes.map { "\($0.method.rawValue) \($0.pattern)" })
    }) { world in
      for page in PageRoutes.pages {
        let answer = try await world.send(.get, page.path)
        #expect(answer.status == 200 && answer.field("Content-Type") == "text/html; charset=utf-8", "\(answer.text)")
        let policy = try #require(answer.field("Content-Security-Policy"))
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
        #expect(!policy.contains("unsafe") && answer.field("Referrer-Policy") == "no-referrer")
        #expect(!answer.text.contains("://") && !answer.text.contains("<script>") && !answer.text.contains(" onclick="))
        #expect(answer.text.contains("name=\"token\"") && answer.text.contains("data-route=\"\(page.route)\""))
        #expect(routes.contains("POST \(page.route)"), "\(page.route) is no route")
        #expect(page.needsSignIn || routes.contains("POST \(page.path)"))
      }
      for (path, type) in [("/assets/pages.js", "text/javascript"), ("/assets/pages.css", "text/css")] {
        let answer = try await world.send(.get, path)
        #expect(answer.status == 200 && answer.field("Content-Type") == "\(type); charset=utf-8")
        #expect(answer.field("X-Content-Type-Options") == "nosniff" && !answer.text.contains("innerHTML"))
      }
    }
  }

  @Test("a page speaks the language of its address, else what the browser likes best, and says which it is")
  func languages() async throws {
    try await AccountsFixture.run { world in
      var seen: Set<String> = []
      for page in PageRoutes.pages {
        for language in Language.allCases {
          let answer = try await world.send(.get, "\(page.path)?lang=\(language.rawValue)")
          let words = PageWords.of(language)
          #expect(answer.text.contains("<html lang=\"\(language.rawValue)\">"), "\(answer.text)")
          #expect(answer.field("Content-Language") == language.rawValue)
          #expect(answer.field("Vary")?.contains("Accept-Language") == true)
          #expect(answer.text.contains("<h1>\(words[keyPath: page.form].title.asMarkup)</h1>"))
          #expect(page.needsSignIn || answer.text.contains("action=\"\(page.path)?lang=\(language.rawValue)\""))
          seen.insert(answer.text)
        }
      }
      #expect(seen.count == PageRoutes.pages.count * Language.allCases.count, "no page is the same in two languages")
      for (wanted, found) in [
        ("de-AT", "de"), ("nl, pt-BR;q=0.8, de;q=0.9", "de"), ("FR", "fr"), ("nl", "en"), ("*", "en"), ("", "en"),
        ("de;q=0, it;q=0.1", "it"), ("de;q=2, es", "es"), ("de;q=x, it;q=0.5", "it"), ("es;q=0.5,it;q=0.5", "es"),
        ("de ; q=0.4 , fr;q=0.3", "de"),
      ] {
        let answer = try await world.app.send(.get, "/confirm", ["Accept-Language": wanted])
        #expect(answer.field("Content-Language") == found, "\(wanted)")
      }
      let both = try await world.app.send(.get, "/confirm?lang=it", ["Accept-Language": "de"])
      #expect(both.field("Content-Language") == "it")
      let strange = try await world.send(.get, "/confirm?lang=xx")
      #expect(strange.status == 400 && strange.text.contains("'en', 'de', 'fr', 'es', 'pt', 'it'"), "\(strange.text)")
    }
  }

  @Test("what is wrong is said in the page's language, and exactly in English")
  func faults() async throws {
    try await AccountsFixture.run { world in
      #expect(try await world.register("ada@example.org").status == 202)
      var fields = Self.browser
      fields.set("Accept-Language", "de")
      let answer = try await world.app.send(.post, "/reset", fields, body: "token=wrong&password=violet+anchor+toast")
      #expect(answer.status == 422 && answer.field("Content-Language") == "de")
      #expect(answer.text.contains("Dieser Code gilt nicht oder nicht mehr"), "\(answer.text)")
      #expect(answer.text.contains("<span lang=\"en\">/token"), "\(answer.text)")
      let english = try await world.app.send(
        .post, "/reset?lang=en", fields, body: "token=wrong&password=violet+anchor+toast")
      #expect(!english.text.contains("<span") && english.text.contains("/token"), "\(english.text)")
    }
  }

  @Test("without a script a form does the same: an account is confirmed and its password changed")
  func forms() async throws {
    try await AccountsFixture.run { world in
      #expect(try await world.register("ada@example.org").status == 202)
      let token = try #require(try await world.letters().last?.token)
      let typed = "token=\(token)&password=violet+anchor%20toast"
      let wrong = try await world.app.send(.post, "/confirm", Self.browser, body: "token=\(token)&password=wrong")
      #expect(
        wrong.status == 422 && wrong.text.contains("<main>") && wrong.text.contains("not the password"), "\(wrong.text)"
      )
      let done = try await world.app.send(.post, "/confirm", Self.browser, body: typed)
      #expect(done.status == 200 && done.text.contains("Your account is there"), "\(done.text)")
      let again = try await world.app.send(
        .post, "/confirm", ["Content-Type": "application/x-www-form-urlencoded"], body: typed)
      #expect(again.status == 422 && again.field("Content-Type") == "application/problem+json")
      _ = try await world.send(.post, "/v1/auth/password/forgot", #"{"email":"ada@example.org"}"#)
      let code = try #require(try await world.letters().last?.token)
      let reset = try await world.app.send(
        .post, "/reset", Self.browser, body: "token=\(code)&password=quiet+harbour+lamp")
      #expect(reset.status == 200, "\(reset.text)")
      #expect(try await world.login("ada@example.org", "quiet harbour lamp").status == 200)
      let json = try await world.send(.post, "/reset", #"{"token":"x"}"#)
      #expect(json.status == 415)
    }
  }

  @Test("one click switches a kind of mails off, for its reader alone; what digests join goes with them")
  func unsubscribing() async throws {
    try await AccountsFixture.run { world in
      let ada = try await world.join("ada@example.org")
      let user = try #require(UserID(ada.user))
      func preferences() async throws -> String {
        try await world.send(.get, "/v1/users/\(ada.user)/preferences", as: ada).text
      }
      let pass = MailPass(user: user, kind: "trip.mentioned").text(world.key)
      #expect(MailPass(pass, world.key) == MailPass(user: user, kind: "trip.mentioned"))
      let page = try await world.app.send(.get, "/unsubscribe?pass=\(pass)", Self.browser)
      #expect(page.status == 200 && page.text.contains("<form method=\"post\">"))
      #expect(!(try await preferences()).contains("trip.mentioned"), "a page that is fetched switches nothing off")
      let click = try await world.app.send(
        .post, "/unsubscribe?pass=\(pass)", Self.browser, body: "List-Unsubscribe=One-Click")
      #expect(click.status == 200, "\(click.text)")
      let changed = try JSONDocument(text: try await preferences()).root
      #expect(try changed.find("/notifications/kinds")?.members.first { $0.name == "trip.mentioned" } != nil)
      let digest = MailPass(user: user, kind: "digest").text(world.key)
      #expect(try await world.app.send(.post, "/unsubscribe?pass=\(digest)", Self.browser, body: "x=1").status == 200)
      #expect(try JSONDocument(text: try await preferences()).root.find("/notifications/email")?.bool == false)
      let strange = MailPass(user: user, kind: "digest").text(MasterKey.random())
      for wrong in [strange, "x", String(pass.dropLast())] {
        #expect(try await world.app.send(.post, "/unsubscribe?pass=\(wrong)", Self.browser, body: "x=1").status == 400)
      }
    }
  }
}
