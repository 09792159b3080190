/// The fields that keep browsers from guessing: content types are taken at their word, nothing is framed, no address is
/// told to others.
///
/// `Strict-Transport-Security` is the gateway's to say, which has the certificate.
public struct SecurityHeaders: Middleware {
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

  /// Adds the fields that the handler did not set.
  public func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    var response = try await next(request, context)
    if fields.contains(where: { response.fields.contains($0.name) }) {
      for (name, value) in fields { response.fields.setIfAbsent(name, value) }
    } else {
      response.fields.append(contentsOf: allFields)
    }
    return response
  }
}
