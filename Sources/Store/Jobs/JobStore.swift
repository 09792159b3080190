import Kernel
public import Postgres

/// The queue: where jobs wait, run and end.
///
/// Every time in it is the database's own.
///
/// What it may rely on, and what it promises, is written in docs/jobs.md.
public struct JobStore: Sendable {
  /// Announces that a queue has work; the payload is the queue's name.
  public static let readyChannel = "job_ready"
  /// Announces that a queue was paused or resumed (`queue NAME`), or a running job is to stop (`cancel ID`).
  public static let controlChannel = "job_control"
  /// Announces that watched jobs have changed; the payload is their numbers.
  public static let changedChannel = "job_changed"

  let database: PostgresClient
  let lanes = LaneDirectory()

  /// A queue in a database that is migrated.
  init(_ database: PostgresClient) { self.database = database }

  // MARK: Submitting

  /// Stores a job in a transaction of its own: once this returns, it is safe.
  ///
  /// - Throws: `JobRefusal` or `StoreError`.
  public func submit(_ job: NewJob) async throws -> Submission {
    guard let submission = try await submit([job]).first else { throw StoreError.faulty(reason: "a job got no answer") }
    return submission
  }

  /// Stores several jobs, all or none, and gives what became of each in its order.
  ///
  /// - Parameters:
  ///   - jobs: what is asked for.
  ///   - isAnnounced: whether workers are told; they would find them within a second by themselves.
  /// - Returns: what became of each.
  /// - Throws: `JobRefusal` or `StoreError`.
  public func submit(_ jobs: [NewJob], isAnnounced: Bool = false) async throws -> [Submission] {
    try await submit(jobs, announcing: isAnnounced ? Set(jobs.map(\.queue)).sorted() : [])
  }

  /// The same, announcing these queues.
  func submit(_ jobs: [NewJob], announcing queues: [String]) async throws -> [Submission] {
    let rows = try await rows(for: jobs) { sql in try await database.query(sql) }
    let stored = try await translating {
      guard !queues.isEmpty else { return try await database.query(rows.insertion) }
      return try await database.atomically([rows.insertion] + queues.map { SQL.announcement(of: $0) })[0]
    }
    return try await submissions(jobs, stored) { sql in try await database.query(sql) }
  }

  /// Stores jobs as part of the caller's transaction, with the announcement that workers hear when it commits.
  ///
  /// - Throws: `JobRefusal` or `StoreError`; what the caller did is then rolled back with it.
  public func submit(_ jobs: [NewJob], in transaction: Transaction) async throws -> [Submission] {
    // Lanes made here vanish with a rollback, so that they are not remembered.
    let rows = try await rows(for: jobs, remembering: false) { sql in try await transaction.query(sql) }
    let stored = try await translating { try await transaction.query(rows.insertion) }
    let submissions = try await submissions(jobs, stored) { sql in try await transaction.query(sql) }
    for queue in Set(jobs.map(\.queue)).sorted() {
      _ = try await translating { try await transaction.query(SQL.announcement(of: queue)) }
    }
    return submissions
  }

  /// Stores a job; where one waits under its unique key already, that one runs no later than this one would.
  ///
  /// - Throws: `JobRefusal` or `StoreError`; what the caller did is then rolled back with it.
  func hasten(_ job: NewJob, in transaction: Transaction) async throws {
    // One that starts between two statements has given its key free, and another can be stored.
    for _ in 0..<10 {
      guard case .duplicate(let id)? = try await submit([job], in: transaction).first else { return }
      let moved = try await translating {
        try await transaction.query(
          """
          update job set run_at = least(run_at, greatest(\(job.runAt.map { PostgresTimestamp($0) }), now()))
          where id = \(id.rawValue) and unique_key is not null and worker is null returning true
          """
        ).decodeFirst(Bool.self)
      }
      if moved == true { return }
    }
    throw StoreError.overloaded(reason: "jobs with one unique key come and go too fast")
  }

  /// Tells workers that a queue has work; they would find it within a second by themselves.
  ///
  /// - Throws: `StoreError`.
  public func announce(_ queue: String) async throws {
    _ = try await translating { try await database.query(SQL.announcement(of: queue)) }
  }

  // MARK: Pieces

  typealias Run = (SQL) async throws -> Rows

  private func rows(for jobs: [NewJob], remembering: Bool = true, _ run: Run) async throws -> JobRows {
    guard jobs.count <= NewJob.Limits.batch else {
      throw JobRefusal.tooMany(count: jobs.count, limit: NewJob.Limits.batch)
    }
    var rows = JobRows()
    var here: [LaneKey: LaneDirectory.Entry] = [:]
    for job in jobs {
      let key = job.lane
      let entry: LaneDirectory.Entry
      if let known = here[key] ?? lanes.entry(key) {
        entry = known
      } else {
        entry = try await findLane(key, run)
        here[key] = entry
        if remembering { lanes.remember(key, entry) }
      }
      rows.append(job, entry)
    }
    return rows
  }

  private func findLane(_ key: LaneKey, _ run: Run) async throws -> LaneDirectory.Entry {
    guard isQueueName(key.queue) else { throw JobRefusal.badName(key.queue) }
    // Two that make the same lane at once: the second sees neither its own row nor the first's, and looks again.
    for _ in 0..<3 {
      let found = try await translating {
        try await run(.findOrMakeLane(key)).decodeFirst(Int32.self, Int32?.self)
      }
      if let (lane, limit) = found { return LaneDirectory.Entry(lane: lane, limit: limit) }
      if let limitKey = key.limitKey {
        let known = try await translating { try await run("select id from job_limit where key = \(limitKey)") }
        if known.isEmpty { throw JobRefusal.unknownLimit(key: limitKey) }
      }
    }
    throw StoreError.faulty(reason: "a lane of queue \(key.queue) could not be made")
  }

  /// Pairs what was stored with what was asked for; where a unique key was taken, finds by whom.
  private func submissions(_ jobs: [NewJob], _ stored: Rows, _ run: Run) async throws -> [Submission] {
    let ids = try translatingNow { try stored.decode(Int64.self, Bool.self) }
    guard ids.count == jobs.count else { throw StoreError.faulty(reason: "\(ids.count) answers to \(jobs.count) jobs") }
    var submissions: [Submission] = []
    submissions.reserveCapacity(ids.count)
    for (job, (id, isStored)) in zip(jobs, ids) {
      submissions.append(isStored ? .stored(JobID(id)) : try await holder(of: job, run))
    }
    return submissions
  }

  /// The job that has the key; when it is over by now, the new job takes its place.
  private func holder(of job: NewJob, _ run: Run) async throws -> Submission {
    for _ in 0..<10 {
      let holder = try await translating {
        try await run("select id from job where unique_key = \(job.storedKey)").decodeFirst(Int64.self)
      }
      if let holder { return .duplicate(of: JobID(holder)) }
      var again = JobRows()
      again.append(job, try await findLane(job.lane, run))
      let stored = try await translating { try await run(again.insertion).decodeFirst(Int64.self, Bool.self) }
      if let (id, isStored) = stored, isStored { return .stored(JobID(id)) }
    }
    throw StoreError.overloaded(reason: "jobs with one unique key come and go too fast")
  }
}

/// Whether a queue, a schedule or the like may be called this.
public func isQueueName(_ name: String) -> Bool {
  guard let first = name.utf8.first, (97...122).contains(first), name.utf8.count <= NewJob.Limits.queue else {
    return false
  }
  return name.utf8.allSatisfy {
    (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || $0 == 45 || $0 == 46
  }
}

extension SQL {
  static func announcement(of queue: String) -> SQL { "select pg_notify(\(JobStore.readyChannel), \(queue))" }
}

/// Jobs by columns, as one statement takes them.
struct JobRows {
  private var lanes: [Int32] = []
  private var limits: [Int32?] = []
  private var runTimes: [PostgresTimestamp?] = []
  private var deadlines: [PostgresTimestamp?] = []
  private var attempts: [Int16] = []
  private var keys: [String?] = []
  private var freesKey: [Bool] = []
  private var traces: [String?] = []
  private var payloads: [String] = []

  mutating func append(_ job: NewJob, _ lane: LaneDirectory.Entry) {
    lanes.append(lane.lane)
    limits.append(lane.limit)
    runTimes.append(job.runAt.map { PostgresTimestamp($0) })
    deadlines.append(job.deadline.map { PostgresTimestamp($0) })
    attempts.append(Int16(clamping: job.attemptsMax))
    keys.append(job.storedKey)
    freesKey.append(job.uniqueness?.scope == .waiting)
    traces.append(job.trace)
    payloads.append(job.payload)
  }

  /// Stores all, in their order; gives for each its number, and whether it is stored or its unique key was taken.
  var insertion: SQL {
    // Keys are few: without one, nothing can be refused and nothing needs to be paired up afterwards.
    keys.contains { $0 != nil } ? insertionWithKeys : insertionWithoutKeys
  }

  private var insertionWithoutKeys: SQL {
    """
    insert into job (lane, limit_id, run_at, deadline, attempts_max, trace, payload)
    select lane, limit_id, greatest(run_at, now()), deadline, attempts_max, trace, payload::json
    from unnest(\(lanes), \(limits), \(runTimes), \(deadlines), \(attempts), \(traces), \(payloads))
      as new (lane, limit_id, run_at, deadline, attempts_max, trace, payload)
    returning id, true
    """
  }

  private var insertionWithKeys: SQL {
    """
    with new as materialized (
      select nextval('job_id') id, *
      from unnest(\(lanes), \(limits), \(runTimes), \(deadlines), \(attempts), \(keys), \(freesKey), \(traces), \(payloads))
        with ordinality as new (lane, limit_id, run_at, deadline, attempts_max, key, frees_key, trace, payload, place)
    ), stored as (
      insert into job (id, lane, limit_id, run_at, deadline, attempts_max, unique_key, frees_key, trace, payload)
      select id, lane, limit_id, greatest(run_at, now()), deadline, attempts_max, key, frees_key, trace, payload::json
      from new order by place
      on conflict (unique_key) where unique_key is not null do nothing returning id
    )
    select new.id, stored.id is not null from new left join stored on stored.id = new.id order by new.place
    """
  }
}
