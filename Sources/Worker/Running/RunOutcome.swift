import JSON
import Store

/// What the end of a handler means for its job.
enum RunOutcome {
  /// How the run is to be stored.
  case ending(JobEnding)
  /// It is stored already, or belongs to somebody else.
  case nothing

  init(
    _ job: ClaimedJob, _ kind: JobKind, _ result: Result<JobAnswer, any Error>, stop: JobRunner.StopReason?,
    resultBytesMax: Int
  ) {
    switch result {
    case .success(.stored): self = .nothing
    case .success(.snooze(let delay)): self = .ending(.snoozed(seconds: max(0, delay / .seconds(1))))
    case .success(.done(let bytes)): self = .ending(RunOutcome.success(job, bytes, resultBytesMax))
    case .failure(let error): self = RunOutcome.failure(job, error, stop)
    }
  }

  private static func success(_ job: ClaimedJob, _ bytes: [UInt8]?, _ most: Int) -> JobEnding {
    guard let bytes else { return .succeeded(result: nil) }
    guard bytes.count <= most else {
      return .dead(
        error: error(
          job, "result", "its result has \(bytes.count) bytes, and at most \(most) are kept; ask for less at a time"))
    }
    return .succeeded(result: String(decoding: bytes, as: UTF8.self))
  }

  private static func failure(_ job: ClaimedJob, _ failure: any Error, _ stop: JobRunner.StopReason?) -> RunOutcome {
    switch stop {
    case .cancelled: return .ending(.cancelled)
    case .shutdown: return .ending(.givenBack)
    case .lost: return .nothing
    case .deadline: return .ending(.dead(error: error(job, "deadline", "its deadline passed while it ran")))
    case .timeUp: return .ending(again(job, "time", "it took longer than its kind may take"))
    case nil: break
    }
    switch failure {
    case is JobLost: return .nothing
    case let problem as JSONError:
      return .ending(.dead(error: error(job, "payload", "its payload cannot be worked on: \(problem)")))
    case let reason as JobGivenUp: return .ending(.dead(error: error(job, "given up", reason.description)))
    default: return .ending(again(job, "failed", "\(failure)"))
    }
  }

  /// One more try, if there is one left.
  private static func again(_ job: ClaimedJob, _ reason: String, _ text: String) -> JobEnding {
    let error = error(job, reason, text)
    return job.attempt >= job.attemptsMax ? .dead(error: error) : .failed(error: error, retryAfterSeconds: 0)
  }

  /// What becomes of a run whose handler does not stop.
  static func abandoned(_ reason: JobRunner.StopReason) -> JobEnding {
    switch reason {
    case .cancelled: .cancelled
    case .shutdown, .lost: .givenBack
    case .timeUp, .deadline:
      .failed(
        error: ErrorRecord(attempt: nil, reason: "time", error: "it did not stop when its time was up").json,
        retryAfterSeconds: 60)
    }
  }

  static func error(_ job: ClaimedJob, _ reason: String, _ text: String) -> String {
    ErrorRecord(attempt: job.attempt, reason: reason, error: text).json
  }
}

extension JobEnding {
  /// With the delay that the job's kind asks for.
  func withDelay(_ job: ClaimedJob, _ kind: JobKind, using random: inout some RandomNumberGenerator) -> JobEnding {
    guard case .failed(let error, _) = self else { return self }
    return .failed(error: error, retryAfterSeconds: kind.retry.seconds(after: job.attempt, using: &random))
  }
}

extension FinishedRun {
  /// The same run as a failure, because the database would not take how it ended.
  func refused(
    because reason: String, using random: inout some RandomNumberGenerator
  ) -> FinishedRun {
    var refused = self
    switch ending {
    case .succeeded, .failed, .dead:
      let error = ErrorRecord(attempt: nil, reason: "not stored", error: String(reason.prefix(500))).json
      refused.ending =
        isLastTry
        ? .dead(error: error)
        : .failed(error: error, retryAfterSeconds: RetryDelay().seconds(after: 6, using: &random))
    case .cancelled, .snoozed, .givenBack: break
    }
    return refused
  }
}

/// What went wrong, as a job's history keeps it; the database adds the time.
struct ErrorRecord: JSONWritable {
  /// Characters that are kept of an error.
  static let errorMax = 4000

  let attempt: Int?
  let reason: String
  let error: String

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("attempt", ifPresent: attempt)
      $0.field("reason", reason)
      $0.field("error", String(error.prefix(ErrorRecord.errorMax)).withoutNUL)
    }
  }

  var json: String { String(decoding: jsonBytes(), as: UTF8.self) }
}

extension String {
  /// The database keeps no NUL in text.
  fileprivate var withoutNUL: String { utf8.contains(0) ? String(filter { $0 != "\0" }) : self }
}
