public import Telemetry

/// What a handler knows besides the request.
///
/// A value that is one reference wide: it is handed from function to function, and counting each of its parts every
/// time would cost a request more than reading them.
public struct RequestContext: Sendable {
  private var parts: Parts

  /// `@unchecked Sendable` because it is changed only through a context that holds the only reference to it.
  private final class Parts: @unchecked Sendable {
    var requestID: RequestID
    var peer: PeerAddress
    var trace: TraceContext?
    var found: Found?
    let head: RequestHead
    let serverLogger: Logger

    init(_ requestID: RequestID, _ head: RequestHead, _ peer: PeerAddress, _ serverLogger: Logger) {
      self.requestID = requestID
      self.head = head
      self.peer = peer
      self.serverLogger = serverLogger
    }

    convenience init(copying other: Parts) {
      self.init(other.requestID, other.head, other.peer, other.serverLogger)
      trace = other.trace
      found = other.found
    }
  }

  /// The context of a request that has just arrived.
  ///
  /// - Parameters:
  ///   - head: the request's head, for the caller's request id and what parameters take from the path.
  ///   - peer: who is at the other end.
  ///   - logger: the server's logger.
  public init(head: RequestHead, peer: PeerAddress, logger: Logger) {
    parts = Parts(RequestID(head), head, peer, logger)
  }

  /// The parts, for changing: own ones, as every copy of a value has.
  private var ownParts: Parts {
    mutating get {
      if !isKnownUniquelyReferenced(&parts) { parts = Parts(copying: parts) }
      return parts
    }
  }

  /// What the request is called.
  public var requestID: RequestID {
    get { parts.requestID }
    set { ownParts.requestID = newValue }
  }

  /// Who is at the other end of the connection; behind a gateway, the gateway.
  public var peer: PeerAddress {
    get { parts.peer }
    set { ownParts.peer = newValue }
  }

  /// The trace that the request belongs to, for those who are called on its behalf.
  public var trace: TraceContext? {
    get { parts.trace }
    set { ownParts.trace = newValue }
  }

  /// What the route's parameters took from the path.
  public var parameters: PathParameters { PathParameters(head: parts.head, found: parts.found) }

  /// The route, once it is found.
  var found: Found? {
    get { parts.found }
    set { ownParts.found = newValue }
  }

  /// A route of a tree.
  struct Found: Sendable {
    let endpoint: RouteEndpoint
    /// The place of the route among all of its tree, for what is kept per route.
    let index: Int
    /// What the parameters took, relative to the path.
    let captures: RouteTrie.Captures
  }

  /// The pattern of the route; nil while or if there is none.
  public var route: String? { found?.endpoint.pattern.text }

  /// What the route says of itself; nil while there is none, or where it says nothing.
  public var description: RouteDescription? { found?.endpoint.description }

  /// Whether the route is there for those who watch over the process: health and metrics.
  var isMonitoring: Bool { found?.endpoint.pattern.isMonitoring ?? false }

  /// A logger whose lines carry the request's id.
  ///
  /// It is made when asked for, so that requests that say nothing are not slowed by it.
  public var logger: Logger {
    parts.serverLogger.with(["request_id": .string(requestID.description)])
  }
}
