import Kernel

/// Which flight: everything else about it follows from this and the seed.
struct FlightKey: Hashable, Sendable {
  let origin: String
  let destination: String
  let date: LocalDate
  let index: Int

  /// As the books name it.
  var text: String { "\(origin)-\(destination) \(date) #\(index)" }
}

/// A hop without getting off.
struct Hop: Sendable {
  let origin: String
  let destination: String
  let departure: Instant
  let arrival: Instant
  let carrier: String
  let number: Int
}

/// A flight on one ticket, of one hop or two.
struct Flight: Sendable {
  let key: FlightKey
  let hops: [Hop]
  let seats: Int
  /// One grown-up in economy, in cents, before prices move.
  let fare: Int64
  let bags: Int
  let isRefundable: Bool
  let isChangeable: Bool
  let canHold: Bool

  var departure: Instant { hops[0].departure }
}

/// Who flies where.
struct Party: Hashable, Sendable {
  var adults: Int
  var childAges: [Int]

  var count: Int { adults + childAges.count }

  /// In hundredths of a grown-up's fare.
  var hundredths: Int64 {
    childAges.reduce(Int64(adults) * 100) { $0 + ($1 < 2 ? 10 : 75) }
  }
}
