import Kernel
import Testing

@testable import Booking

/// ```
/// planned:  BER 10:00 ──▶ 13:00 LIS, 200 EUR          (minutes count from 10:00)
/// ```
@Suite("What stands for what was planned")
struct OfferMatchTests {
  private static let leaves = Instant(secondsSinceEpoch: 1_900_000_000)
  private static let now = leaves.adding(seconds: -5_000_000)
  private static let day = (try? LocalDate("2030-03-17")) ?? LocalDate(daysSinceEpoch: 0)

  private static let search = OfferSearch(.flight, from: "BER", to: "LIS", on: day, adults: 2, currency: .euro)
  private static let planned = PlannedSale(
    search,
    times: PlannedSale.Times(departure: leaves, arrival: leaves.adding(seconds: 10_800)),
    price: Money(minorUnits: 20_000, .euro))

  /// An offer that leaves and arrives so many minutes after the plan.
  private func ride(
    _ name: String, after minutes: Int64 = 0, longer: Int64 = 0, price: Int64 = 20_000, from: String = "BER",
    currency: Currency = .euro, isRefundable: Bool = false, expiresIn seconds: Int64 = 3600
  ) -> Offer {
    let start = Self.leaves.adding(seconds: minutes * 60)
    let steps = isRefundable ? [RefundStep(before: start, fee: .zero(currency))] : []
    return Offer(
      OfferKey(seller: "s", name: name), kind: .flight, price: Money(minorUnits: price, currency),
      taxes: .zero(currency), expires: Self.now.adding(seconds: seconds),
      rides: [
        OfferedRide(
          from: from, to: "LIS", departure: start, arrival: start.adding(seconds: 10_800 + longer * 60), carrier: "TP",
          number: "1", cabin: "economy")
      ], terms: SaleTerms(refunds: steps))
  }

  private func best(_ offers: [Offer], _ planned: PlannedSale = planned) throws(OfferMismatch) -> String {
    try OfferMatch.best(of: offers, for: planned, at: Self.now).key.name
  }

  private func mismatch(_ offers: [Offer], _ planned: PlannedSale = planned) -> OfferMismatch? {
    do {
      _ = try OfferMatch.best(of: offers, for: planned, at: Self.now)
      return nil
    } catch {
      return error
    }
  }

  @Test("the nearest in time wins, and a hundredth of the price weighs as much as a minute")
  func nearest() throws {
    // 10 minutes apart at both ends are 20; 30 hundredths more are 30; 40 less weigh against 2 × 15 minutes.
    #expect(try best([ride("later", after: 10), ride("dearer", price: 26_000)]) == "later")
    #expect(try best([ride("later", after: 20), ride("dearer", price: 26_000)]) == "dearer")
    #expect(try best([ride("cheap", after: 15, price: 12_000), ride("exact")]) == "cheap")
  }

  @Test("among equals what can be given back wins, then the cheaper, then the name; the order of offers says nothing")
  func ties() throws {
    let offers = [ride("b"), ride("a"), ride("c", isRefundable: true)]
    #expect(try best(offers) == "c")
    #expect(try best(offers.reversed()) == "c")
    #expect(try best([ride("b"), ride("a")]) == "a")
    #expect(try best([ride("a"), ride("b")]) == "a")
  }

  @Test("what differs too much is refused, with the reason")
  func refuses() {
    #expect(mismatch([]) == .nothingSold)
    #expect(mismatch([ride("elsewhere", from: "SXF")]) == .nothingSold)
    #expect(mismatch([ride("late", after: 181), ride("later", after: 300)]) == .otherTimes(minutes: 181))
    #expect(mismatch([ride("slow", after: 100, longer: 90)]) == .otherTimes(minutes: 190))
    #expect(mismatch([ride("there", after: -180)]) == nil)
    #expect(mismatch([ride("dollars", currency: .dollar)]) == .otherCurrency(.dollar, wanted: .euro))
    let most = Money(minorUnits: 40_001, .euro)
    #expect(mismatch([ride("dear", price: 40_001)]) == .tooDear(most, planned: Self.planned.price))
    #expect(mismatch([ride("double", price: 40_000)]) == nil)
    #expect(mismatch([ride("over", expiresIn: 299)]) == .runsOut)
  }

  @Test("a guessed price refuses less, and none nothing")
  func guessed() {
    var planned = Self.planned
    planned.isPriceGuessed = true
    #expect(mismatch([ride("dear", price: 80_000)], planned) == nil)
    #expect(mismatch([ride("dear", price: 80_001)], planned) != nil)
    planned.price = .zero(.euro)
    #expect(mismatch([ride("dear", price: 900_000)], planned) == nil)
  }

  @Test("of nights the planned house wins, else the price that is nearest; other nights are not sold")
  func nights() throws {
    func stay(_ name: String, _ house: String, _ price: Int64, nights: Int = 3) -> Offer {
      Offer(
        OfferKey(seller: "s", name: name), kind: .lodging, price: Money(minorUnits: price, .euro), taxes: .zero(.euro),
        expires: Self.now.adding(seconds: 3600),
        place: OfferedPlace(code: "1", name: house, first: Self.day, nights: nights, rate: "BB"), terms: SaleTerms())
    }
    let search = OfferSearch(.lodging, to: "AMS", on: Self.day, nights: 3, adults: 2, currency: .euro)
    let planned = PlannedSale(search, price: Money(minorUnits: 45_000, .euro), house: "Canal Hotel")
    let others = [stay("cheap", "Hostel", 9_000), stay("near", "Inn", 47_000), stay("dear", "Palace", 80_000)]
    #expect(try best(others, planned) == "near")
    #expect(try best(others + [stay("own", "canal hotel", 60_000)], planned) == "own")
    #expect(mismatch([stay("two", "Inn", 45_000, nights: 2)], planned) == .nothingSold)
  }
}
