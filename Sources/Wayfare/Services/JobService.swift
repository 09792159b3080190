import BudgetWire
import EventLoop
import Glibc
import ItineraryWire
import Kernel
import Postgres
import Store
import Telemetry
import Worker

/// The worker of a process.
struct JobService: Sendable {
  private let worker: Worker

  /// What this program can do.
  static func handlers(
    on loop: EventLoop, _ pool: WorkPool, _ database: Database, _ budget: BudgetLibrary, _ trips: TripLibrary,
    _ others: [JobHandler]
  ) -> [JobHandler] {
    let handlers: [JobHandler] = [
      .probe(on: loop), .budgetCompute(budget, defaults: database.ownDefaults, on: pool),
      .itineraryPlan(trips, in: database.itineraries, on: pool, loop),
    ]
    return handlers + others
  }

  /// What may be asked for.
  static func kinds(_ budget: BudgetLibrary, _ trips: TripLibrary) -> [JobKind] {
    [.probe, .budgetCompute(budget), .itineraryPlan(trips)]
  }

  init(
    _ runtime: Runtime, _ database: DatabaseAccess, _ listener: Listener, _ settings: WorkerSettings,
    _ budget: BudgetLibrary, _ trips: TripLibrary, _ messages: MessageSetup, _ sellers: SellerSetup?, _ tracer: Tracer?
  ) throws {
    let loop = runtime.group.loops[0]
    let store = Database(database.client)
    let told =
      try messages.desk(on: loop, store.notifications).handlers + [messages.webhooks(on: loop, store.webhooks)]
    // Without sellers bookings are left alone, and wait for a worker that has some.
    var selling: [JobHandler] = []
    if let sellers {
      let desk = sellers.desk(store.bookings)
      selling = [.bookingRun(desk), .bookingCompare(desk), .bookingBook(sellers.desk(store.itineraries))]
    }
    let handlers = JobService.handlers(
      on: loop, runtime.pool, store, budget, trips, told + selling)
    worker = Worker(
      database: store, handlers: JobHandlers(handlers), settings: settings,
      loop: loop, signals: JobSignals(listener), zones: .system, logger: runtime.logger.named("worker"),
      metrics: runtime.metrics, tracer: tracer, nightly: sellers == nil ? [] : [.bookingCompare])
  }

  /// The worker as a service: it ends by letting jobs finish, and gives back what does not.
  func service(stoppingWithin limit: Duration) -> Service {
    Service(
      name: "worker", start: { worker.start() }, close: { await worker.stopAccepting() },
      stop: { await worker.stop(within: limit) })
  }

  /// How a worker works, as the settings say.
  static func settings(_ settings: Settings) throws(UsageError) -> WorkerSettings {
    var how = WorkerSettings()
    let queues = settings.list(.queues)
    for queue in queues where !isQueueName(queue) {
      throw UsageError("\(settings.source(.queues)): \(JobRefusal.badName(queue))")
    }
    how.queues = queues.isEmpty ? nil : queues
    how.concurrency = try settings.int(.concurrency, in: 1...10_000) ?? how.concurrency
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    how.name = "\(host)/\(getpid())"
    return how
  }
}
