/// What calendar and wall clock of some place show: a day and a second of it.
public struct LocalDateTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The day.
  public let date: LocalDate
  /// Seconds that the clock shows after 00:00:00, from 0 to 86,399.
  public let secondOfDay: Int32

  /// A day and a second of it.
  ///
  /// - Precondition: the second lies between 0 and 86,399.
  public init(_ date: LocalDate, secondOfDay: Int) {
    precondition((0..<86_400).contains(secondOfDay), "no clock shows second \(secondOfDay) of a day")
    self.date = date
    self.secondOfDay = Int32(secondOfDay)
  }

  /// As ISO 8601 writes it: `2026-06-01T08:03:00`.
  public var description: String {
    let second = Int(secondOfDay)
    let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }
    return "\(date)T\(clock.joined(separator: ":"))"
  }

  /// Whether one comes before another on the same clock.
  public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
    (left.date, left.secondOfDay) < (right.date, right.secondOfDay)
  }

  /// Seconds since 1970-01-01T00:00:00 on the same clock, as if it were never changed.
  var clockSeconds: Int64 { Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay) }

  /// The inverse of ``clockSeconds``; before the first and after the last day there is the first and the last second.
  init(clockSeconds: Int64) {
    let first = Int64(LocalDate.first.daysSinceEpoch) * 86_400
    let last = Int64(LocalDate.last.daysSinceEpoch) * 86_400 + 86_399
    let (days, second) = dividedDown(Int(min(max(clockSeconds, first), last)), by: 86_400)
    self.init(LocalDate(daysSinceEpoch: Int32(days)), secondOfDay: second)
  }
}

/// Which moments a clock shows something at: usually one, but clocks are put forward and back.
public enum LocalMoments: Hashable, Sendable {
  /// The clock shows it once.
  case once(Instant)
  /// The clock shows it twice, as it is put back.
  case twice(earlier: Instant, later: Instant)
  /// The clock never shows it, as it is put forward over it.
  ///
  /// The earlier moment reckons with the offset after the change, the later one with the offset before it.
  case never(earlier: Instant, later: Instant)

  /// The only moment, or the earlier of two.
  public var earlier: Instant {
    switch self {
    case .once(let moment), .twice(let moment, _), .never(let moment, _): moment
    }
  }

  /// The only moment, or the later of two.
  public var later: Instant {
    switch self {
    case .once(let moment), .twice(_, let moment), .never(_, let moment): moment
    }
  }
}
