import Kernel

/// What there is to sell: all of it follows from the seed.
struct Inventory: Sendable {
  let seed: UInt64
  let pricesMoveSeconds: Int64

  private static let carriers = ["ZZ", "BA", "LH", "AF", "IB", "KL", "TP", "AY", "LX", "OS"]
  private static let changes = ["FRA", "AMS", "CDG", "MUC", "ZRH", "MAD", "VIE"]

  /// All flights of a day from one place to another.
  func flights(from origin: String, to destination: String, on date: LocalDate) -> [Flight] {
    guard origin != destination else { return [] }
    var route = Mixing(seed)
    route.add(origin)
    route.add(destination)
    let count = 8 + Int(route.value % 17)
    return (0..<count).map {
      flight(FlightKey(origin: origin, destination: destination, date: date, index: $0))
    }
  }

  /// One flight.
  func flight(_ key: FlightKey) -> Flight {
    var random = random(key)
    let carrier = Inventory.carriers[Int.random(in: 0..<Inventory.carriers.count, using: &random)]
    let origin = Airport(key.origin)
    let minute = 300 + Int.random(in: 0..<200, using: &random) * 5
    let start = origin.zone.moments(of: LocalDateTime(key.date, secondOfDay: minute * 60)).earlier
    let minutes = distance(key) + Int.random(in: 0..<8, using: &random) * 5
    let isDirect = Int.random(in: 0..<10, using: &random) < 6
    let change = Inventory.changes.filter { $0 != key.origin && $0 != key.destination }.randomElement(using: &random)
    let hops = hops(key, carrier, start, minutes, isDirect ? nil : change)
    return Flight(
      key: key, hops: hops, seats: Int.random(in: 4...180, using: &random),
      fare: Int64(minutes) * 60 + Int64.random(in: 0...14_000, using: &random),
      bags: Int.random(in: 0...2, using: &random), isRefundable: Bool.random(using: &random),
      isChangeable: Int.random(in: 0..<4, using: &random) > 0, canHold: Int.random(in: 0..<4, using: &random) > 0)
  }

  /// What a party pays for a flight now, in cents.
  func price(_ flight: Flight, cabin: String, _ party: Party, at now: Instant) -> Int64 {
    let cabinTenths: Int64 =
      switch cabin {
      case "premium_economy": 16
      case "business": 32
      case "first": 50
      default: 10
      }
    let moved = moved(flight.fare * cabinTenths / 10, flight.key.text, at: now)
    return moved * party.hundredths / 100
  }

  /// A price where it stands now: within 8 % of where it began.
  func moved(_ price: Int64, _ name: String, at now: Instant) -> Int64 {
    guard pricesMoveSeconds > 0 else { return price }
    var mixing = Mixing(seed)
    mixing.add(name)
    mixing.add(UInt64(bitPattern: now.secondsSinceEpoch / pricesMoveSeconds))
    return price * (1000 + Int64(mixing.value % 161) - 80) / 1000
  }

  private func hops(
    _ key: FlightKey, _ carrier: String, _ start: Instant, _ minutes: Int, _ change: String?
  ) -> [Hop] {
    let number = 100 + key.index * 7
    guard let change else {
      let end = start.adding(seconds: Int64(minutes) * 60)
      return [
        Hop(
          origin: key.origin, destination: key.destination, departure: start, arrival: end, carrier: carrier,
          number: number)
      ]
    }
    let middle = start.adding(seconds: Int64(minutes) * 36)
    let second = middle.adding(seconds: 4500)
    return [
      Hop(
        origin: key.origin, destination: change, departure: start, arrival: middle, carrier: carrier, number: number),
      Hop(
        origin: change, destination: key.destination, departure: second,
        arrival: second.adding(seconds: Int64(minutes) * 36), carrier: carrier, number: number + 1),
    ]
  }

  /// Minutes in the air: the same there and back.
  private func distance(_ key: FlightKey) -> Int {
    var mixing = Mixing(seed)
    mixing.add(min(key.origin, key.destination))
    mixing.add(max(key.origin, key.destination))
    return 60 + Int(mixing.value % 120) * 5
  }

  private func random(_ key: FlightKey) -> SeededRandom {
    var mixing = Mixing(seed)
    mixing.add(key.origin)
    mixing.add(key.destination)
    mixing.add(UInt64(bitPattern: Int64(key.date.daysSinceEpoch)))
    mixing.add(UInt64(key.index))
    return SeededRandom(seed: mixing.value)
  }
}
