public import Telemetry

/// What a handler knows besides the request.
public struct RequestContext: Sendable {
  /// What the request is called.
  public var requestID: RequestID
  /// Who is at the other end of the connection; behind a gateway, the gateway.
  public var peer: PeerAddress
  /// The trace that the request belongs to, for those who are called on its behalf.
  public var trace: TraceContext?
  /// What the route's parameters took from the path.
  public var parameters = PathParameters.none
  /// The route, once it is found.
  var found: Found?
  private let serverLogger: Logger

  /// The context of a request that has just arrived.
  ///
  /// - Parameters:
  ///   - head: the request's head, for the caller's request id.
  ///   - peer: who is at the other end.
  ///   - logger: the server's logger.
  public init(head: RequestHead, peer: PeerAddress, logger: Logger) {
    requestID = RequestID(head)
    self.peer = peer
    serverLogger = logger
  }

  /// A route of a tree.
  struct Found: Sendable {
    let endpoint: RouteEndpoint
    /// The place of the route among all of its tree, for what is kept per route.
    let index: Int
  }

  /// The pattern of the route; nil while or if there is none.
  public var route: String? { found?.endpoint.pattern.text }

  /// Whether the route is there for those who watch over the process: health and metrics.
  var isMonitoring: Bool { found?.endpoint.pattern.isMonitoring ?? false }

  /// A logger whose lines carry the request's id.
  ///
  /// It is made when asked for, so that requests that say nothing are not slowed by it.
  public var logger: Logger {
    serverLogger.with(["request_id": .string(requestID.description)])
  }
}
