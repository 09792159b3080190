package import Budget
package import Catalogue
package import Kernel

/// Somewhere to stay for some nights.
package struct Destination: Hashable, Sendable {
  /// Where.
  package var city: City
  /// How many nights, at least and at most.
  package var nights: ClosedRange<Int>
  /// Whether the trip must go there.
  package var isRequired: Bool

  /// A destination.
  package init(_ city: City, nights: ClosedRange<Int>, isRequired: Bool = true) {
    self.city = city
    self.nights = nights
    self.isRequired = isRequired
  }
}

/// How full a day may be.
package enum Pace: String, CaseIterable, Hashable, Sendable {
  /// Long breaks and late mornings.
  case relaxed
  /// As most people like it.
  case normal
  /// From early to late.
  case packed
}

/// Somewhere one must be at a time.
package struct Appointment: Hashable, Sendable {
  /// What it is.
  package var name: String
  /// Where it is.
  package var point: Coordinate
  /// On which day.
  package var date: LocalDate
  /// The city whose destination it belongs to.
  package var city: String
  /// When it begins, in seconds after midnight.
  package var start: Int
  /// How long it takes.
  package var minutes: Int

  /// An appointment.
  package init(name: String, point: Coordinate, city: String, date: LocalDate, start: Int, minutes: Int) {
    self.name = name
    self.point = point
    self.city = city
    self.date = date
    self.start = start
    self.minutes = minutes
  }
}

/// What is wanted, with places found and contradictions ruled out.
package struct TripRequest: Sendable {
  /// Where the trip begins and ends.
  package var origin: City
  /// Where it may go.
  package var destinations: [Destination]
  /// Whether the destinations are visited in the order in which they are named.
  package var isOrderFixed = false
  /// The days on which it may begin.
  package var start: ClosedRange<LocalDate>
  /// The latest day on which it may end.
  package var end: LocalDate
  /// How many nights away, at least and at most.
  package var nights: ClosedRange<Int>
  /// Who travels.
  package var party: [Traveller]
  /// How they share rooms.
  package var rooms = RoomRules()
  /// In what the answer is.
  package var currency: Currency
  /// What all may cost.
  package var budget: Money?
  /// What categories may cost.
  package var categoryCaps: [CostCategory: Money] = [:]
  /// What each may have to bear.
  package var perPersonCap: Money?
  /// In which style.
  package var style: String
  /// How full the days are.
  package var pace = Pace.normal
  /// How much tags count: 1 is as usual.
  package var interests: [String: Double] = [:]
  /// Sights that must be seen, by id.
  package var mustSee: Set<String> = []
  /// Sights that are not wanted, by id.
  package var avoided: Set<String> = []
  /// Where one must be when.
  package var appointments: [Appointment] = []
  /// What one may travel with between cities; nil for everything.
  package var modes: Set<String>?
  /// Changes of a journey, at most.
  package var transfersMax = 8
  /// Metres on foot to the first stop, and from the last, at most.
  package var walkMetresMax = 1000
  /// Whether everything that is ridden must take a wheelchair, and what is said to have no way in for one is left out.
  package var needsWheelchair = false
  /// Whether these travellers get in where so much is known of it: what nobody has said is not held against a place.
  package func admits(_ access: WheelchairAccess?) -> Bool { !needsWheelchair || access != .no }
  /// Whether taxis may be taken within cities, as far as the style allows.
  package var hasTaxis = true
  /// When days begin and end, in seconds after midnight.
  package var day = 9 * 3600...21 * 3600
  /// Whether meals are part of the days.
  package var hasMeals = true
  /// What is kept for surprises.
  package var contingency = Contingency.none
  /// Options of an answer, at most.
  package var optionsMax = 5
  /// What all draws follow from.
  package var seed: UInt64 = 1

  /// A request with the usual wishes.
  package init(
    origin: City, destinations: [Destination], start: ClosedRange<LocalDate>, end: LocalDate, nights: ClosedRange<Int>,
    party: [Traveller], currency: Currency, style: String
  ) {
    self.origin = origin
    self.destinations = destinations
    self.start = start
    self.end = end
    self.nights = nights
    self.party = party
    self.currency = currency
    self.style = style
  }

  /// How much a sight counts for these travellers.
  func worth(of sight: Sight) -> Int {
    guard !interests.isEmpty else { return sight.score }
    // What nobody named counts for half, so that a trip for art still passes the cathedral.
    let factor = sight.tags.map { interests[$0] ?? 0.5 }.max() ?? 0.5
    return max(1, Int((Double(sight.score) * factor).rounded()))
  }
}
