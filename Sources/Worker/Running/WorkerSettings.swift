/// How a worker works.
public struct WorkerSettings: Sendable {
  /// What operators know it by.
  public var name = "worker"
  /// The queues it serves; nil for all.
  public var queues: [String]?
  /// How many jobs run at once.
  public var concurrency = 64
  /// The most jobs that are taken or stored in one round trip.
  public var batch = 100
  /// How many round trips may be under way at once: while one waits for the disk, the next is prepared.
  public var exchanges = 2
  /// How often it tells that it lives.
  public var heartbeatSeconds = 3
  /// How often it looks for work though nobody announced any.
  public var pollInterval: Duration = .seconds(1)
  /// How often it looks at other lanes while it is busy with some.
  public var lookInterval: Duration = .milliseconds(250)
  /// The largest result in bytes.
  public var resultBytesMax = 1 << 20
  /// How long a handler that was told to stop may take over it.
  public var stopGrace: Duration = .seconds(10)

  /// The usual ones.
  public init() {}
}
