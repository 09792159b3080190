import EventLoop
import Glibc
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import Telemetry
import Worker

/// Throughput, latency and cost of the queue.
struct QueueBenchmark: Sendable {
  let options: QueueOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when a job was lost or done twice; then nothing is reported.
  func run() throws {
    let outcome = Mutex<Result<QueueReport, any Error>?>(nil)
    let done = DispatchOnce()
    let driver = try EventLoop(name: "bench")
    Task(executorPreference: driver) {
      let result: Result<QueueReport, any Error>
      do { result = .success(try await measure()) } catch { result = .failure(error) }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let report = try outcome.withLock({ $0 })?.get() else { return }
    StandardOutput.write(options.wantsJSON ? report.jsonBytes() + [UInt8(ascii: "\n")] : Array(report.text.utf8))
  }

  private func measure() async throws -> QueueReport {
    let server = try await QueueServer()
    do {
      try await server.migrate()
      var report = QueueReport(options: options)
      for measurement in options.measurements {
        StandardOutput.error("wayfare-bench: \(measurement.rawValue)")
        switch measurement {
        case .throughput: report.throughput = try await throughput(server, holdingSnapshot: false, &report.peers)
        case .snapshot:
          var none: [String: [PeerRace.Result]] = [:]
          report.snapshot = try await throughput(server, holdingSnapshot: true, &none)
        case .latency: report.latency = try await latency(server)
        case .depth: report.depth = try await depth(server)
        case .fairness: report.fairnessMilliseconds = try await fairness(server)
        case .enqueue:
          let race = try await EnqueueRace(server: server, rounds: options.rounds).run()
          report.enqueue = QueueReport.Enqueue(race.ours, race.theirs)
        }
      }
      await server.close()
      return report
    } catch {
      await server.close()
      throw error
    }
  }

  // MARK: Throughput

  private func throughput(
    _ server: QueueServer, holdingSnapshot: Bool, _ peers: inout [String: [PeerRace.Result]]
  ) async throws -> QueueReport.Throughput {
    var ours: [Double] = []
    var deleting: [Double] = []
    var claiming: [Double] = []
    var wal = 0.0
    var processor = 0.0
    for round in 1...options.rounds {
      StandardOutput.error("wayfare-bench: round \(round) of \(options.rounds)")
      try await fill(server, jobs: options.jobs)
      let holder = holdingSnapshot ? try await SnapshotHolder(server) : nil
      let walBefore = try await server.walPosition()
      let processorBefore = server.processorSeconds
      let rate = try await drain(server, jobs: options.jobs)
      wal += Double(try await server.walPosition() - walBefore) / Double(options.jobs)
      processor += (server.processorSeconds - processorBefore) * 1e6 / Double(options.jobs)
      await holder?.release()
      try await check(server)
      ours.append(rate)
      deleting.append(try await BareLoop(server, jobs: options.jobs, batch: options.batch, .deleting).run())
      claiming.append(try await BareLoop(server, jobs: options.jobs, batch: options.batch, .claiming).run())
      if let command = options.peers, !holdingSnapshot {
        for result in try await PeerRace(server: server, command: command).run() {
          peers[result.name, default: []].append(result)
        }
      }
    }
    let rounds = Double(options.rounds)
    return QueueReport.Throughput(
      jobsPerSecond: Spread(ours), deleting: QueueReport.Bare(ours, deleting),
      claiming: QueueReport.Bare(ours, claiming), walBytesPerJob: wal / rounds,
      databaseMicrosecondsPerJob: processor / rounds)
  }

  private func fill(_ server: QueueServer, jobs: Int) async throws {
    try await server.client.execute("truncate job, job_archive, job_dead")
    var left = jobs
    while left > 0 {
      let count = min(left, NewJob.Limits.batch)
      _ = try await server.database.jobs.submit(Array(repeating: NewJob(kind: "noop"), count: count))
      left -= count
    }
    try await server.client.executeBare("checkpoint")
  }

  /// Jobs a second from the start of the workers to the end of the last job.
  private func drain(_ server: QueueServer, jobs: Int) async throws -> Double {
    let counter = Atomic<Int>(0)
    let crew = try Crew(server, workers: options.workers, batch: options.batch, concurrency: options.batch * 4) {
      counter.wrappingAdd(1, ordering: .relaxed)
    }
    let started = EventLoop.nanoseconds
    crew.start()
    while counter.load(ordering: .relaxed) < jobs { try await server.group.loops[0].sleep(for: .milliseconds(2)) }
    // What is left to store is stored by the time they have stopped.
    await crew.stop()
    let seconds = Double(EventLoop.nanoseconds - started) / 1e9
    guard counter.load(ordering: .relaxed) == jobs else {
      throw BenchmarkError.wrongAnswers("\(counter.load(ordering: .relaxed)) runs of \(jobs) jobs")
    }
    return Double(jobs) / seconds
  }

  private func check(_ server: QueueServer) async throws {
    let (left, done, distinct) = try await server.client.query(
      "select (select count(*) from job), (select count(*) from job_archive), (select count(distinct id) from job_archive)"
    ).decodeOnly(Int64.self, Int64.self, Int64.self)
    guard left == 0, done == options.jobs, distinct == done else {
      throw BenchmarkError.wrongAnswers("\(left) jobs left, \(done) done, \(distinct) of them different")
    }
  }

  // MARK: Latency

  private func latency(_ server: QueueServer) async throws -> Quantiles {
    try await server.client.execute("truncate job, job_archive, job_dead")
    let started = Mutex<UInt64>(0)
    let crew = try Crew(server, workers: options.workers, batch: options.batch, concurrency: 100) {
      started.withLock { $0 = EventLoop.nanoseconds }
    }
    crew.start()
    let loop = server.group.loops[0]
    try await loop.sleep(for: .seconds(1))
    var samples: [UInt64] = []
    var random = SeededRandom(seed: 1)
    for _ in 0..<500 {
      started.withLock { $0 = 0 }
      let submitted = EventLoop.nanoseconds
      _ = try await server.database.jobs.submit(NewJob(kind: "noop"))
      try await server.database.jobs.announce("default")
      var start: UInt64 = 0
      while start == 0 {
        try await loop.sleep(for: .milliseconds(1))
        start = started.withLock { $0 }
      }
      samples.append(start > submitted ? start - submitted : 0)
      try await loop.sleep(for: .milliseconds(Int.random(in: 2...20, using: &random)))
    }
    await crew.stop()
    return Quantiles(nanoseconds: samples)
  }

  // MARK: Depth

  /// Buffers that one claim of a batch touches.
  private func depth(_ server: QueueServer) async throws -> [QueueReport.Depth] {
    var found: [QueueReport.Depth] = []
    for jobs in [1000, 100_000, 1_000_000] {
      try await fill(server, jobs: jobs)
      try await server.client.executeBare("vacuum analyze job")
      let rows = try await server.client.transaction { transaction in
        try await transaction.execute(
          "select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)")
        let lines = try await transaction.query(
          """
          explain (analyze, buffers) with picked as (
            select ready.row from (select id as lane from job_lane where kind = 'noop') as turn
            cross join lateral (
              select ctid as row from job where lane = turn.lane and worker is null and run_at <= now()
                and (run_at, id) > ('-infinity', 0)
              order by run_at, id limit \(Int32(options.batch)) for update skip locked) ready
          )
          update job set worker = 0, run = run + 1
          from picked where job.ctid = picked.row returning id
          """
        ).decode(String.self)
        return lines
      }
      let buffers = rows.first { $0.contains("Buffers:") } ?? ""
      let time = rows.first { $0.contains("Execution Time") } ?? ""
      found.append(
        QueueReport.Depth(jobs: jobs, buffers: buffers.trimmedSpaces, execution: time.trimmedSpaces))
    }
    return found
  }

  // MARK: Fairness

  /// How long one tenant's job waits behind another's hundred thousand, in milliseconds; the worst of several.
  private func fairness(_ server: QueueServer) async throws -> Double {
    try await fill(server, jobs: 0)
    var flood = NewJob(kind: "noop")
    flood.tenant = "flooding"
    for _ in 0..<10 {
      _ = try await server.database.jobs.submit(Array(repeating: flood, count: 10_000))
    }
    let waits = Mutex<[UInt64]>([])
    let sent = Mutex<UInt64>(0)
    let crew = try Crew(server, workers: 1, batch: options.batch, concurrency: options.batch) {
    } single: {
      let now = EventLoop.nanoseconds
      waits.withLock { $0.append(now - sent.withLock { $0 }) }
    }
    crew.start()
    for round in 1...5 {
      try await server.group.loops[0].sleep(for: .milliseconds(150))
      var single = NewJob(kind: "single")
      single.tenant = "quiet\(round)"
      sent.withLock { $0 = EventLoop.nanoseconds }
      _ = try await server.database.jobs.submit(single)
      let deadline = EventLoop.nanoseconds + 20_000_000_000
      while waits.withLock({ $0.count }) < round, EventLoop.nanoseconds < deadline {
        try await server.group.loops[0].sleep(for: .milliseconds(2))
      }
    }
    await crew.stop()
    return Double(waits.withLock { $0.max() ?? .max }) / 1e6
  }
}

extension String {
  fileprivate var trimmedSpaces: String { String(drop { $0 == " " }) }
}

/// Workers of the product, each with a loop and connections of its own.
final class Crew: Sendable {
  private let workers: [Worker]
  private let groups: [EventLoopGroup]
  private let clients: [PostgresClient]
  private let listeners: [Listener]

  init(
    _ server: QueueServer, workers count: Int, batch: Int, concurrency: Int, _ done: @escaping @Sendable () -> Void,
    single: (@Sendable () -> Void)? = nil
  ) throws {
    let pool = WorkPool(threads: 1, queueLimit: 64)
    var workers: [Worker] = []
    var groups: [EventLoopGroup] = []
    var clients: [PostgresClient] = []
    var listeners: [Listener] = []
    for number in 1...count {
      let group = try EventLoopGroup(count: 1)
      let settings = PostgresSettings(address: server.cluster.address)
      let client = PostgresClient(settings, on: group)
      let listener = Listener(settings, on: group.loops[0], workPool: pool)
      var how = WorkerSettings()
      how.name = "bench \(number)"
      how.batch = batch
      how.concurrency = concurrency
      var handlers = [
        JobHandler(JobKind("noop", "nothing", payload: JSONNode.self)) { _ in
          done()
          return .done(nil)
        }
      ]
      if let single {
        handlers.append(
          JobHandler(JobKind("single", "nothing", payload: JSONNode.self)) { _ in
            single()
            return .done(nil)
          })
      }
      workers.append(
        Worker(
          database: Database(client), handlers: JobHandlers(handlers), settings: how, loop: group.loops[0],
          signals: JobSignals(listener), zones: .system, logger: server.logger, metrics: MetricRegistry()))
      groups.append(group)
      clients.append(client)
      listeners.append(listener)
    }
    self.workers = workers
    self.groups = groups
    self.clients = clients
    self.listeners = listeners
  }

  func start() {
    for worker in workers { worker.start() }
  }

  func stop() async {
    for worker in workers { await worker.stop(within: .seconds(10)) }
    for listener in listeners { await listener.close() }
    for client in clients { await client.close(timeout: .seconds(2)) }
  }
}
