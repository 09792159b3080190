import Postgres

/// A place in a lane: what stands after it has not been looked at.
public struct LanePlace: Sendable, Hashable, Comparable {
  let runAt: PostgresTimestamp
  let id: Int64

  /// Whether one stands before the other.
  public static func < (left: LanePlace, right: LanePlace) -> Bool {
    (left.runAt, left.id) < (right.runAt, right.id)
  }

  /// Before everything.
  public static let start = LanePlace(runAt: .minusInfinity, id: 0)
}

/// How many jobs to take from a lane, from which place on.
public struct LaneClaim: Sendable, Hashable {
  /// The lane.
  public var lane: JobLane
  /// At most so many.
  public var take: Int
  /// What stands up to here was taken before.
  public var after: LanePlace

  /// A claim.
  public init(lane: JobLane, take: Int, after: LanePlace) {
    self.lane = lane
    self.take = take
    self.after = after
  }
}

/// A run of a job: the right to finish it, as long as no newer run exists and the lease has not ended.
public struct JobRun: Sendable, Hashable {
  /// The job.
  public let id: JobID
  /// Which run of it.
  public let number: Int32
}

/// A job that a worker has taken.
public struct ClaimedJob: Sendable {
  /// The right to finish it.
  public let run: JobRun
  /// The lane it stood in.
  public let lane: JobLane
  /// Which try this is, from 1.
  public let attempt: Int
  /// How many there may be.
  public let attemptsMax: Int
  /// Seconds until its deadline; negative when that has passed.
  public let secondsToDeadline: Double?
  /// Somebody has asked for it to stop.
  public let isCancelled: Bool
  /// How long it could have been running already.
  public let waitedSeconds: Double
  /// The trace context of whoever asked.
  public let trace: String?
  /// What it works on: JSON.
  public let payload: String
}

/// What a claim gave.
public struct JobClaims: Sendable {
  /// The jobs, in no particular order.
  public internal(set) var jobs: [ClaimedJob] = []
  /// Where to go on in each lane that gave some.
  public internal(set) var places: [Int32: LanePlace] = [:]
  /// How many each lane gave.
  public internal(set) var counts: [Int32: Int] = [:]
}

extension SQL {
  /// How long a worker's jobs are its own without a heartbeat, in seconds.
  static let leaseSeconds: Int32 = Int32(JobStore.leaseSeconds)

  /// Keeps a worker from being declared dead before the transaction ends.
  static func holdLease(_ worker: Int32) -> SQL { "select pg_advisory_xact_lock_shared(7246003, \(worker))" }

  /// Whether a worker's lease holds; to be asked in a statement after `holdLease`.
  static func leaseHolds(_ worker: Int32) -> SQL {
    """
    (select ended_at is null and heartbeat_at > now() - make_interval(secs => \(leaseSeconds))
      from job_worker where id = \(worker))
    """
  }

  /// Keeps the planner to the plans that these statements are written for, whatever it believes of a table that was
  /// empty a second ago; until the end of the transaction.
  static let plannerSettings: SQL = """
    select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true),
      set_config('plan_cache_mode', 'force_generic_plan', true)
    """

  /// Takes jobs from lanes without limits.
  ///
  /// Each lane is read in its own order from where the last claim ended: rows that were taken since and cannot be
  /// cleared away yet, because somebody holds an old snapshot, are not met again.
  static func claim(_ claims: [LaneClaim], worker: Int32) -> SQL {
    let lanes = claims.map(\.lane.id)
    let takes = claims.map { Int32(clamping: $0.take) }
    let times = claims.map(\.after.runAt)
    let ids = claims.map(\.after.id)
    return """
      with picked as (
        select ready.row from unnest(\(lanes), \(takes), \(times), \(ids)) as turn (lane, take, after_time, after_id)
        cross join lateral (
          select ctid as row from job
          where lane = turn.lane and worker is null and run_at <= now()
            and (run_at, id) > (turn.after_time, turn.after_id)
          order by run_at, id limit turn.take for update skip locked
        ) ready
      )
      \(SQL.takingPicked(worker: worker))
      """
  }

  /// Holds everybody else off a limit for the rest of the transaction, so that the count of what runs under it is exact.
  static func lockLimit(_ limit: Int32) -> SQL { "select from job_limit where id = \(limit) for update" }

  /// Takes jobs from a lane with a limit, as many as it allows; to be sent after `lockLimit`, as a statement of its own.
  static func claim(_ claim: LaneClaim, under limit: Int32, worker: Int32) -> SQL {
    """
    with allowed as (
      select greatest(0, least(
        \(Int32(clamping: claim.take))::int,
        case when concurrency is not null then concurrency
          - (select count(*) from job_limited_run where limit_id = \(limit)) end,
        case when rate_count is not null then floor(
          extract(epoch from now() + make_interval(secs => rate_seconds) - greatest(used_until, now()))
            * rate_count / rate_seconds + 0.000001) end
      ))::int as take
      from job_limit where id = \(limit)
    ), picked as (
      select ctid as row, id from job
      where lane = \(claim.lane.id) and worker is null and run_at <= now()
        and (run_at, id) > (\(claim.after.runAt), \(claim.after.id))
      order by run_at, id limit (select take from allowed) for update skip locked
    ), used as (
      update job_limit set used_until = greatest(used_until, now())
        + make_interval(secs => rate_seconds::float8 / rate_count * (select count(*) from picked))
      where id = \(limit) and rate_count is not null
    ), counted as (
      insert into job_limited_run (job_id, limit_id) select id, \(limit) from picked
      on conflict (job_id) do nothing
    )
    \(SQL.takingPicked(worker: worker))
    """
  }

  /// Gives what `picked` names to a worker.
  ///
  /// The place to go on from lags two seconds behind the clock: a transaction that began earlier may still bring
  /// jobs that stand before those already seen.
  private static func takingPicked(worker: Int32) -> SQL {
    """
    update job set worker = \(worker), run = run + 1, attempt = attempt + 1,
      unique_key = case when frees_key then null else unique_key end
    from picked where job.ctid = picked.row and \(SQL.leaseHolds(worker))
    returning job.id, run, lane, attempt, attempts_max, is_cancelled, trace, payload,
      date_part('epoch', deadline - now()), date_part('epoch', now() - greatest(run_at, created_at)),
      least(run_at, now() - interval '2 seconds'), case when run_at < now() - interval '2 seconds' then job.id else 0 end
    """
  }

  /// Which of the known lanes have jobs that are due, looked for from the known places on.
  static func readyAmong(_ known: [(lane: Int32, after: LanePlace)]) -> SQL {
    let lanes = known.map(\.lane)
    let times = known.map(\.after.runAt)
    let ids = known.map(\.after.id)
    return """
      select known.lane from unnest(\(lanes), \(times), \(ids)) as known (lane, after_time, after_id)
      where exists (
        select from job where lane = known.lane and worker is null and run_at <= now()
          and (run_at, id) > (known.after_time, known.after_id))
      """
  }

  /// Which of the known lanes have jobs that are due and stand before the known places: their transactions began
  /// before those places were reached, and ended after.
  static func lateAmong(_ known: [(lane: Int32, after: LanePlace)]) -> SQL {
    let lanes = known.map(\.lane)
    let times = known.map(\.after.runAt)
    let ids = known.map(\.after.id)
    return """
      select known.lane from unnest(\(lanes), \(times), \(ids)) as known (lane, after_time, after_id)
      where exists (
        select from job where lane = known.lane and worker is null and run_at <= now()
          and (run_at, id) <= (known.after_time, known.after_id))
      """
  }

  /// Which lanes that are not known have jobs at all: from gap to gap between the known ones, a descent of the index
  /// for each lane found, so that what was taken from the known ones is not met.
  static func lanesBetween(_ known: [Int32], limit: Int32) -> SQL {
    let sorted = known.sorted()
    let lows = [0] + sorted
    let highs = sorted + [Int32.max]
    return """
      with recursive gap (low, high, is_lane) as (
        select low, high, false from unnest(\(lows), \(highs)) as between_known (low, high)
        union all
        select next.lane, gap.high, true from gap cross join lateral (
          select lane from job where lane > gap.low and lane < gap.high and worker is null order by lane limit 1
        ) next
      )
      select lane.id, lane.queue, lane.priority, lane.kind, lane.tenant, lane.limit_id
      from gap join job_lane lane on lane.id = gap.low where gap.is_lane limit \(limit)
      """
  }
}

extension JobClaims {
  /// Adds the rows that `takingPicked` returned; the lanes are those that were asked for.
  mutating func add(_ rows: Rows, of lanes: [Int32: JobLane]) throws {
    jobs.reserveCapacity(jobs.count + rows.count)
    for row in rows {
      let (id, run, lane, attempt, most, isCancelled, trace, payload, deadline, waited, time, place) = try row.decode(
        Int64.self, Int32.self, Int32.self, Int16.self, Int16.self, Bool.self, String?.self, String.self, Double?.self,
        Double.self, PostgresTimestamp.self, Int64.self)
      guard let lane = lanes[lane] else { throw StoreError.faulty(reason: "lane \(lane) was not asked for") }
      jobs.append(
        ClaimedJob(
          run: JobRun(id: JobID(id), number: run), lane: lane, attempt: Int(attempt), attemptsMax: Int(most),
          secondsToDeadline: deadline, isCancelled: isCancelled, waitedSeconds: waited, trace: trace, payload: payload))
      counts[lane.id, default: 0] += 1
      let here = LanePlace(runAt: time, id: place)
      if let best = places[lane.id], best >= here { continue }
      places[lane.id] = here
    }
  }
}
