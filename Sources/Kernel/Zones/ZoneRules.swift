/// What the clocks of a time zone have shown, show and will show: UTC and an offset that changes.
///
/// Two parts, as files of the tz database have them: a list of changes that are known, and a rule for all years after
/// the last of them. Both are asked through ``changes(from:through:)``, so that past and far future behave alike.
public struct ZoneRules: Hashable, Sendable {
  /// A moment from which on clocks show another offset.
  struct Change: Hashable, Sendable {
    let at: Int64
    let before: Int32
    let after: Int32
  }

  /// UTC itself: no offset, ever.
  public static let utc = ZoneRules(times: [], offsets: [], firstOffset: 0, rule: nil)

  /// When the offset changes, ascending, and what it is from then on.
  private let times: [Int64]
  private let offsets: [Int32]
  /// The offset before the first change.
  private let firstOffset: Int32
  /// What holds after the last change; nil if that is for ever.
  private let rule: YearlyRule?

  init(times: [Int64], offsets: [Int32], firstOffset: Int32, rule: YearlyRule?) {
    precondition(times.count == offsets.count, "every change has an offset")
    self.times = times
    self.offsets = offsets
    self.firstOffset = firstOffset
    self.rule = rule
  }

  /// How many seconds the clocks are ahead of UTC at a moment; negative when they are behind.
  ///
  /// - Complexity: O(log *n*) in the number of known changes.
  public func offset(at moment: Instant) -> Int {
    Int(offset(atSecond: moment.secondsSinceEpoch))
  }

  /// What calendar and clock show at a moment; before year 0 and after 9999 their first and last second.
  ///
  /// - Complexity: as of ``offset(at:)``.
  public func local(at moment: Instant) -> LocalDateTime {
    LocalDateTime(clockSeconds: moment.secondsSinceEpoch + Int64(offset(at: moment)))
  }

  /// At which moments the clocks show something: one, two when they are put back, none when they are put forward.
  ///
  /// - Complexity: as of ``offset(at:)``.
  public func moments(of local: LocalDateTime) -> LocalMoments {
    let clock = local.clockSeconds
    // No offset is more than 26 hours, and a change counts only near the moment itself.
    let near = changes(from: clock - 100_000, through: clock + 100_000)
    for change in near {
      let (skipped, reached) = (change.at + Int64(change.before), change.at + Int64(change.after))
      if clock >= skipped && clock < reached {
        return .never(
          earlier: instant(clock - Int64(change.after)), later: instant(clock - Int64(change.before)))
      }
      if clock >= reached && clock < skipped {
        return .twice(
          earlier: instant(clock - Int64(change.before)), later: instant(clock - Int64(change.after)))
      }
    }
    var offset = near.first?.before ?? self.offset(atSecond: clock)
    for change in near where clock >= change.at + Int64(change.after) { offset = change.after }
    return .once(instant(clock - Int64(offset)))
  }

  /// Where a service day of GTFS begins: twelve hours before noon, which is midnight except on days whose clocks are
  /// put forward or back before noon.
  ///
  /// - Complexity: as of ``offset(at:)``.
  public func serviceDayStart(of date: LocalDate) -> Instant {
    let noon = moments(of: LocalDateTime(date, secondOfDay: 43_200)).earlier
    return instant(noon.secondsSinceEpoch - 43_200)
  }

  private func instant(_ seconds: Int64) -> Instant {
    let range = Instant.first.secondsSinceEpoch...Instant.last.secondsSinceEpoch
    return Instant(secondsSinceEpoch: min(max(seconds, range.lowerBound), range.upperBound))
  }

  // MARK: Changes

  private func offset(atSecond second: Int64) -> Int32 {
    let index = firstChange(after: second)
    if index == times.count, let rule { return rule.offset(atSecond: second) }
    return index == 0 ? firstOffset : offsets[index - 1]
  }

  /// All changes at seconds of a short range, both ends included, in order.
  private func changes(from start: Int64, through end: Int64) -> [Change] {
    var found: [Change] = []
    var index = firstChange(after: start - 1)
    while index < times.count, times[index] <= end {
      let before = index == 0 ? firstOffset : offsets[index - 1]
      found.append(Change(at: times[index], before: before, after: offsets[index]))
      index += 1
    }
    guard let rule else { return found }
    let lastKnown = times.last ?? .min
    if end > lastKnown { found += rule.changes(from: max(start, lastKnown + 1), through: end) }
    return found.filter { $0.before != $0.after }
  }

  private func firstChange(after second: Int64) -> Int {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
