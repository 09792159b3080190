import Budget
package import BudgetWire
package import Catalogue
package import Itinerary
package import JSON
import Kernel

/// A trip that somebody asks for, as it was sent: read, its places found, its contradictions explained.
package struct TripQuestion: Sendable {
  /// What is asked, ready to be planned.
  package let request: TripRequest

  /// Destinations of a request, at most.
  package static let destinationsMax = 12
  /// Nights in a destination where nobody says how many, at most.
  static let nightsMax = 21
  /// Days between the first possible day and the last, at most.
  package static let windowMax = 120

  /// Reads a request.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ catalogue: CatalogueTables, _ ground: BudgetGround) throws(JSONError) {
    let object = try node.object(
      required: "origin", "destinations",
      optional: "order", "dates", "nights", "party", "rooms", "currency", "budget", "style", "pace", "interests",
      "mustSee", "avoid", "appointments", "modes", "transfersMax", "walkMetresMax", "wheelchair", "taxis", "day",
      "meals",
      "contingency",
      "options", "seed")
    let names = PlaceNames(catalogue)
    let origin = try names.city(object.required("origin", as: JSONNode.self))
    let destinations = try DestinationReader(names: names).destinations(
      object.required("destinations", as: JSONNode.self), origin)
    let isOrderFixed =
      try object.optional("order", as: JSONNode.self)?.word(of: ["free", "fixed"], "an order") == "fixed"
    let dates = try TripDates(object, node, destinations.map(\.nights))
    let currency = try object.optional("currency", as: JSONNode.self)?.currency() ?? .euro
    let styles = ground.catalogue.styles
    let style =
      try object.optional("style", as: JSONNode.self)?.word(of: styles, "a style")
      ?? (styles.contains("comfort") ? "comfort" : styles.first ?? "")
    let party = try object.optional("party", as: JSONNode.self).map { node throws(JSONError) in
      try PartyReader.party(node)
    }
    var request = TripRequest(
      origin: origin,
      destinations: destinations.map {
        Destination($0.city, nights: $0.nights ?? 1...Self.nightsMax, isRequired: $0.isRequired)
      },
      start: dates.start, end: dates.end, nights: dates.nights,
      party: party ?? [Traveller(name: "Traveller 1", type: .adult)], currency: currency, style: style)
    request.isOrderFixed = isOrderFixed
    if let rooms = try object.optional("rooms", as: JSONNode.self) { request.rooms = try PartyReader.rooms(rooms) }
    try TripWishes(object, node, names).apply(to: &request)
    self.request = request
  }
}

/// Reads where to go.
struct DestinationReader {
  let names: PlaceNames

  struct Wish {
    let city: City
    /// Nil where nobody said.
    let nights: ClosedRange<Int>?
    let isRequired: Bool
  }

  func destinations(_ node: JSONNode, _ origin: City) throws(JSONError) -> [Wish] {
    var result: [Wish] = []
    for element in try node.elements(count: 1...TripQuestion.destinationsMax, of: JSONNode.self) {
      let wish = try destination(element)
      if wish.city.id == origin.id {
        throw element.fault("must be somewhere else than the origin: leave it out, one comes home anyway")
      }
      if result.contains(where: { $0.city.id == wish.city.id }) {
        throw element.fault("must not stand twice: give it more nights instead")
      }
      result.append(wish)
    }
    if !result.contains(where: \.isRequired) {
      throw node.fault("must have at least one place that is not optional")
    }
    return result
  }

  private func destination(_ node: JSONNode) throws(JSONError) -> Wish {
    if node.kind == .string { return Wish(city: try names.city(node), nights: nil, isRequired: true) }
    let object = try node.object(required: "place", optional: "nights", "optional")
    return Wish(
      city: try names.city(object.required("place", as: JSONNode.self)),
      nights: try object.optional("nights", as: JSONNode.self).map { node throws(JSONError) in
        try NightsReader.nights(node)
      },
      isRequired: try object.optional("optional").map { !$0 } ?? true)
  }
}

/// Reads a number of nights, or at least and at most how many.
enum NightsReader {
  static func nights(_ node: JSONNode) throws(JSONError) -> ClosedRange<Int> {
    if node.kind == .number {
      let count = try node.value(in: 1...90)
      return count...count
    }
    let object = try node.object(fields: "min", "max")
    let least = try object.optional("min", in: 1...90) ?? 1
    let most = try object.optional("max", in: 1...90) ?? max(least, 21)
    guard least <= most else { throw node.fault("must have a min that is not above max, found \(least) and \(most)") }
    return least...most
  }
}

/// When a trip may be, and how long.
struct TripDates {
  var start: ClosedRange<LocalDate>
  var end: LocalDate
  var nights: ClosedRange<Int>

  /// Nights of a destination where nobody said how many.
  private static let usualNights = 2...4

  init(_ object: JSONObject, _ node: JSONNode, _ wishes: [ClosedRange<Int>?]) throws(JSONError) {
    let least = wishes.reduce(0) { $0 + ($1?.lowerBound ?? Self.usualNights.lowerBound) }
    let usual = wishes.reduce(0) { $0 + ($1?.upperBound ?? Self.usualNights.upperBound) }
    let said = try object.optional("nights", as: JSONNode.self).map { node throws(JSONError) in
      try NightsReader.nights(node)
    }
    guard let dates = try object.optional("dates", as: JSONNode.self) else {
      throw node.fault(
        "is missing: it must be like {\"month\": \"2026-06\"}, or a first and last day in earliest and latest",
        at: "/dates")
    }
    let form = try dates.object(fields: "month", "earliest", "latest", "start", "end")
    let (first, last, isFixed) = try Self.window(form, dates)
    start = first...last
    end = last
    guard first.days(until: last) <= TripQuestion.windowMax else {
      throw dates.fault("must lie within \(TripQuestion.windowMax) days: ask for a shorter window")
    }
    let length = first.days(until: last)
    if isFixed {
      nights = length...length
      start = first...first
      if let said, !said.contains(length) {
        throw node.fault("must be \(length), which is what the dates leave: leave it out", at: "/nights")
      }
    } else {
      // A night or two may be spent on the way.
      nights = said ?? least...min(usual + 2, max(least, length))
      guard nights.lowerBound <= length else {
        throw dates.fault("must leave room for \(nights.lowerBound) nights, found \(length): widen the window")
      }
      start = first...last.adding(days: -nights.lowerBound)
    }
    let most = wishes.map { $0?.upperBound ?? TripQuestion.nightsMax }
    let needed = wishes.reduce(0) { $0 + ($1?.lowerBound ?? 1) }
    // On each journey there may be a night on the way.
    let possible = most.reduce(wishes.count + 1, +)
    guard nights.lowerBound <= possible else {
      throw node.fault(
        "must be at most \(possible), what the destinations and nights on the way allow, found \(nights.lowerBound): give the destinations more nights, or name more of them",
        at: isFixed ? "/dates" : "/nights")
    }
    guard nights.upperBound >= needed else {
      throw node.fault(
        "must be at least \(needed), the sum of what the destinations need, found \(nights.upperBound): give more nights or fewer destinations",
        at: isFixed ? "/dates" : "/nights")
    }
  }

  private static func window(
    _ object: JSONObject, _ node: JSONNode
  ) throws(JSONError) -> (LocalDate, LocalDate, isFixed: Bool) {
    if let month = try object.optional("month", as: String.self) {
      guard let first = try? LocalDate("\(month)-01") else {
        throw node.fault("must be a month like \"2026-06\", found \"\(month.prefix(20))\"", at: "/month")
      }
      var last = first.adding(days: 27)
      while last.adding(days: 1).civil.month == first.civil.month { last = last.adding(days: 1) }
      return (first, last, false)
    }
    func day(_ name: StaticString) throws(JSONError) -> LocalDate? {
      try object.optional(name, as: JSONNode.self)?.date()
    }
    let (earliest, latest) = (try day("earliest"), try day("latest"))
    let (start, end) = (try day("start"), try day("end"))
    guard let first = start ?? earliest, let last = end ?? latest, (start == nil) == (end == nil) else {
      throw node.fault("must have a month, or earliest and latest, or start and end")
    }
    guard first < last else { throw node.fault("must end after it begins, found \(first) and \(last)") }
    return (first, last, start != nil)
  }
}
