import HTTP
import Kernel
import Notification

/// A page that a mail leads to: a form with the code of the mail in it, and nothing from elsewhere.
///
/// The code stands behind the `#` of the address, which browsers do not send: our script takes it from there and asks the API.
/// Without scripts the form is sent to the page itself, with the code typed in.
struct Page: Sendable {
  /// What is typed.
  struct Field: Sendable {
    let name: String
    let label: any KeyPath<PageWords, String> & Sendable
    let type: String
    let autocomplete: String
    var isNeeded = true

    static let token = Field(name: "token", label: \.code, type: "text", autocomplete: "one-time-code")
  }

  let path: String
  /// What it says.
  let form: any KeyPath<PageWords, PageWords.Form> & Sendable
  let fields: [Field]
  /// The route that the script asks.
  let route: String
  /// Whether somebody must be signed in, for which only the script can see.
  var needsSignIn = false

  static let securityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The page with its form.
  func response(in language: Language) -> Response {
    let words = PageWords.of(language)
    let form = words[keyPath: form]
    let method = needsSignIn ? "" : " method=\"post\" action=\"\(path)?lang=\(language.rawValue)\""
    let needs = needsSignIn ? " data-signs-in" : ""
    var text = "<form\(method) data-route=\"\(route)\" data-done=\"\(form.done.asMarkup)\"\(needs)"
    for (name, fault) in words.faults.named { text += " data-\(name)=\"\(fault.asMarkup)\"" }
    text += ">"
    for field in fields {
      text += "<label>\(words[keyPath: field.label].asMarkup)<input name=\"\(field.name)\" type=\"\(field.type)\""
      text += " autocomplete=\"\(field.autocomplete)\"\(field.isNeeded ? " required" : "")></label>"
    }
    text += "<button>\(form.button.asMarkup)</button></form>"
    if needsSignIn {
      let (before, after) = words.withoutScripts
      text += "<noscript><p>\(before.asMarkup)<code>POST \(route)</code>\(after.asMarkup)</p></noscript>"
    }
    let body = "<p>\(form.words.asMarkup)</p>\(text)<p role=\"status\"></p>"
    return Page.response(form.title, body, in: language, hasScript: true)
  }

  /// A page that only says something.
  static func saying(_ title: String, _ words: String, in language: Language) -> Response {
    response(title, "<p role=\"status\">\(words.asMarkup)</p>", in: language)
  }

  /// A page that says what did not work, and in English what exactly.
  static func saying(_ title: String, _ problem: Problem, in language: Language) -> Response {
    let detail = problem.detail ?? problem.title
    let told =
      language == .english
      ? detail.asMarkup
      : "\(PageWords.of(language).fault(problem).asMarkup) <span lang=\"en\">\(detail.asMarkup)</span>"
    return response(title, "<p role=\"status\">\(told)</p>", in: language, status: problem.status)
  }

  static func response(
    _ title: String, _ body: String, in language: Language, hasScript: Bool = false, status: HTTPStatus = .ok
  ) -> Response {
    let script = hasScript ? "<script src=\"/assets/pages.js\" defer></script>" : ""
    let text = """
      <!doctype html>
      <html lang="\(language.rawValue)"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(title.asMarkup) – Wayfare</title><link rel="stylesheet" href="/assets/pages.css">\(script)</head>
      <body><main><h1>\(title.asMarkup)</h1>\(body)</main></body></html>

      """
    return Response(
      status: status,
      fields: [
        "Content-Type": "text/html; charset=utf-8", "Content-Language": language.rawValue, "Vary": "Accept-Language",
        "Cache-Control": "no-store", "Content-Security-Policy": securityPolicy,
      ], body: .bytes(Array(text.utf8)))
  }
}
