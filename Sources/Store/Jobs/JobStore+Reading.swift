public import Kernel
public import Postgres

/// Which jobs a list shows, newest first.
public struct JobFilter: Sendable {
  /// Only those that stand there.
  public var state: JobState?
  /// Only of this kind.
  public var kind: String?
  /// Only of this queue.
  public var queue: String?
  /// Only of this tenant.
  public var tenant: String?
  /// Only those asked for before this one.
  public var before: JobID?
  /// At most so many, 1 to 200.
  public var limit = 50

  /// All of them.
  public init() {}

  /// Whether it lets every job through.
  var isEmpty: Bool { state == nil && kind == nil && queue == nil && tenant == nil }
}

/// Some jobs, newest first, and where the next ones begin.
public struct JobPage: Sendable {
  /// The jobs; with a filter there may be fewer than asked for though more come.
  public var jobs: [Job]
  /// What to look before for more; nil when these were the last.
  public var next: JobID?
}

extension JobStore {
  /// The most jobs that a page with a filter looks at, in each of the places where jobs are.
  static let scannedMost = 20_000

  /// A job with what it works on and what came of it; nil when there is none, or none any more.
  ///
  /// - Throws: `StoreError`.
  public func find(_ id: JobID) async throws -> Job? {
    try await translating {
      try await database.query(JobStore.selection(of: [id], isWhole: true)).first.map(JobStore.job)
    }
  }

  /// Several jobs without what they work on and what came of them; those that do not exist are left out.
  ///
  /// - Throws: `StoreError`.
  public func find(_ ids: [JobID]) async throws -> [Job] {
    try await translating { try await database.query(JobStore.selection(of: ids, isWhole: false)).map(JobStore.job) }
  }

  /// A page of jobs, newest first.
  ///
  /// - Throws: `StoreError`.
  public func list(_ filter: JobFilter) async throws -> JobPage {
    let before = filter.before?.rawValue ?? .max
    let limit = max(1, min(filter.limit, 200))
    return try await translating {
      let floor = filter.isEmpty ? 0 : try await database.query(JobStore.floor(before)).decodeOnly(Int64.self)
      let range: SQL = "job.id < \(before) and job.id >= \(floor)"
      let rows = try await database.query(
        """
        \(JobStore.page(JobStore.living(isWhole: false, where: range), filter, limit))
        union all
        \(JobStore.page(JobStore.buried(isWhole: false, where: range), filter, limit))
        union all
        \(JobStore.page(JobStore.archived(isWhole: false, where: range), filter, limit))
        order by id desc limit \(Int32(limit))
        """)
      let jobs = try rows.map(JobStore.job)
      if jobs.count == limit { return JobPage(jobs: jobs, next: jobs.last?.id) }
      return JobPage(jobs: jobs, next: floor > 0 ? JobID(floor) : nil)
    }
  }

  /// How far back a page looks at most, so that a filter which little passes does not read a week of jobs at once.
  private static func floor(_ before: Int64) -> SQL {
    let offset = Int32(scannedMost - 1)
    return """
      select coalesce(greatest(
        (select id from job where id < \(before) order by id desc offset \(offset) limit 1),
        (select id from job_dead where id < \(before) order by id desc offset \(offset) limit 1),
        (select id from job_archive where id < \(before) order by id desc offset \(offset) limit 1)), 0)
      """
  }

  /// The newest of one table: each is read backwards along its own index, and no further than the page is long.
  private static func page(_ branch: SQL, _ filter: JobFilter, _ limit: Int) -> SQL {
    var conditions: [SQL] = ["true"]
    if let state = filter.state { conditions.append("state = \(state.rawValue)") }
    if let kind = filter.kind { conditions.append("kind = \(kind)") }
    if let queue = filter.queue { conditions.append("queue = \(queue)") }
    if let tenant = filter.tenant { conditions.append("tenant = \(tenant)") }
    return
      "(select * from (\(branch)) as every where \(conditions.joined(separator: " and ")) order by id desc limit \(Int32(limit)))"
  }

  private static func selection(of ids: [JobID], isWhole: Bool) -> SQL {
    let numbers = ids.map(\.rawValue)
    return """
      \(living(isWhole: isWhole, where: "job.id = any(\(numbers))"))
      union all
      \(buried(isWhole: isWhole, where: "job.id = any(\(numbers))"))
      union all
      \(archived(isWhole: isWhole, where: "job.id = any(\(numbers))"))
      """
  }

  private static func living(isWhole: Bool, where condition: SQL) -> SQL {
    """
    select job.id, case
        when job.worker is not null then case when job.is_cancelled then 'cancelling' else 'running' end
        when job.run_at <= now() then 'waiting' when job.attempt > 0 then 'retrying' else 'scheduled' end as state,
      lane.kind, lane.queue, lane.tenant, lane.priority, job.run, job.attempt, job.attempts_max, job.created_at,
      job.run_at, job.deadline, null::timestamptz as finished_at, null::int as ran, progress.revision, progress.stage,
      progress.done, progress.total, progress.message, (job.errors -> -1)::text as last_error,
      case when \(isWhole) then job.errors::text end as errors,
      case when \(isWhole) then job.payload::text end as payload, null::text as result
    from job join job_lane lane on lane.id = job.lane
      left join job_progress progress on progress.job_id = job.id and job.worker is not null
    where \(condition)
    """
  }

  private static func buried(isWhole: Bool, where condition: SQL) -> SQL {
    """
    select job.id, 'dead' as state, lane.kind, lane.queue, lane.tenant, lane.priority, job.run, job.attempt, job.attempts_max,
      job.created_at, null::timestamptz as run_at, job.deadline, job.finished_at, null::int as ran,
      null::int as revision, null::text as stage, null::bigint as done, null::bigint as total, null::text as message,
      (job.errors -> -1)::text as last_error,
      case when \(isWhole) then job.errors::text end as errors, case when \(isWhole) then job.payload::text end as payload, null::text as result
    from job_dead job join job_lane lane on lane.id = job.lane where \(condition)
    """
  }

  private static func archived(isWhole: Bool, where condition: SQL) -> SQL {
    """
    select job.id, job.outcome::text as state, lane.kind, lane.queue, lane.tenant, lane.priority, job.run, job.attempt,
      job.attempts_max, job.created_at, null::timestamptz as run_at, null::timestamptz as deadline, job.finished_at,
      job.ran_milliseconds as ran, null::int as revision, null::text as stage, null::bigint as done,
      null::bigint as total, null::text as message, (job.errors -> -1)::text as last_error,
      case when \(isWhole) then job.errors::text end as errors,
      case when \(isWhole) then job.payload::text end as payload,
      case when \(isWhole) then job.result::text end as result
    from job_archive job join job_lane lane on lane.id = job.lane where \(condition)
    """
  }

  private static func job(_ row: Row) throws -> Job {
    let revision = try row["revision", as: Int32?.self]
    let stage = try row["stage", as: String?.self]
    var progress: JobProgress?
    if let revision, let stage {
      progress = JobProgress(
        revision: Int(revision), stage: stage, done: try row["done"], total: try row["total"],
        message: try row["message"])
    }
    return Job(
      id: JobID(try row["id"]), state: try row["state"], kind: try row["kind"], queue: try row["queue"],
      tenant: try row["tenant"], priority: Int(try row["priority", as: Int16.self]),
      run: Int(try row["run", as: Int32.self]), attempt: Int(try row["attempt", as: Int16.self]),
      attemptsMax: Int(try row["attempts_max", as: Int16.self]), createdAt: Instant(try row["created_at"]),
      runAt: try row["run_at", as: PostgresTimestamp?.self].map { Instant($0) },
      deadline: try row["deadline", as: PostgresTimestamp?.self].map { Instant($0) },
      finishedAt: try row["finished_at", as: PostgresTimestamp?.self].map { Instant($0) },
      ranMilliseconds: try row["ran", as: Int32?.self].map(Int.init), progress: progress,
      lastError: try row["last_error"],
      errors: try row["errors"],
      payload: try row["payload"], result: try row["result"])
  }
}

extension JobState: PostgresEncodable, PostgresDecodable {}

/// How full a queue is.
public struct QueueRecord: Sendable {
  /// Its name.
  public var name: String
  /// How many could run now.
  public var waiting: Int
  /// How many wait for their time.
  public var scheduled: Int
  /// How many run.
  public var running: Int
  /// For how long the first of them could have run already, in seconds.
  public var oldestSeconds: Double
  /// Since when it is paused.
  public var pausedAt: Instant?
}

extension JobStore {
  /// Every queue that has a job or is paused.
  ///
  /// - Throws: `StoreError`.
  /// - Complexity: O(*n*) in the jobs that are not over.
  public func queues() async throws -> [QueueRecord] {
    try await translating {
      try await database.query(
        """
        with counted as (
          select lane.queue as name, count(*) filter (where worker is null and run_at <= now()) waiting,
            count(*) filter (where worker is null and run_at > now()) scheduled,
            count(*) filter (where worker is not null) running,
            coalesce(extract(epoch from now() - min(run_at) filter (where worker is null and run_at <= now())), 0)
              ::float8 oldest
          from job join job_lane lane on lane.id = job.lane group by lane.queue
        )
        select coalesce(counted.name, paused.name), coalesce(waiting, 0), coalesce(scheduled, 0), coalesce(running, 0),
          coalesce(oldest, 0), paused_at
        from counted full join (select * from job_queue where paused_at is not null) paused using (name) order by 1
        """
      ).decode(String.self, Int64.self, Int64.self, Int64.self, Double.self, PostgresTimestamp?.self).map {
        QueueRecord(
          name: $0.0, waiting: Int($0.1), scheduled: Int($0.2), running: Int($0.3), oldestSeconds: $0.4,
          pausedAt: $0.5.map { Instant($0) })
      }
    }
  }

  /// The names of the queues that are paused.
  ///
  /// - Throws: `StoreError`.
  public func pausedQueues() async throws -> Set<String> {
    try await translating {
      Set(try await database.query("select name from job_queue where paused_at is not null").decode(String.self))
    }
  }
}
