import Kernel

/// What Hotelbeds calls a rate: everything that it is, in one line, with the price at which it was shown.
struct RateKey {
  let room: RoomKey
  let board: String
  let net: Int64

  /// `20261201|20261203|W|1|12340|DBL.ST|NRF|BB|BER|1~2~0|7~9|N@12300`: `1~2~0` is rooms, grown-ups and children of each.
  var text: String {
    let ages = room.party.childAges.map(String.init).joined(separator: "~")
    return "\(plain(room.checkIn))|\(plain(room.checkOut))|W|1|\(room.house)|\(room.room)|ID_B2B|\(board)|"
      + "\(room.destination)|\(room.rooms)~\(room.party.adults)~\(room.party.childAges.count)|\(ages)|N@\(net)"
  }

  init(room: RoomKey, board: String, net: Int64) {
    self.room = room
    self.board = board
    self.net = net
  }

  /// Reads one; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 12, let checkIn = RateKey.date(parts[0]), let checkOut = RateKey.date(parts[1]),
      checkIn < checkOut, let house = Int(parts[4]), parts[11].hasPrefix("N@"), let net = Int64(parts[11].dropFirst(2))
    else { return nil }
    let people = parts[9].split(separator: "~").compactMap { Int($0) }
    guard people.count == 3, (1...9).contains(people[0]), (1...9).contains(people[1]) else { return nil }
    let party = Party(adults: people[1], childAges: parts[10].split(separator: "~").compactMap { Int($0) })
    room = RoomKey(
      checkIn: checkIn, checkOut: checkOut, house: house, destination: parts[8], room: parts[5], party: party,
      rooms: people[0])
    board = parts[7]
    self.net = net
  }

  private func plain(_ date: LocalDate) -> String { date.description.filter { $0 != "-" } }

  private static func date(_ text: String) -> LocalDate? {
    guard text.utf8.count == 8 else { return nil }
    return try? LocalDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
  }
}
