internal import Glibc

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
  /// What an answer to a page of an allowed origin gets if it has none of it yet, for each listed origin.
  private let allowances: [(origin: [UInt8], fields: HTTPFields)]

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
      "Authorization", "Client-Id", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID",
      "X-Request-Id",
    ],
    exposedHeaders: [String] = [
      "Accept-Patch", "Content-Disposition", "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
      "WWW-Authenticate", "X-Request-Id",
    ],
    maxAgeSeconds: Int = 600
  ) {
    precondition(!(origins == .any && allowsCredentials), "any origin with credentials would be every user's account")
    if case .these(let list) = origins {
      precondition(list.allSatisfy(Self.looksLikeOrigin), "an origin is 'scheme://host' with an optional port")
    }
    self.origins = origins
    self.allowsCredentials = allowsCredentials
    let exposed = exposedHeaders.joined(separator: ", ")
    self.exposedHeaders = exposed
    if case .these(let list) = origins {
      allowances = list.sorted().map { origin in
        var fields: HTTPFields = ["Vary": "Origin"]
        Self.appendAllowance(origin, allowsCredentials: allowsCredentials, to: &fields)
        if !exposed.isEmpty { fields.append("Access-Control-Expose-Headers", exposed) }
        return (Array(origin.utf8), fields)
      }
    } else {
      allowances = []
    }
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
    if let place = placeOfAllowance(request.head), !response.fields.mayShareNames(with: allowances[place].fields) {
      response.fields.append(contentsOf: allowances[place].fields)
      return
    }
    let origin = request.header("Origin")
    if origins != .any { response.fields.appendToList("Vary", "Origin") }
    if let origin, isAllowed(origin) {
      Self.appendAllowance(origins == .any ? "*" : origin, allowsCredentials: allowsCredentials, to: &response.fields)
      if !exposedHeaders.isEmpty { response.fields.set("Access-Control-Expose-Headers", exposedHeaders) }
    }
  }

  /// Where the fields are for the origin that a request names once, if it is a listed one.
  private func placeOfAllowance(_ head: RequestHead) -> Int? {
    guard !allowances.isEmpty, let range = head.onlyValue("origin") else { return nil }
    return head.storage.withBytes(range) { named in
      allowances.indices.first { place in
        allowances[place].origin.withUnsafeBufferPointer { listed in
          guard listed.count == named.count, let a = listed.baseAddress, let b = named.baseAddress else { return false }
          return memcmp(a, b, named.count) == 0
        }
      }
    }
  }

  private func preflight(_ origin: String) throws(Problem) -> Response {
    let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    guard isAllowed(origin) else {
      throw Problem(.forbidden, detail: "Pages of this origin may not use the API.", fields: ["Vary": vary])
    }
    var fields = preflightFields
    Self.appendAllowance(origins == .any ? "*" : origin, allowsCredentials: allowsCredentials, to: &fields)
    fields.set("Vary", vary)
    return Response(status: .noContent, fields: fields)
  }

  private static func appendAllowance(_ allowed: String, allowsCredentials: Bool, to fields: inout HTTPFields) {
    fields.set("Access-Control-Allow-Origin", allowed)
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
