/// The fields that keep browsers from guessing: content types are taken at their word, nothing is framed, no address is
/// told to others.
///
/// `Strict-Transport-Security` is said where the gateway, which has the certificate, says that the request came by TLS.
public struct SecurityHeaders: Filter {
  /// Nothing is loaded, framed, sent from a form or taken for another base of links.
  ///
  /// The last three do not follow `default-src`, and have to be said.
  public static let strictest = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private let fields: [(name: String, value: String)]
  let allFields: HTTPFields

  /// The usual fields.
  ///
  /// - Parameter contentSecurityPolicy: for what is not said otherwise by a handler; the default is for an API, whose
  ///   answers are never rendered.
  public init(contentSecurityPolicy: String = SecurityHeaders.strictest) {
    fields = [
      ("X-Content-Type-Options", "nosniff"),
      ("X-Frame-Options", "DENY"),
      ("Referrer-Policy", "no-referrer"),
      ("Content-Security-Policy", contentSecurityPolicy),
      ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-site"),
    ]
    allFields = fields.reduce(into: HTTPFields()) { $0.append($1.name, $1.value) }
  }

  /// Lets everything pass.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? { nil }

  /// Adds the fields that the handler did not set.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    if request.head.hasHeader("x-forwarded-proto"), request.header("X-Forwarded-Proto") == "https" {
      // Who writes this field without a gateway binds nobody but themselves.
      response.fields.setIfAbsent("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    }
    if response.fields.mayShareNames(with: allFields), fields.contains(where: { response.fields.contains($0.name) }) {
      for (name, value) in fields { response.fields.setIfAbsent(name, value) }
    } else {
      response.fields.append(contentsOf: allFields)
    }
  }
}
