import Postgres

/// What became of a wish to cancel a job.
public enum Cancellation: Sendable, Hashable {
  /// It had not started and is over.
  case done
  /// It runs and has been asked to stop.
  case asked
  /// It was over already.
  case alreadyOver(JobState)
  /// There is no such job.
  case unknown
}

/// What became of a wish to retry a job.
public enum Retrial: Sendable, Hashable {
  /// It waits again.
  case waiting
  /// It is not among the dead letters.
  case notDead(JobState)
  /// Another job with its unique key has come meanwhile.
  case replaced(by: JobID)
  /// There is no such job.
  case unknown
}

/// How much may run under one key.
public struct JobLimit: Sendable, Hashable {
  /// The key that jobs name.
  public var key: String
  /// At most so many at once.
  public var concurrency: Int?
  /// At most so many in so many seconds.
  public var rate: Rate?

  /// So many in so many seconds.
  public struct Rate: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// In how long.
    public var seconds: Int

    /// So many in so many seconds.
    public init(count: Int, seconds: Int) {
      self.count = count
      self.seconds = seconds
    }
  }

  /// A limit.
  public init(key: String, concurrency: Int? = nil, rate: Rate? = nil) {
    self.key = key
    self.concurrency = concurrency
    self.rate = rate
  }
}

extension JobStore {
  /// Cancels a job: at once when it waits, by asking its worker when it runs.
  ///
  /// - Throws: `StoreError`.
  public func cancel(_ id: JobID) async throws -> Cancellation {
    let number = id.rawValue
    for _ in 0..<3 {
      let cancellation: Cancellation? = try await translating {
        let rows = try await database.atomically([
          """
          with gone as (
            delete from job where id = \(number) and worker is null returning *
          )
          insert into job_archive (id, created_at, lane, run, attempt, attempts_max, outcome, unique_key, trace, payload,
            errors)
          select id, created_at, lane, run, attempt, attempts_max, 'cancelled', unique_key, trace, payload, errors
          from gone returning id
          """,
          """
          delete from job_progress where job_id = \(number)
            and not exists (select from job where job.id = job_id and worker is not null)
          """,
          "update job set is_cancelled = true where id = \(number) and worker is not null returning id",
          "select pg_notify(\(JobStore.controlChannel), \("cancel \(number)"))",
          "select pg_notify(\(JobStore.changedChannel), \("\(number)"))",
        ])
        return rows[0].isEmpty ? rows[2].isEmpty ? nil : .asked : .done
      }
      if let cancellation { return cancellation }
      guard let job = try await find([id]).first else { return .unknown }
      // It started or stopped between the statements: once more.
      if job.state.isOver { return .alreadyOver(job.state) }
    }
    throw StoreError.overloaded(reason: "job \(id) starts and stops too fast to be cancelled")
  }

  /// Puts a dead letter back in its queue, with its history and all its tries.
  ///
  /// - Throws: `StoreError`.
  public func retry(_ id: JobID) async throws -> Retrial {
    for _ in 0..<3 {
      if let retrial = try await retryOnce(id) { return retrial }
    }
    throw StoreError.overloaded(reason: "jobs with the unique key of job \(id) come and go too fast")
  }

  /// What became of one try; nil when the job that stood in its way was gone a moment later.
  private func retryOnce(_ id: JobID) async throws -> Retrial? {
    let number = id.rawValue
    let isBack = try await translating {
      try await database.transaction { transaction in
        let rows = try await transaction.query(
          """
          with back as (
            insert into job (id, run_at, created_at, lane, run, limit_id, attempts_max, frees_key, unique_key, trace,
              payload, errors)
            select id, now(), created_at, lane, run, limit_id, attempts_max, frees_key, unique_key, trace, payload, errors
            from job_dead where id = \(number)
            on conflict (unique_key) where unique_key is not null do nothing returning id, lane
          ), gone as (
            delete from job_dead using back where job_dead.id = back.id
          )
          select pg_notify(\(JobStore.readyChannel), job_lane.queue) from back join job_lane on job_lane.id = back.lane
          """)
        return !rows.isEmpty
      }
    }
    if isBack { return .waiting }
    guard let job = try await find([id]).first else { return .unknown }
    guard job.state == .dead else { return .notDead(job.state) }
    let other = try await translating {
      try await database.query(
        "select job.id from job join job_dead using (unique_key) where job_dead.id = \(number)"
      ).decodeFirst(Int64.self)
    }
    return other.map { .replaced(by: JobID($0)) }
  }

  /// Keeps workers from starting jobs of a queue, or lets them again; what runs is left alone.
  ///
  /// - Throws: `JobRefusal` or `StoreError`.
  public func setPaused(_ isPaused: Bool, queue: String) async throws {
    guard isQueueName(queue) else { throw JobRefusal.badName(queue) }
    _ = try await translating {
      try await database.atomically([
        """
        insert into job_queue (name, paused_at) values (\(queue), case when \(isPaused) then now() end)
        on conflict (name) do update set paused_at = case
          when \(isPaused) then coalesce(job_queue.paused_at, now()) end
        """,
        "select pg_notify(\(JobStore.controlChannel), \("queue \(queue)"))",
      ])
    }
  }

  /// Makes a limit or changes it; jobs that run already are left alone.
  ///
  /// - Throws: `StoreError`.
  public func setLimit(_ limit: JobLimit) async throws {
    let concurrency = limit.concurrency.map { Int32(clamping: $0) }
    let count = limit.rate.map { Int32(clamping: $0.count) }
    let seconds = limit.rate.map { Int32(clamping: $0.seconds) }
    _ = try await translating {
      try await database.execute(
        """
        insert into job_limit (key, concurrency, rate_count, rate_seconds)
        values (\(limit.key), \(concurrency), \(count), \(seconds))
        on conflict (key) do update set concurrency = excluded.concurrency, rate_count = excluded.rate_count,
          rate_seconds = excluded.rate_seconds, used_until = '-infinity'
        """)
    }
  }

  /// All limits.
  ///
  /// - Throws: `StoreError`.
  public func limits() async throws -> [JobLimit] {
    try await translating {
      try await database.query(
        "select key, concurrency, rate_count, rate_seconds from job_limit order by key limit 10000"
      ).decode(String.self, Int32?.self, Int32?.self, Int32?.self).map { key, concurrency, count, seconds in
        let rate = count.flatMap { count in
          seconds.map { JobLimit.Rate(count: Int(count), seconds: Int($0)) }
        }
        return JobLimit(key: key, concurrency: concurrency.map(Int.init), rate: rate)
      }
    }
  }
}
