import API
import EventLoop
import Glibc
import HTTP
import JSON
import Postgres
import Providers
import Relay
import Store
import Telemetry
import Worker

extension Command {
  /// The command `wayfare serve`.
  static let serve = Command(
    name: "serve", summary: "answer HTTP",
    discussion: """
      Serves the API until SIGTERM or Ctrl-C, then lets running requests finish. Without a database URL the private
      PostgreSQL in the data directory is made, started and migrated; on another database, pending migrations are
      left to `wayfare migrate`.
      """,
    settings: [.catalogue] + Setting.database + Setting.server + Setting.log
  ) { arguments in
    try runServer(arguments, isWhole: false)
  }

  /// The command `wayfare up`.
  static let up = Command(
    name: "up", summary: "everything in one process: database, migrations, API, worker",
    discussion: """
      Like serve and work together, but it migrates any database and refuses a data directory that another `up` runs on.
      """,
    settings: [.queues, .concurrency, .catalogue] + Setting.messages + Setting.relay + Setting.database
      + Setting.server + Setting.log
  ) { arguments in
    try runServer(arguments, isWhole: true)
  }

  private static func runServer(_ arguments: Arguments, isWhole: Bool) throws -> ExitCode {
    let settings = try Settings(arguments)
    let home = try settings.home()
    let runtime = try Runtime(settings)
    // Wrong settings are told before anything starts.
    let plan = try ServerPlan(settings, home: home)
    let work = try isWhole ? JobService.settings(settings) : nil
    let kafka = try isWhole ? RelaySetup.read(settings) : nil
    let claim = try isWhole ? HomeClaim(home: home) : nil
    defer { withExtendedLifetime(claim) {} }
    return try runtime.run { try await serve(runtime, plan, work, kafka) }
  }

  private static func serve(
    _ runtime: Runtime, _ plan: ServerPlan, _ work: WorkerSettings?, _ kafka: KafkaSettings?
  ) async throws -> ExitCode {
    let database = try await DatabaseAccess.open(runtime)
    do {
      try await serve(runtime, plan, work, kafka, database)
    } catch {
      await database.close(runtime)
      throw error
    }
    await database.close(runtime)
    runtime.logger.notice("stopped")
    return .done
  }

  private static func serve(
    _ runtime: Runtime, _ plan: ServerPlan, _ work: WorkerSettings?, _ kafka: KafkaSettings?,
    _ database: DatabaseAccess
  ) async throws {
    let schema = SchemaKeeper(database, mayApply: work != nil || database.cluster != nil, runtime: runtime)
    let sink = runtime.sink
    let live = LiveSettings { settings in
      if let level = LogLevel(name: settings.logLevel), settings.revision > 1 { sink.level = level }
    }
    let listener = Listener(database.listenSettings, on: runtime.group.loops[0], workPool: runtime.pool)
    let settingsWatch = LiveSettingsWatch(database, listener, live: live, runtime: runtime)
    let jobWatch = JobWatch(Database(database.client).jobs, on: runtime.group.loops[0])
    let tripWatch = TripWatch(Database(database.client), on: runtime.group.loops[0])
    let traces = try TraceExport(runtime)
    let store = Database(database.client)
    let recorder = PriceRecorder(
      store.prices, on: runtime.group.loops[0], metrics: runtime.metrics, logger: runtime.logger.named("prices"))
    let shared = plan.redis.map {
      SharedOffers($0, on: runtime.group.loops[0], pool: runtime.pool, metrics: runtime.metrics)
    }
    let counter = try plan.sellers.map {
      try SellerSetup($0, on: runtime.group.loops[0], store, shared: shared) { recorder.note($0) }
    }
    var surroundings = try plan.surroundings(runtime, database, live, jobWatch, schema, traces?.tracer)
    surroundings.tripWatch = tripWatch
    surroundings.counter = counter?.counter
    surroundings.offers = counter.map { OfferSettings($0.offers.source, now: SellerSetup.now) }
    let providers = surroundings.accounts?.providers
    let responder = Application.responder(surroundings)
    let server = try HTTPServer(
      listen: plan.addresses, group: runtime.group, responder: responder, logger: runtime.logger.named("http"),
      settings: plan.server)
    server.register(in: runtime.metrics)
    let limit = plan.shutdown
    var services = [
      Service(name: "schema", start: { try await schema.start() }, stop: { schema.stop() }),
      plan.catalogue.service(runtime, database, listener),
      Service(name: "announcements", start: {}, stop: { await listener.close() }),
      Service(name: "settings", start: { settingsWatch.start() }, stop: { settingsWatch.stop() }),
      Service(name: "providers", start: {}, stop: { await providers?.close() }),
      Service(name: "traces", start: { traces?.start() }, stop: { await traces?.stop() }),
    ]
    if let counter {
      services.append(counter.service)
      services.append(
        Service(name: "prices", start: { recorder.start(counter.offers.source) }, stop: { await recorder.stop() }))
    }
    services += RelaySetup.services(kafka, runtime, database)
    if let work {
      services.append(
        try JobService(
          runtime, database, listener, work, plan.budget, plan.trips, plan.messages, counter, traces?.tracer
        ).service(stoppingWithin: limit))
    }
    services += [
      Service(name: "watch", start: { jobWatch.start(JobSignals(listener)) }, stop: { jobWatch.stop() }),
      Service(name: "trip watch", start: { tripWatch.start(TripSignals(listener)) }, stop: { tripWatch.stop() }),
      Service(
        name: "http", start: { try await server.start() }, stop: { await server.shutdown(within: limit) }),
    ]
    try await ServiceGroup(services: services).run {
      let addresses = server.addresses.map(\.description).joined(separator: ", ")
      runtime.logger.notice("listening", ["address": .string(addresses), "version": .string(Version.current)])
      try await Signals.first(on: runtime.group.loops[0])
      runtime.logger.notice("stopping: running requests may finish", ["seconds": .int(Int(limit / .seconds(1)))])
    }
  }
}
