import Kernel
import Testing

@testable import Booking

@Suite("Packages")
struct PackageTests {
  private static let now = Instant(secondsSinceEpoch: 1_800_000_000)

  private func offer(
    _ name: String, _ kind: OfferKind, _ price: Int64, fees: [(days: Int64, fee: Int64)] = [],
    arrivesAfterDays: Int = 0,
    currency: Currency = .euro
  ) -> Offer {
    let day = LocalDate(daysSinceEpoch: Int32(Self.now.secondsSinceEpoch / 86_400) + 30)
    let leaves = Instant(secondsSinceEpoch: Int64(day.daysSinceEpoch) * 86_400 + 30_000)
    let ride = OfferedRide(
      from: "BER", to: "LIS", departure: leaves,
      arrival: leaves.adding(seconds: 10_000 + Int64(arrivesAfterDays) * 86_400), carrier: "LH", number: "1",
      cabin: "economy")
    let place = OfferedPlace(code: "1", name: "House", first: day, nights: 3, rate: "double")
    return Offer(
      OfferKey(seller: "s", name: name), kind: kind, price: Money(minorUnits: price, currency), taxes: .zero(currency),
      expires: Self.now.adding(seconds: 600), rides: kind == .lodging ? [] : [ride],
      place: kind == .lodging ? place : nil,
      terms: SaleTerms(
        refunds: fees.map {
          RefundStep(before: Self.now.adding(seconds: $0.days * 86_400), fee: Money(minorUnits: $0.fee, currency))
        }))
  }

  @Test("a package costs its parts less five hundredths of the stay, rounded so that nothing is given away twice")
  func price() throws {
    // 100.00 + 33.33 + 80.00; 5 % of 33.33 is 1.6665, of which 1.66 is given away.
    let parts = [offer("out", .flight, 10_000), offer("stay", .lodging, 3333), offer("home", .flight, 8000)]
    let package = try #require(PackageOffer(parts, .standard, at: Self.now))
    #expect(package.price == Money(minorUnits: 21_333 - 166, .euro))
  }

  @Test("what giving back costs is the parts' fees together, until that is the price")
  func refunds() throws {
    // Until day 2: 10 + 0; until day 5: 50 + 0; until day 9: all of the flight and 0; after that everything.
    let out = offer("out", .flight, 100, fees: [(2, 10), (5, 50)])
    let stay = offer("stay", .lodging, 200, fees: [(9, 0)])
    let package = try #require(PackageOffer([out, stay], .standard, at: Self.now))
    #expect(package.price.minorUnits == 290)
    #expect(package.refunds.map { $0.fee.minorUnits } == [10, 50, 100])
    #expect(package.refunds.map { Self.now.seconds(until: $0.before) / 86_400 } == [2, 5, 9])
  }

  @Test("a part costs no more than its share where it is given back, by the terms as by the books")
  func refundsOfShares() throws {
    // The stay costs 200 and comes to 190; giving it back costs 195, of which 190 count, and the flight 10.
    let out = offer("out", .flight, 100, fees: [(2, 10)])
    let stay = offer("stay", .lodging, 200, fees: [(2, 195)])
    let package = try #require(PackageOffer([out, stay], .standard, at: Self.now))
    #expect(package.refunds.map(\.fee.minorUnits) == [200])
  }

  @Test("a package's name is read as it was written, whatever its parts are called, and nothing else is one")
  func keys() throws {
    let parts = ["a:1", "b:2:3 x", "c:ä10:y"].compactMap { OfferKey($0) }
    let key = PackageKey(.euro, parts)
    #expect(key.text == "EUR.3:a:17:b:2:3 x8:c:ä10:y")
    #expect(PackageKey(key.text) == key)
    for wrong in [
      "", "EUR", "EUR.", "EUR.3:a:1", "EUR.3:a:13:a:13:a:13:a:1", "EUR.3:a:13:a:14:a:1", "EUR.+3:a:13:a:13:a:1",
      "EUR.03:a:13:a:13:a:1", "EUR.3:a:13:a:13:a:1 ", "EUR.3:a:13:a:13:::1", "eur.3:a:13:a:13:a:1",
      "EUR.99999999999999999999:a:13:a:13:a:1", "E.3:a:13:a:13:a:1",
    ] { #expect(PackageKey(wrong) == nil, "\(wrong)") }
    #expect(PackageKey("EUR.3:a:13:a:13:a:1") != nil)
  }

  @Test("parts in two currencies, or whose time has passed, are no package")
  func impossible() {
    let stay = offer("stay", .lodging, 200, currency: .dollar)
    #expect(PackageOffer([offer("out", .flight, 100), stay], .standard, at: Self.now) == nil)
    #expect(PackageOffer([offer("out", .flight, 100)], .standard, at: Self.now.adding(seconds: 600)) == nil)
    #expect(PackageOffer([], .standard, at: Self.now) == nil)
  }

  @Test(
    "packages come the cheapest first, never dearer than their parts, and without flights that miss the first night")
  func choice() {
    var random = SeededRandom(seed: 3)
    func some(_ name: String, _ kind: OfferKind) -> [Offer] {
      (0..<20).map { number in
        offer(
          "\(name)\(number)", kind, Int64.random(in: 5000...50_000, using: &random),
          arrivesAfterDays: number == 0 ? 3 : 0)
      }
    }
    let (there, stays, back) = (some("out", .flight), some("stay", .lodging), some("home", .flight))
    let packages = PackageChoice(there: there, stays: stays, back: back, .standard, at: Self.now).packages
    let most = PackageChoice.eachMax
    #expect(packages.count == most * most * most || packages.count == (most - 1) * most * most)
    #expect(packages.map(\.price.minorUnits) == packages.map(\.price.minorUnits).sorted())
    for package in packages {
      let sum = package.parts.reduce(0) { $0 + $1.price.minorUnits }
      #expect(package.price.minorUnits <= sum && package.parts.count == 3)
      #expect(package.parts[0].key.name != "out0")
    }
  }
}
