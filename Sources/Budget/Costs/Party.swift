/// What kind of traveller somebody is, for discounts and taxes.
package enum TravellerType: String, CaseIterable, Hashable, Sendable {
  /// The measure of all prices.
  case adult
  /// With a child's discounts, in a parent's room.
  case child
  /// Costs next to nothing and needs no bed.
  case infant
  /// With a student's discounts.
  case student
  /// With a senior's discounts.
  case senior

  /// The place among all kinds.
  var number: Int {
    switch self {
    case .adult: 0
    case .child: 1
    case .infant: 2
    case .student: 3
    case .senior: 4
    }
  }

  /// An age to go by where none is given.
  package var usualAge: Int {
    switch self {
    case .adult: 35
    case .child: 8
    case .infant: 1
    case .student: 21
    case .senior: 70
    }
  }
}

/// Somebody who travels.
package struct Traveller: Hashable, Sendable {
  /// What they are called.
  package let name: String
  /// What kind they are.
  package let type: TravellerType
  /// How old they are, for taxes with exemptions.
  package let age: Int

  /// A traveller; without an age, one that is usual for the type.
  package init(name: String, type: TravellerType, age: Int? = nil) {
    self.name = name
    self.type = type
    self.age = age ?? type.usualAge
  }
}

/// How people share rooms.
package struct RoomRules: Hashable, Sendable {
  /// Beds for those who are not children.
  package var adultsMax = 2
  /// Beds in all, extra beds for children included; infants need none.
  package var peopleMax = 3
  /// A number of rooms that was decided on, whatever the rules say.
  package var rooms: Int?

  /// Two to a room and an extra bed for a child.
  package init() {}

  /// How many rooms a party needs.
  package func rooms(for party: [Traveller]) -> Int {
    if let rooms { return rooms }
    let children = party.count { $0.type == .child }
    let adults = party.count { $0.type != .child && $0.type != .infant }
    let byAdults = (adults + adultsMax - 1) / adultsMax
    let byBeds = (adults + children + peopleMax - 1) / peopleMax
    return max(1, byAdults, byBeds)
  }
}
