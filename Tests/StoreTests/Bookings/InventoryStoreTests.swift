import Booking
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// What the installation sells itself, when everybody wants the last of it.
@Suite("Inventory of our own")
struct InventoryStoreTests {
  private struct Shop {
    let client: PostgresClient
    let store: InventoryStore
    let seller: OwnSeller
    let first: LocalDate

    func count(_ query: SQL) async throws -> Int64 { try await client.query(query).decodeOnly(Int64.self) }

    func deadlocks() async throws -> Int64 {
      try await count("select deadlocks from pg_stat_database where datname = current_database()")
    }
  }

  private static let clock: @Sendable () -> Instant = { Instant(secondsSinceEpoch: 1_800_000_000) }

  private func withShop(connections: Int = 4, _ body: (Shop) async throws -> Void) async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client(connections: connections)
      let store = Database(client).inventory
      try await body(
        Shop(
          client: client, store: store, seller: OwnSeller("own", store, now: Self.clock),
          first: try LocalDate("2030-05-01")))
      await client.close()
    }
  }

  private func room(_ id: String, sleeps: Int = 2, night: Int64 = 10_000, freeDays: Int? = nil) -> OwnRoom {
    OwnRoom(
      id: id, place: "AMS", house: "Canal House", rate: "double", sleeps: sleeps,
      night: Money(minorUnits: night, .euro), freeDays: freeDays, isOnSale: true)
  }

  private func run(seats: Int) throws -> OwnRun {
    OwnRun(
      id: "coach-7", kind: .coach, origin: "BER", destination: "AMS", day: try LocalDate("2030-05-01"),
      departure: try Instant("2030-05-01T08:00:00+02:00"), arrival: try Instant("2030-05-01T16:00:00+02:00"),
      carrier: "Ours", number: "7", seats: seats, seat: Money(minorUnits: 2_900, .euro), freeDays: 1, isOnSale: true)
  }

  private func reference(_ number: Int) -> BookingReference {
    var random = SeededRandom(seed: UInt64(number) &+ 77)
    return BookingReference(using: &random)
  }

  private func order(_ number: Int, _ offer: Offer) -> SaleOrder {
    SaleOrder(
      reference(number), offer: offer.key, price: offer.price,
      travellers: [SaleTraveller(givenName: "Ada", familyName: "Lovelace")])
  }

  private func search(_ shop: Shop, people: Int = 2, nights: Int = 3) async throws -> [Offer] {
    try await shop.seller.search(
      OfferSearch(.lodging, to: "AMS", on: shop.first, nights: nights, adults: people, currency: .euro))
  }

  private enum Outcome: Hashable { case got, soldOut, other(String) }

  private func outcome(_ body: () async throws(SellerFault) -> SaleStanding) async -> Outcome {
    do throws(SellerFault) {
      _ = try await body()
      return .got
    } catch {
      if case .declined(.soldOut, _) = error { return .soldOut }
      return .other("\(error)")
    }
  }

  @Test("where several rooms are wanted a party gets so many of one house, and nobody gets fewer")
  func severalRooms() async throws {
    try await withShop { shop in
      for id in ["attic", "blue", "cellar"] { try await shop.store.put(room(id, sleeps: 4)) }
      func offers(rooms: Int) async throws -> [Offer] {
        try await shop.seller.search(
          OfferSearch(
            .lodging, to: "AMS", on: shop.first, nights: 3, rooms: rooms, adults: 4, currency: .euro))
      }
      let one = try await offers(rooms: 1)
      #expect(one.count == 3 && one.allSatisfy { $0.price == Money(minorUnits: 30_000, .euro) })
      let two = try await offers(rooms: 2)
      #expect(two.map(\.key.name) == ["room.2030-05-01.3.4.attic+blue"])
      #expect(two.first?.price == Money(minorUnits: 60_000, .euro))
      #expect(try await offers(rooms: 4).isEmpty)
      _ = try await shop.seller.book(order(1, try #require(two.first)))
      #expect(try await shop.count("select count(*) from inventory_night") == 2)
      #expect(try await offers(rooms: 2).isEmpty)
    }
  }

  @Test("of a hundred at once who want the last room exactly one gets it, held or bought")
  func lastRoom() async throws {
    try await withShop(connections: 16) { shop in
      try await shop.store.put(room("attic"))
      let offer = try #require(try await search(shop).first)
      let outcomes = await withTaskGroup(of: Outcome.self) { group in
        for number in 0..<100 {
          group.addTask {
            await self.outcome { () async throws(SellerFault) -> SaleStanding in
              let order = self.order(number, offer)
              if number % 2 == 0 { return try await shop.seller.hold(order) }
              return try await shop.seller.book(order)
            }
          }
        }
        return await group.reduce(into: [Outcome]()) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == .got } == 1 && outcomes.count { $0 == .soldOut } == 99, "\(Set(outcomes))")
      #expect(try await shop.count("select count(*) from inventory_night") == 1)
      let left = try await search(shop)
      #expect(left.isEmpty)
    }
  }

  @Test("of a hundred at once who want the last three seats three get one each")
  func lastSeats() async throws {
    try await withShop(connections: 16) { shop in
      _ = try await shop.store.put(try run(seats: 3))
      let search = OfferSearch(.coach, from: "BER", to: "AMS", on: shop.first, adults: 1, currency: .euro)
      let offer = try #require(try await shop.seller.search(search).first)
      #expect(offer.left == 3 && offer.price == Money(minorUnits: 2_900, .euro))
      let outcomes = await withTaskGroup(of: Outcome.self) { group in
        for number in 0..<100 {
          group.addTask {
            await self.outcome { () async throws(SellerFault) -> SaleStanding in
              try await shop.seller.book(self.order(number, offer))
            }
          }
        }
        return await group.reduce(into: [Outcome]()) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == .got } == 3 && outcomes.count { $0 == .soldOut } == 97, "\(Set(outcomes))")
      #expect(try await shop.count("select taken::int8 from inventory_run") == 3)
    }
  }

  @Test("whoever takes several rooms in one order and whoever takes them in another never wait for each other")
  func oppositeOrders() async throws {
    try await withShop(connections: 16) { shop in
      for id in ["a", "b", "c", "d"] { try await shop.store.put(room(id)) }
      // The database may have been another test's before.
      let before = try await shop.deadlocks()
      let ways = [["a", "b", "c", "d"], ["d", "c", "b", "a"]]
      let outcomes = await withTaskGroup(of: Outcome.self) { group in
        for number in 0..<80 {
          group.addTask {
            // Each pair of nights is wanted by two, who name the rooms in opposite orders.
            let goods = OwnGoods.rooms(
              ways[number % 2], first: shop.first.adding(days: number / 2 * 2), nights: 2, people: 8)
            let wish = SaleOrder(
              self.reference(number), offer: OfferKey(seller: "own", name: goods.name),
              price: Money(minorUnits: 80_000, .euro), travellers: [])
            return await self.outcome { () async throws(SellerFault) -> SaleStanding in try await shop.seller.hold(wish)
            }
          }
        }
        return await group.reduce(into: [Outcome]()) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == .got } == 40 && outcomes.count { $0 == .soldOut } == 40, "\(Set(outcomes))")
      let after = try await shop.deadlocks()
      #expect(after == before)
    }
  }

  @Test("PostgreSQL itself refuses a room twice and a seat too many, whoever asks")
  func constraints() async throws {
    try await withShop { shop in
      try await shop.store.put(room("attic"))
      _ = try await shop.store.put(try run(seats: 1))
      let offer = try #require(try await search(shop).first)
      _ = try await shop.seller.book(order(1, offer))
      let other = reference(2).text
      try await shop.client.transaction { transaction in
        try await transaction.execute(
          """
          insert into inventory_sale (reference, offer, state, first, currency, price)
          values (\(other), 'room', 'sold', '2030-05-03', 'EUR', 1)
          """)
      }
      await #expect(throws: PostgresError.self) {
        _ = try await shop.client.execute(
          "insert into inventory_night values (\(other), 'attic', daterange('2030-05-03', '2030-05-04'))")
      }
      // The day of departure is the next one's day of arrival.
      _ = try await shop.client.execute(
        "insert into inventory_night values (\(other), 'attic', daterange('2030-05-04', '2030-05-05'))")
      await #expect(throws: PostgresError.self) {
        _ = try await shop.client.execute("update inventory_run set taken = 2")
      }
      let goods = OwnGoods.seats("coach-7", people: 1)
      let seat = OwnOrder(reference(3), goods, price: Money(minorUnits: 2_900, .euro), holdSeconds: nil)
      _ = try await shop.store.take(seat)
      let isChanged = try await shop.store.put(try run(seats: 0))
      #expect(!isChanged, "more seats are sold than that")
    }
  }

  @Test("what is held runs out: it is nobody's any more, and the next one gets it")
  func holds() async throws {
    try await withShop { shop in
      try await shop.store.put(room("attic"))
      _ = try await shop.store.put(try run(seats: 1))
      let stay = try #require(try await search(shop).first)
      let search = OfferSearch(.coach, from: "BER", to: "AMS", on: shop.first, adults: 1, currency: .euro)
      let ride = try #require(try await shop.seller.search(search).first)
      for (number, offer) in [stay, ride].enumerated() {
        _ = try await shop.seller.hold(order(number, offer))
        let taken = await outcome { () async throws(SellerFault) -> SaleStanding in
          try await shop.seller.book(order(number + 10, offer))
        }
        #expect(taken == .soldOut)
        _ = try await shop.client.execute(
          """
          update inventory_sale set held_until = now() - interval '1 second' where reference = \(reference(number).text)
          """)
        let late = try await shop.seller.standing(of: reference(number))
        #expect(late?.state == .lapsed)
        let verified = try await shop.seller.verify(offer.key)
        #expect(verified.price == offer.price)
        let next = try await shop.seller.book(order(number + 10, offer))
        #expect(next.state == .ticketed([reference(number + 10).text]))
        let gone = try await shop.seller.standing(of: reference(number))
        #expect(gone?.state == .lapsed)
      }
      #expect(try await shop.count("select taken::int8 from inventory_run") == 1)
    }
  }

  @Test("under one reference something is had once; what is given back in time is paid back, and free again")
  func onceAndBack() async throws {
    try await withShop { shop in
      try await shop.store.put(room("attic", freeDays: 2))
      let offer = try #require(try await search(shop).first)
      let held = try await shop.seller.hold(order(1, offer))
      let again = try await shop.seller.hold(order(1, offer))
      #expect(held == again)
      let sold = try await shop.seller.book(order(1, offer))
      let soldAgain = try await shop.seller.book(order(1, offer))
      #expect(sold == soldAgain && sold.version > held.version)
      let back = try await shop.seller.cancel(reference(1))
      #expect(back.state == .cancelled(refund: offer.price))
      let backAgain = try await shop.seller.cancel(reference(1))
      #expect(back == backAgain)
      let free = try await search(shop)
      #expect(free.count == 1)
      // After the day nothing is paid back.
      _ = try await shop.seller.book(order(2, offer))
      let late = OwnSeller("own", shop.store) { Instant(secondsSinceEpoch: 1_903_737_600) }
      let lost = try await late.cancel(reference(2))
      #expect(lost.state == .cancelled(refund: .zero(.euro)))
    }
  }

  @Test("a dearer room is not sold at the old price, and a party gets as many rooms as it takes")
  func pricesAndParties() async throws {
    try await withShop { shop in
      for id in ["a", "b"] { try await shop.store.put(room(id)) }
      let party = try await search(shop, people: 4)
      #expect(party.count == 1 && party[0].price == Money(minorUnits: 60_000, .euro))
      let none = try await search(shop, people: 5)
      #expect(none.isEmpty)
      try await shop.store.put(room("a", night: 20_000))
      let dearer = await outcome { () async throws(SellerFault) -> SaleStanding in
        try await shop.seller.book(order(1, party[0]))
      }
      guard case .other(let words) = dearer else {
        Issue.record("it was sold: \(dearer)")
        return
      }
      #expect(words.contains("priceChanged"))
      #expect(try await shop.count("select count(*) from inventory_sale") == 0)
    }
  }
}
