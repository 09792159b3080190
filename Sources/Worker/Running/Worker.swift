public import EventLoop
public import Kernel
public import Store
import Synchronization
public import Telemetry

/// A worker as a service: starts, runs jobs, ends without losing any.
public final class Worker: Sendable {
  private let runner: JobRunner
  private let keeper: JobKeeper
  private let signals: JobSignals?
  private let loop: EventLoop
  private let database: Database
  private let settings: WorkerSettings
  private let logger: Logger
  private let meters: WorkerMeters
  private let tasks = Mutex<[Task<Void, Never>]>([])
  private let exchanges = Mutex<[Task<Void, Never>]>([])

  /// A worker that has not started.
  ///
  /// - Parameters:
  ///   - database: where the queue is.
  ///   - handlers: what it can do; jobs of other kinds are left to others.
  ///   - settings: how it works.
  ///   - loop: where handlers run.
  ///   - signals: the queue's announcements; without them work is found within a second.
  ///   - retention: for how long what is over is kept.
  ///   - zones: the time zones of schedules.
  ///   - logger: where it tells what happens.
  ///   - metrics: where it counts.
  ///   - tracer: where spans go.
  ///   - nightly: what it enters into the schedules where it is not there yet.
  public init(
    database: Database, handlers: JobHandlers, settings: WorkerSettings, loop: EventLoop, signals: JobSignals?,
    retention: JobRetention = JobRetention(), zones: ZoneFiles, logger: Logger, metrics: MetricRegistry,
    tracer: Tracer? = nil, nightly: [NightlyJob] = []
  ) {
    self.database = database
    self.settings = settings
    self.loop = loop
    self.signals = signals
    self.logger = logger
    let meters = WorkerMeters(metrics)
    self.meters = meters
    runner = JobRunner(
      loop: loop, database: database, handlers: handlers, settings: settings, logger: logger, meters: meters,
      tracer: tracer)
    keeper = JobKeeper(
      database: database, loop: loop, settings: settings, retention: retention, zones: zones, logger: logger,
      meters: meters, nightly: nightly)
  }

  /// Begins to take jobs; while the database is away it goes on trying.
  public func start() {
    let runner = runner
    add { await self.live() }
    add { await self.poll() }
    add { await self.keeper.run() }
    if let signals {
      add {
        do {
          try await signals.forWorkers { await runner.hear($0) }
        } catch {
          self.logger.error("work is found by looking only", ["error": .string("\(error)")])
        }
      }
    }
    let pumps = (0..<max(1, settings.exchanges)).map { _ in
      Task(executorPreference: loop) { await runner.exchange() }
    }
    exchanges.withLock { $0 = pumps }
  }

  /// Takes no more jobs; those that run go on.
  public func stopAccepting() async { await runner.stopAccepting() }

  /// Takes no more jobs, lets those that run finish for a while, gives the rest back.
  public func stop(within limit: Duration) async {
    // On the worker's own loop, whoever calls: timers are set there.
    await Task(executorPreference: loop) { await self.end(within: limit) }.value
  }

  private func end(within limit: Duration) async {
    await runner.stopAccepting()
    if await !runner.waitUntilEmpty(for: limit) {
      await runner.stopAll()
      if await !runner.waitUntilEmpty(for: .seconds(2)) {
        await runner.giveBackAll()
        _ = await runner.waitUntilEmpty(for: .seconds(5))
      }
    }
    await runner.endExchanges()
    let pumps = exchanges.withLock { $0 }
    // They end with what they are doing; a database that does not answer must not keep the process.
    let last = loop.schedule(after: .seconds(5)) { for pump in pumps { pump.cancel() } }
    for pump in pumps { await pump.value }
    loop.cancel(last)
    let others = tasks.withLock { tasks in
      defer { tasks = [] }
      return tasks
    }
    for task in others { task.cancel() }
    for task in others { await task.value }
    let number = await runner.worker
    guard number != 0 else { return }
    do {
      try await database.jobs.deregister(worker: number)
    } catch {
      logger.debug("the worker's end could not be told", ["error": .string("\(error)")])
    }
  }

  private func add(_ body: @escaping @Sendable () async -> Void) {
    let task = Task(executorPreference: loop) { await body() }
    tasks.withLock { $0.append(task) }
  }

  /// Enters the worker, and tells again and again that it lives.
  private func live() async {
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      await runner.beat()
      let seconds = Double(settings.heartbeatSeconds) * Double.random(in: 0.9...1, using: &random)
      let isEntered = await runner.worker != 0
      // Ends with the loop's condition when it is cancelled.
      try? await loop.sleep(for: .seconds(isEntered ? seconds : 0.5))
    }
  }

  /// Looks for work though nobody announced any, and stops what runs for too long.
  private func poll() async {
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      try? await loop.sleep(for: settings.pollInterval * Double.random(in: 0.75...1, using: &random))
      // Announcements may be lost.
      await runner.readPauses()
      await runner.checkTimes()
      await runner.look()
    }
  }
}
