import Kernel

/// What no calendar of a search can be cheaper than.
///
/// The idea: walks that may come to a city twice, or never, are far fewer states than sets of cities; the cheapest of them
/// is no dearer than the cheapest calendar. Prices on visits, raised where a walk comes too often and lowered where it does
/// not come, bring the two together (Lagrangian relaxation with subgradient steps). Whatever the prices, the result holds.
struct CalendarBound {
  private static let rounds = 40

  private let search: CalendarSearch
  private let cities: Int
  private let days: Int
  /// The journeys of each pair of places on each day.
  private var legs: [[CalendarSearch.Leg]] = []
  /// What stays cost: by destination and day of arrival, for each number of nights that is allowed.
  private var stays: [[Double]] = []

  /// Looks up all prices of a search.
  init(_ search: CalendarSearch) throws(TripError) {
    self.search = search
    cities = search.request.destinations.count
    days = search.request.start.lowerBound.days(until: search.request.end) + 1
    for from in 0...cities {
      for to in 0...cities {
        for day in 0..<days { legs.append(from == to ? [] : try search.legs(from, to, day)) }
      }
    }
    for (city, destination) in search.request.destinations.enumerated() {
      for day in 0..<days {
        var prices: [Double] = []
        for nights in destination.nights where day + nights < days { prices.append(try search.stay(city, day, nights)) }
        stays.append(prices)
      }
    }
  }

  /// The bound.
  ///
  /// - Parameter best: the price of the best calendar that is known, which tells how far prices should move.
  /// - Returns: nil if there is no walk at all.
  func price(below best: Double) -> Double? {
    let destinations = search.request.destinations
    // A city that is worth its stay would be walked to again and again: what it is worth at most is paid back first.
    var toll = destinations.indices.map { city -> Double in
      var cheapest = 0.0
      for day in 0..<days { for price in stays[city * days + day] { cheapest = min(cheapest, price) } }
      return -cheapest
    }
    var bound: Double?
    var (scale, stalled) = (1.0, 0)
    for _ in 0..<CalendarBound.rounds {
      guard let walk = cheapestWalk(toll) else { return nil }
      let value = walk.price - toll.reduce(0, +)
      if value > bound ?? -.infinity {
        (bound, stalled) = (value, 0)
      } else {
        stalled += 1
        if stalled == 3 { (scale, stalled) = (scale / 2, 0) }
      }
      let excess = walk.visits.map { Double($0 - 1) }
      let size = excess.reduce(0) { $0 + $1 * $1 }
      guard size > 0, best > value else { break }
      let step = scale * (best - value) / size
      for city in destinations.indices {
        toll[city] += step * excess[city]
        // A city that may be left out may only be made dearer.
        if !destinations[city].isRequired { toll[city] = max(0, toll[city]) }
      }
    }
    return bound
  }

  private struct State {
    var price = Double.infinity
    var before: Int32 = -1
  }

  /// The cheapest walk with as many stays as a calendar may have, and how often it comes to each city.
  private func cheapestWalk(_ toll: [Double]) -> (price: Double, visits: [Int])? {
    let request = search.request
    let required = request.destinations.count(where: \.isRequired)
    let layer = cities * days
    var states = [State](repeating: State(), count: (cities + 1) * layer)
    let lastStart = request.start.lowerBound.days(until: request.start.upperBound)
    for day in 0...lastStart {
      for city in 0..<cities { extend(&states, nil, 0, place: 0, day: day, to: city, stays: 1, toll) }
    }
    var best: (state: Int, price: Double)?
    for count in 1...cities {
      for city in 0..<cities {
        for day in 0..<days {
          let here = count * layer + city * days + day
          let price = states[here].price
          guard price < .infinity else { continue }
          if count >= required {
            for leg in legs[((city + 1) * (cities + 1)) * days + day] where day + leg.nightsAway < days {
              if price + leg.price < best?.price ?? .infinity { best = (here, price + leg.price) }
            }
          }
          guard count < cities else { continue }
          for next in 0..<cities where next != city {
            extend(&states, here, price, place: city + 1, day: day, to: next, stays: count + 1, toll)
          }
        }
      }
    }
    guard let best else { return nil }
    var visits = [Int](repeating: 0, count: cities)
    var state = best.state
    while state >= 0 {
      visits[state % layer / days] += 1
      state = Int(states[state].before)
    }
    return (best.price, visits)
  }

  private func extend(
    _ states: inout [State], _ here: Int?, _ price: Double, place: Int, day: Int, to city: Int, stays count: Int,
    _ toll: [Double]
  ) {
    let fewest = search.request.destinations[city].nights.lowerBound
    for leg in legs[(place * (cities + 1) + city + 1) * days + day] {
      let arrival = day + leg.nightsAway
      guard arrival < days else { continue }
      for (more, stay) in stays[city * days + arrival].enumerated() {
        let there = (count * cities + city) * days + arrival + fewest + more
        let total = price + leg.price + stay + toll[city]
        if total < states[there].price { states[there] = State(price: total, before: Int32(here ?? -1)) }
      }
    }
  }
}
