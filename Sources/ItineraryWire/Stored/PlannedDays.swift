import BudgetWire
package import JSON
package import Kernel

/// An option as days with what happens on them, in the order of time: what a trip is filled with.
package struct PlannedDays: Sendable {
  /// What something on a day is.
  package enum Kind: Sendable {
    case journey, stay, meal, visit
  }

  /// Something on a day.
  package struct Item: Sendable {
    /// What it is called within the option: `leg 1`, `stay 2` or the activity, `a7`.
    package let name: String
    package let kind: Kind
    package let title: String
    package var city: String?
    package var point: Coordinate?
    /// From where and to where, and by what.
    package var way: (from: String, to: String, modes: String)?
    /// Local times, as in `09:30`.
    package var start: String?
    package var end: String?
    /// The date on which it ends, where that is another one.
    package var until: String?
    /// In the currency of the plan.
    package var amount: String?
    /// Minutes after midnight by which it is put in order.
    fileprivate var minute = 0
  }

  /// A day.
  package struct Day: Sendable {
    package let date: LocalDate
    package var items: [Item] = []
  }

  /// Every day from the first to the last.
  package private(set) var days: [Day] = []

  /// Reads an option as it is kept.
  ///
  /// - Throws: `JSONError` if it is not what this program keeps.
  package init(_ option: String) throws(JSONError) {
    let document = try OptionDocument(option)
    let (start, end) = (try document.start, try document.root.part("end").date())
    guard start <= end, start.adding(days: 400) > end else { throw document.root.invalid("has no days, or too many") }
    var date = start
    while date <= end {
      days.append(Day(date: date))
      date = date.adding(days: 1)
    }
    for (index, leg) in document.legs.enumerated() {
      try add(leg: leg, number: index + 1)
      guard index < document.stays.count else { continue }
      try add(stay: document.stays[index], number: index + 1, reached: try leg.part("arrival").string)
    }
    for index in days.indices {
      let ordered = days[index].items.enumerated().sorted {
        ($0.element.minute, $0.offset) < ($1.element.minute, $1.offset)
      }
      days[index].items = ordered.map(\.element)
    }
  }

  private mutating func put(_ item: Item, on date: String) {
    guard let index = days.firstIndex(where: { $0.date.description == date }) else { return }
    days[index].items.append(item)
  }

  private mutating func add(leg: JSONNode, number: Int) throws(JSONError) {
    let (departure, arrival) = (try leg.part("departure").string, try leg.part("arrival").string)
    let parts = try leg.list("legs")
    var rides: [JSONNode] = []
    for part in parts where try part.part("mode").string != "walk" { rides.append(part) }
    guard let first = rides.first ?? parts.first, let last = rides.last ?? parts.last else { return }
    let (from, to) = (try first.part("from").part("name").string, try last.part("to").part("name").string)
    var modes: [String] = []
    for ride in rides {
      let mode = try ride.part("mode").string
      if modes.last != mode { modes.append(mode) }
    }
    let until = String(arrival.prefix(10))
    var item = Item(name: "leg \(number)", kind: .journey, title: "\(from) – \(to)")
    item.way = (from, to, modes.isEmpty ? "walk" : modes.joined(separator: ", "))
    item.start = PlannedDays.clock(departure)
    item.end = PlannedDays.clock(arrival)
    if !departure.hasPrefix(until) { item.until = until }
    item.amount = try leg.part("price").part("amount").string
    item.minute = PlannedDays.minute(item.start)
    put(item, on: String(departure.prefix(10)))
  }

  private mutating func add(stay: JSONNode, number: Int, reached: String) throws(JSONError) {
    let lodging = try stay.part("lodging")
    let (city, arrival) = (try stay.part("city").string, try stay.part("arrival").string)
    var roof = Item(name: "stay \(number)", kind: .stay, title: try lodging.part("name").string)
    roof.city = city
    roof.point = Coordinate(try lodging.part("lat").double, try lodging.part("lon").double)
    roof.until = try stay.part("departure").string
    roof.amount = try lodging.part("price").string
    roof.minute = reached.hasPrefix(arrival) ? PlannedDays.minute(PlannedDays.clock(reached)) : 0
    put(roof, on: arrival)
    for day in try stay.list("days") {
      let date = try day.part("date").string
      for visit in try day.list("visits") { put(try PlannedDays.item(visit, city), on: date) }
    }
  }

  private static func item(_ visit: JSONNode, _ city: String) throws(JSONError) -> Item {
    let kind: Kind = try visit.part("kind").string == "meal" ? .meal : .visit
    var item = Item(name: try visit.part("activity").string, kind: kind, title: try visit.part("name").string)
    item.city = city
    item.point = Coordinate(try visit.part("lat").double, try visit.part("lon").double)
    let (start, end) = (try visit.part("start").clockSeconds(), try visit.part("end").clockSeconds())
    item.start = ClockTime(start % 86_400).description
    item.end = ClockTime(end % 86_400).description
    item.minute = start / 60
    return item
  }

  /// The local time of `2026-06-01T08:03:00+02:00`.
  private static func clock(_ moment: String) -> String { String(moment.dropFirst(11).prefix(5)) }

  private static func minute(_ clock: String?) -> Int {
    let parts = (clock ?? "").split(separator: ":").compactMap { Int($0) }
    return parts.count == 2 ? parts[0] * 60 + parts[1] : 0
  }
}
