/// A request to another server.
public struct ClientRequest: Sendable {
  /// Which addresses a request may reach.
  public enum Reach: Sendable {
    /// Any: for servers that an operator has configured.
    case anywhere
    /// Public addresses only, wherever names and redirects lead: for URLs that users give.
    case publicAddresses
  }

  /// The method.
  public var method: HTTPMethod
  /// An absolute `http` or `https` URL.
  public var url: String
  /// The header fields.
  public var fields = HTTPFields()
  /// The body; empty sends none.
  public var body: [UInt8] = []
  /// From start to the last byte, over all attempts of this request.
  public var timeout: Duration = .seconds(30)
  /// For a connection, including name resolution and TLS.
  public var connectTimeout: Duration = .seconds(5)
  /// The longest body that is accepted.
  public var responseBytesMax = 8 * 1024 * 1024
  /// How many redirects are followed; 0 hands the redirect to the caller.
  public var redirectsMax = 0
  /// Where it may go.
  public var reach = Reach.anywhere
  /// Whether a request that may have been carried out can be sent again; nil means that the method decides.
  public var isIdempotent: Bool?
  /// Whether the server must not get it twice, whatever happens.
  ///
  /// It then gets a connection of its own: where one that was used before ends without an answer, libcurl takes it for one
  /// that had ended already, and sends the request again by itself.
  public var isSentOnce = false

  /// A request with the defaults.
  public init(_ method: HTTPMethod, _ url: String) {
    self.method = method
    self.url = url
  }

  var canRepeat: Bool {
    !isSentOnce && (isIdempotent ?? [.get, .head, .put, .delete, .options].contains { $0 == method })
  }
}

/// What another server answered.
public struct ClientResponse: Sendable {
  /// The status code.
  public let status: Int
  /// The last answer's header fields.
  public let fields: [(name: String, value: String)]
  /// The body.
  public let body: [UInt8]

  /// The first value of a field, whatever its case.
  public func field(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }
}

/// Why there is no answer.
public enum ClientError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The URL does not read as `http://…` or `https://…`.
  case malformedURL(String)
  /// No connection came about, so nothing was carried out.
  case unreachable(host: String, reason: String)
  /// The address is not a public one, and the request may only go to those.
  case privateAddress(host: String)
  /// Time ran out.
  case timedOut(host: String)
  /// The connection broke after the request may have been received.
  case broken(host: String, reason: String)
  /// The answer is longer than allowed.
  case tooLarge(host: String, limit: Int)
  /// More redirects than allowed.
  case tooManyRedirects(host: String)
  /// Recent requests to this host failed so often that it gets a rest.
  case circuitOpen(host: String)
  /// As many requests as allowed are under way already.
  case overloaded(limit: Int)
  /// The client has been shut down.
  case closed

  /// One sentence for a log.
  public var description: String {
    switch self {
    case .malformedURL(let url): "\"\(url)\" is not a URL that can be fetched; write http://HOST/… or https://HOST/…"
    case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)"
    case .privateAddress(let host):
      "\(host) is not at a public address; a URL given by a user may only name public servers"
    case .timedOut(let host): "\(host) did not answer in time"
    case .broken(let host, let reason): "the connection to \(host) broke: \(reason)"
    case .tooLarge(let host, let limit): "\(host) sent more than the \(limit) bytes that are accepted"
    case .tooManyRedirects(let host): "\(host) redirects too often"
    case .circuitOpen(let host): "\(host) failed so often that it is left alone for a moment"
    case .overloaded(let limit): "\(limit) requests are under way already; try again later"
    case .closed: "the HTTP client is shut down"
    }
  }

  /// Whether the request certainly was not carried out.
  var wasNotSent: Bool { if case .unreachable = self { true } else { false } }
}
