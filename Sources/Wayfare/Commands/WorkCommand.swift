import EventLoop
import Postgres
import Store
import Telemetry
import Worker

extension Command {
  /// The command `wayfare work`.
  static let work = Command(
    name: "work", summary: "run jobs from the queue",
    discussion: """
      Runs jobs until SIGTERM or Ctrl-C, then takes no more, lets those that run finish, and gives back what does not.
      A worker that is killed loses nothing: its jobs run again within 15 seconds. Any number of workers may serve one
      database.
      """,
    settings: [.queues, .concurrency, .catalogue, .masterKey, .sellers, .shutdownSeconds, .otlpEndpoint, .traceShare]
      + Setting.messages + Setting.relay + Setting.database + Setting.log
  ) { arguments in
    let settings = try Settings(arguments)
    let how = try JobService.settings(settings)
    _ = try settings.fraction(.traceShare)
    let budget = BudgetInput.library(settings)
    let catalogue = StoredCatalogue()
    let trips = TripInput.library(settings, budget, stored: catalogue)
    let messages = try MessageSetup(settings)
    _ = try messages.key()
    let sellers = try SellersFile.read(settings)
    let kafka = try RelaySetup.read(settings)
    let limit = try settings.seconds(.shutdownSeconds, in: 0...3600)
    let runtime = try Runtime(settings)
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let schema = SchemaKeeper(database, mayApply: database.cluster != nil, runtime: runtime)
        let listener = Listener(database.listenSettings, on: runtime.group.loops[0], workPool: runtime.pool)
        let traces = try TraceExport(runtime)
        let counter = try sellers.map {
          try SellerSetup($0, on: runtime.group.loops[0], Database(database.client))
        }
        let jobs = try JobService(
          runtime, database, listener, how, budget, trips, messages, counter, traces?.tracer)
        let services =
          [
            Service(name: "schema", start: { try await schema.start() }, stop: { schema.stop() }),
            catalogue.service(runtime, database, listener),
            Service(name: "announcements", start: {}, stop: { await listener.close() }),
            Service(name: "traces", start: { traces?.start() }, stop: { await traces?.stop() }),
          ] + (counter.map { [$0.service] } ?? []) + RelaySetup.services(kafka, runtime, database)
          + [jobs.service(stoppingWithin: limit)]
        try await ServiceGroup(services: services).run {
          runtime.logger.notice("working", ["queues": .string(how.queues?.joined(separator: " ") ?? "all")])
          try await Signals.first(on: runtime.group.loops[0])
          runtime.logger.notice("stopping: running jobs may finish", ["seconds": .int(Int(limit / .seconds(1)))])
        }
      } catch {
        await database.close(runtime)
        throw error
      }
      await database.close(runtime)
      runtime.logger.notice("stopped")
      return .done
    }
  }
}
