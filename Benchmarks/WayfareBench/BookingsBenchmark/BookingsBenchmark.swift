import EventLoop
import Glibc
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry

/// Many bookings by the product's own parts while everything fails now and then, judged at the end.
struct BookingsBenchmark: Sendable {
  /// How often each thing goes wrong, of one.
  private static let share = 0.01
  /// By when all bookings have to be at an end, by their clock, once the last one was made.
  private static let endSeconds = 4 * 3600
  private static let connectionsMax = 24

  let options: BookingsOptions

  /// Runs, reports and judges.
  ///
  /// - Throws: `BenchmarkError.unreachable` where a law was broken, after all is told.
  func run() throws {
    OpenFileLimit.raise()
    let outcome = Mutex<Result<BookingsReport, any Error>?>(nil)
    let done = DispatchOnce()
    let driver = try EventLoop(name: "bench")
    Task(executorPreference: driver) {
      let result: Result<BookingsReport, any Error>
      do { result = .success(try await measure(on: driver)) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let report = try outcome.withLock({ $0 })?.get() else { return }
    StandardOutput.write(options.wantsJSON ? report.jsonBytes() + [UInt8(ascii: "\n")] : Array(report.text.utf8))
    if let first = report.violations.first {
      throw BenchmarkError.unreachable("\(report.violations.count) laws were broken, the first: \(first)")
    }
  }

  private func measure(on driver: EventLoop) async throws -> BookingsReport {
    let server = try await QueueServer()
    do {
      try await server.migrate()
      let report = try await measure(server, on: driver)
      await server.close()
      return report
    } catch {
      await server.close()
      throw error
    }
  }

  private func measure(_ server: QueueServer, on driver: EventLoop) async throws -> BookingsReport {
    var pool = PoolSettings()
    pool.connectionsMax = Self.connectionsMax
    pool.acquireTimeout = .seconds(60)
    let client = PostgresClient(PostgresSettings(address: server.cluster.address), pool: pool, on: server.group)
    let database = Database(client)
    let clock = FastClock(speed: options.speed, from: Instant(secondsSinceEpoch: Int64(time(nil))))
    let outside = try EventLoopGroup(count: 1)
    let http = try HTTPClient(loop: server.group.loops[0], inFlightMax: 4096, connectionsPerHost: 64)
    let logger = Logger("bench", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .error))
    let count = (options.bookings + BookingMarket.bookingsEach - 1) / BookingMarket.bookingsEach
    let hooks = try await BookingHooks(
      markets: count, store: database.bookings, clock: clock, client: http, group: server.group, logger: logger)
    var markets: [BookingMarket] = []
    for number in 0..<count {
      markets.append(
        try await BookingMarket(
          number, seed: options.seed, share: Self.share, clock: clock, client: http, hooks: hooks.url, group: outside,
          store: database.bookings, logger: logger))
    }
    let crowd = BookingCrowd(
      options, share: Self.share, store: database.bookings, markets: markets, hooks: hooks, clock: clock, loop: driver)
    let start = EventLoop.nanoseconds
    StandardOutput.error("wayfare-bench: \(options.bookings) bookings, seed \(options.seed), \(count) markets")
    try await crowd.run()
    let made = EventLoop.nanoseconds
    StandardOutput.error("wayfare-bench: all are made; what is unknown of some is waited for")
    for market in markets { try await market.flushEvents() }
    // Events that were sent may still be on their way when nothing is due.
    for _ in 0..<2 {
      try await crowd.settle(within: Self.endSeconds)
      try await driver.sleep(for: .seconds(1))
    }
    let ended = EventLoop.nanoseconds
    StandardOutput.error("wayfare-bench: all have ended or never will; the books are compared")
    var judge = BookingsJudge(database, client, markets)
    try await judge.judge(count: options.bookings)
    var (requests, faults) = (0, [String: Int]())
    for market in markets {
      requests += try await market.requests()
      faults.merge(try await market.faults(), uniquingKeysWith: +)
      await market.stop()
    }
    await hooks.stop()
    await http.close()
    await client.close(timeout: .seconds(2))
    return BookingsReport(
      options: options, markets: count, makingSeconds: Double(made - start) / 1e9, seconds: Double(ended - start) / 1e9,
      requests: requests, deeds: crowd.deeds, faults: faults, ends: judge.ends,
      violations: crowd.deeds.violations + judge.violations)
  }
}
