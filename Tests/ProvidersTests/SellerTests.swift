import Booking
import HTTP
import JSON
import Kernel
import Testing

@testable import Providers

@Suite("Sellers, against the sandbox")
struct SellerTests {
  @Test("rooms that are alike are asked for together, sleep the same each, and are bought together")
  func severalRooms() async throws {
    try await SandboxFixture.run { sandbox in
      let day = try LocalDate("2030-05-01")
      func search(rooms: Int, adults: Int, _ ages: [Int] = []) -> OfferSearch {
        OfferSearch(
          .lodging, to: "LIS", on: day, nights: 3, rooms: rooms, adults: adults, childAges: ages, currency: .euro)
      }
      let beds = sandbox.bedbank
      let one = try await beds.search(search(rooms: 1, adults: 2, [7]))
      let two = try await beds.search(search(rooms: 2, adults: 4, [7, 7]))
      let pair = try #require(
        two.lazy.compactMap { offer in
          one.first { $0.place == offer.place }.map { (single: $0, double: offer) }
        }.first)
      #expect(pair.double.price.minorUnits == 2 * pair.single.price.minorUnits)
      for (adults, ages) in [(3, []), (4, [7]), (4, [7, 9])] as [(Int, [Int])] {
        #expect(try await beds.search(search(rooms: 2, adults: adults, ages)).isEmpty, "\(adults) and \(ages)")
      }
      let names = ["Ada", "Bo", "Cy", "Di", "Eve", "Flo"]
      let travellers = try names.enumerated().map { number, name in
        SaleTraveller(
          givenName: name, familyName: "Lovelace", born: try LocalDate(number < 4 ? "1990-01-01" : "2023-01-01"))
      }
      var random = SeededRandom(seed: 9)
      let fresh = try await beds.verify(pair.double.key)
      let order = SaleOrder(
        BookingReference(using: &random), offer: fresh.key, price: fresh.price, travellers: travellers)
      let standing = try await beds.book(order)
      #expect(standing.price == fresh.price)
      let sale = try #require(try await sandbox.books().list("sales").first)
      #expect(sale.count("count") == 2 && sale.count("price") == Int(fresh.price.minorUnits))
    }
  }

  @Test("each seller sells, says what it sold under our reference, and takes it back once; the books agree")
  func wholeLife() async throws {
    try await SandboxFixture.run { sandbox in
      for (index, seller) in sandbox.all.enumerated() {
        let order = try await sandbox.order(seller, seed: UInt64(index))
        let booked = try await seller.book(order)
        #expect(booked.reference == order.reference && booked.price == order.price, "\(seller.name)")
        let found = try await seller.standing(of: order.reference)
        #expect(found == booked, "\(seller.name)")
        // Asked again, nothing is bought again.
        let again = try await seller.book(order)
        #expect(again.sellerName == booked.sellerName, "\(seller.name)")
        let cancelled = try await seller.cancel(order.reference)
        guard case .cancelled(let refund) = cancelled.state else {
          Issue.record("\(seller.name) did not take it back")
          continue
        }
        #expect(cancelled.version > booked.version)
        let sale = try await sandbox.books().list("sales").first { $0.text("reference") == order.reference.text }
        #expect(try sale?.member("refunded")?.int == Int(refund.minorUnits), "\(seller.name)")
        #expect(sale?.text("state") == "cancelled")
      }
      let books = try await sandbox.books()
      #expect(books.list("sales").count == 3)
      #expect(try books.member("repeatedReferences")?.int == 0)
    }
  }

  @Test("offers say what they cost, when they leave and what may be given back")
  func offers() async throws {
    try await SandboxFixture.run { sandbox in
      let flights = try await sandbox.duffel.search(try sandbox.search(sandbox.duffel))
      #expect(flights.count >= 8)
      for offer in flights {
        #expect(offer.rides.first?.origin == "BER" && offer.rides.last?.destination == "LIS")
        #expect(offer.price.minorUnits > 0 && offer.taxes.minorUnits < offer.price.minorUnits)
        #expect(offer.expires == sandbox.clock.read().adding(seconds: 1800))
      }
      #expect(Set(flights.map { $0.terms.refunds.isEmpty }).count == 2)
      let others = try await sandbox.amadeus.search(try sandbox.search(sandbox.amadeus))
      // One inventory: the same flights at the same prices, whoever is asked.
      #expect(Set(others.map(\.price)) == Set(flights.map(\.price)))
      #expect(others.map { $0.rides[0].number } == flights.map { $0.rides[0].number })
      let beds = try await sandbox.bedbank.search(try sandbox.search(sandbox.bedbank))
      #expect(beds.allSatisfy { $0.place?.nights == 3 && $0.kind == .lodging })
      #expect(Set(beds.map(\.needsRecheck)).count == 2)
      let free = try #require(beds.first { $0.terms.refunds.count == 2 })
      let first = try LocalDate("2030-05-01")
      #expect(free.terms.fee(at: sandbox.clock.read()) == .zero(.euro))
      #expect(free.terms.refunds[0].before == ZoneRules.utc.serviceDayStart(of: first.adding(days: -2)))
    }
  }

  @Test("a place is held, paid for under the same reference, and ticketed; unpaid, it lapses")
  func held() async throws {
    try await SandboxFixture.run { sandbox in
      var held: SaleOrder?
      for index in 0..<3 where held == nil {
        let order = try await sandbox.order(sandbox.duffel, seed: UInt64(index), offer: index)
        if case .success = await outcome({ () async throws(SellerFault) in try await sandbox.duffel.hold(order) }) {
          held = order
        }
      }
      let order = try #require(held)
      guard case .held(let until) = try await sandbox.duffel.standing(of: order.reference)?.state else {
        Issue.record("nothing is held")
        return
      }
      #expect(until > sandbox.clock.read())
      let booked = try await sandbox.duffel.book(order)
      guard case .ticketed(let numbers) = booked.state else {
        Issue.record("no tickets came: \(booked)")
        return
      }
      #expect(numbers.count == 2)

      var other: SaleOrder?
      for index in 0..<3 where other == nil {
        let order = try await sandbox.order(sandbox.duffel, seed: UInt64(100 + index), offer: index)
        if case .success = await outcome({ () async throws(SellerFault) in try await sandbox.duffel.hold(order) }) {
          other = order
        }
      }
      let late = try #require(other)
      sandbox.clock.advance(3601)
      #expect(try await sandbox.duffel.standing(of: late.reference)?.state == .lapsed)
      let tried = await outcome { () async throws(SellerFault) in try await sandbox.duffel.book(late) }
      #expect(word(tried) == "declined expired")
    }
  }

  @Test("an order is changed for what was agreed, and not for more")
  func changed() async throws {
    try await SandboxFixture.run { sandbox in
      let order = try await sandbox.order(sandbox.duffel)
      _ = try await sandbox.duffel.book(order)
      let offers = try await sandbox.duffel.search(try sandbox.search(sandbox.duffel))
      let target = try #require(offers.max { $0.price.minorUnits < $1.price.minorUnits })
      var change = order
      change.offer = target.key
      change.price = Money(minorUnits: 1, .euro)
      let wanted = change
      let dear = await outcome { () async throws(SellerFault) in
        try await sandbox.duffel.change(order.reference, to: wanted)
      }
      #expect(word(dear) == "declined priceChanged")
      change.price = target.price
      let changed = try await sandbox.duffel.change(order.reference, to: change)
      #expect(changed.version > 3 && changed.price.minorUnits == target.price.minorUnits + 3000)
      let sale = try await sandbox.books().list("sales").first
      #expect(try sale?.member("paid")?.int == Int(changed.price.minorUnits))
    }
  }

  @Test("times that the airline wants otherwise are told as such")
  func delayed() async throws {
    try await SandboxFixture.run { sandbox in
      let order = try await sandbox.order(sandbox.duffel)
      let booked = try await sandbox.duffel.book(order)
      _ = try await sandbox.own(
        .post, "/sandbox/delays", #"{"order":"\#(booked.sellerName)","minutes":90}"#)
      let now = try #require(try await sandbox.duffel.standing(of: order.reference))
      guard case .changedBySeller(let offer) = now.state else {
        Issue.record("nothing was told: \(now)")
        return
      }
      #expect(offer.rides.first?.origin == "BER" && now.version > booked.version)
    }
  }

  @Test("whoever holds nothing and changes nothing says so before anything is sent")
  func notAllowed() async throws {
    try await SandboxFixture.run { sandbox in
      for seller in [sandbox.amadeus, sandbox.bedbank] as [any Seller] {
        let order = try await sandbox.order(seller)
        #expect(
          word(await outcome { () async throws(SellerFault) in try await seller.hold(order) }) == "declined notAllowed")
        let change = await outcome { () async throws(SellerFault) in
          try await seller.change(order.reference, to: order)
        }
        #expect(word(change) == "declined notAllowed")
      }
      #expect(try await sandbox.books().list("sales").isEmpty)
    }
  }

  @Test("a wrong key is told from anything else")
  func wrongKey() async throws {
    try await SandboxFixture.run { sandbox in
      let account = SellerAccount(name: "x", url: sandbox.url, key: "wrong", secret: "wrong")
      let sellers: [any Seller] = [
        DuffelSeller(account, sandbox.client, now: sandbox.clock.read),
        AmadeusSeller(account, sandbox.client, zones: { _ in .utc }, now: sandbox.clock.read),
        BedbankSeller(account, sandbox.client, now: sandbox.clock.read),
      ]
      for seller in sellers {
        let search = try sandbox.search(seller)
        let found = await outcome { () async throws(SellerFault) in try await seller.search(search) }
        #expect(word(found) == "declined forbidden")
      }
    }
  }
}
