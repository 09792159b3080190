/// Stop times as they were read: flat arrays, at most 60 bytes a row and 28 where the feed has only what it must have.
///
/// They wait here because rows come in any order, and because a trip can be judged only as a whole.
struct StopTimeColumns {
  /// Stands for a time, a headsign or a booking rule that is not given.
  static let none: Int32 = -1

  /// Small values of a row, packed into 16 bits.
  struct Flags {
    var bits: UInt16 = 0

    var pickup: BoardingRule {
      get { BoardingRule(rawValue: Int32(bits & 3)) ?? .regular }
      set { bits = bits & ~3 | UInt16(newValue.rawValue) }
    }

    var dropOff: BoardingRule {
      get { BoardingRule(rawValue: Int32(bits >> 2 & 3)) ?? .regular }
      set { bits = bits & ~(3 << 2) | UInt16(newValue.rawValue) << 2 }
    }

    var continuousPickup: Continuous? {
      get { Continuous(rawValue: Int32(bits >> 4 & 7) - 1) }
      set { bits = bits & ~(7 << 4) | UInt16((newValue?.rawValue ?? -1) + 1) << 4 }
    }

    var continuousDropOff: Continuous? {
      get { Continuous(rawValue: Int32(bits >> 7 & 7) - 1) }
      set { bits = bits & ~(7 << 7) | UInt16((newValue?.rawValue ?? -1) + 1) << 7 }
    }

    /// What the feed says, or nil where it says nothing.
    var timepoint: Bool? {
      get { bits >> 10 & 3 == 0 ? nil : bits >> 10 & 3 == 2 }
      set { bits = bits & ~(3 << 10) | (newValue.map { $0 ? 2 : 1 } ?? 0) << 10 }
    }
  }

  /// The trip's number less that of the feed's first.
  var trips: [Int32] = []
  var sequences: [Int32] = []
  var stops: [Int32] = []
  var arrivals: [Int32] = []
  var departures: [Int32] = []
  var lines: [Int32] = []
  var flags: [Flags] = []
  /// These have no elements if the feed has no such column.
  var distances: [Double] = []
  var headsigns: [Int32] = []
  var pickupRules: [Int32] = []
  var dropOffRules: [Int32] = []

  var count: Int { trips.count }

  func distance(_ row: Int) -> Double? {
    guard !distances.isEmpty, !distances[row].isNaN else { return nil }
    return distances[row]
  }

  func headsign(_ row: Int) -> Int32 { headsigns.isEmpty ? Self.none : headsigns[row] }

  func rule(_ rules: [Int32], _ row: Int) -> GraphKey<BookingRuleRow>? {
    rules.isEmpty || rules[row] < 0 ? nil : GraphKey(rules[row])
  }
}
