public import Kernel
import Postgres

/// The number of a job, for all its life.
public struct JobID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number.
  public let rawValue: Int64

  /// Takes a number.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// Reads what `description` writes; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var value: Int64 = 0
    guard (1...19).contains(text.utf8.count), text.utf8.first != 48 else { return nil }
    for byte in text.utf8 {
      guard (48...57).contains(byte) else { return nil }
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = tens.addingReportingOverflow(Int64(byte - 48))
      if isTooLarge || isOver { return nil }
      value = sum
    }
    rawValue = value
  }

  /// The number in digits.
  public var description: String { String(rawValue) }

  /// Whether one was asked for before the other.
  public static func < (left: JobID, right: JobID) -> Bool { left.rawValue < right.rawValue }
}

/// Where a job stands.
public enum JobState: String, Sendable, Hashable, CaseIterable {
  /// To be started at a later time.
  case scheduled
  /// To be started as soon as a worker has room.
  case waiting
  /// Tried without success, and to be tried again.
  case retrying
  /// A worker has it.
  case running
  /// A worker has it and has been asked to stop.
  case cancelling
  /// Done.
  case succeeded
  /// Given up at somebody's wish.
  case cancelled
  /// Given up: it can be looked at and retried.
  case dead

  /// Whether nothing more will happen to it by itself.
  public var isOver: Bool { self == .succeeded || self == .cancelled || self == .dead }
}

/// How far a running job says it is.
public struct JobProgress: Sendable, Hashable {
  /// Grows by one with each change.
  public var revision: Int
  /// What it is doing, in a word or two.
  public var stage: String
  /// How much of it is done.
  public var done: Int64?
  /// Of how much.
  public var total: Int64?
  /// A sentence for people.
  public var message: String?

  /// A step.
  public init(revision: Int = 0, stage: String, done: Int64? = nil, total: Int64? = nil, message: String? = nil) {
    self.revision = revision
    self.stage = stage
    self.done = done
    self.total = total
    self.message = message
  }
}

/// A job as somebody who asks for it sees it.
public struct Job: Sendable {
  /// Its number.
  public var id: JobID
  /// Where it stands.
  public var state: JobState
  /// What is to be done.
  public var kind: String
  /// Where it waits.
  public var queue: String
  /// Whose it is.
  public var tenant: String
  /// 0 goes first.
  public var priority: Int
  /// How often it was started.
  public var run: Int
  /// How often it was tried.
  public var attempt: Int
  /// How often it may be.
  public var attemptsMax: Int
  /// When it was asked for.
  public var createdAt: Instant
  /// Not before.
  public var runAt: Instant?
  /// Not after.
  public var deadline: Instant?
  /// When it was over.
  public var finishedAt: Instant?
  /// How long its last run took.
  public var ranMilliseconds: Int?
  /// How far it is.
  public var progress: JobProgress?
  /// What went wrong last: a JSON object.
  public var lastError: String?
  /// What went wrong so far: a JSON array; read for one job, not for lists.
  public var errors: String?
  /// What it works on: JSON.
  public var payload: String?
  /// What came of it: JSON.
  public var result: String?

  /// Changes whenever anything does that a watcher wants to hear of.
  public var revision: String { "\(run).\(attempt).\(state.rawValue).\(progress?.revision ?? 0)" }
}

extension Instant {
  init(_ time: PostgresTimestamp) {
    let seconds = time.microseconds >= 0 ? time.microseconds : time.microseconds - 999_999
    self.init(secondsSinceEpoch: seconds / 1_000_000)
  }
}

extension PostgresTimestamp {
  init(_ instant: Instant) { self.init(microseconds: instant.secondsSinceEpoch * 1_000_000) }
}
