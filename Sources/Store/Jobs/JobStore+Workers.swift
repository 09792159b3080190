public import Kernel
import Postgres

/// A process that runs jobs, as operators see it.
public struct WorkerRecord: Sendable {
  /// Its number; a process that fell silent and came back has another.
  public var id: Int32
  /// Where it runs.
  public var name: String
  /// Since when.
  public var startedAt: Instant
  /// When it last told that it lives.
  public var heartbeatAt: Instant
  /// How many jobs it was running then.
  public var running: Int
  /// Which queues it takes from; nil for all.
  public var queues: [String]?
  /// When it ended, or was declared dead.
  public var endedAt: Instant?
  /// It was declared dead rather than ending by itself.
  public var wasLost: Bool
}

/// What a worker hears when it tells that it lives.
public struct HeartbeatAnswer: Sendable {
  /// Its lease had ended: whatever it holds belongs to others now, and it must take a new number.
  public var isDead: Bool
  /// Jobs that somebody has asked to stop.
  public var cancelled: Set<JobID>
}

extension JobStore {
  /// How long a worker's jobs are its own without a heartbeat.
  public static let leaseSeconds = 12

  /// Enters a worker, and gives it a number that nobody ever had.
  ///
  /// - Throws: `StoreError`.
  public func register(worker name: String, queues: [String]?, kinds: [String]) async throws -> Int32 {
    try await translating {
      try await database.query(
        "insert into job_worker (name, queues, kinds) values (\(name), \(queues), \(kinds)) returning id"
      ).decodeOnly(Int32.self)
    }
  }

  /// Tells that a worker lives, which renews its lease on all that it holds, unless that has ended already.
  ///
  /// - Throws: `StoreError`.
  public func heartbeat(worker: Int32, holding ids: [JobID]) async throws -> HeartbeatAnswer {
    try await translating {
      let rows = try await database.atomically([
        """
        update job_worker set heartbeat_at = now(), running = \(Int32(clamping: ids.count))
        where id = \(worker) and ended_at is null
          and heartbeat_at > now() - make_interval(secs => \(SQL.leaseSeconds))
        returning id
        """,
        "select id from job where id = any(\(ids.map(\.rawValue))) and is_cancelled and worker = \(worker)",
      ])
      return HeartbeatAnswer(
        isDead: rows[0].isEmpty, cancelled: Set(try rows[1].decode(Int64.self).map { JobID($0) }))
    }
  }

  /// Gives back what the database believes a worker to hold and it does not know of: the answer to a claim was lost.
  ///
  /// - Throws: `StoreError`.
  /// - Complexity: O(*n*) in the jobs that are not over; it is asked for after an outage only.
  public func giveBackUnknown(worker: Int32, holding ids: [JobID]) async throws -> Int {
    try await translating {
      try await database.query(
        """
        with back as (
          update job set worker = null, run_at = now(), attempt = attempt - 1
          where worker = \(worker) and id <> all(\(ids.map(\.rawValue))) returning id
        ), uncounted as (
          delete from job_limited_run using back where job_id = back.id
        )
        select count(*) from back
        """
      ).decodeOnly(Int64.self)
    }.asInt
  }

  /// Takes a worker off the list, and gives back what the database believes it to hold: a claim whose answer was lost.
  ///
  /// - Throws: `StoreError`.
  /// - Complexity: O(*n*) in the jobs that are not over.
  public func deregister(worker: Int32) async throws {
    _ = try await translating {
      try await database.atomically([
        // Waits for an exchange of its own that may still be under way.
        "select pg_advisory_xact_lock(7246003, \(worker))",
        "update job_worker set ended_at = now(), running = 0 where id = \(worker) and ended_at is null",
        """
        with back as (
          update job set worker = null, run_at = now(), attempt = attempt - 1 where worker = \(worker) returning id
        )
        delete from job_limited_run using back where job_id = back.id
        """,
      ])
    }
  }

  /// Declares silent workers dead, and takes back what they held: it waits again, or is given up when that was the last try.
  ///
  /// Both in one transaction, so that nobody who dies in between leaves jobs that belong to nobody. A job that takes its
  /// workers down again and again waits longer each time.
  /// - Throws: `StoreError`.
  /// - Complexity: O(*n*) in the jobs that are not over, when a worker has died; else one indexed read.
  public func rescue() async throws -> RescueReport {
    try await translating {
      let silent = try await database.query(
        """
        select id from job_worker where ended_at is null
          and heartbeat_at <= now() - make_interval(secs => \(SQL.leaseSeconds))
        """
      ).decode(Int32.self)
      guard !silent.isEmpty else { return RescueReport() }
      let rows = try await database.atomically([
        // Whoever is in the middle of an exchange holds this lock shared: it is silent still, and left for the next round.
        """
        update job_worker set ended_at = now(), was_lost = true, running = 0
        where id = any(\(silent)) and ended_at is null
          and heartbeat_at <= now() - make_interval(secs => \(SQL.leaseSeconds))
          and pg_try_advisory_xact_lock(7246003, id)
        returning id
        """,
        SQL.cancellingLost(silent),
        SQL.takingBack(silent),
        SQL.buryingLost(silent),
        "delete from job_limited_run where not exists (select from job where job.id = job_id and worker is not null)",
        "delete from job_progress where not exists (select from job where job.id = job_id and worker is not null)",
      ])
      return RescueReport(
        workers: try rows[0].decode(Int32.self),
        again: try rows[2].reduce(0) { try $0 + Int($1["count", as: Int64.self]) }, dead: rows[3].count)
    }
  }

  /// Workers that run, and those that ended within an hour.
  ///
  /// - Throws: `StoreError`.
  public func workers() async throws -> [WorkerRecord] {
    try await translating {
      try await database.query(
        """
        select id, name, started_at, heartbeat_at, running, queues, ended_at, was_lost from job_worker
        where ended_at is null or ended_at > now() - interval '1 hour' order by id desc limit 1000
        """
      ).decode(
        Int32.self, String.self, PostgresTimestamp.self, PostgresTimestamp.self, Int32.self, [String]?.self,
        PostgresTimestamp?.self, Bool.self
      ).map {
        WorkerRecord(
          id: $0.0, name: $0.1, startedAt: Instant($0.2), heartbeatAt: Instant($0.3), running: Int($0.4),
          queues: $0.5, endedAt: $0.6.map { Instant($0) }, wasLost: $0.7)
      }
    }
  }
}

/// What was taken back from workers that fell silent.
public struct RescueReport: Sendable, Hashable {
  /// The workers.
  public var workers: [Int32] = []
  /// Jobs that wait again.
  public var again = 0
  /// Jobs that had no try left.
  public var dead = 0
}

extension SQL {
  private static let lostError: SQL = """
    jsonb_build_object('attempt', attempt, 'at', \(SQL.nowAsText), 'reason', 'lost', 'error',
      'its worker ' || (select name from job_worker where job_worker.id = worker) || ' fell silent while it ran')
    """

  private static func lost(_ workers: [Int32]) -> SQL {
    "worker = any(array(select id from job_worker where id = any(\(workers)) and was_lost))"
  }

  /// Those of which somebody was told that they are being cancelled.
  fileprivate static func cancellingLost(_ workers: [Int32]) -> SQL {
    """
    with gone as (delete from job where \(lost(workers)) and is_cancelled returning job.*)
    \(SQL.archiveCancelledGone)
    """
  }

  fileprivate static func takingBack(_ workers: [Int32]) -> SQL {
    """
    with rescued as (
      update job set worker = null, errors = coalesce(errors, '[]') || \(lostError),
        run_at = now() + case when attempt < 2 then interval '0'
          else least(power(2, attempt - 1), 600) * interval '1 second' end
      where \(lost(workers)) and attempt < attempts_max returning lane
    )
    select count, pg_notify(\(JobStore.readyChannel), queue) from (
      select lane.queue, count(*) from rescued join job_lane lane on lane.id = rescued.lane group by lane.queue
    ) as queues
    """
  }

  fileprivate static func buryingLost(_ workers: [Int32]) -> SQL {
    """
    with gone as (
      delete from job where \(lost(workers)) and attempt >= attempts_max returning job.*
    )
    \(SQL.buryGone("coalesce(errors, '[]') || \(lostError)"))
    """
  }
}

extension Int64 {
  fileprivate var asInt: Int { Int(self) }
}
