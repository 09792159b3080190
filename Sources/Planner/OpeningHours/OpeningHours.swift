public import Kernel

/// When something is open, as OpenStreetMap's `opening_hours` says it: `Mo-Fr 09:00-18:00; PH off`.
///
/// The idea of the language: rules are gone through in order. A rule whose days match takes the place of what earlier
/// rules said of that day; after a comma it adds to it; after `||` it fills what is still closed; `off` closes.
///
/// ```swift
/// let hours = try OpeningHours("Mo-Sa 10:00-sunset; Dec 25 off")
/// let open = hours.intervals(on: date, in: OpeningContext())
/// ```
public struct OpeningHours: Hashable, Sendable {
  /// The text it was read from.
  public let text: String
  let rules: [OpeningRule]

  /// Reads the language.
  ///
  /// - Throws: what is wrong and at which character.
  public init(_ text: String) throws(OpeningHoursError) {
    self.text = text
    var reader = OpeningHoursReader(text)
    rules = try reader.rules()
  }

  /// A stretch of time in which it is open.
  public struct Interval: Hashable, Sendable {
    /// Minutes after midnight of the day.
    public var start: Int
    /// Minutes after midnight of the day, beyond 24 hours if it passes midnight.
    public var end: Int
    /// Whether it is only said that it might be open: by appointment, or unknown.
    public var isUncertain = false
    /// What the rule says to people.
    public var comment: String?
  }

  /// The stretches that begin on a day, in order and apart.
  public func intervals(on date: LocalDate, in context: OpeningContext) -> [Interval] {
    var result: [Interval] = []
    for rule in rules where rule.matches(date, in: context) {
      let own = rule.intervals(on: date, in: context)
      switch rule.joining {
      case .replacing where rule.status == .closed && !rule.times.isEmpty: result = result.without(own)
      case .replacing: result = rule.status == .closed ? [] : own
      case .adding: result = rule.status == .closed ? result.without(own) : result.without(own) + own
      case .filling: result += own.without(result)
      }
    }
    return result.joined()
  }

  /// When a visit of some length may begin on a day, in seconds after its midnight; stretches that began the day
  /// before and last into it, and those of the day after, are there too.
  ///
  /// What is only possible counts as open if uncertain hours are included.
  public func startWindows(
    on date: LocalDate, in context: OpeningContext, includesUncertain: Bool = false
  ) -> [StartWindow] {
    var windows: [StartWindow] = []
    for shift in -1...1 {
      for interval in intervals(on: date.adding(days: shift), in: context)
      where includesUncertain || !interval.isUncertain {
        let start = (interval.start + shift * 1440) * 60
        let end = (interval.end + shift * 1440) * 60
        guard end > 0, start < 48 * 3600 else { continue }
        // What joins at midnight is one stretch.
        if let last = windows.last, start <= last.closes {
          windows[windows.count - 1].closes = max(last.closes, end)
          windows[windows.count - 1].lastStart = max(last.lastStart, end)
        } else {
          windows.append(StartWindow(opens: max(0, start), lastStart: end, closes: end))
        }
      }
    }
    return windows
  }
}

/// What opening hours depend on beside the date.
public struct OpeningContext: Sendable {
  /// Whether a day is a public holiday (`PH`).
  public var isPublicHoliday: @Sendable (LocalDate) -> Bool
  /// Whether a day lies in the school holidays (`SH`).
  public var isSchoolHoliday: @Sendable (LocalDate) -> Bool
  /// Where the sun rises; without it, it rises at six and sets at eighteen.
  public var sun: SunPosition?

  /// A context; without anything there are no holidays.
  public init(
    sun: SunPosition? = nil, isPublicHoliday: @escaping @Sendable (LocalDate) -> Bool = { _ in false },
    isSchoolHoliday: @escaping @Sendable (LocalDate) -> Bool = { _ in false }
  ) {
    self.sun = sun
    self.isPublicHoliday = isPublicHoliday
    self.isSchoolHoliday = isSchoolHoliday
  }
}

extension [OpeningHours.Interval] {
  /// These, cut where others lie.
  func without(_ others: [OpeningHours.Interval]) -> [OpeningHours.Interval] {
    others.reduce(self) { rest, other in
      rest.flatMap { interval -> [OpeningHours.Interval] in
        if other.end <= interval.start || other.start >= interval.end { return [interval] }
        var (before, after) = (interval, interval)
        before.end = other.start
        after.start = other.end
        return [before, after].filter { $0.start < $0.end }
      }
    }
  }

  /// In order, with neighbours of one kind joined.
  func joined() -> [OpeningHours.Interval] {
    var result: [OpeningHours.Interval] = []
    for interval in sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
      if let last = result.last, interval.start <= last.end, last.isUncertain == interval.isUncertain,
        last.comment == interval.comment
      {
        result[result.count - 1].end = Swift.max(last.end, interval.end)
      } else {
        result.append(interval)
      }
    }
    return result
  }
}
