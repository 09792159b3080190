import Kernel
import Testing

@testable import Booking

@Suite("Offers, filtered and ordered")
struct OfferTableTests {
  private let now = Instant(secondsSinceEpoch: 1_800_000_000)

  private func offer(_ random: inout SeededRandom, _ number: Int) -> Offer {
    let stops = Int.random(in: 0...2, using: &random)
    var moment = now.adding(seconds: Int64.random(in: 100_000...200_000, using: &random))
    var rides: [OfferedRide] = []
    for _ in 0...stops {
      let end = moment.adding(seconds: Int64.random(in: 3_000...20_000, using: &random))
      rides.append(
        OfferedRide(
          from: "AAA", to: "BBB", departure: moment, arrival: end,
          carrier: ["LH", "BA", "ZZ"].randomElement(using: &random) ?? "", number: "1",
          cabin: "economy"))
      moment = end.adding(seconds: 3000)
    }
    let currency = Int.random(in: 0..<10, using: &random) == 0 ? Currency.dollar : .euro
    let price = Money(minorUnits: Int64.random(in: 100...120, using: &random) * 100, currency)
    let fee = Money(minorUnits: Bool.random(using: &random) ? 0 : price.minorUnits, currency)
    let refunds =
      Bool.random(using: &random) ? [RefundStep(before: now.adding(seconds: 1000), fee: fee)] : []
    return Offer(
      OfferKey(seller: "s", name: "\(number)"), kind: .flight, price: price, taxes: .zero(currency),
      expires: now,
      rides: rides,
      terms: SaleTerms(refunds: refunds, checkedBags: Int.random(in: 0...2, using: &random)))
  }

  private func isWanted(_ offer: Offer, _ filter: OfferFilter) -> Bool {
    let carriers = Set(offer.rides.map(\.carrier))
    if !filter.carriers.isEmpty, !carriers.isSubset(of: filter.carriers) { return false }
    if let stops = filter.stopsMax, offer.rides.count - 1 > stops { return false }
    if let from = filter.departsFrom, offer.rides[0].departure < from { return false }
    if let before = filter.departsBefore, offer.rides[0].departure >= before { return false }
    if let by = filter.arrivesBy, offer.rides[offer.rides.count - 1].arrival > by { return false }
    if let most = filter.priceMax, offer.price.minorUnits > most || offer.price.currency != .euro {
      return false
    }
    if offer.terms.checkedBags < filter.bagsMin { return false }
    return !filter.isRefundable
      || (offer.terms.fee(at: now).map { $0.minorUnits < offer.price.minorUnits } ?? false)
  }

  @Test(
    "a table chooses what looking at each offer chooses, and pages together are the whole",
    arguments: 0..<40)
  func same(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let offers = (0..<Int.random(in: 0...80, using: &random)).map { offer(&random, $0) }
    let table = OfferTable(offers, currency: .euro, at: now)
    for _ in 0..<20 {
      var filter = OfferFilter()
      if Bool.random(using: &random) { filter.carriers = ["LH", "ZZ"] }
      if Bool.random(using: &random) { filter.stopsMax = Int.random(in: 0...2, using: &random) }
      if Bool.random(using: &random) {
        filter.priceMax = Int64.random(in: 10_000...12_000, using: &random)
      }
      if Bool.random(using: &random) { filter.departsFrom = now.adding(seconds: 130_000) }
      if Bool.random(using: &random) { filter.departsBefore = now.adding(seconds: 180_000) }
      if Bool.random(using: &random) { filter.arrivesBy = now.adding(seconds: 190_000) }
      filter.bagsMin = Int.random(in: 0...2, using: &random)
      filter.isRefundable = Bool.random(using: &random)
      let wanted = Set(offers.indices.filter { isWanted(offers[$0], filter) })
      for order in OfferOrder.allCases {
        var pages: [Int] = []
        while true {
          let (page, total) = table.select(filter, by: order, from: pages.count, count: 7)
          #expect(total == wanted.count, "seed \(seed)")
          if page.isEmpty { break }
          pages += page.map { Int($0) }
        }
        #expect(Set(pages) == wanted && pages.count == wanted.count, "seed \(seed)")
        let keys = pages.map { number -> Int64 in
          let offer = offers[number]
          let first = offer.rides[0].departure.secondsSinceEpoch
          let last = offer.rides[offer.rides.count - 1].arrival.secondsSinceEpoch
          return switch order {
          case .price: offer.price.currency == .euro ? offer.price.minorUnits : .max
          case .duration: last - first
          case .departure: first
          case .arrival: last
          }
        }
        #expect(keys == keys.sorted(), "seed \(seed)")
      }
    }
  }

  @Test("the nearer the departure, the shorter an answer is good")
  func lifetimes() throws {
    let today = LocalDate(daysSinceEpoch: Int32(now.secondsSinceEpoch / 86_400))
    let lives = [0, 1, 2, 5, 10, 60].map { OfferLifetime(of: today.adding(days: $0), at: now) }
    #expect(lives.map(\.freshSeconds) == [60, 60, 120, 300, 600, 900])
    #expect(lives[0].use(ageSeconds: 59) == .fresh && lives[0].use(ageSeconds: 60) == .stale)
    #expect(lives[0].use(ageSeconds: 240) == .spare && lives[0].use(ageSeconds: 3600) == .none)
    #expect(lives[5].use(ageSeconds: 3600) == .spare && lives[5].use(ageSeconds: 86_400) == .none)
  }

  @Test("those who ask alike ask the same")
  func normalized() throws {
    let day = try LocalDate("2030-05-01")
    let one = OfferSearch(
      .flight, from: "ber", to: "lis", on: day, nights: 3, adults: 1, childAges: [9, 4],
      currency: .euro)
    let other = OfferSearch(
      .flight, from: "BER", to: "LIS", on: day, cabin: "ECONOMY", adults: 1, childAges: [4, 9],
      currency: .euro)
    #expect(one != other && one.normalized == other.normalized)
    let bed = OfferSearch(
      .lodging, from: "BER", to: "LIS", on: day, nights: 3, cabin: "first", adults: 1,
      currency: .euro)
    #expect(
      bed.normalized
        == OfferSearch(.lodging, to: "LIS", on: day, nights: 3, adults: 1, currency: .euro))
  }
}
