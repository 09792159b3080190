/// How often a process announces that a queue has work.
///
/// An announcement takes a lock that every commit with one waits for. So of many in a few milliseconds the first goes at
/// once and one more at the end of the time, which tells of all that came between.
struct AnnouncementPace {
  /// Between two announcements of a queue.
  static let nanoseconds: UInt64 = 5_000_000
  /// Queues that are remembered; forgetting them costs an announcement each.
  private static let queuesMax = 1000

  /// When a queue is announced.
  enum Turn: Hashable {
    /// With what is stored now.
    case now
    /// By itself, after so many nanoseconds.
    case later(UInt64)
    /// It will be anyway.
    case already
  }

  private var last: [String: (at: UInt64, isDue: Bool)] = [:]

  /// Takes note of work in a queue.
  mutating func turn(of queue: String, now: UInt64) -> Turn {
    if last.count >= Self.queuesMax, last[queue] == nil { last = last.filter { $0.value.isDue } }
    guard let known = last[queue] else {
      last[queue] = (now, false)
      return .now
    }
    if known.isDue { return .already }
    guard now &- known.at < Self.nanoseconds else {
      last[queue] = (now, false)
      return .now
    }
    last[queue] = (known.at, true)
    return .later(Self.nanoseconds - (now &- known.at))
  }

  /// Takes note of an announcement that was due.
  mutating func announced(_ queue: String, now: UInt64) { last[queue] = (now, false) }
}
