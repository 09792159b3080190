import Booking
import Kernel

/// A seller that has a hundred offers for everybody at once.
struct MadeUpSeller: Seller {
  let name = "made-up"
  let kinds: Set<OfferKind> = [.flight]

  func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer] {
    var random = SeededRandom(seed: UInt64(truncatingIfNeeded: search.hashValue))
    return (0..<100).map { number in
      let start = Instant(
        secondsSinceEpoch: 1_900_000_000 + Int64.random(in: 0..<86_400, using: &random))
      let stops = Int.random(in: 0...2, using: &random)
      let rides = (0...stops).map { leg in
        OfferedRide(
          from: leg == 0 ? search.origin : "FRA", to: leg == stops ? search.destination : "FRA",
          departure: start.adding(seconds: Int64(leg) * 9000),
          arrival: start.adding(seconds: Int64(leg) * 9000 + 7200),
          carrier: ["LH", "BA", "AF", "KL"][Int.random(in: 0..<4, using: &random)],
          number: "\(100 + number)",
          cabin: "economy")
      }
      let price = Money(minorUnits: Int64.random(in: 5_000...60_000, using: &random), .euro)
      return Offer(
        OfferKey(seller: name, name: "off_\(String(random.next(), radix: 36))"), kind: .flight,
        price: price,
        taxes: Money(minorUnits: price.minorUnits / 5, .euro), expires: start, rides: rides,
        terms: SaleTerms(
          refunds: [RefundStep(before: start, fee: Money(minorUnits: 3000, .euro))],
          checkedBags: Int.random(in: 0...2, using: &random)))
    }
  }

  func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer { throw MadeUpSeller.no }
  func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding { throw MadeUpSeller.no }
  func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding { throw MadeUpSeller.no }
  func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding? { nil }
  func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding {
    throw MadeUpSeller.no
  }
  func change(
    _ reference: BookingReference, to order: SaleOrder
  ) async throws(SellerFault) -> SaleStanding { throw MadeUpSeller.no }

  private static let no = SellerFault.declined(.notAllowed, words: "it only shows")
}
