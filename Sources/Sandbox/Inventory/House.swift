import Kernel

/// A house with beds.
struct House: Sendable {
  let code: Int
  let name: String
  let destination: String
  let stars: Int
  let rooms: [Room]

  /// A kind of room.
  struct Room: Sendable {
    let code: String
    let name: String
    let board: String
    /// A night, in cents, before prices move.
    let night: Int64
    let count: Int
    let isRefundable: Bool
    /// Whether its price must be asked for again before it is booked.
    let needsRecheck: Bool
  }
}

extension Inventory {
  /// All houses of a place.
  func houses(in destination: String) -> [House] {
    var mixing = Mixing(seed)
    mixing.add(destination)
    mixing.add("houses")
    let first = 1000 + Int(mixing.value % 90_000) * 10
    return (0..<8).map { house(first + $0, in: destination) }
  }

  /// One house of a place.
  func house(_ code: Int, in destination: String) -> House {
    var mixing = Mixing(seed)
    mixing.add("house")
    mixing.add(UInt64(code))
    var random = SeededRandom(seed: mixing.value)
    let stars = Int.random(in: 2...5, using: &random)
    let kinds = [("DBL.ST", "DOUBLE STANDARD", Int64(1)), ("DBL.SU", "DOUBLE SUPERIOR", 2), ("SUI.ST", "SUITE", 4)]
    let rooms = kinds.map { code, name, factor in
      House.Room(
        code: code, name: name, board: Bool.random(using: &random) ? "BB" : "RO",
        night: Int64(stars) * 2_300 + factor * 1_900 + Int64.random(in: 0...4_000, using: &random),
        count: Int.random(in: 1...12, using: &random), isRefundable: Bool.random(using: &random),
        needsRecheck: Int.random(in: 0..<3, using: &random) == 0)
    }
    return House(code: code, name: "House \(code)", destination: destination, stars: stars, rooms: rooms)
  }
}
