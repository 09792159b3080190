/// What a handler knows besides the request.
public struct RequestContext: Sendable {
  /// What the request is called.
  public var requestID: RequestID
  /// Who is at the other end of the connection; behind a gateway, the gateway.
  public var peer: PeerAddress
  /// What the route's parameters took from the path.
  public var parameters = PathParameters.none
  /// The pattern of the route; nil while or if there is none.
  public var route: String?
  /// The place of the route among all of its tree, for what is kept per route.
  var routeIndex: Int?

  /// The context of a request that has just arrived.
  public init(head: RequestHead, peer: PeerAddress) {
    requestID = RequestID(head)
    self.peer = peer
  }
}
