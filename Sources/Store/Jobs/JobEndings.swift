import Postgres

/// How a run of a job ended.
public enum JobEnding: Sendable, Hashable {
  /// It is done; with what came of it, as JSON.
  case succeeded(result: String?)
  /// It failed and is to be tried again; with what goes into its history, as a JSON object.
  case failed(error: String, retryAfterSeconds: Double)
  /// It failed for good.
  case dead(error: String)
  /// It was stopped at somebody's wish.
  case cancelled
  /// It wants to be tried again later, and this try does not count.
  case snoozed(seconds: Double)
  /// The worker gives it back untouched; this try does not count.
  case givenBack
}

/// A run that is over on its worker's side, and not yet in the database.
public struct FinishedRun: Sendable {
  /// Which run.
  public var run: JobRun
  /// How it ended.
  public var ending: JobEnding
  /// How long it took.
  public var ranMilliseconds: Int
  /// It has told how far it is, so that there is a row to clear away.
  public var hasProgress: Bool
  /// It counts against a limit.
  public var isLimited: Bool
  /// There is no try after it.
  public var isLastTry: Bool

  /// A run that is over.
  public init(
    run: JobRun, ending: JobEnding, ranMilliseconds: Int, hasProgress: Bool, isLimited: Bool, isLastTry: Bool = false
  ) {
    self.run = run
    self.isLastTry = isLastTry
    self.isLimited = isLimited
    self.ending = ending
    self.ranMilliseconds = ranMilliseconds
    self.hasProgress = hasProgress
  }
}

/// The statements that store how runs ended.
///
/// Each gives the numbers of the jobs it changed: those whose run was the
/// newest, of a worker whose lease held.
struct EndingStatements {
  private(set) var statements: [SQL] = []
  /// How many of them give numbers; the rest clear away.
  private(set) var reporting = 0

  init(_ finished: [FinishedRun], worker: Int32) {
    var over = OverRows()
    var again = AgainRows()
    var dead = DeadRows()
    var progress: [Int64] = []
    var limited: [Int64] = []
    for finish in finished {
      let run = finish.run
      if finish.isLimited { limited.append(run.id.rawValue) }
      if finish.hasProgress { progress.append(run.id.rawValue) }
      switch finish.ending {
      case .succeeded(let result): over.append(run, "succeeded", result, finish.ranMilliseconds)
      case .cancelled: over.append(run, "cancelled", nil, finish.ranMilliseconds)
      case .failed(let error, let seconds): again.append(run, seconds, error, counts: true)
      case .snoozed(let seconds): again.append(run, seconds, nil, counts: false)
      case .givenBack: again.append(run, 0, nil, counts: false)
      case .dead(let error): dead.append(run, error)
      }
    }
    if !over.isEmpty { statements.append(over.statement(worker)) }
    // Whoever was told that a job is being cancelled must not find it waiting or dead.
    if !again.isEmpty || !dead.isEmpty { statements.append(.endingCancelled(again.runs + dead.runs, worker)) }
    if !again.isEmpty { statements.append(again.statement(worker)) }
    if !dead.isEmpty { statements.append(dead.statement(worker)) }
    reporting = statements.count
    // Only of jobs that do not run any more: a newer run speaks for itself.
    if !progress.isEmpty {
      statements.append(
        """
        delete from job_progress where job_id = any(\(progress))
          and not exists (select from job where job.id = job_id and worker is not null)
        """)
    }
    if !limited.isEmpty {
      statements.append(
        """
        delete from job_limited_run where job_id = any(\(limited))
          and not exists (select from job where job.id = job_id and worker is not null)
        """)
    }
  }
}

/// Runs after which the job is over.
private struct OverRows {
  private var ids: [Int64] = []
  private var runs: [Int32] = []
  private var outcomes: [String] = []
  private var results: [String?] = []
  private var milliseconds: [Int32] = []

  var isEmpty: Bool { ids.isEmpty }

  mutating func append(_ run: JobRun, _ outcome: String, _ result: String?, _ ranMilliseconds: Int) {
    ids.append(run.id.rawValue)
    runs.append(run.number)
    outcomes.append(outcome)
    results.append(result)
    milliseconds.append(Int32(clamping: ranMilliseconds))
  }

  func statement(_ worker: Int32) -> SQL {
    """
    with gone as (
      delete from job using unnest(\(ids), \(runs), \(outcomes), \(results), \(milliseconds))
        as ending (id, run, outcome, result, milliseconds)
      where job.id = ending.id and job.run = ending.run and job.worker = \(worker) and \(SQL.leaseHolds(worker))
      returning job.id, job.created_at, job.lane, job.run, job.attempt, job.attempts_max, job.unique_key, job.trace,
        job.payload, job.errors, ending.outcome, ending.result, ending.milliseconds
    )
    insert into job_archive (id, created_at, lane, run, ran_milliseconds, attempt, attempts_max, outcome, unique_key,
      trace, payload, result, errors)
    select id, created_at, lane, run, milliseconds, attempt, attempts_max, outcome::job_outcome, unique_key, trace,
      payload, result::json, errors
    from gone returning id
    """
  }
}

/// Runs after which the job waits again.
private struct AgainRows {
  private(set) var runs: [JobRun] = []
  private var ids: [Int64] = []
  private var numbers: [Int32] = []
  private var delays: [Double] = []
  private var errors: [String?] = []
  private var refunds: [Int16] = []

  var isEmpty: Bool { ids.isEmpty }

  mutating func append(_ run: JobRun, _ seconds: Double, _ error: String?, counts: Bool) {
    runs.append(run)
    ids.append(run.id.rawValue)
    numbers.append(run.number)
    delays.append(seconds)
    errors.append(error)
    refunds.append(counts ? 0 : 1)
  }

  func statement(_ worker: Int32) -> SQL {
    """
    update job set worker = null, run_at = now() + make_interval(secs => ending.delay),
      attempt = job.attempt - ending.refund,
      errors = case when ending.error is null then job.errors
        else coalesce(job.errors, '[]') || (ending.error::jsonb || jsonb_build_object('at', \(SQL.nowAsText))) end
    from unnest(\(ids), \(numbers), \(delays), \(errors), \(refunds)) as ending (id, run, delay, error, refund)
    where job.id = ending.id and job.run = ending.run and job.worker = \(worker) and \(SQL.leaseHolds(worker))
    returning job.id
    """
  }
}

/// Runs after which the job is given up.
private struct DeadRows {
  private(set) var runs: [JobRun] = []
  private var ids: [Int64] = []
  private var numbers: [Int32] = []
  private var errors: [String] = []

  var isEmpty: Bool { ids.isEmpty }

  mutating func append(_ run: JobRun, _ error: String) {
    runs.append(run)
    ids.append(run.id.rawValue)
    numbers.append(run.number)
    errors.append(error)
  }

  func statement(_ worker: Int32) -> SQL {
    """
    with gone as (
      delete from job using unnest(\(ids), \(numbers), \(errors)) as ending (id, run, error)
      where job.id = ending.id and job.run = ending.run and job.worker = \(worker) and \(SQL.leaseHolds(worker))
      returning job.*, ending.error
    )
    \(SQL.buryGone("coalesce(errors, '[]') || (error::jsonb || jsonb_build_object('at', \(SQL.nowAsText)))"))
    """
  }
}

extension SQL {
  /// The database's time as histories tell it.
  static let nowAsText: SQL = "to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"

  /// Of runs that ended otherwise, those that somebody had asked to stop.
  fileprivate static func endingCancelled(_ runs: [JobRun], _ worker: Int32) -> SQL {
    let ids = runs.map(\.id.rawValue)
    let numbers = runs.map(\.number)
    return """
      with gone as (
        delete from job using unnest(\(ids), \(numbers)) as ending (id, run)
        where job.id = ending.id and job.run = ending.run and job.worker = \(worker) and job.is_cancelled
          and \(SQL.leaseHolds(worker))
        returning job.*
      )
      \(SQL.archiveCancelledGone)
      """
  }

  /// Puts what `gone` holds into the archive as cancelled.
  static let archiveCancelledGone: SQL = """
    insert into job_archive (id, created_at, lane, run, attempt, attempts_max, outcome, unique_key, trace, payload, errors)
    select id, created_at, lane, run, attempt, attempts_max, 'cancelled', unique_key, trace, payload, errors
    from gone returning id
    """

  /// Puts what `gone` holds where the dead letters are.
  static func buryGone(_ errors: SQL) -> SQL {
    """
    insert into job_dead (id, created_at, deadline, lane, run, limit_id, attempt, attempts_max, frees_key, unique_key,
      trace, payload, errors)
    select id, created_at, deadline, lane, run, limit_id, attempt, attempts_max, frees_key, unique_key, trace, payload,
      \(errors)
    from gone returning id
    """
  }
}
