import EventLoop
import Foundation
import Kernel
import Postgres
import Store
import TestSupport
import Testing

/// Workers, databases and connections that die at the worst moments: the list in docs/jobs.md, each with its test.
@Suite("What workers survive")
struct WorkerFaultTests {
  /// The steps at which a worker can be told to die; the last but one pair is in a transaction of the handler's own.
  private static let steps = [
    "claimed", "starting", "handled", "finishing", "finished", "completing", "completed", "heartbeat",
  ]

  @Test("a worker that is killed at any step loses no job and does none twice over")
  func killedAtEveryStep() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for step in Self.steps { group.addTask { try await killed(at: step) } }
      try await group.waitForAll()
    }
  }

  private func killed(at step: String) async throws {
    try await withQueue { queue in
      let isTransactional = step.hasPrefix("complet")
      let ids = try await queue.submit(
        40, #"{"workMilliseconds":20,"transactional":\#(isTransactional)}"#)
      let doomed = try await queue.worker(["WAYFARE_FAILPOINT": "\(step):kill"], waits: false)
      try await eventually("the worker has died at \(step)") { !doomed.isRunning }
      #expect(doomed.wasKilled, "\(step)")
      let heir = try await queue.worker()
      try await queue.everythingEnds(ids)
      #expect(try await heir.end() == 0, "\(step)")
    }
  }

  @Test(
    "a worker that is killed while it plans a trip leaves nothing half-written, and the trip is planned once",
    arguments: ["starting", "completing", "completed"])
  func killedWhilePlanning(_ step: String) async throws {
    let world = try TinyWorldFiles()
    let added = try ServerProcess.run(["feed", "add", "tiny", world.feed, "--home", world.home])
    #expect(added.status == 0, "\(added.errors)")
    try await withQueue { queue in
      let job = NewJob(kind: "itinerary.plan", payload: TinyWorldFiles.request)
      let id = try #require(try await queue.jobs.submit([job], isAnnounced: true).first?.id)
      func kept() async throws -> [Int64] {
        let (trips, itineraries, options, events) = try await queue.client.query(
          """
          select (select count(*) from trip), (select count(*) from itinerary where planned_at is not null),
            (select count(*) from itinerary_option), (select count(*) from outbox where kind = 'itinerary.planned')
          """
        ).decodeOnly(Int64.self, Int64.self, Int64.self, Int64.self)
        return [trips, itineraries, min(options, 1), events]
      }
      let doomed = try await queue.worker(["WAYFARE_FAILPOINT": "\(step):kill"], home: world.home, waits: false)
      try await eventually("the worker has died at \(step)") { !doomed.isRunning }
      #expect(doomed.wasKilled)
      let left = try await kept()
      #expect(left == (step == "completed" ? [1, 1, 1, 1] : [0, 0, 0, 0]), "what a worker that died at \(step) left")
      let heir = try await queue.worker(home: world.home)
      try await queue.everythingEnds([id])
      let after = try await kept()
      #expect(after == [1, 1, 1, 1])
      #expect(try await heir.end() == 0)
    }
  }

  @Test("a worker that was stopped for longer than its lease changes nothing when it wakes, and goes on as another")
  func stoppedPastItsLease() async throws {
    try await withQueue { queue in
      let ids = try await queue.submit(10, #"{"workMilliseconds":1000}"#)
      let sleeper = try await queue.worker()
      try await eventually("it has begun") { try await queue.jobs.find(ids).contains { $0.state == .running } }
      sleeper.send(SIGSTOP)
      let heir = try await queue.worker()
      try await queue.everythingEnds(ids)
      let runs = try await queue.jobs.find(ids).map(\.run)
      sleeper.send(SIGCONT)
      try await eventually("the sleeper has learnt that it was declared dead") {
        try await queue.jobs.workers().filter { $0.endedAt == nil }.count == 2
      }
      #expect(try await queue.jobs.find(ids).map(\.run) == runs, "nothing was changed by a run that was lost")
      #expect(try await heir.end() == 0)
      let more = try await queue.submit(5, "{}")
      try await queue.everythingEnds(more)
      #expect(try await sleeper.end() == 0)
    }
  }

  @Test("a database that goes down at once and comes back has every acknowledged job, each ends once")
  func databaseCrash() async throws {
    let home = TestCluster.makeDirectory("home")
    let cluster = try PrivateCluster.start(home: home)
    let settings = PostgresSettings(address: cluster.address)
    let client = PostgresClient(settings, on: TestCluster.loops)
    _ = try await Migrations(Schema.migrations, on: client).apply()
    let queue = Queue(jobs: Database(client).jobs, client: client, address: "\(cluster.address)")
    let worker = try await queue.worker()
    var ids: [JobID] = []
    for _ in 0..<2 {
      ids += try await queue.submit(200, #"{"workMilliseconds":5}"#)
      // As `pg_ctl stop -m immediate`.
      let text = try String(contentsOfFile: cluster.dataDirectory + "/postmaster.pid", encoding: .utf8)
      let postmaster = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
      kill(postmaster, SIGQUIT)
      try await eventually("the database is down") {
        waitpid(postmaster, nil, WNOHANG) == postmaster || kill(postmaster, 0) != 0
      }
      _ = try PrivateCluster.start(home: home)
      try await eventually("it answers again") { (try? await client.query("select 1")) != nil }
    }
    try await queue.everythingEnds(ids, isStrict: false)
    #expect(try await worker.end() == 0)
    await client.close(timeout: .seconds(1))
    cluster.stop()
  }

  @Test("a worker whose connections are killed again and again goes on, and no job ends twice")
  func backendsKilled() async throws {
    try await withQueue { queue in
      let worker = try await queue.worker()
      let ids = try await queue.submit(600, #"{"workMilliseconds":10}"#)
      for _ in 0..<8 {
        _ = try await queue.client.query(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """)
        try await Task.sleep(for: .milliseconds(60))
      }
      try await queue.everythingEnds(ids, isStrict: false)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("jobs are found though announcements are lost")
  func announcementsLost() async throws {
    try await withQueue { queue in
      // Nobody answers where it listens.
      let worker = try await queue.worker(["WAYFARE_DATABASE_LISTEN_URL": "postgresql://nobody@127.0.0.1:1/nothing"])
      for _ in 0..<3 { try await queue.everythingEnds(try await queue.submit(3, "{}")) }
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a worker works through a pooler in transaction mode", .enabled(if: TestPooler.isInstalled))
  func throughPooler() async throws {
    try await withQueue(.pooler) { queue in
      let worker = try await queue.worker(["WAYFARE_DATABASE_LISTEN_URL": queue.directAddress])
      try await queue.everythingEnds(try await queue.submit(200, #"{"workMilliseconds":1}"#))
      #expect(try await worker.end() == 0)
    }
  }

  @Test(
    "a worker whose clock is a day and a half ahead starts nothing before its time", .enabled(if: Faketime.isInstalled))
  func clockAhead() async throws {
    try await withQueue { queue in
      var later = NewJob(kind: "probe")
      later.runAt = try await queue.jobs.now().adding(seconds: 3600)
      let id = try await queue.jobs.submit(later).id
      let worker = try await queue.worker(Faketime.environment("+36h"))
      try await queue.everythingEnds(try await queue.submit(20, #"{"workMilliseconds":1}"#))
      let state = try await queue.jobs.find([id]).first?.state
      #expect(state == .scheduled)
      let living = try await queue.jobs.workers().filter { $0.endedAt == nil }.count
      #expect(living == 1)
      #expect(try await worker.end() == 0)
    }
  }

  @Test("a worker that is told to end lets short jobs finish and gives long ones back untouched")
  func endsGracefully() async throws {
    try await withQueue { queue in
      let worker = try await queue.worker()
      let short = try await queue.submit(5, #"{"workMilliseconds":2000}"#)
      let long = try await queue.submit(5, #"{"workMilliseconds":60000}"#)
      try await eventually("all have begun") {
        try await queue.jobs.find(long).allSatisfy { $0.state == .running }
      }
      #expect(try await worker.end() == 0)
      let ended = try await queue.jobs.find(short).map(\.state)
      #expect(ended.allSatisfy { $0 == .succeeded })
      let back = try await queue.jobs.find(long)
      #expect(back.allSatisfy { $0.state == .waiting && $0.attempt == 0 }, "\(back.map(\.state))")
    }
  }
}

/// Shifts the clock of other processes.
private enum Faketime {
  static let library =
    ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }
    .first { FileManager.default.fileExists(atPath: $0) }
  static let isInstalled = library != nil

  /// The wall clock alone: a monotonic one does not jump on real machines either.
  static func environment(_ shift: String) -> [String: String] {
    ["LD_PRELOAD": library ?? "", "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
  }
}

/// A queue in a database of its own, and workers in processes of their own.
private struct Queue: Sendable {
  let jobs: JobStore
  let client: PostgresClient
  let address: String
  var directAddress = ""

  func submit(_ count: Int, _ payload: String) async throws -> [JobID] {
    let jobs = Array(repeating: NewJob(kind: "probe", payload: payload), count: count)
    return try await self.jobs.submit(jobs, isAnnounced: true).map(\.id)
  }

  func worker(
    _ environment: [String: String] = [:], home: String = TestCluster.makeDirectory("home"), waits: Bool = true
  ) async throws -> ServerProcess {
    let flags = ["--database-url", address, "--home", home]
    return try await waits
      ? .startWorker(flags, environment: environment) : .beginWorker(flags, environment: environment)
  }

  /// Waits until all jobs are over, and holds what is left against the law: each is stored once, as done, nowhere else.
  ///
  /// Not strict where claims were given back: their answers had been lost, and nothing had been done.
  func everythingEnds(_ ids: [JobID], isStrict: Bool = true) async throws {
    try await eventually("all jobs end", within: .seconds(40)) {
      try await jobs.find(ids).allSatisfy { $0.state.isOver }
    }
    let numbers = ids.map(\.rawValue)
    let (kept, distinct, notDone) = try await client.query(
      """
      select count(*), count(distinct id), count(*) filter (where outcome <> 'succeeded') from job_archive
      where id = any(\(numbers))
      """
    ).decodeOnly(Int64.self, Int64.self, Int64.self)
    #expect(kept == ids.count && distinct == ids.count && notDone == 0, "\(kept) kept, \(distinct) distinct")
    // A run whose end was stored before its worker died was not done again.
    let again = try await client.query(
      "select count(*) from job_archive where id = any(\(numbers)) and run > attempt and errors is null"
    ).decodeOnly(Int64.self)
    if isStrict { #expect(again == 0, "\(again) jobs were done again without a reason in their history") }
    let left = try await client.query(
      """
      select (select count(*) from job where id = any(\(numbers))) + (select count(*) from job_dead where id = any(\(numbers)))
        + (select count(*) from job_progress where job_id = any(\(numbers)))
      """
    ).decodeOnly(Int64.self)
    #expect(left == 0)
  }
}

private func withQueue(_ route: Route = .direct, _ body: (Queue) async throws -> Void) async throws {
  try await withTestDatabase(route, holding: .schema) { database in
    let client = database.client()
    do {
      let direct = try TestCluster.address().with(database: database.name)
      let queue = Queue(
        jobs: Database(client).jobs, client: client, address: "\(database.settings.address)", directAddress: "\(direct)"
      )
      try await body(queue)
    } catch {
      await client.close(timeout: .seconds(1))
      throw error
    }
    await client.close(timeout: .seconds(1))
  }
}
