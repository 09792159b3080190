import EventLoop
import Kernel
import Postgres
import Store

/// Requests for trips as people send them: of a hundred, ninety reads of a trip, four lists of one's trips, six edits.
struct TripsMix {
  /// What a run comes to.
  struct Figures {
    var requestsPerSecond: [Double] = []
    var selectsPerSecond: [Double] = []
    var processorMicroseconds: [Double] = []
    var databaseMicroseconds: [Double] = []
    var latency = Quantiles(nanoseconds: [])
    var rate = 0.0
    var lateness = Quantiles(nanoseconds: [])
    var bytesOfTrip = 0

    var ratios: [Double] { zip(requestsPerSecond, selectsPerSecond).map { $0 / $1 } }
  }

  private static let requestsReady = 20_000

  let world: TripsWorld
  let database: QueueServer
  let options: TripsOptions

  /// Rounds of the mix, each with a round of bare SELECTs right after it, then one round at half of what was managed.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong.
  func run() async throws -> Figures {
    var random = SeededRandom(seed: 8)
    let server = world.server(asking: (0..<Self.requestsReady).map { request($0, &random) })
    var figures = Figures()
    figures.bytesOfTrip = try Probe.body(
      port: world.port, request: world.get("/v1/trips/\(world.plans[0].id)", as: world.plans[0].people[0]),
      name: "wayfare"
    ).count
    var tally = Tally()
    let closed = ClosedLoop(server: server, connections: options.connections, seconds: options.seconds)
    for round in 1...options.rounds {
      StandardOutput.error("wayfare-bench: mix, round \(round) of \(options.rounds)")
      let before = database.processorSeconds
      let sample = try closed.run(adding: &tally)
      let spent = database.processorSeconds - before
      figures.requestsPerSecond.append(sample.requestsPerSecond)
      figures.processorMicroseconds.append(sample.processorMicrosecondsPerRequest)
      figures.databaseMicroseconds.append(spent * 1e6 / Double(max(1, sample.answers)))
      figures.selectsPerSecond.append(try await BareSelects(database, world, options).run())
    }
    figures.rate = Spread(figures.requestsPerSecond).median / 2
    StandardOutput.error("wayfare-bench: mix at \(figures.rate.text(decimals: 0)) requests a second")
    let open = OpenLoop(
      server: server, connections: options.connections, seconds: options.seconds, requestsPerSecond: figures.rate)
    let sample = try open.run(beside: nil, adding: &tally)
    figures.latency = Quantiles(nanoseconds: sample.latencies)
    figures.lateness = Quantiles(nanoseconds: sample.lateness)
    return figures
  }

  private func request(_ number: Int, _ random: inout SeededRandom) -> [UInt8] {
    let plan = world.plans[Int.random(in: 0..<world.plans.count, using: &random)]
    let person = plan.people[Int.random(in: 0..<plan.people.count, using: &random)]
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<90: return world.get("/v1/trips/\(plan.id)", as: person)
    case 90..<94: return world.get("/v1/trips?limit=20", as: person)
    default:
      let item = Int.random(in: 0..<plan.items.count, using: &random)
      return world.edit(plan, item: item, title: "Changed \(number)", as: person)
    }
  }
}

/// What the pool can do at most: as many callers as there are connections to the server, each selecting one trip's
/// document by its key over and over, in this program.
private struct BareSelects {
  let database: QueueServer
  let trips: [TripID]
  let options: TripsOptions

  init(_ database: QueueServer, _ world: TripsWorld, _ options: TripsOptions) {
    self.database = database
    self.options = options
    trips = world.plans.compactMap { TripID($0.id) }
  }

  /// SELECTs a second.
  func run() async throws -> Double {
    let end = EventLoop.nanoseconds + UInt64(options.seconds * 1e9)
    let started = EventLoop.nanoseconds
    let (client, trips) = (database.client, trips)
    let count = try await withThrowingTaskGroup(of: Int.self) { tasks in
      for caller in 0..<options.connections {
        tasks.addTask(executorPreference: database.group.loops[0]) {
          var random = SeededRandom(seed: UInt64(caller))
          var done = 0
          while EventLoop.nanoseconds < end {
            let id = trips[Int.random(in: 0..<trips.count, using: &random)]
            let rows = try await client.query("select document::text from trip_state where trip_id = \(id)")
            guard rows.count == 1 else { throw BenchmarkError.wrongAnswers("a trip is not in the database") }
            done += 1
          }
          return done
        }
      }
      var sum = 0
      for try await done in tasks { sum += done }
      return sum
    }
    return Double(count) / (Double(EventLoop.nanoseconds - started) / 1e9)
  }
}
