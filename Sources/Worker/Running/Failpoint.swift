import Glibc

/// Named steps at which a process can be told to die, so that tests see what is left of each.
///
/// `WAYFARE_FAILPOINT=claimed:kill` kills the process as `kill -9` does when it first comes there; `claimed:3:kill` the
/// third time; `claimed:stop` stops it as SIGSTOP does. Without the variable a step costs one comparison.
enum Failpoint: String, CaseIterable {
  /// Jobs are taken, and no handler has begun.
  case claimed
  /// A handler is about to begin.
  case starting
  /// A handler has ended, and nothing of it is stored.
  case handled
  /// What was finished is about to be sent.
  case finishing
  /// What was finished is stored.
  case finished
  /// A job's own transaction is about to end the job.
  case completing
  /// A job's own transaction is committed.
  case completed
  /// Sellers have said what they have for something selected, and nothing of it is stored.
  case looked
  /// That a seller or a collector is asked is stored, and nobody has asked yet.
  case asking
  /// A seller or a collector has answered, and nothing of it is stored.
  case answered
  /// What a seller or a collector answered is stored.
  case kept
  /// The worker is about to tell that it lives.
  case heartbeat

  private struct Order: Sendable {
    let step: Failpoint
    let isKill: Bool
    let count: Int
  }

  private static let order: Order? = {
    guard let variable = getenv("WAYFARE_FAILPOINT") else { return nil }
    let parts = String(cString: variable).split(separator: ":")
    guard parts.count >= 2, let step = Failpoint(rawValue: String(parts[0])) else { return nil }
    let count = parts.count == 3 ? Int(parts[1]) ?? 1 : 1
    return Order(step: step, isKill: parts[parts.count - 1] == "kill", count: count)
  }()
  private static let visits = Visits()

  static func reach(_ step: Failpoint) async throws {
    guard let order, order.step == step, visits.next() == order.count else { return }
    _ = kill(getpid(), order.isKill ? SIGKILL : SIGSTOP)
  }
}
