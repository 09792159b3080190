import Budget
import Catalogue
import Kernel
import Transport

/// What journeys and stays are worth in money, for a wish; looked up once for each pair and kind of day.
final class CalendarPrices {
  private struct LegKey: Hashable {
    let from: Int
    let to: Int
    let signature: UInt64
    let wish: CalendarWish
  }

  private struct PairKey: Hashable {
    let from: Int
    let to: Int
    let signature: UInt64
  }

  private let request: TripRequest
  private let ground: TripGround
  private let finder: LegFinder
  private let doors: [LegFinder.Door]
  private let lodgings: [Lodging]
  private let people: Double
  private var options: [PairKey: [LegOption]] = [:]
  private var legs: [LegKey: [CalendarSearch.Leg]] = [:]
  private var signatures: [UInt64] = []
  /// For each destination, what may be seen in so many days.
  private var worth: [[Double]] = []
  private var nightPrices: [[Double]] = []
  /// For each destination, how many of its sights must be seen.
  private var wanted: [Int] = []

  /// More than any trip costs, in minor units.
  private static let wantedWorth = 1e9

  /// Minutes of a day that go into seeing things.
  private static let minutesPerDay = 480
  /// Minutes between two sights.
  private static let minutesBetween = 30

  init(
    _ request: TripRequest, _ ground: TripGround, _ finder: LegFinder, lodgings: [Lodging], home: LegFinder.Door,
    _ progress: TripProgress
  ) throws(TripError) {
    self.request = request
    self.ground = ground
    self.finder = finder
    self.lodgings = lodgings
    people = Double(request.party.count)
    doors =
      [home]
      + zip(request.destinations, lodgings).map { LegFinder.Door(city: $0.city.id, point: $1.point) }
    let first = request.start.lowerBound
    signatures = (0...max(0, first.days(until: request.end))).map {
      ground.router.signature(of: first.adding(days: $0))
    }
    for destination in request.destinations {
      worth.append(worths(of: destination.city))
      let sights = ground.catalogue.sights[destination.city.id] ?? []
      wanted.append(request.mustSee.isEmpty ? 0 : sights.count { request.mustSee.contains($0.id) })
    }
    for (destination, lodging) in zip(request.destinations, lodgings) {
      nightPrices.append(try nights(of: lodging, in: destination.city))
    }
    try lookUp(progress)
  }

  /// Looks for the journeys of each pair on each kind of day.
  private func lookUp(_ progress: TripProgress) throws(TripError) {
    let first = request.start.lowerBound
    var days: [(signature: UInt64, date: LocalDate)] = []
    for (day, signature) in signatures.enumerated() where !days.contains(where: { $0.signature == signature }) {
      days.append((signature, first.adding(days: day)))
    }
    let pairs = doors.count * (doors.count - 1)
    var done = 0
    for (signature, date) in days {
      for from in doors.indices {
        for to in doors.indices where to != from && isUseful(from, to) {
          try progress(.journeys, done, pairs * days.count)
          done += 1
          options[PairKey(from: from, to: to, signature: signature)] =
            try finder.options(from: doors[from], to: doors[to], on: date)
        }
      }
    }
    for place in doors.indices.dropFirst() where request.destinations[place - 1].isRequired {
      let isReached = options.contains { $0.key.to == place && !$0.value.isEmpty }
      let isLeft = options.contains { $0.key.from == place && !$0.value.isEmpty }
      if !isReached || !isLeft, let unknown = finder.unknownDay { throw .route(unknown) }
      if !isReached { throw .noWay(from: request.origin, to: request.destinations[place - 1].city) }
      if !isLeft { throw .noWay(from: request.destinations[place - 1].city, to: request.origin) }
    }
  }

  private func isUseful(_ from: Int, _ to: Int) -> Bool {
    !request.isOrderFixed || from == 0 || to == 0 || from < to
  }

  func legs(_ from: Int, _ to: Int, _ day: Int, _ wish: CalendarWish) throws(TripError) -> [CalendarSearch.Leg] {
    let key = LegKey(from: from, to: to, signature: signatures[day], wish: wish)
    if let known = legs[key] { return known }
    var best: [Int: Double] = [:]
    for option in options[PairKey(from: from, to: to, signature: signatures[day])] ?? [] {
      let price =
        Double(request.fare(option, ground.costs).minorUnits)
        + wish.minute * people * Double(option.minutes + option.daytimeMinutes) / 2
      best[option.nightsAway] = min(best[option.nightsAway] ?? .infinity, price)
    }
    let found = best.sorted { $0.key < $1.key }.map { CalendarSearch.Leg(price: $0.value, nightsAway: $0.key) }
    legs[key] = found
    return found
  }

  func stay(_ destination: Int, _ day: Int, _ nights: Int, _ wish: CalendarWish) throws(TripError) -> Double {
    let prices = nightPrices[destination]
    let cost = prices[min(day + nights, prices.count - 1)] - prices[min(day, prices.count - 1)]
    let list = worth[destination]
    let first = request.start.lowerBound
    let days = first.adding(days: day)...first.adding(days: day + nights)
    // What must be seen or kept goes before all money and time.
    let kept = request.appointments.filter {
      $0.city == request.destinations[destination].city.id && days.contains($0.date)
    }
    return cost - Double(kept.count + wanted[destination]) * Self.wantedWorth - wish.point * people
      * list[min(nights, list.count - 1)]
  }

  /// What may be seen in a city in so many nights, the best first.
  private func worths(of city: City) -> [Double] {
    let sights = (ground.catalogue.sights[city.id] ?? []).filter { !request.avoided.contains($0.id) }
      .map { (worth: Double(request.worth(of: $0)), minutes: $0.minutes + Self.minutesBetween) }
      .sorted { $0.worth / Double($0.minutes) > $1.worth / Double($1.minutes) }
    return (0...30).map { nights in
      var left = Self.minutesPerDay * nights + (nights > 0 ? 120 : 0)
      var sum = 0.0
      for sight in sights where sight.minutes <= left {
        left -= sight.minutes
        sum += sight.worth
      }
      return sum
    }
  }

  /// What the nights up to each day of the window cost, one after the other.
  private func nights(of lodging: Lodging, in city: City) throws(TripError) -> [Double] {
    let rooms = Double(request.rooms.rooms(for: request.party))
    let profile =
      ground.pricePlace(of: city).flatMap { ground.costs.profile(at: $0, .lodging) } ?? SeasonProfile()
    let base: Double
    do throws(ExchangeError) {
      base = Double(try ground.rates.convert(lodging.price, to: request.currency).converted.minorUnits)
    } catch {
      throw .budget(.exchange(error, category: .lodging, price: nil))
    }
    var sums = [0.0]
    for day in signatures.indices {
      let factor = Double(profile.factor(on: request.start.lowerBound.adding(days: day))) / Double(SeasonProfile.one)
      sums.append(sums[day] + base * factor * rooms)
    }
    return sums
  }
}
