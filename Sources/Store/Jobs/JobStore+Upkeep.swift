public import Kernel
import Postgres

/// For how long what is over is kept.
public struct JobRetention: Sendable, Hashable {
  /// Days that succeeded and cancelled jobs stay.
  public var archiveDays = 7
  /// Days that dead letters stay.
  public var deadDays = 90
  /// Hours that idempotency keys stay.
  public var idempotencyHours = 24
  /// Days that events stay which nobody has taken.
  public var eventDays = 30

  /// A week, three months, a day and a month.
  public init() {}
}

/// What upkeep did.
public struct UpkeepReport: Sendable, Hashable {
  /// Partitions made for days to come.
  public var made: [String] = []
  /// Partitions dropped because their time had come.
  public var dropped: [String] = []
  /// Dead letters removed.
  public var deadRemoved = 0
  /// Lanes removed that nobody used any more.
  public var lanesRemoved = 0

  /// Nothing.
  public init() {}
}

extension JobStore {
  /// Makes the partitions of the next days and drops those whose time has come; safe from several workers at once.
  ///
  /// - Throws: `StoreError`.
  public func keepArchive(_ retention: JobRetention) async throws -> UpkeepReport {
    try await translating {
      try await database.transaction { transaction in
        var report = UpkeepReport()
        // One at a time; whoever comes second finds nothing to do.
        let isMine = try await transaction.query("select pg_try_advisory_xact_lock(7246001)").decodeOnly(Bool.self)
        guard isMine else { return report }
        report.made = try await makePartitions(transaction)
        report.dropped = try await dropPartitions(transaction, days: retention.archiveDays)
        report.deadRemoved = try await transaction.execute(
          "delete from job_dead where finished_at < now() - make_interval(days => \(Int32(clamping: retention.deadDays)))"
        )
        try await transaction.execute(
          """
          delete from idempotency_key
          where created_at < now() - make_interval(hours => \(Int32(clamping: retention.idempotencyHours)))
          """)
        try await clearEvents(transaction, days: Int32(clamping: retention.eventDays))
        try await transaction.execute("delete from job_worker where ended_at < now() - interval '7 days'")
        report.lanesRemoved = try await removeLanes(transaction, days: retention.archiveDays)
        return report
      }
    }
  }

  /// Where events are relayed, those that still wait for brokers stay three times as long as others.
  private func clearEvents(_ transaction: Transaction, days: Int32) async throws {
    try await transaction.execute(
      """
      delete from outbox where created_at < now() - make_interval(days => \(days))
        and (relayed_at is not null or relay_refusal is not null
          or created_at < now() - make_interval(days => \(days) * 3)
          or not exists (select from event_relay where worked_at > now() - make_interval(days => \(days))))
      """)
  }

  /// Gives up jobs whose deadline passed while they waited, also where no worker serves them; a thousand at a time.
  ///
  /// - Throws: `StoreError`.
  public func buryOverdue() async throws {
    let error: SQL = """
      jsonb_build_object('attempt', attempt, 'at', \(SQL.nowAsText), 'reason', 'deadline', 'error',
        'its deadline had passed before it started')
      """
    _ = try await translating {
      try await database.query(
        """
        with gone as (
          delete from job where id in (
            select id from job where deadline < now() and worker is null order by deadline limit 1000
            for update skip locked
          ) returning job.*
        )
        \(SQL.buryGone("coalesce(errors, '[]') || \(error)"))
        """)
    }
  }

  /// Removes lanes that nobody has asked for since the archive forgot their jobs, and in which nothing is left.
  ///
  /// Whoever submits has looked its lane up within the last hour or so, far less than these days: a lane that goes is
  /// nobody's.
  private func removeLanes(_ transaction: Transaction, days: Int) async throws -> Int {
    let idle = try await transaction.query(
      """
      select id from job_lane
      where used_at < now() - make_interval(days => \(Int32(clamping: max(0, days) + 1)))
        and not exists (select from job where job.lane = job_lane.id)
      order by used_at limit 10000
      """
    ).decode(Int32.self)
    if idle.isEmpty { return 0 }
    let removed = try await transaction.execute(
      """
      delete from job_lane where id = any(\(idle))
        and id not in (select lane from job_archive where lane = any(\(idle)))
        and id not in (select lane from job_dead where lane = any(\(idle)))
      """)
    // To look for jobs of those that stay is to read the archive: not again before the days have passed once more.
    try await transaction.execute("update job_lane set used_at = now() where id = any(\(idle))")
    return removed
  }

  private func makePartitions(_ transaction: Transaction) async throws -> [String] {
    let missing = try await transaction.query(
      """
      select to_char(day, 'YYYYMMDD'), to_char(day, 'YYYY-MM-DD'), to_char(day + 1, 'YYYY-MM-DD')
      from (select (now() at time zone 'UTC')::date + ahead as day from generate_series(0, 3) ahead) days
      where to_regclass('job_archive_' || to_char(day, 'YYYYMMDD')) is null
        and not exists (select from job_archive_default
          where finished_at >= day::timestamp at time zone 'UTC'
            and finished_at < (day + 1)::timestamp at time zone 'UTC')
      order by day
      """
    ).decode(String.self, String.self, String.self)
    for (name, from, to) in missing {
      // The text is made of digits by the statement above.
      try await transaction.execute(
        SQL(
          unsafe:
            "create table job_archive_\(name) partition of job_archive for values from ('\(from) 00:00:00+00') to ('\(to) 00:00:00+00')"
        ))
    }
    return missing.map { "job_archive_\($0.0)" }
  }

  private func dropPartitions(_ transaction: Transaction, days: Int) async throws -> [String] {
    // Behind somebody who reads the day that goes, every job that ends would queue.
    try await transaction.execute("set local lock_timeout = '2s'")
    let names = try await transaction.query(
      """
      select relname::text from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'job_archive'::regclass and relname ~ '^job_archive_[0-9]{8}$'
        and to_date(right(relname, 8), 'YYYYMMDD') < (now() at time zone 'UTC')::date - \(Int32(clamping: days))
      order by relname
      """
    ).decode(String.self)
    for name in names { try await transaction.execute(SQL(unsafe: "drop table \(name)")) }
    return names
  }
}

/// What is done again and again.
public struct JobSchedule: Sendable {
  /// What it is called.
  public var name: String
  /// When, as five fields.
  public var pattern: String
  /// In which time zone the fields are meant.
  public var zone: String
  /// What is done.
  public var kind: String
  /// Where it waits.
  public var queue: String
  /// 0 goes first.
  public var priority: Int
  /// What it works on: JSON.
  public var payload: String
  /// The next time.
  public var nextAt: Instant
  /// The last time.
  public var lastAt: Instant?
  /// It does nothing at present.
  public var isPaused: Bool

  /// A schedule that has not fired yet.
  public init(
    name: String, pattern: String, zone: String, job: NewJob, nextAt: Instant
  ) {
    self.name = name
    self.pattern = pattern
    self.zone = zone
    kind = job.kind
    queue = job.queue
    priority = job.priority
    payload = job.payload
    self.nextAt = nextAt
    lastAt = nil
    isPaused = false
  }
}

extension JobStore {
  /// Enters a schedule, or replaces the one of its name.
  ///
  /// - Throws: `JobRefusal` or `StoreError`.
  public func setSchedule(_ schedule: JobSchedule) async throws {
    guard isQueueName(schedule.name) else { throw JobRefusal.badName(schedule.name) }
    guard isQueueName(schedule.queue) else { throw JobRefusal.badName(schedule.queue) }
    _ = try await translating {
      try await database.execute(
        """
        insert into job_schedule (name, pattern, zone, kind, queue, priority, payload, next_at, is_paused)
        values (\(schedule.name), \(schedule.pattern), \(schedule.zone), \(schedule.kind), \(schedule.queue),
          \(Int16(clamping: schedule.priority)), \(schedule.payload)::text::json, \(PostgresTimestamp(schedule.nextAt)),
          \(schedule.isPaused))
        on conflict (name) do update set pattern = excluded.pattern, zone = excluded.zone, kind = excluded.kind,
          queue = excluded.queue, priority = excluded.priority, payload = excluded.payload, next_at = excluded.next_at,
          is_paused = excluded.is_paused
        """)
    }
  }

  /// Enters a schedule where there is none of its name.
  ///
  /// - Throws: `StoreError`.
  public func enterSchedule(_ schedule: JobSchedule) async throws {
    _ = try await translating {
      try await database.execute(
        """
        insert into job_schedule (name, pattern, zone, kind, queue, priority, payload, next_at, is_paused)
        values (\(schedule.name), \(schedule.pattern), \(schedule.zone), \(schedule.kind), \(schedule.queue),
          \(Int16(clamping: schedule.priority)), \(schedule.payload)::text::json, \(PostgresTimestamp(schedule.nextAt)),
          \(schedule.isPaused))
        on conflict (name) do nothing
        """)
    }
  }

  /// The time of all times in the queue: the database's.
  ///
  /// - Throws: `StoreError`.
  public func now() async throws -> Instant {
    try await translating { Instant(try await database.query("select now()").decodeOnly(PostgresTimestamp.self)) }
  }

  /// Removes a schedule; whether there was one.
  ///
  /// - Throws: `StoreError`.
  public func removeSchedule(_ name: String) async throws -> Bool {
    try await translating { try await database.execute("delete from job_schedule where name = \(name)") > 0 }
  }

  /// All schedules by name.
  ///
  /// - Throws: `StoreError`.
  public func schedules() async throws -> [JobSchedule] {
    try await translating {
      try await database.query("select \(JobStore.scheduleColumns) from job_schedule order by name limit 10000")
        .map(JobStore.schedule)
    }
  }

  /// Fires the schedules whose time has come, each exactly once: the job and the next time are stored together.
  ///
  /// Times that passed while nobody looked are made up for by one job.
  /// - Parameter next: the first time of a schedule after now; nil when there is none.
  /// - Returns: the names of those that fired, and of those whose `next` knew none, which are paused.
  /// - Throws: `StoreError`.
  public func fireSchedules(
    next: @Sendable (JobSchedule, _ now: Instant) -> Instant?
  ) async throws -> (fired: [String], stopped: [String]) {
    try await translating {
      try await database.transaction { transaction in
        var fired: [String] = []
        var stopped: [String] = []
        let due = try await transaction.query(
          """
          select \(JobStore.scheduleColumns), now() from job_schedule where not is_paused and next_at <= now()
          order by next_at limit 100 for update skip locked
          """)
        for row in due {
          let schedule = try JobStore.schedule(row)
          let now = Instant(try row["now", as: PostgresTimestamp.self])
          guard let nextAt = next(schedule, now) else {
            stopped.append(schedule.name)
            try await transaction.execute("update job_schedule set is_paused = true where name = \(schedule.name)")
            continue
          }
          var job = NewJob(kind: schedule.kind, payload: schedule.payload)
          job.queue = schedule.queue
          job.priority = schedule.priority
          _ = try await submit([job], in: transaction)
          try await transaction.execute(
            """
            update job_schedule set last_at = next_at, next_at = \(PostgresTimestamp(nextAt)) where name = \(schedule.name)
            """)
          fired.append(schedule.name)
        }
        return (fired, stopped)
      }
    }
  }

  private static let scheduleColumns: SQL =
    "name, pattern, zone, kind, queue, priority, payload::text as payload, next_at, last_at, is_paused"

  private static func schedule(_ row: Row) throws -> JobSchedule {
    var job = NewJob(kind: try row["kind"], payload: try row["payload"])
    job.queue = try row["queue"]
    job.priority = Int(try row["priority", as: Int16.self])
    var schedule = JobSchedule(
      name: try row["name"], pattern: try row["pattern"], zone: try row["zone"], job: job,
      nextAt: Instant(try row["next_at"]))
    schedule.lastAt = try row["last_at", as: PostgresTimestamp?.self].map { Instant($0) }
    schedule.isPaused = try row["is_paused"]
    return schedule
  }
}
