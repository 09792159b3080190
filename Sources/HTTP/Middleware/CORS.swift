/// Lets pages of other origins use the API (the Fetch standard's CORS protocol).
///
/// An origin is compared whole, as the browser sends it: scheme, host, port. Anything with a wildcard in it is either
/// everything or nothing, and everything never comes with credentials.
public struct CORS: Filter {
  /// Whose pages may.
  public enum Origins: Sendable, Hashable {
    /// Everybody's, without credentials.
    case any
    /// These, such as `https://app.example.org`.
    case these(Set<String>)
  }

  private let origins: Origins
  private let allowsCredentials: Bool
  private let preflightFields: HTTPFields
  private let exposedHeaders: String

  /// A policy.
  ///
  /// - Parameters:
  ///   - origins: whose pages may.
  ///   - allowsCredentials: whether cookies and client certificates may come along.
  ///   - methods: what pages may do.
  ///   - headers: what fields pages may send besides the harmless ones.
  ///   - exposedHeaders: what fields of answers pages may read besides the harmless ones.
  ///   - maxAgeSeconds: how long browsers may remember the policy.
  /// - Precondition: not any origin with credentials; origins look like origins.
  public init(
    origins: Origins, allowsCredentials: Bool = false,
    methods: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete],
    headers: [String] = [
      "Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id",
    ],
    exposedHeaders: [String] = ["ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
    maxAgeSeconds: Int = 600
  ) {
    precondition(!(origins == .any && allowsCredentials), "any origin with credentials would be every user's account")
    if case .these(let list) = origins {
      precondition(list.allSatisfy(Self.looksLikeOrigin), "an origin is 'scheme://host' with an optional port")
    }
    self.origins = origins
    self.allowsCredentials = allowsCredentials
    self.exposedHeaders = exposedHeaders.joined(separator: ", ")
    preflightFields = [
      "Access-Control-Allow-Methods": methods.map(\.rawValue).joined(separator: ", "),
      "Access-Control-Allow-Headers": headers.joined(separator: ", "),
      "Access-Control-Max-Age": "\(maxAgeSeconds)",
    ]
  }

  /// Answers preflights.
  public func enter(
    _ request: Request, _ context: inout RequestContext, _ notes: inout FilterNotes
  ) throws -> Response? {
    guard request.method == .options, request.head.hasHeader("access-control-request-method"),
      let origin = request.header("Origin")
    else { return nil }
    return try preflight(origin)
  }

  /// Says on every other answer which page may read it.
  public func leave(_ request: Request, _ context: RequestContext, _ notes: FilterNotes, _ response: inout Response) {
    let origin = request.header("Origin")
    if origins != .any { response.fields.appendToList("Vary", "Origin") }
    if let origin, isAllowed(origin) {
      appendAllowance(origin, to: &response.fields)
      if !exposedHeaders.isEmpty { response.fields.set("Access-Control-Expose-Headers", exposedHeaders) }
    }
  }

  private func preflight(_ origin: String) throws(Problem) -> Response {
    let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    guard isAllowed(origin) else {
      throw Problem(.forbidden, detail: "Pages of this origin may not use the API.", fields: ["Vary": vary])
    }
    var fields = preflightFields
    appendAllowance(origin, to: &fields)
    fields.set("Vary", vary)
    return Response(status: .noContent, fields: fields)
  }

  private func appendAllowance(_ origin: String, to fields: inout HTTPFields) {
    fields.set("Access-Control-Allow-Origin", origins == .any ? "*" : origin)
    if allowsCredentials { fields.set("Access-Control-Allow-Credentials", "true") }
  }

  private func isAllowed(_ origin: String) -> Bool {
    switch origins {
    case .any: true
    case .these(let list): list.contains(origin)
    }
  }

  private static func looksLikeOrigin(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].hasSuffix(":") && parts[1].isEmpty && !parts[2].isEmpty && !text.contains("*")
  }
}
