/// The fields that keep browsers from guessing: content types are taken at their word, nothing is framed, no address is
/// told to others.
///
/// `Strict-Transport-Security` is the gateway's to say, which has the certificate.
public struct SecurityHeaders: Filter {
  private let fields: [(name: String, value: String)]
  private let allFields: HTTPFields

  /// The usual fields.
  ///
  /// - Parameter contentSecurityPolicy: for what is not said otherwise by a handler; the default is for an API, whose
  ///   answers are never rendered.
  public init(contentSecurityPolicy: String = "default-src 'none'; frame-ancestors 'none'") {
    fields = [
      ("X-Content-Type-Options", "nosniff"),
      ("X-Frame-Options", "DENY"),
      ("Referrer-Policy", "no-referrer"),
      ("Content-Security-Policy", contentSecurityPolicy),
    ]
    allFields = fields.reduce(into: HTTPFields()) { $0.append($1.name, $1.value) }
  }

  /// Lets everything pass.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? { nil }

  /// Adds the fields that the handler did not set.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    if response.fields.mayShareNames(with: allFields) {
      for (name, value) in fields { response.fields.setIfAbsent(name, value) }
    } else {
      response.fields.append(contentsOf: allFields)
    }
  }
}
