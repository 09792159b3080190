/// What journeys are compared by besides arrival and the number of rides, which always count.
package struct RouteCriteria: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let walk = RouteCriteria(rawValue: 1)
  package static let co2 = RouteCriteria(rawValue: 2)
  package static let price = RouteCriteria(rawValue: 4)
  /// For leaving out what differs in nothing else: a search itself always heeds them.
  package static let arrival = RouteCriteria(rawValue: 8)
  package static let transfers = RouteCriteria(rawValue: 16)

  /// Whether the rounds alone do not answer it.
  var isMore: Bool { !isEmpty && self != [.arrival, .transfers] }
  /// Those that need more than the rounds alone.
  package var weighed: RouteCriteria { intersection([.walk, .co2, .price]) }
}

/// A journey with all that it was compared by; what was not weighed is zero.
package struct WeighedJourney: Hashable, Sendable {
  package let journey: FoundJourney
  package let walk: Int32
  package let co2: Int32
  /// In units of the fares, rides without a known fare each counting as ``unknownPrice``.
  package let price: Int32
  /// Which of the query's sources and targets it begins and ends at; -1 for none.
  package internal(set) var source = -1
  package internal(set) var target = -1

  package init(journey: FoundJourney, walk: Int32, co2: Int32, price: Int32) {
    (self.journey, self.walk, self.co2, self.price) = (journey, walk, co2, price)
  }

  package static let unknownPrice: Int32 = FareReckoner.unknown
  /// Two that are as good and ride the same are one, however one comes to the first stop.
  package static func == (one: WeighedJourney, other: WeighedJourney) -> Bool {
    (one.journey, one.walk, one.co2, one.price) == (other.journey, other.walk, other.co2, other.price)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(journey)
    hasher.combine(SIMD4(walk, co2, price, 0))
  }

  /// Whether every ride has a known fare.
  package var isPriced: Bool { price < Self.unknownPrice / 2 }
}

extension [WeighedJourney] {
  /// Those of which none is as good as another in all of some criteria; of equals the first.
  package func best(by criteria: RouteCriteria) -> [WeighedJourney] {
    func values(_ one: WeighedJourney) -> [Int32] {
      [
        criteria.contains(.arrival) ? one.journey.arrival : 0,
        criteria.contains(.transfers) ? Int32(one.journey.boardings) : 0, criteria.contains(.walk) ? one.walk : 0,
        criteria.contains(.co2) ? one.co2 : 0, criteria.contains(.price) ? one.price : 0,
      ]
    }
    var kept: [(values: [Int32], journey: WeighedJourney)] = []
    let ordered = sorted { ($0.journey.arrival, $0.journey.boardings) < ($1.journey.arrival, $1.journey.boardings) }
    for journey in ordered {
      let own = values(journey)
      if kept.contains(where: { zip($0.values, own).allSatisfy { $0 <= $1 } }) { continue }
      kept.removeAll { zip(own, $0.values).allSatisfy { $0 <= $1 } }
      kept.append((own, journey))
    }
    return kept.map(\.journey)
  }
}

extension RouteCriteria {
  /// By the names that travellers write.
  package static let named: [(name: String, criterion: RouteCriteria)] = [
    ("arrival", .arrival), ("transfers", .transfers), ("price", .price), ("walk", .walk), ("co2", .co2),
  ]

  /// Reads a list of names; nil if one of them is none, or there are none.
  package init?(names: String) {
    self = []
    for name in names.split(separator: ",", omittingEmptySubsequences: false) {
      guard let known = Self.named.first(where: { $0.name == name }) else { return nil }
      insert(known.criterion)
    }
    if isEmpty { return nil }
  }
}
