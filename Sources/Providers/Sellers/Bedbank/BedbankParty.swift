import Booking
import Kernel

/// A party over several rooms of one rate, in Hotelbeds' shape: so many rooms, in each of which the same sleep.
///
/// How many rooms a rate is for stands before its key in the offer's name (`2 rooms:KEY`), since a key says nothing to us.
struct BedbankParty {
  private static let mark = " rooms:"

  /// Grown-ups of each room.
  let adults: Int
  /// The ages of each room's children.
  let childAges: [Int]

  /// What each room sleeps; nil where the party cannot be spread evenly, which takes several rates.
  init?(_ search: OfferSearch) {
    let ages = search.childAges.sorted()
    let rooms = search.rooms
    guard rooms > 0, search.adults % rooms == 0, ages.count % rooms == 0 else { return nil }
    adults = search.adults / rooms
    childAges = stride(from: 0, to: ages.count, by: rooms).map { ages[$0] }
    for (index, age) in ages.enumerated() where childAges[index / rooms] != age { return nil }
  }

  /// An offer's name: the rate's key, with the number of rooms where that is not one.
  static func name(_ key: String, rooms: Int) -> String { rooms > 1 ? "\(rooms)\(mark)\(key)" : key }

  /// The key in an offer's name.
  static func rateKey(_ name: String) -> String { parts(name).key }

  /// Who sleeps in which room, from 1: grown-ups and children in turn, so that each room has the same.
  static func spread(
    _ travellers: [SaleTraveller], over name: String, on day: LocalDate?
  ) -> [(room: Int, traveller: SaleTraveller)] {
    let rooms = parts(name).rooms
    let sorted = travellers.map { (traveller: $0, age: years($0, on: day) ?? 18) }
    let adults = sorted.filter { $0.age >= 18 }
    let children = sorted.filter { $0.age < 18 }.sorted { $0.age < $1.age }
    return [adults, children].flatMap { group in
      group.enumerated().map { ($0.offset % rooms + 1, $0.element.traveller) }
    }
  }

  /// How old somebody is on a day; nil where that is not known.
  static func years(_ traveller: SaleTraveller, on day: LocalDate?) -> Int? {
    traveller.born.flatMap { born in day.map { born.days(until: $0) * 400 / 146_097 } }
  }

  private static func parts(_ name: String) -> (rooms: Int, key: String) {
    guard let first = name.utf8.first, (50...57).contains(first), name.dropFirst().hasPrefix(mark) else {
      return (1, name)
    }
    return (Int(first) - 48, String(name.dropFirst(1 + mark.utf8.count)))
  }
}
