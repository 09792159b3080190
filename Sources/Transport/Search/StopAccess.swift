/// How one gets about without a timetable: to a first stop, on from a last one, or all the way.
package enum OwnWay: String, CaseIterable, Hashable, Sendable {
  case walk, bike, car, taxi
}

/// A stop and what it takes to come to it from where a journey begins, or from it to where one ends.
package struct StopAccess: Hashable, Sendable {
  package let stop: Int32
  package let seconds: Int32
  package let way: OwnWay
  package let grams: Int32
  /// In units of the fares that a search reckons with.
  package let price: Int32

  package init(stop: Int32, seconds: Int32, way: OwnWay = .walk, grams: Int32 = 0, price: Int32 = 0) {
    (self.stop, self.seconds, self.way, self.grams, self.price) = (stop, seconds, way, grams, price)
  }

  package var walkSeconds: Int32 { way == .walk ? seconds : 0 }
}

extension RouteCriteria {
  /// What a way to or from a stop adds to all that journeys are compared by.
  func key(_ access: StopAccess) -> SIMD4<Int32> {
    SIMD4(
      access.seconds, contains(.walk) ? access.walkSeconds : 0, contains(.co2) ? access.grams : 0,
      contains(.price) ? access.price : 0)
  }
}

extension [StopAccess] {
  /// By stop, of each stop those of which none is as good as another in all that counts; of equals the first.
  func best(by criteria: RouteCriteria) -> [StopAccess] {
    var kept: [StopAccess] = []
    for (_, ofStop) in Dictionary(grouping: self, by: \.stop).sorted(by: { $0.key < $1.key }) {
      let keys = ofStop.map(criteria.key)
      for own in ofStop.indices {
        let isBeaten = ofStop.indices.contains { other in
          other != own && all(keys[other] .<= keys[own]) && (keys[other] != keys[own] || other < own)
        }
        if !isBeaten { kept.append(ofStop[own]) }
      }
    }
    return kept
  }
}
