import Kernel

/// A small feed made of chance with fares, as its files and as what an oracle reckons with; equal seeds give equal feeds.
///
/// Six stops far apart, three routes of two agencies, some walks, and a morning of trips on 2026-06-01. Fares are of the
/// first version (tickets with rules, changes and times) or of the second (legs, changes, timeframes).
package struct RandomFares {
  package struct Call {
    package let stop: Int
    package let arrival: Int
    package let departure: Int

    /// A call.
    package init(stop: Int, arrival: Int, departure: Int) {
      (self.stop, self.arrival, self.departure) = (stop, arrival, departure)
    }
  }

  package struct Trip {
    package let route: Int
    package let calls: [Call]

    /// A trip.
    package init(route: Int, calls: [Call]) { (self.route, self.calls) = (route, calls) }
  }

  package struct TicketRule {
    package let route: Int?
    package let origin: Int?
    package let destination: Int?
    package let passed: Int?
  }

  package struct Ticket {
    package let price: Int
    package let changes: Int?
    package let seconds: Int?
    package let agency: Int
    package let rules: [TicketRule]
  }

  package struct LegRule {
    package let group: Int
    package let network: Int?
    package let fromArea: Int?
    package let toArea: Int?
    package let fromTimes: Int?
    package let toTimes: Int?
    package let product: Int
    package let priority: Int?
  }

  package struct ChangeRule {
    package let from: Int?
    package let to: Int?
    package let count: Int?
    package let limit: Int?
    package let limitType: Int
    package let type: Int
    package let product: Int?
  }

  package static let stopCount = 6
  package static let routeTypes = [3, 2, 0]
  /// Seconds of the day at which each group of timeframes begins and ends.
  package static let timeframes = [(0, 31_000), (31_000, 86_400), (30_000, 32_000)]

  package let isLegs: Bool
  package let points: [(latitude: Double, longitude: Double)]
  package let zones: [Int?]
  package let areas: [[Int]]
  package let agencies = [0, 0, 1]
  package let networks: [Int?]
  package private(set) var trips: [Trip] = []
  package private(set) var walks: [(from: Int, to: Int, seconds: Int)] = []
  package private(set) var tickets: [Ticket] = []
  package private(set) var products: [Int] = []
  package private(set) var legRules: [LegRule] = []
  package private(set) var changeRules: [ChangeRule] = []

  /// Makes a feed.
  ///
  /// - Parameters:
  ///   - seed: what chance begins with.
  ///   - isLegs: whether fares are of the second version.
  ///   - isZonal: whether tickets name nothing but zones where rides begin and end, and mostly last without end.
  package init(seed: UInt64, isLegs: Bool, isZonal: Bool = false) {
    self.isLegs = isLegs
    var random = SeededRandom(seed: seed)
    // No two lie near enough to be walked between without being told to.
    points = (0..<Self.stopCount).map { stop in
      (
        50 + Double(20 * stop + Int.random(in: 0...10, using: &random)) / 2000,
        10 + Double(Int.random(in: 0...400, using: &random)) / 2000
      )
    }
    zones = (0..<Self.stopCount).map { _ in [0, 0, 1, 1, 2, nil].randomElement(using: &random) ?? nil }
    areas = (0..<Self.stopCount).map { _ in (0..<3).filter { _ in Int.random(in: 0..<5, using: &random) < 2 } }
    networks = (0..<3).map { _ in [0, 1, nil].randomElement(using: &random) ?? nil }
    makeTrips(&random)
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let (from, to) = (
        Int.random(in: 0..<Self.stopCount, using: &random), Int.random(in: 0..<Self.stopCount, using: &random)
      )
      walks.append((from, to, Int.random(in: 1...8, using: &random) * 60))
    }
    if isLegs { makeLegs(&random) } else if isZonal { makeZonalTickets(&random) } else { makeTickets(&random) }
  }

  private mutating func makeTrips(_ random: inout SeededRandom) {
    for route in 0..<3 {
      var stops = [Int.random(in: 0..<Self.stopCount, using: &random)]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let next = Int.random(in: 0..<Self.stopCount, using: &random)
        stops.append(next == stops[stops.count - 1] ? (next + 1) % Self.stopCount : next)
      }
      for _ in 0..<Int.random(in: 2...4, using: &random) {
        var time = 28_800 + Int.random(in: 0...80, using: &random) * 60
        var calls: [Call] = []
        for stop in Bool.random(using: &random) ? stops : stops.reversed() {
          let arrival = time
          time += [0, 0, 60].randomElement(using: &random) ?? 0
          calls.append(Call(stop: stop, arrival: arrival, departure: time))
          time += Int.random(in: 1...15, using: &random) * 60
        }
        trips.append(Trip(route: route, calls: calls))
      }
    }
  }

  private mutating func makeTickets(_ random: inout SeededRandom) {
    func maybe(_ range: Range<Int>, _ share: Int) -> Int? {
      Int.random(in: 0..<6, using: &random) < share ? Int.random(in: range, using: &random) : nil
    }
    for _ in 0..<Int.random(in: 2...6, using: &random) {
      var rules: [TicketRule] = []
      for _ in 0..<([0, 1, 2, 4].randomElement(using: &random) ?? 0) {
        rules.append(
          TicketRule(
            route: maybe(0..<3, 2), origin: maybe(0..<3, 2), destination: maybe(0..<3, 2), passed: maybe(0..<3, 1)))
      }
      tickets.append(
        Ticket(
          price: Int.random(in: 0...10, using: &random) * 50,
          changes: [0, 1, 1, 2, nil].randomElement(using: &random) ?? nil,
          seconds: [nil, nil, 600, 1200, 2400].randomElement(using: &random) ?? nil,
          agency: Int.random(in: 0..<2, using: &random), rules: rules))
    }
  }

  private mutating func makeZonalTickets(_ random: inout SeededRandom) {
    func zone() -> Int? { Int.random(in: 0..<6, using: &random) < 5 ? Int.random(in: 0..<3, using: &random) : nil }
    for _ in 0..<Int.random(in: 3...8, using: &random) {
      let rules = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        TicketRule(route: nil, origin: zone(), destination: zone(), passed: nil)
      }
      tickets.append(
        Ticket(
          price: Int.random(in: 1...10, using: &random) * 50,
          changes: Int.random(in: 0..<8, using: &random) == 0 ? 1 : nil,
          seconds: Int.random(in: 0..<8, using: &random) == 0 ? 1200 : nil,
          agency: Int.random(in: 0..<2, using: &random), rules: rules))
    }
  }

  private mutating func makeLegs(_ random: inout SeededRandom) {
    func maybe(_ range: Range<Int>, _ share: Int) -> Int? {
      Int.random(in: 0..<6, using: &random) < share ? Int.random(in: range, using: &random) : nil
    }
    products = (0..<5).map { $0 == 4 ? 0 : Int.random(in: 1...12, using: &random) * 25 }
    let hasPriorities = Bool.random(using: &random)
    let hasTimes = Int.random(in: 0..<3, using: &random) == 0
    for _ in 0..<Int.random(in: 2...6, using: &random) {
      legRules.append(
        LegRule(
          group: Int.random(in: 0..<3, using: &random), network: maybe(0..<2, 2), fromArea: maybe(0..<3, 2),
          toArea: maybe(0..<3, 2), fromTimes: hasTimes ? maybe(0..<3, 3) : nil,
          toTimes: hasTimes ? maybe(0..<3, 1) : nil,
          product: Int.random(in: 0..<4, using: &random),
          priority: hasPriorities ? Int.random(in: 0..<2, using: &random) : nil))
    }
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let (from, to) = (maybe(0..<3, 5), maybe(0..<3, 5))
      changeRules.append(
        ChangeRule(
          from: from, to: to, count: from == to ? [-1, 1, 2].randomElement(using: &random) ?? nil : nil,
          limit: [nil, 900, 1800, 2700].randomElement(using: &random) ?? nil,
          limitType: Int.random(in: 0...3, using: &random), type: [0, 0, 0, 1, 2].randomElement(using: &random) ?? 0,
          product: [nil, nil, 4, Int.random(in: 0..<4, using: &random)].randomElement(using: &random) ?? nil))
    }
  }
}
