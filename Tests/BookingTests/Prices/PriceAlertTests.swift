import Kernel
import Testing

@testable import Booking

@Suite("Alerts of prices")
struct PriceAlertTests {
  private func told(_ wish: PriceAlert.Wish, _ prices: [Int64]) -> [Int64] {
    var alert = PriceAlert(wish)
    return prices.filter { alert.see($0) }
  }

  @Test("a price at most so much is told once, and again after it has been above")
  func atMost() {
    #expect(told(.atMost(100), [120, 100, 90, 80, 101, 99, 99]) == [100, 99])
    #expect(told(.atMost(100), [90, 90]) == [90])
  }

  @Test("a fall is reckoned from the highest price since the last one that was told")
  func fall() {
    // From 220: 10 % less is 198. Then from 198: 178.2, and after the rise to 300: 270.
    #expect(told(.fall(percent: 10), [200, 220, 200, 198, 190, 179, 178, 300, 271, 270]) == [198, 178, 270])
    #expect(told(.fall(percent: 10), [100, 100, 91]) == [])
  }

  @Test("however prices go, what is told was a fall, and none is told twice without a rise between", arguments: 1...20)
  func law(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var alert = PriceAlert(.fall(percent: 20))
    var last: Int64?
    var top: Int64 = 0
    for _ in 0..<500 {
      let price = Int64.random(in: 50...500, using: &random)
      top = max(top, price)
      let isTold = alert.see(price)
      #expect(isTold == (price * 100 <= top * 80), "seed \(seed)")
      if isTold {
        if let last { #expect(price <= last * 80 / 100 || top > last, "seed \(seed)") }
        (last, top) = (price, price)
      }
    }
  }

  @Test("a name of a search leads back to it, and nothing else is one", arguments: 1...50)
  func names(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let kind = try #require(OfferKind.allCases.randomElement(using: &random))
    let ages = (0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 0...17, using: &random) }
    let search = OfferSearch(
      kind, from: "ber", to: "LIS", on: LocalDate(daysSinceEpoch: Int32.random(in: 20_000...25_000, using: &random)),
      nights: Int.random(in: 1...9, using: &random), cabin: "Business", adults: Int.random(in: 1...5, using: &random),
      childAges: ages, currency: .dollar)
    let name = try #require(search.name)
    #expect(OfferSearch(name: name) == search.normalized, "\(name)")
    for strange in [name + ".", name.lowercased() + "x", "x" + name, String(name.dropLast()), name + "0", ""] {
      #expect(OfferSearch(name: strange) == nil, "\(strange)")
    }
  }

  @Test("two searches that differ have two names")
  func distinct() throws {
    let day = try LocalDate("2030-05-01")
    let base = OfferSearch(.flight, from: "BER", to: "LIS", on: day, adults: 2, childAges: [7], currency: .euro)
    #expect(base.name == "flight.BER-LIS.economy.2-7.EUR.2030-05-01")
    var other = base
    other.adults = 27
    #expect(other.name == nil)
    other = base
    (other.adults, other.childAges) = (2, [])
    #expect(other.name == "flight.BER-LIS.economy.2.EUR.2030-05-01")
    other.origin = "B.R"
    #expect(other.name == nil)
    let stay = OfferSearch(.lodging, to: "lis", on: day, nights: 3, adults: 2, currency: .euro)
    #expect(stay.name == "lodging.LIS.3n.2.EUR.2030-05-01" && stay.route == "lodging.LIS.3n.2.EUR")
    var apart = stay
    apart.rooms = 2
    #expect(apart.name == "lodging.LIS.3n2r.2.EUR.2030-05-01")
    #expect(OfferSearch(name: "lodging.LIS.3n2r.2.EUR.2030-05-01") == apart.normalized)
    for wrong in ["3n1r", "3n0r", "3n10r", "3n2", "3nr", "3n2r2r", "n2r", "3n02r"] {
      #expect(OfferSearch(name: "lodging.LIS.\(wrong).2.EUR.2030-05-01") == nil, "\(wrong)")
    }
  }
}
