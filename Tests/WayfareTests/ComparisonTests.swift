import Booking
import Foundation
import HTTP
import JSON
import Kernel
import Postgres
import Providers
import Store
import Testing

@testable import wayfare

/// Our books and those of the sandbox, which somebody else has written in by hand.
@Suite("The comparison of books", .serialized)
struct ProgramComparisonTests {
  private func findings(_ house: BookingHouse) async throws -> Set<String> {
    Set(
      try await Database(house.client).bookings.findings(limit: 100).map {
        "\($0.side) \($0.finding.reference) \($0.finding.kind.rawValue)"
      })
  }

  @Test("what is missing here, missing there or of other amounts is found, kept and told, and nothing is mended")
  func finds() async throws {
    try await withBookingHouse { house in
      let worker = try await house.worker()
      let id = try await house.made("one", offer: 0)
      try await house.pays(id)
      try await house.ends(id, in: "TICKETED")
      try await house.compareBooks()
      var found = try await findings(house)
      #expect(found == [], "books that agree")
      // By hand, past our books: a charge, an order, a refund, and an order given back.
      let account = SellerAccount(name: "x", url: house.sandbox, key: "sandbox-key", secret: "sandbox-secret")
      let now: @Sendable () -> Instant = { Instant(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) }
      let stripe = StripeCollector(account, house.http, now: now)
      let euro = Money(minorUnits: 100, .euro)
      _ = try await stripe.authorise(PaymentOrder("stray-P1", euro, method: "pm_card_visa"))
      _ = try await stripe.capture("stray-P1")
      let payment = try await house.client.query("select reference from payment").decodeOnly(String.self)
      _ = try await stripe.refund(payment, euro, as: "by-hand")
      let duffel = DuffelSeller(account, house.http, now: now)
      let search = OfferSearch(
        .flight, from: "BER", to: "LIS", on: try LocalDate("2030-06-01"), adults: 1, currency: .euro)
      let offer = try await duffel.verify(try #require(try await duffel.search(search).first).key)
      var random = SeededRandom(seed: 9)
      let stray = BookingReference(using: &random)
      let traveller = SaleTraveller(
        givenName: "Eve", familyName: "Stray", born: try LocalDate("1990-01-01"), mail: "eve@example.org")
      _ = try await duffel.book(SaleOrder(stray, offer: offer.key, price: offer.price, travellers: [traveller]))
      let item = try await house.client.query("select reference from booking_part").decodeOnly(String.self)
      _ = try await duffel.cancel(try #require(BookingReference(item)))
      let before = try await house.count("select revision from booking")
      try await house.compareBooks()
      found = try await findings(house)
      let expected: Set = [
        "stripe stray-P1 missing here", "stripe \(payment) other amounts", "duffel \(stray.text) missing here",
        "duffel \(item) missing there",
      ]
      #expect(found == expected)
      #expect(try await house.count("select revision from booking") == before, "nothing is mended by itself")
      let told = try ServerProcess.run(["bookings", "findings"] + Array(house.flags.prefix(4)))
      #expect(told.status == 0 && told.output.contains("stray-P1  missing here"), "\(told.output) \(told.errors)")
      #expect(told.output.contains("100 charged (EUR, minor units)"))
      // An operator has everybody asked: what our books take over is found no more, the rest stays.
      let retried = try ServerProcess.run(["bookings", "retry", id] + Array(house.flags.prefix(4)))
      #expect(retried.status == 0)
      try await house.ends(id, in: "REFUNDED")
      try await house.compareBooks()
      found = try await findings(house)
      #expect(found == ["stripe stray-P1 missing here", "duffel \(stray.text) missing here"])
      let gone = try await house.count("select count(*) from book_finding where gone_at is not null")
      #expect(gone == 2, "what is gone stays on record")
      let nightly = try await house.count("select count(*) from job_schedule where kind = 'booking.compare'")
      #expect(nightly == 1)
      #expect(try await worker.end() == 0)
    }
  }
}
