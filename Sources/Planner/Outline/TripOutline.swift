public import Kernel

/// A trip in the words of travellers, from which a ``Problem`` follows: dates, who travels, attractions, caps.
///
/// Its attractions become the activities of the same positions, so that a plan can be read beside it.
public struct TripOutline: Sendable {
  /// The date of each day.
  public var dates: [LocalDate]
  /// Where and when each day begins and ends.
  public var days: [Day]
  /// The day on which things could be booked.
  public var today: LocalDate?
  /// How many travel of each type.
  public var travellers: [TravellerType: Int] = [TravellerType("adult"): 1]
  /// What could be done.
  public var attractions: [Attraction]
  /// What lies between places.
  public var travel: Travel
  /// Holidays and the sun, for opening hours.
  public var context = OpeningContext()
  /// The most money for all, nights and fares included.
  public var budget: Int?
  /// The most money for attractions of a kind.
  public var kindBudgets: [String: Int] = [:]
  /// The most attractions of a kind.
  public var kindCaps: [String: Int] = [:]
  /// The most that one traveller of a type pays: own tickets, and an equal part of fares.
  public var personCaps: [TravellerType: Int] = [:]
  /// The most walking a day.
  public var walkingMost: Int?
  /// The meals of each day.
  public var meals: [Meal] = []
  /// What the first, second, third … attraction with the same tag loses.
  public var varietyLosses: [Int] = []
  /// Attractions of which at most one is wanted, by position.
  public var alternatives: [[Int]] = []
  /// Attractions of which one comes before the other, by position.
  public var precedences: [Precedence] = []
  /// Nights whose lodging is to be chosen.
  public var nights: [Night] = []

  /// A trip without caps.
  public init(dates: [LocalDate], days: [Day], attractions: [Attraction], travel: Travel) {
    self.dates = dates
    self.days = days
    self.attractions = attractions
    self.travel = travel
  }

  /// The problem that follows.
  ///
  /// - Throws: what does not fit together, as for any problem.
  public func problem() throws(ProblemError) -> Problem {
    guard dates.count == days.count else { throw .dates(found: dates.count, needed: days.count) }
    var limits = Limits()
    if let budget { limits.add(Limit("money", most: budget, of: .money)) }
    if let walkingMost { limits.add(Limit("walking", most: walkingMost, per: .day, of: .walking)) }
    for (kind, most) in kindBudgets.sorted(by: { $0.key < $1.key }) {
      limits.kindBudgets[kind] = limits.add(Limit("money for \(kind)", most: most))
    }
    for (kind, most) in kindCaps.sorted(by: { $0.key < $1.key }) {
      limits.kindCaps[kind] = limits.add(Limit("number of \(kind)", most: most))
    }
    for (type, most) in personCaps.sorted(by: { $0.key < $1.key }) {
      let heads = max(1, travellers.values.reduce(0, +))
      limits.persons[type] = limits.add(Limit("money of one \(type.name)", most: most, of: .fares(sharedBy: heads)))
    }
    return try Problem(
      activities: attractions.map { activity($0, limits) }, days: days, travel: travel, limits: limits.all,
      groups: groups(), precedences: precedences, nights: nights, varieties: varieties())
  }

  /// The limits on their way, and which is whose.
  private struct Limits {
    var all: [Limit] = []
    var kindBudgets: [String: LimitIndex] = [:]
    var kindCaps: [String: LimitIndex] = [:]
    var persons: [TravellerType: LimitIndex] = [:]

    @discardableResult
    mutating func add(_ limit: Limit) -> LimitIndex {
      all.append(limit)
      return LimitIndex(all.count - 1)
    }
  }

  private func activity(_ attraction: Attraction, _ limits: Limits) -> Activity {
    let price = price(of: attraction)
    var activity = Activity(
      at: attraction.place, variants: attraction.stay.variants(score: attraction.score, price: price),
      opening: .eachDay(windows(of: attraction)))
    let percents = dates.map { date in attraction.seasons.filter { $0.months.contains(date.civil.month) } }
    activity.dayBonuses = percents.map { Self.share(attraction.score, $0.map(\.scorePercent)) - attraction.score }
    let factors = percents.map { $0.map(\.pricePercent) }
    // Everybody's own price follows the season, so that what people pay sums up to what all pay.
    let prices = factors.map { factor in self.price(of: attraction) { Self.share($0, factor) } }
    activity.daySurcharges = prices.map { $0 - price }
    if let limit = attraction.kind.flatMap({ limits.kindCaps[$0] }) {
      activity.uses.append(.init(of: limit, amount: 1))
    }
    if let limit = attraction.kind.flatMap({ limits.kindBudgets[$0] }) {
      activity.dayUses.append(.init(of: limit, amounts: prices))
    }
    for (type, limit) in limits.persons.sorted(by: { $0.key < $1.key }) {
      let own = attraction.prices[type] ?? attraction.price
      activity.dayUses.append(.init(of: limit, amounts: factors.map { Self.share(own, $0) }))
    }
    activity.isRest = !attraction.meals.isEmpty
    switch attraction.wish {
    case .open: break
    case .mandatory: activity.isMandatory = true
    case .excluded: activity.opening = .eachDay(dates.map { _ in [] })
    case .pinned(let day, let time): activity.pin(toDay: day, ofDays: dates.count, at: time)
    }
    return activity
  }

  /// What all travellers pay together.
  func price(of attraction: Attraction, inSeason change: (Int) -> Int = { $0 }) -> Int {
    travellers.reduce(0) { $0 + $1.value * change(attraction.prices[$1.key] ?? attraction.price) }
  }

  /// An amount by several hundredths, one after the other.
  private static func share(_ amount: Int, _ percents: [Int]) -> Int {
    percents.reduce(amount) { $0 * $1 / 100 }
  }

  // MARK: Windows

  /// Why an attraction cannot be done on a day, before hours and ways are looked at.
  enum Refusal: Hashable {
    case closedDate
    case bookedTooLate
  }

  func refusal(of attraction: Attraction, on day: Int) -> Refusal? {
    if attraction.closedDates.contains(dates[day]) { return .closedDate }
    if let today, today.days(until: dates[day]) < attraction.bookingLeadDays { return .bookedTooLate }
    return nil
  }

  private func windows(of attraction: Attraction) -> [[StartWindow]] {
    dates.indices.map { day in
      if refusal(of: attraction, on: day) != nil { return [] }
      var windows = attraction.hours?.startWindows(on: dates[day], in: context) ?? [days[day].wholeWindow]
      // What opens on the morning after belongs to the day after.
      windows.removeAll { $0.opens > days[day].closes || $0.lastStart < days[day].opens }
      for index in windows.indices { windows[index].lastStart = windows[index].closes - attraction.lastAdmission }
      if !attraction.meals.isEmpty {
        let slots = meals.filter { attraction.meals.contains($0.name) }.map(\.slot)
        windows = windows.flatMap { window in slots.compactMap { window.narrowed(to: $0) } }
      }
      return windows + windows.flatMap { window in attraction.preferred.compactMap { window.narrowed(to: $0) } }
    }
  }

  // MARK: Groups and varieties

  private func groups() -> [ActivityGroup] {
    let eaten = meals.map { meal in
      let members = attractions.indices.filter { attractions[$0].meals.contains(meal.name) }
      return ActivityGroup(
        meal.name, members.map { ActivityIndex($0) }, per: .day, isMandatory: meal.isMandatory)
    }
    return eaten
      + alternatives.enumerated().map { ActivityGroup("alternatives \($0 + 1)", $1.map { ActivityIndex($0) }) }
  }

  private func varieties() -> [Variety] {
    if varietyLosses.isEmpty { return [] }
    return Set(attractions.flatMap(\.tags)).sorted().map { tag in
      let members = attractions.indices.filter { attractions[$0].tags.contains(tag) }
      return Variety(tag, members.map { ActivityIndex($0) }, losses: varietyLosses)
    }
  }
}

extension Day {
  var wholeWindow: StartWindow { StartWindow(opens: opens, lastStart: closes, closes: closes) }
}

extension StartWindow {
  /// The part of a window that lies within another, with the other's bonus; nil if there is none.
  func narrowed(to other: StartWindow) -> StartWindow? {
    let part = StartWindow(
      opens: max(opens, other.opens), lastStart: min(lastStart, other.lastStart), closes: min(closes, other.closes),
      bonus: bonus + other.bonus)
    return part.opens <= part.lastStart ? part : nil
  }
}
