import BudgetWire
import Catalogue
import EventLoop
import ItineraryWire
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry
import TestSupport
import Transport
import Worker

@testable import API

/// The application over the tiny world, with a worker that plans.
enum TinyWorld {
  struct Loaded: Sendable {
    let trips: TripLibrary
    let routers: RouterLibrary
  }

  private static let loaded = Mutex<Loaded?>(nil)

  static func load() throws -> Loaded {
    try loaded.withLock { known in
      if let known { return known }
      let files = try TinyWorldFiles()
      _ = try FeedStore(home: files.home).add(FeedName("tiny"), from: files.feed)
      let tables = try CatalogueTables(
        cities: table("cities.csv", TinyWorldFiles.cities), sights: table("sights.csv", TinyWorldFiles.sights),
        lodgings: table("lodging.csv", TinyWorldFiles.lodgings))
      let home = files.home
      let routers = RouterLibrary { home }
      let trips = TripLibrary(
        TripLibrary.Loading(
          catalogue: { tables }, router: { try routers.router() }, generation: { routers.generation }),
        budget: BudgetLibrary())
      let made = Loaded(trips: trips, routers: routers)
      known = made
      return made
    }
  }

  private static func table(_ name: String, _ text: String) -> TableFile {
    TableFile(name: name, bytes: Array(text.utf8))
  }

  static let request = TinyWorldFiles.request
  static let trip = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55"

  /// Runs a test with the application over this world, and with a worker that plans.
  static func run(
    worker isWorking: Bool = true, stageLimit: Duration = .seconds(120), callers: (any CallerSource)? = nil,
    _ body: @escaping (ApplicationFixture) async throws -> Void
  ) async throws {
    let world = try load()
    try await ApplicationFixture.run(
      .live,
      change: { surroundings in
        surroundings.trips = world.trips
        surroundings.routers = world.routers
        surroundings.jobKinds = [.itineraryPlan(world.trips)]
        surroundings.callers = callers
      }
    ) { app in
      guard isWorking else { return try await body(app) }
      let pool = WorkPool(threads: 1, queueLimit: 16)
      defer { pool.shutdown() }
      let worker = worker(app, world, pool, stageLimit)
      worker.start()
      do {
        try await body(app)
      } catch {
        await worker.stop(within: .seconds(1))
        throw error
      }
      await worker.stop(within: .seconds(5))
    }
  }

  static func worker(
    _ app: ApplicationFixture, _ world: Loaded, _ pool: WorkPool, _ stageLimit: Duration = .seconds(120)
  ) -> Worker {
    let loop = TestCluster.loops.loops[0]
    return Worker(
      database: app.database,
      handlers: JobHandlers([
        .itineraryPlan(world.trips, in: app.database.itineraries, on: pool, loop, stageLimit: stageLimit)
      ]),
      settings: WorkerSettings(), loop: loop, signals: nil, zones: .system, logger: app.logger,
      metrics: MetricRegistry())
  }
}
