import EventLoop
public import Store
import Synchronization
public import Telemetry

/// What a handler knows of its job and may do for it.
public final class JobContext: Sendable {
  /// The job.
  public let job: ClaimedJob
  /// A log whose lines carry the job's number.
  public let logger: Logger
  private let worker: Int32
  private let database: Database
  private let started: UInt64
  private let telling = Mutex(Telling())

  private struct Telling {
    var hasTold = false
    var lastTold: UInt64 = 0
    var lastStage: String?
    var isStored = false
  }

  /// Progress is written at most this often, but for a new stage.
  private static let progressInterval: UInt64 = 200_000_000

  init(job: ClaimedJob, worker: Int32, database: Database, logger: Logger, started: UInt64) {
    self.job = job
    self.worker = worker
    self.database = database
    self.logger = logger
    self.started = started
  }

  var hasProgress: Bool { telling.withLock { $0.hasTold } }
  var isStored: Bool { telling.withLock { $0.isStored } }

  /// How long the run has taken so far.
  public var ranMilliseconds: Int { Int((EventLoop.nanoseconds &- started) / 1_000_000) }

  /// Tells watchers how far the job is; tellings that follow one another too fast within a stage are left out.
  ///
  /// - Throws: `JobLost` when the run does not own the job any more; `StoreError`.
  public func report(_ progress: JobProgress) async throws {
    let now = EventLoop.nanoseconds
    let isDue = telling.withLock { telling in
      let isNew = telling.lastStage != progress.stage
      guard isNew || now &- telling.lastTold >= JobContext.progressInterval else { return false }
      telling.hasTold = true
      telling.lastTold = now
      telling.lastStage = progress.stage
      return true
    }
    guard isDue else { return }
    try Task.checkCancellation()
    guard try await database.jobs.report(progress, of: job.run, worker: worker) else { throw JobLost() }
  }

  /// Stores what the job did and that it is done in one transaction: both become true, once, or neither.
  ///
  /// - Parameters:
  ///   - result: what came of it, as JSON.
  ///   - body: what the job did, through the stores' methods that take the transaction.
  /// - Returns: what the handler gives back.
  /// - Throws: `JobLost` when the run does not own the job any more, with everything rolled back; what `body` throws.
  public func complete(
    result: [UInt8]? = nil, _ body: (Database.Transaction) async throws -> Void
  ) async throws -> JobAnswer {
    try await complete { (transaction) async throws -> [UInt8]? in
      try await body(transaction)
      return result
    }
  }

  /// The same, where what came of it is known only once it is stored.
  ///
  /// - Parameter body: what the job did; gives what came of it, as JSON.
  /// - Returns: what the handler gives back.
  /// - Throws: `JobLost` when the run does not own the job any more, with everything rolled back; what `body` throws.
  public func complete(
    _ body: (Database.Transaction) async throws -> [UInt8]?
  ) async throws -> JobAnswer {
    try await database.transaction { transaction in
      let text = try await body(transaction).map { String(decoding: $0, as: UTF8.self) }
      let finished = FinishedRun(
        run: job.run, ending: .succeeded(result: text), ranMilliseconds: ranMilliseconds, hasProgress: hasProgress,
        isLimited: job.lane.limit != nil)
      try await Failpoint.reach(.completing)
      guard try await database.jobs.finish(finished, worker: worker, in: transaction) else { throw JobLost() }
    }
    telling.withLock { $0.isStored = true }
    try await Failpoint.reach(.completed)
    return .stored
  }
}

/// Thrown to a handler whose run does not own its job any more: what it goes on to do would be done twice.
public struct JobLost: Error, Sendable, CustomStringConvertible {
  /// One sentence.
  public var description: String { "the job was taken from this worker, because its lease had ended" }
}
