import Catalogue
import Kernel

/// The best calendar for a wish: order, nights in each city and first day at once, exactly.
///
/// The idea: what is still to come depends only on which cities have been seen, in which one is, and on which day one
/// leaves it. So for each first day the cheapest way to each such state is kept (dynamic programming over subsets, Held
/// and Karp 1962, with dates). Journeys and stays have one price each for a wish, in money: what they cost, the minutes
/// they take, less what they are worth. Invariant: a state's price is the least of all ways to it.
struct CalendarSearch {
  /// Destinations that orders are sought for exactly; with more, the order must be fixed.
  static let citiesMax = 8

  /// What a journey is worth at worst and best on a day, and when it arrives.
  struct Leg {
    let price: Double
    let nightsAway: Int
  }

  private struct State {
    var price = Double.infinity
    var before = -1
    var nights = 0
    /// The day of arrival in the city that one leaves now, counted like dates.
    var arrival = 0
  }

  let request: TripRequest
  /// Ways between places on a day since the first: place 0 is home, others are destinations plus one.
  let legs: (_ from: Int, _ to: Int, _ day: Int) throws(TripError) -> [Leg]
  /// What a stay costs, less what it is worth: destination, day of arrival, nights.
  let stay: (_ destination: Int, _ day: Int, _ nights: Int) throws(TripError) -> Double

  private var cities: Int { request.destinations.count }
  private var firstDay: LocalDate { request.start.lowerBound }
  private var days: Int { firstDay.days(until: request.end) + 1 }

  /// The best calendar of each first day that has one, the best first.
  func calendars() throws(TripError) -> [(calendar: TripCalendar, price: Double)] {
    var found: [(TripCalendar, Double)] = []
    for day in 0...firstDay.days(until: request.start.upperBound) {
      if let best = try best(startingOn: day) { found.append(best) }
    }
    return found.sorted { ($0.1, $0.0.start) < ($1.1, $1.0.start) }
  }

  private func best(startingOn start: Int) throws(TripError) -> (TripCalendar, Double)? {
    let sets = 1 << cities
    var states = [State](repeating: State(), count: sets * cities * days)
    func index(_ set: Int, _ city: Int, _ day: Int) -> Int { (set * cities + city) * days + day }
    for city in 0..<cities where mayBeFirst(city) {
      try extend(&states, from: nil, place: 0, leaving: start, to: city, set: 1 << city, start, index)
    }
    for set in 1..<sets {
      for city in 0..<cities where set >> city & 1 == 1 {
        for day in start..<days {
          let here = index(set, city, day)
          guard states[here].price < .infinity else { continue }
          for next in 0..<cities where set >> next & 1 == 0 && mayFollow(city, next, set) {
            try extend(
              &states, from: here, place: city + 1, leaving: day, to: next, set: set | 1 << next, start, index)
          }
        }
      }
    }
    return try home(states, start, index)
  }

  /// Whether a destination may come first.
  private func mayBeFirst(_ city: Int) -> Bool {
    !request.isOrderFixed || !request.destinations[..<city].contains(where: \.isRequired)
  }

  private func mayFollow(_ city: Int, _ next: Int, _ set: Int) -> Bool {
    guard request.isOrderFixed else { return true }
    return next > city && !request.destinations[(city + 1)..<next].contains(where: \.isRequired)
  }

  private func extend(
    _ states: inout [State], from: Int?, place: Int, leaving: Int, to city: Int, set: Int, _ start: Int,
    _ index: (Int, Int, Int) -> Int
  ) throws(TripError) {
    let price = from.map { states[$0].price } ?? 0
    for leg in try legs(place, city + 1, leaving) {
      let arrival = leaving + leg.nightsAway
      for nights in request.destinations[city].nights {
        let day = arrival + nights
        guard day < days, day - start <= request.nights.upperBound else { break }
        let total = price + leg.price + (try stay(city, arrival, nights))
        let there = index(set, city, day)
        if total < states[there].price {
          states[there] = State(price: total, before: from ?? -1, nights: nights, arrival: arrival)
        }
      }
    }
  }

  /// The best way home from any state that has seen what must be seen.
  private func home(
    _ states: [State], _ start: Int, _ index: (Int, Int, Int) -> Int
  ) throws(TripError) -> (TripCalendar, Double)? {
    let required = request.destinations.indices.reduce(0) { request.destinations[$1].isRequired ? $0 | 1 << $1 : $0 }
    var best: (state: Int, end: Int, price: Double)?
    for set in 1..<(1 << cities) where set & required == required {
      for city in 0..<cities where set >> city & 1 == 1 {
        for day in start..<days {
          let here = index(set, city, day)
          guard states[here].price < .infinity else { continue }
          for leg in try legs(city + 1, 0, day) {
            let end = day + leg.nightsAway
            guard end < days, request.nights.contains(end - start) else { continue }
            let price = states[here].price + leg.price
            if price < best?.price ?? .infinity { best = (here, end, price) }
          }
        }
      }
    }
    guard let best else { return nil }
    var stays: [TripCalendar.Stay] = []
    var state = best.state
    while state >= 0 {
      stays.append(
        TripCalendar.Stay(
          destination: state / days % cities, arrival: firstDay.adding(days: states[state].arrival),
          departure: firstDay.adding(days: state % days)))
      state = states[state].before
    }
    return (
      TripCalendar(
        start: firstDay.adding(days: start), stays: stays.reversed(), end: firstDay.adding(days: best.end)), best.price
    )
  }
}
