import Budget
import Catalogue
import Kernel
import Transport

/// Looks for ways between places of cities, once for each pair, day and wish.
///
/// Journeys are looked for from hour to hour of the day, with everything that runs, then without what is fastest, so that
/// trains and coaches are found beside flights. Of what is found, what another way beats in fare, time, CO2, changes and
/// daytime is left out.
final class LegFinder {
  /// A door: where one sets out or arrives.
  struct Door: Hashable {
    let city: String
    let point: Coordinate

    /// As the router reads it.
    var text: String { "\(point.latitude),\(point.longitude)" }
  }

  private struct Key: Hashable {
    let from: Door
    let to: Door
    let date: LocalDate
  }

  private struct AlikeKey: Hashable {
    let from: Door
    let to: Door
    let signature: UInt64
  }

  private let ground: TripGround
  private let request: TripRequest
  private let zones: [String: ZoneRules]
  private var known: [Key: [LegOption]] = [:]
  /// What was found for a day on which the same runs.
  private var alike: [AlikeKey: [LegOption]] = [:]
  /// A day that was asked for and that no timetable tells of; nil if all days were known.
  private(set) var unknownDay: RouteError?
  /// How many searches were made: what a run is judged by.
  private(set) var searchCount = 0

  /// First departures that are looked for, by the clock.
  private static let hours = [0] + Array(5...23)
  /// When one sets out if any journey will do.
  private static let soonHours = [8, 6, 11, 15, 19]
  /// How much earlier one sets out from another door.
  private static let likeSeconds: Int64 = 1800

  init(_ ground: TripGround, _ request: TripRequest, zones: [String: ZoneRules]) {
    self.ground = ground
    self.request = request
    self.zones = zones
  }

  /// The ways that leave on a date, the fastest first; none if there are none.
  func options(from: Door, to: Door, on date: LocalDate) throws(TripError) -> [LegOption] {
    let key = Key(from: from, to: to, date: date)
    if let found = known[key] { return found }
    guard let start = zones[from.city], let end = zones[to.city] else { return [] }
    let day = AlikeKey(from: from, to: to, signature: ground.router.signature(of: date))
    if let ways = alike[day] {
      // The same runs as on a day before: what was good then is looked up, not looked for.
      var again: [LegOption] = []
      for way in ways {
        if let found = try option(like: way, from: from, to: to, on: date, earlier: 0) { again.append(found) }
      }
      let best = Self.unbeaten(again)
      known[key] = best
      return best
    }
    var found: [LegOption] = []
    var left = allowed
    // With everything, then without flights, then without fast trains: each time what is left.
    for without in [[], ["flight"], ["rail"]] as [Set<String>] {
      guard without.isEmpty || !left.isDisjoint(with: without) else { continue }
      left.subtract(without)
      guard !left.isEmpty else { continue }
      for journey in try journeys(from, to, date, left, start, hours: Self.hours) {
        found.append(try option(journey, start, end))
      }
    }
    let best = LegFinder.unbeaten(found)
    known[key] = best
    alike[day] = best
    return best
  }

  /// A way that leaves on a date and is soon found: the fastest of the first hours that have one; nil if none has.
  func soon(from: Door, to: Door, on date: LocalDate) throws(TripError) -> LegOption? {
    if let known = known[Key(from: from, to: to, date: date)] { return known.first }
    guard let start = zones[from.city], let end = zones[to.city] else { return nil }
    for hour in Self.soonHours {
      let found = try journeys(from, to, date, allowed, start, hours: [hour])
      var options: [LegOption] = []
      for journey in found { options.append(try option(journey, start, end)) }
      if let best = Self.unbeaten(options).first { return best }
    }
    return nil
  }

  /// A way like another one, between other doors of the same cities; nil if there is none.
  func option(like way: LegOption, from: Door, to: Door) throws(TripError) -> LegOption? {
    // Earlier, as this door may be farther from the station.
    try option(like: way, from: from, to: to, on: way.departure.date, earlier: Self.likeSeconds)
  }

  private func option(
    like way: LegOption, from: Door, to: Door, on date: LocalDate, earlier: Int64
  ) throws(TripError) -> LegOption? {
    guard let start = zones[from.city], let end = zones[to.city] else { return nil }
    let apart = Set(["flight", "rail", "coach", "ferry"]).subtracting(way.modes)
    let departure = LocalDateTime(date, secondOfDay: Int(way.departure.secondOfDay))
    let moment = start.moments(of: departure).earlier.adding(seconds: -earlier)
    let found = try journeys(from, to, date, allowed.subtracting(apart), start, at: moment)
    var options: [LegOption] = []
    for journey in found { options.append(try option(journey, start, end)) }
    let shift = way.departure.date.days(until: date)
    func distance(_ option: LegOption) -> Int {
      let days = way.arrival.date.adding(days: shift).days(until: option.arrival.date)
      return abs(days * 86_400 + Int(option.arrival.secondOfDay) - Int(way.arrival.secondOfDay))
    }
    return options.min {
      (distance($0), $0.transfers, $0.fare.minorUnits) < (distance($1), $1.transfers, $1.fare.minorUnits)
    }
  }

  private var allowed: Set<String> { request.modes ?? Set(Router.modes) }

  private func journeys(
    _ from: Door, _ to: Door, _ date: LocalDate, _ modes: Set<String>, _ zone: ZoneRules, hours: [Int]
  ) throws(TripError) -> [Journey] {
    var found: [Journey] = []
    var nextDeparture = Instant.first
    for hour in hours {
      let moment = zone.moments(of: LocalDateTime(date, secondOfDay: hour * 3600)).earlier
      // A journey that was found from an earlier hour and has not left yet is the answer for this one too.
      if moment < nextDeparture { continue }
      found += try journeys(from, to, date, modes, zone, at: moment)
      nextDeparture = found.map(\.departure).max() ?? nextDeparture
    }
    return found
  }

  private func journeys(
    _ from: Door, _ to: Door, _ date: LocalDate, _ modes: Set<String>, _ zone: ZoneRules, at moment: Instant
  ) throws(TripError) -> [Journey] {
    var route = RouteRequest(from: from.text, to: to.text, time: .departAt(moment))
    route.walkMetresMax = request.walkMetresMax
    route.modes = modes
    route.needsWheelchair = request.needsWheelchair
    searchCount += 1
    do throws(RouteError) {
      return try ground.router.route(route).journeys.filter {
        $0.transfers <= request.transfersMax && $0.boardings > 0 && zone.local(at: $0.departure).date == date
      }
    } catch {
      switch error {
      // Nothing runs there, or not on that day: no way, which is no fault.
      case .nothingNear: return []
      case .outsideDays:
        unknownDay = error
        return []
      default: throw .route(error)
      }
    }
  }

  private func option(_ journey: Journey, _ from: ZoneRules, _ to: ZoneRules) throws(TripError) -> LegOption {
    let known = journey.price.flatMap { $0.isComplete ? $0.amount : nil }
    do {
      let fare = try ground.rates.convert(
        known ?? Money(minorUnits: FareGuess.cents(journey), .euro), to: request.currency
      ).converted
      return LegOption(journey, fare: fare, isFareEstimated: known == nil, from: from, to: to)
    } catch {
      throw .budget(.exchange(error, category: .transport, price: nil))
    }
  }

  /// Without those that another beats, and of equals the first; the fastest first.
  static func unbeaten(_ options: [LegOption]) -> [LegOption] {
    var best: [LegOption] = []
    for option in options.sorted(by: { ($0.minutes, $0.fare.minorUnits) < ($1.minutes, $1.fare.minorUnits) })
    where !best.contains(where: { $0.isAsGood(as: option) }) {
      best.removeAll { option.isAsGood(as: $0) }
      best.append(option)
    }
    return best.sorted {
      ($0.minutes, $0.fare.minorUnits, $0.journey.departure) < ($1.minutes, $1.fare.minorUnits, $1.journey.departure)
    }
  }

  /// A few that differ: the cheapest, the fastest, the greenest, and the one that takes least of the day.
  static func few(_ options: [LegOption], _ count: Int) -> [LegOption] {
    var result: [Int] = []
    let judges: [(LegOption) -> (Int, Int)] = [
      { ($0.minutes, Int($0.fare.minorUnits)) }, { (Int($0.fare.minorUnits), $0.minutes) },
      { ($0.co2Grams, $0.minutes) }, { ($0.daytimeMinutes, Int($0.fare.minorUnits)) },
    ]
    for judge in judges where result.count < count {
      guard let best = options.indices.min(by: { judge(options[$0]) < judge(options[$1]) }) else { return [] }
      if !result.contains(best) { result.append(best) }
    }
    return result.sorted().map { options[$0] }
  }
}
