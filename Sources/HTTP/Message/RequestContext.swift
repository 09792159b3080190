/// What a handler knows besides the request.
public struct RequestContext: Sendable {
  /// Who is at the other end.
  public var peer: PeerAddress

  /// A context.
  public init(peer: PeerAddress) {
    self.peer = peer
  }
}
