import Catalogue
import Kernel

/// The best calendar for a wish: order, nights in each city and first day at once; exactly up to ``exactMax`` cities.
///
/// The idea: what is still to come depends only on which cities have been seen, in which one is, and on which day one
/// leaves it. So for each first day the cheapest way to each such state is kept (dynamic programming over subsets, Held
/// and Karp 1962, with dates). Journeys and stays have one price each for a wish, in money: what they cost, the minutes
/// they take, less what they are worth. Invariant: a state's price is the least of all ways to it. Of more cities only the
/// best sets of each size are gone on from, and ``CalendarBound`` says how much better another calendar could be at most.
struct CalendarSearch {
  /// Destinations whose order is sought exactly.
  static let exactMax = 8
  /// With more of them, sets of one size that are gone on from.
  static let setsMax = 48

  /// What a journey is worth at worst and best on a day, and when it arrives.
  struct Leg {
    let price: Double
    let nightsAway: Int
  }

  let request: TripRequest
  /// Ways between places on a day since the first: place 0 is home, others are destinations plus one.
  let legs: (_ from: Int, _ to: Int, _ day: Int) throws(TripError) -> [Leg]
  /// What a stay costs, less what it is worth: destination, day of arrival, nights.
  let stay: (_ destination: Int, _ day: Int, _ nights: Int) throws(TripError) -> Double
  /// Sets of one size that are gone on from; nil for all.
  let setsKept: Int?

  init(
    request: TripRequest, setsKept: Int? = nil,
    legs: @escaping (_ from: Int, _ to: Int, _ day: Int) throws(TripError) -> [Leg],
    stay: @escaping (_ destination: Int, _ day: Int, _ nights: Int) throws(TripError) -> Double
  ) {
    self.request = request
    self.legs = legs
    self.stay = stay
    let isMany = !request.isOrderFixed && request.destinations.count > CalendarSearch.exactMax
    self.setsKept = setsKept ?? (isMany ? CalendarSearch.setsMax : nil)
  }

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
    var states = States(cities: cities, days: days)
    for city in 0..<cities where mayBeFirst(city) {
      try extend(&states, from: nil, place: 0, leaving: start, to: city, set: 1 << city, start)
    }
    for size in 1..<max(2, cities) {
      for set in states.sets(of: size, most: setsKept) {
        for city in 0..<cities where set >> city & 1 == 1 {
          for day in start..<days {
            let here = states.index(set, city, day)
            guard states[here].price < .infinity else { continue }
            for next in 0..<cities where set >> next & 1 == 0 && mayFollow(city, next, set) {
              try extend(&states, from: here, place: city + 1, leaving: day, to: next, set: set | 1 << next, start)
            }
          }
        }
      }
    }
    return try home(states, start)
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
    _ states: inout States, from: Int?, place: Int, leaving: Int, to city: Int, set: Int, _ start: Int
  ) throws(TripError) {
    let price = from.map { states[$0].price } ?? 0
    for leg in try legs(place, city + 1, leaving) {
      let arrival = leaving + leg.nightsAway
      for nights in request.destinations[city].nights {
        let day = arrival + nights
        guard day < days, day - start <= request.nights.upperBound else { break }
        let total = price + leg.price + (try stay(city, arrival, nights))
        let there = states.index(makingRoomFor: set, city, day)
        if total < states[there].price {
          states[there] = State(price: total, before: from ?? -1, nights: nights, arrival: arrival)
        }
      }
    }
  }

  /// The best way home from any state that has seen what must be seen.
  private func home(_ states: States, _ start: Int) throws(TripError) -> (TripCalendar, Double)? {
    let required = request.destinations.indices.reduce(0) { request.destinations[$1].isRequired ? $0 | 1 << $1 : $0 }
    var best: (state: Int, end: Int, price: Double)?
    for set in states.sets where set & required == required {
      for city in 0..<cities where set >> city & 1 == 1 {
        for day in start..<days {
          let here = states.index(set, city, day)
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

extension CalendarSearch {
  /// Where one may be: having seen a set of cities, about to leave one of them on a day.
  fileprivate struct State {
    var price = Double.infinity
    var before = -1
    var nights = 0
    /// The day of arrival in the city that one leaves now, counted like dates.
    var arrival = 0
  }

  /// All states of the sets that were reached.
  fileprivate struct States {
    private let cities: Int
    private let days: Int
    /// For each set where its states begin, or -1.
    private var starts: [Int32]
    private var states: [State] = []
    /// The sets that were reached, in no order.
    private var reached: [Int] = []

    init(cities: Int, days: Int) {
      self.cities = cities
      self.days = days
      starts = [Int32](repeating: -1, count: 1 << cities)
    }

    subscript(index: Int) -> State {
      get { states[index] }
      set { states[index] = newValue }
    }

    /// The sets that were reached, in order.
    var sets: [Int] { reached.sorted() }

    /// The place of a state whose set was reached.
    func index(_ set: Int, _ city: Int, _ day: Int) -> Int { Int(starts[set]) + city * days + day }

    mutating func index(makingRoomFor set: Int, _ city: Int, _ day: Int) -> Int {
      if starts[set] < 0 {
        starts[set] = Int32(states.count)
        states += repeatElement(State(), count: cities * days)
        reached.append(set)
      }
      return index(set, city, day)
    }

    /// The sets of a size, in order: all, or those with the cheapest states.
    func sets(of size: Int, most: Int?) -> [Int] {
      let all = reached.filter { $0.nonzeroBitCount == size }.sorted()
      guard let most, all.count > most else { return all }
      let ranked = all.map { (price: cheapest($0), set: $0) }.sorted { ($0.price, $0.set) < ($1.price, $1.set) }
      return ranked.prefix(most).map(\.set).sorted()
    }

    private func cheapest(_ set: Int) -> Double {
      let start = Int(starts[set])
      return states[start..<(start + cities * days)].reduce(.infinity) { min($0, $1.price) }
    }
  }
}
