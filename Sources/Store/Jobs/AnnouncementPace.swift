/// How often a process announces that a queue has work.
///
/// An announcement takes a lock that every commit with one waits for. So of many in a few milliseconds the first goes at
/// once and one more at the end of the time, which tells of all that came between.
struct AnnouncementPace {
  /// Between two announcements of a queue.
  static let nanoseconds: UInt64 = 5_000_000
  /// Queues that are remembered; forgetting them costs an announcement each.
  private static let queuesMax = 1000

  private var last: [String: (at: UInt64, isDue: Bool)] = [:]

  /// Whether a queue may be announced now, with what is about to be stored; if so, it counts as announced.
  mutating func takesTurn(_ queue: String, now: UInt64) -> Bool {
    if last.count >= Self.queuesMax, last[queue] == nil { last = last.filter { $0.value.isDue } }
    if let known = last[queue], known.isDue || now &- known.at < Self.nanoseconds { return false }
    last[queue] = (now, false)
    return true
  }

  /// After how many nanoseconds the caller has to announce what was stored without; nil where somebody will anyway.
  mutating func delay(of queue: String, now: UInt64) -> UInt64? {
    let known = last[queue] ?? (now &- Self.nanoseconds, false)
    if known.isDue { return nil }
    last[queue] = (known.at, true)
    return Self.nanoseconds - min(now &- known.at, Self.nanoseconds)
  }

  /// Takes note of an announcement that was due.
  mutating func announced(_ queue: String, now: UInt64) { last[queue] = (now, false) }
}
