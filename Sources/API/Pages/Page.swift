import HTTP
import Kernel

/// A page that a mail leads to: a form with the code of the mail in it, and nothing from elsewhere.
///
/// The code stands behind the `#` of the address, which browsers do not send: our script takes it from there and asks the API.
/// Without scripts the form is sent to the page itself, with the code typed in.
struct Page: Sendable {
  /// What is typed.
  struct Field: Sendable {
    let name: String
    let label: String
    let type: String
    let autocomplete: String
    var isNeeded = true

    static let token = Field(name: "token", label: "Code of the mail", type: "text", autocomplete: "one-time-code")
  }

  let path: String
  let title: String
  /// What to do, in a sentence.
  let words: String
  let button: String
  /// What is said when it is done.
  let done: String
  let fields: [Field]
  /// The route that the script asks.
  let route: String
  /// Whether somebody must be signed in, for which only the script can see.
  var needsSignIn = false

  static let securityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    + "frame-ancestors 'none'"

  /// The page with its form.
  var response: Response {
    let method = needsSignIn ? "" : " method=\"post\" action=\"\(path)\""
    let needs = needsSignIn ? " data-signs-in" : ""
    var form = "<form\(method) data-route=\"\(route)\" data-done=\"\(done.asMarkup)\"\(needs)>"
    for field in fields {
      form += "<label>\(field.label.asMarkup)<input name=\"\(field.name)\" type=\"\(field.type)\""
      form += " autocomplete=\"\(field.autocomplete)\"\(field.isNeeded ? " required" : "")></label>"
    }
    form += "<button>\(button.asMarkup)</button></form>"
    if needsSignIn {
      form +=
        "<noscript><p>This page needs scripts. Without them, sign in with a program and send the code of the mail "
      form += "to <code>POST \(route)</code> as <code>token</code>.</p></noscript>"
    }
    return Page.response(title, "<p>\(words.asMarkup)</p>\(form)<p role=\"status\"></p>", hasScript: true)
  }

  /// A page that only says something.
  static func saying(_ title: String, _ words: String, status: HTTPStatus = .ok) -> Response {
    response(title, "<p role=\"status\">\(words.asMarkup)</p>", status: status)
  }

  static func response(
    _ title: String, _ body: String, hasScript: Bool = false, status: HTTPStatus = .ok
  ) -> Response {
    let script = hasScript ? "<script src=\"/assets/pages.js\" defer></script>" : ""
    let text = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(title.asMarkup) – Wayfare</title><link rel="stylesheet" href="/assets/pages.css">\(script)</head>
      <body><main><h1>\(title.asMarkup)</h1>\(body)</main></body></html>

      """
    return Response(
      status: status,
      fields: [
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
        "Content-Security-Policy": securityPolicy,
      ], body: .bytes(Array(text.utf8)))
  }
}
