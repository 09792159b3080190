import Synchronization

/// Where lines go: a file descriptor, written by a thread of its own.
///
/// A caller only copies its line into a buffer and never waits for the descriptor. Lines are written at once from level
/// error up, else at most 100 ms later. While the buffer of 1 MiB is full, lines are dropped and counted, and the count
/// is written as a line of its own when there is room again.
public final class LogSink: Sendable {
  private let queue: LogQueue
  private let format: LogFormat
  private let clock: TelemetryClock
  private let levelNumber: Atomic<UInt8>

  /// A sink that writes to a descriptor, which it does not own and which must stay open until ``flush(timeout:)``.
  public convenience init(
    descriptor: Int32, format: LogFormat, level: LogLevel = .info, clock: TelemetryClock = .system
  ) {
    self.init(descriptor: descriptor, format: format, level: level, clock: clock, bytesMax: 1 << 20)
  }

  init(descriptor: Int32, format: LogFormat, level: LogLevel, clock: TelemetryClock, bytesMax: Int) {
    self.format = format
    self.clock = clock
    levelNumber = Atomic(level.rawValue)
    queue = LogQueue(descriptor: descriptor, bytesMax: bytesMax) { count in
      let line = LogLine(
        time: timestamp(wallNanoseconds: clock.wallNanoseconds()), level: .warning, logger: "telemetry",
        message: "log lines were dropped, as they came faster than they could be written",
        attributes: ["dropped": .int(count)])
      return line.bytes(format)
    }
    queue.start()
  }

  deinit {
    queue.close()
  }

  /// Lines below this level are not made; it may be changed at any time and counts for all loggers of this sink.
  public var level: LogLevel {
    get { LogLevel(rawValue: levelNumber.load(ordering: .relaxed)) ?? .info }
    set { levelNumber.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// How many lines were dropped since the sink was made.
  public var droppedLines: Int { queue.droppedTotal }

  /// Waits until everything logged before is written; false if time was up first.
  ///
  /// It blocks its thread and is meant for the end of a process.
  public func flush(timeout: Duration) -> Bool {
    queue.flush(timeout: timeout)
  }

  func write(_ level: LogLevel, logger: String, message: String, attributes: Attributes) {
    let time = timestamp(wallNanoseconds: clock.wallNanoseconds())
    let line = LogLine(time: time, level: level, logger: logger, message: message, attributes: attributes)
    queue.append(line.bytes(format), isUrgent: level >= .error)
  }
}
