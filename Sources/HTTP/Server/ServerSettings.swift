/// What a server allows and for how long it waits; every number is a limit that some peer will reach.
public struct ServerSettings: Sendable {
  /// How long a connection may take over each thing it does.
  public struct Timeouts: Sendable {
    /// Between two requests.
    public var idle: Duration = .seconds(75)
    /// From a head's first byte to its last.
    public var head: Duration = .seconds(10)
    /// For a body, on top of what its size needs at the slowest tolerated speed.
    public var body: Duration = .seconds(20)
    /// For an answer to be taken, likewise.
    public var write: Duration = .seconds(20)
    /// For a handler, until its answer begins; then its task is cancelled.
    public var handler: Duration = .seconds(30)
    /// For a peer to hang up after the last answer.
    public var linger: Duration = .seconds(2)

    /// The defaults.
    public init() {}
  }

  /// The sizes that the parser holds to.
  public var limits = HTTPLimits()
  /// The waits.
  public var timeouts = Timeouts()
  /// The most connections at once, over all loops; further ones wait in the kernel's backlog.
  public var connectionsMax = 16_384
  /// What a peer must manage at least, reading and writing, past the fixed allowance.
  public var slowestBytesPerSecond = 1024
  /// How much of a body waits for its handler, and of an answer for its peer, before the other side is held back.
  public var bufferedBytesMax = 256 * 1024
  /// How much of a body that no handler wanted is read past to keep the connection.
  public var discardedBytesMax = 256 * 1024

  /// The defaults.
  public init() {}
}
