import Catalogue
import Kernel
import Transport

/// A trip that keeps what is asked for, long before the best ones are known.
///
/// The nearest city comes next, nobody stays longer than needed, and the first good journey of the day is taken. Where that
/// does not fit, another first day may; where none does, whoever waits is told nothing before all is done.
struct FirstTrip {
  /// First days that are tried, at most.
  private static let startsMax = 4

  let request: TripRequest
  let finder: LegFinder
  let home: LegFinder.Door
  let lodgings: [Lodging]

  /// A calendar with its journeys; nil if none was found soon.
  func found() throws(TripError) -> (calendar: TripCalendar, ways: [[LegOption]])? {
    let days = request.start.lowerBound.days(until: request.start.upperBound)
    let step = max(1, days / Self.startsMax)
    for day in stride(from: 0, through: days, by: step) {
      if let trip = try trip(from: request.start.lowerBound.adding(days: day)) { return trip }
    }
    return nil
  }

  /// Destinations in the order in which they are visited.
  private var order: [Int] {
    let required = request.destinations.indices.filter { request.destinations[$0].isRequired }
    if request.isOrderFixed { return required }
    var (left, place, order) = (required, home.point, [Int]())
    while let next = left.min(by: {
      place.flatMetres(to: lodgings[$0].point) < place.flatMetres(to: lodgings[$1].point)
    }) {
      order.append(next)
      left.removeAll { $0 == next }
      place = lodgings[next].point
    }
    return order
  }

  /// As few nights in each as there may be, and more from the first on until there are enough.
  private func nights(_ order: [Int]) -> [Int] {
    var nights = order.map { request.destinations[$0].nights.lowerBound }
    var missing = request.nights.lowerBound - nights.reduce(0, +)
    for (index, destination) in order.enumerated() where missing > 0 {
      let more = min(missing, request.destinations[destination].nights.upperBound - nights[index])
      nights[index] += more
      missing -= more
    }
    return nights
  }

  private func trip(from start: LocalDate) throws(TripError) -> (TripCalendar, [[LegOption]])? {
    let (order, nights) = (order, nights(order))
    var (date, place) = (start, home)
    var stays: [TripCalendar.Stay] = []
    var ways: [[LegOption]] = []
    for (destination, count) in zip(order, nights) {
      let door = LegFinder.Door(city: request.destinations[destination].city.id, point: lodgings[destination].point)
      guard let leg = try finder.soon(from: place, to: door, on: date) else { return nil }
      let arrival = leg.restDate
      stays.append(
        TripCalendar.Stay(destination: destination, arrival: arrival, departure: arrival.adding(days: count)))
      ways.append([leg])
      (date, place) = (arrival.adding(days: count), door)
    }
    guard let leg = try finder.soon(from: place, to: home, on: date) else { return nil }
    ways.append([leg])
    let calendar = TripCalendar(start: start, stays: stays, end: leg.restDate)
    guard calendar.end <= request.end, request.nights.contains(start.days(until: calendar.end)) else { return nil }
    return (calendar, ways)
  }
}
