package import Booking
package import Kernel

/// A room of ours, sold by the night.
package struct OwnRoom: Sendable, Hashable {
  package let id: String
  /// What its place is searched by.
  package let place: String
  package let house: String
  /// The room and board.
  package let rate: String
  package let sleeps: Int
  package let night: Money
  /// Given back for nothing until so many days before the first night; nil where nothing is paid back.
  package let freeDays: Int?
  package let isOnSale: Bool

  package init(
    id: String, place: String, house: String, rate: String, sleeps: Int, night: Money, freeDays: Int?, isOnSale: Bool
  ) {
    self.id = id
    self.place = place
    self.house = house
    self.rate = rate
    self.sleeps = sleeps
    self.night = night
    self.freeDays = freeDays
    self.isOnSale = isOnSale
  }
}

/// A train or a coach of ours on a day, sold by the seat.
package struct OwnRun: Sendable, Hashable {
  package let id: String
  package let kind: OfferKind
  package let origin: String
  package let destination: String
  /// By the clocks where it leaves.
  package let day: LocalDate
  package let departure: Instant
  package let arrival: Instant
  package let carrier: String
  package let number: String
  package let seats: Int
  package let seat: Money
  package let freeDays: Int?
  package let isOnSale: Bool

  package init(
    id: String, kind: OfferKind, origin: String, destination: String, day: LocalDate, departure: Instant,
    arrival: Instant, carrier: String, number: String, seats: Int, seat: Money, freeDays: Int?, isOnSale: Bool
  ) {
    self.id = id
    self.kind = kind
    self.origin = origin
    self.destination = destination
    self.day = day
    self.departure = departure
    self.arrival = arrival
    self.carrier = carrier
    self.number = number
    self.seats = seats
    self.seat = seat
    self.freeDays = freeDays
    self.isOnSale = isOnSale
  }
}

/// What an offer of ours is for: its name says all of it, so that nothing has to be kept of what was only shown.
///
///     room.2030-05-01.3.2.attic+blue     three nights for two people, in these rooms
///     run.coach-7-monday.2               two seats
package enum OwnGoods: Hashable, Sendable {
  case rooms([String], first: LocalDate, nights: Int, people: Int)
  case seats(String, people: Int)

  /// Rooms of an offer, at most.
  package static let roomsMax = 9
  static let peopleMax = 20
  static let nightsMax = 60

  /// As the offer is called.
  package var name: String {
    switch self {
    case .rooms(let rooms, let first, let nights, let people):
      "room.\(first).\(nights).\(people).\(rooms.joined(separator: "+"))"
    case .seats(let run, let people): "run.\(run).\(people)"
    }
  }

  /// Reads what ``name`` writes; nil for anything else.
  package init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("room", 5):
      let rooms = parts[4].split(separator: "+", omittingEmptySubsequences: false).map(String.init)
      guard let first = try? LocalDate(parts[1]), let nights = Int(parts[2]), let people = Int(parts[3]),
        (1...Self.nightsMax).contains(nights), (1...Self.peopleMax).contains(people),
        (1...Self.roomsMax).contains(rooms.count), Set(rooms).count == rooms.count, rooms.allSatisfy(Self.isID)
      else { return nil }
      self = .rooms(rooms, first: first, nights: nights, people: people)
    case ("run", 3):
      guard let people = Int(parts[2]), (1...Self.peopleMax).contains(people), Self.isID(parts[1]) else { return nil }
      self = .seats(parts[1], people: people)
    default: return nil
    }
  }

  /// Whether a text can be a room's or a run's id.
  package static func isID(_ text: String) -> Bool {
    (1...60).contains(text.utf8.count) && text.utf8.first != 45
      && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}

/// What was ordered of ours under a reference.
package struct OwnSale: Sendable, Hashable {
  package enum State: String, Sendable { case held, sold, returned, lapsed }

  package let reference: BookingReference
  package let state: State
  package let heldUntil: Instant?
  package let price: Money
  package let refunded: Int64
  package let version: Int64
}

/// What became of a wish to take something of ours.
package enum OwnTaking: Sendable, Hashable {
  /// It is held or sold under the reference, or was before.
  case taken(OwnSale)
  /// Others have it.
  case gone
  /// It costs so much now, which is more than was agreed.
  case dearer(Money)
  /// There is no such thing, or it is not on sale.
  case unknown
}
