public import Kernel

/// What filters and orders look at, of all offers of an answer: a row of numbers for each.
///
/// Every order is worked out once, when the answer comes, so that a request walks over rows and sorts nothing.
public struct OfferTable: Sendable {
  private struct Row: Sendable {
    let price: Int64
    let departure: Int64
    let arrival: Int64
    let carriers: UInt16
    let stops: UInt8
    let bags: UInt8
    let isRefundable: Bool
    /// In the currency that was asked for; what is not comes last and costs more than any limit.
    let isComparable: Bool
  }

  private let rows: [Row]
  private let carrierSets: [Set<String>]
  private let orders: [[Int32]]

  /// The table of an answer's offers.
  ///
  /// - Complexity: O(n log n).
  public init(_ offers: [Offer], currency: Currency, at now: Instant) {
    var numbers: [Set<String>: UInt16] = [:]
    var sets: [Set<String>] = []
    rows = offers.map { offer in
      let carriers = Set(offer.rides.map(\.carrier))
      let number = numbers[carriers] ?? UInt16(clamping: sets.count)
      if numbers.updateValue(number, forKey: carriers) == nil { sets.append(carriers) }
      let fee = offer.terms.fee(at: now)
      return Row(
        price: offer.price.minorUnits,
        departure: offer.rides.first?.departure.secondsSinceEpoch ?? 0,
        arrival: offer.rides.last?.arrival.secondsSinceEpoch ?? 0, carriers: number,
        stops: UInt8(clamping: max(0, offer.rides.count - 1)),
        bags: UInt8(clamping: offer.terms.checkedBags),
        isRefundable: fee.map { $0.minorUnits < offer.price.minorUnits } ?? false,
        isComparable: offer.price.currency == currency)
    }
    carrierSets = sets
    let rows = rows
    orders = OfferOrder.allCases.map { order in
      rows.indices.sorted { OfferTable.comes(rows[$0], $0, before: rows[$1], $1, in: order) }.map {
        Int32($0)
      }
    }
  }

  /// How many offers there are.
  public var count: Int { rows.count }

  /// About how many bytes the table takes.
  public var byteCount: Int {
    rows.count * (MemoryLayout<Row>.stride + 16) + carrierSets.count * 64
  }

  /// The numbers of the offers that are wanted, in an order: a page of them, and how many there are in all.
  ///
  /// - Complexity: O(n).
  public func select(
    _ filter: OfferFilter, by order: OfferOrder, from start: Int, count: Int
  ) -> (page: [Int32], total: Int) {
    let allowed =
      filter.carriers.isEmpty
      ? nil : carrierSets.map { $0.isSubset(of: filter.carriers) && !$0.isEmpty }
    var page: [Int32] = []
    page.reserveCapacity(min(count, rows.count))
    var total = 0
    for number in orders[OfferTable.place(of: order)]
    where passes(rows[Int(number)], filter, allowed) {
      if total >= start, page.count < count { page.append(number) }
      total += 1
    }
    return (page, total)
  }

  private func passes(_ row: Row, _ filter: OfferFilter, _ allowed: [Bool]?) -> Bool {
    if let allowed, !allowed[Int(row.carriers)] { return false }
    if let most = filter.stopsMax, Int(row.stops) > most { return false }
    if let from = filter.departsFrom, row.departure < from.secondsSinceEpoch { return false }
    if let before = filter.departsBefore, row.departure >= before.secondsSinceEpoch { return false }
    if let by = filter.arrivesBy, row.arrival > by.secondsSinceEpoch { return false }
    if let most = filter.priceMax, row.price > most || !row.isComparable { return false }
    return Int(row.bags) >= filter.bagsMin && (row.isRefundable || !filter.isRefundable)
  }

  private static func comes(
    _ one: Row, _ first: Int, before other: Row, _ second: Int, in order: OfferOrder
  ) -> Bool {
    let keys = (key(one, order), key(other, order))
    if keys.0 != keys.1 { return keys.0 < keys.1 }
    if one.isComparable != other.isComparable { return one.isComparable }
    return (one.price, first) < (other.price, second)
  }

  private static func key(_ row: Row, _ order: OfferOrder) -> Int64 {
    switch order {
    case .price: row.isComparable ? row.price : .max
    case .duration: row.arrival - row.departure
    case .departure: row.departure
    case .arrival: row.arrival
    }
  }

  private static func place(of order: OfferOrder) -> Int {
    switch order {
    case .price: 0
    case .duration: 1
    case .departure: 2
    case .arrival: 3
    }
  }
}
