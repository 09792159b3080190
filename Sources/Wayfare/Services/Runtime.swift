import EventLoop
import Glibc
import Telemetry

/// What every command that does I/O stands on: loops, a work pool, a log and metrics.
struct Runtime: Sendable {
  let settings: Settings
  let group: EventLoopGroup
  let pool: WorkPool
  let sink: LogSink
  let logger: Logger
  let metrics: MetricRegistry

  private enum Format: String, CaseIterable { case auto, json, text }

  /// Builds the ground from the settings.
  init(_ settings: Settings) throws {
    self.settings = settings
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let level = try Runtime.level(settings)
    sink = LogSink(descriptor: STDERR_FILENO, format: try Runtime.format(settings), level: level)
    logger = Logger("wayfare", sink: sink)
    group = try EventLoopGroup(count: try settings.int(.loops, in: 1...64) ?? 1)
    pool = WorkPool(threads: try settings.int(.workThreads, in: 1...256) ?? cores, queueLimit: 4096)
    metrics = MetricRegistry()
    metrics.addProcessMetrics()
    addOwnMetrics()
  }

  /// Runs `body` on the first loop while this thread waits, then writes out the log.
  func run(_ body: @escaping @Sendable () async throws -> ExitCode) throws -> ExitCode {
    let outcome = Outcome()
    Task(executorPreference: group.loops[0]) {
      do {
        outcome.set(.success(try await body()))
      } catch {
        outcome.set(.failure(error))
      }
    }
    let result = outcome.wait()
    _ = sink.flush(timeout: .seconds(2))
    return try result.get()
  }

  private func addOwnMetrics() {
    let group = group
    let pool = pool
    let sink = sink
    metrics.gauge("event_loop_lag_seconds", help: "How long the last turn of the slowest loop kept others waiting.") {
      Double(group.loops.map(\.lagMicroseconds).max() ?? 0) / 1e6
    }
    metrics.gauge("work_pool_waiting", help: "Pieces of computing work that wait for a thread.") {
      Double(pool.waitingCount)
    }
    metrics.counter("log_lines_dropped_total", help: "Log lines that found no room.") { Double(sink.droppedLines) }
  }

  private static func level(_ settings: Settings) throws(UsageError) -> LogLevel {
    guard let level = LogLevel(name: settings.string(.logLevel) ?? "") else {
      throw settings.wrong(.logLevel, "write trace, debug, info, notice, warning, error or critical")
    }
    return level
  }

  private static func format(_ settings: Settings) throws(UsageError) -> LogFormat {
    let isTerminal = isatty(STDERR_FILENO) == 1
    switch try settings.choice(.logFormat, Format.self) {
    case .json: return .json
    case .text: return .text(isColored: isTerminal)
    case .auto: return isTerminal ? .text(isColored: true) : .json
    }
  }
}
