import Kernel

/// What a price comes to over some dates, the season taken night by night.
///
/// For many estimates of one trip over a window of dates, every night of a price is multiplied and rounded once and
/// kept as a running sum; a stay is then a difference of two.
struct NightPrices {
  private struct Key: Hashable {
    let place: Int
    let category: CostCategory
    let units: Int64
  }

  /// How many nights were priced: what a scan is judged by.
  private(set) var pricedCount = 0
  private let window: (first: LocalDate, count: Int)?
  private var sums: [Key: [Int64]] = [:]

  /// Prices nights as they come.
  init() { window = nil }

  /// Keeps the nights of a window.
  init(first: LocalDate, count: Int) { window = (first, count) }

  /// The sum over `count` dates of a price times the profile's factor, each rounded; nil if it does not fit.
  mutating func total(
    _ units: Int64, _ place: Int, _ category: CostCategory, _ profile: SeasonProfile, from date: LocalDate, count: Int
  ) -> Int64? {
    guard let window else { return direct(units, profile, from: date, count: count) }
    let first = window.first.days(until: date)
    guard first >= 0, first + count <= window.count else { return direct(units, profile, from: date, count: count) }
    let key = Key(place: place, category: category, units: units)
    if sums[key] == nil {
      var running: [Int64] = [0]
      running.reserveCapacity(window.count + 1)
      for offset in 0..<window.count {
        guard let night = night(units, profile, window.first.adding(days: offset)) else { return nil }
        let (sum, overflow) = running[offset].addingReportingOverflow(night)
        if overflow { return nil }
        running.append(sum)
      }
      sums[key] = running
    }
    return sums[key].map { $0[first + count] - $0[first] }
  }

  private mutating func direct(_ units: Int64, _ profile: SeasonProfile, from date: LocalDate, count: Int) -> Int64? {
    var sum: Int64 = 0
    for offset in 0..<count {
      guard let night = night(units, profile, date.adding(days: offset)) else { return nil }
      let (next, overflow) = sum.addingReportingOverflow(night)
      if overflow { return nil }
      sum = next
    }
    return sum
  }

  private mutating func night(_ units: Int64, _ profile: SeasonProfile, _ date: LocalDate) -> Int64? {
    pricedCount += 1
    let (product, overflow) = units.multipliedReportingOverflow(by: profile.factor(on: date))
    if overflow { return nil }
    return Int64(Rounding.halfAwayFromZero.divide(Int128(product), by: Int128(SeasonProfile.one)))
  }
}
