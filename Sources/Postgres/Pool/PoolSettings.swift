/// The limits of a client's pool.
public struct PoolSettings: Sendable {
  /// How many connections the client has at most, over all its loops; each loop has at least one.
  public var connectionsMax = 8
  /// How many idle connections each loop keeps ready.
  public var idleMin = 0
  /// How long a caller waits for a connection.
  public var acquireTimeout = Duration.seconds(5)
  /// How many callers may wait on each loop.
  public var waitersMax = 4096
  /// After how long a connection beyond `idleMin` is closed.
  public var idleTimeout = Duration.seconds(300)
  /// After how long an idle connection is asked whether it lives.
  public var healthCheckInterval = Duration.seconds(30)
  /// After how long a connection is replaced, give or take a tenth.
  public var lifetimeMax = Duration.seconds(1800)
  /// The longest wait before the first attempt to reconnect.
  public var reconnectBase = Duration.milliseconds(50)
  /// The longest wait before any attempt to reconnect.
  public var reconnectCap = Duration.seconds(2)

  /// The defaults.
  public init() {}
}

/// What a pool has done and is doing.
public struct PoolStats: Sendable, Hashable {
  /// Connections that wait for work.
  public var idle = 0
  /// Connections at work.
  public var busy = 0
  /// Connections being made.
  public var opening = 0
  /// Callers that wait for a connection.
  public var waiting = 0
  /// Connections made so far.
  public var opened = 0
  /// Attempts to connect that failed so far.
  public var failures = 0
  /// Why there is no connection at the moment, or nil.
  public var unavailableReason: String?

  mutating func add(_ other: PoolStats) {
    idle += other.idle
    busy += other.busy
    opening += other.opening
    waiting += other.waiting
    opened += other.opened
    failures += other.failures
    unavailableReason = unavailableReason ?? other.unavailableReason
  }
}
