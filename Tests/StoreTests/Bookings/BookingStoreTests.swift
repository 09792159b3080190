import Booking
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite("Bookings in the store")
struct BookingStoreTests {
  private static let start = Instant(secondsSinceEpoch: 1_800_000_000)

  private func withStore(_ body: (BookingStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await body(Database(client).bookings, client)
    }
  }

  private func new(_ key: String, seed: UInt64, content: String = "one", price: Int64 = 100) -> NewBooking {
    var random = SeededRandom(seed: seed)
    let item = SagaItem(BookingReference(using: &random), offer: OfferKey(seller: "s", name: "o"), price: price)
    return NewBooking(
      RepeatableRequest(caller: "account 1", key: key, content: Array(content.utf8)), trip: nil, currency: .euro,
      policy: .allOrNothing, collector: "test", items: [item],
      travellers: [SaleTraveller(givenName: "Ada", familyName: "Lovelace")])
  }

  private func id(_ number: UInt64) -> BookingID { BookingID(high: 1, low: number) }

  private func made(_ store: BookingStore, _ number: UInt64) async throws -> StoredBooking {
    let making = try await store.make(new("k\(number)", seed: number), id(number), at: Self.start)
    guard case .made(let booking) = making else { throw Unexpected(what: "\(making)") }
    return booking
  }

  private struct Unexpected: Error { let what: String }

  /// What all sides say when everything goes well.
  private func well(_ call: SagaCall, _ saga: Saga) -> SagaAnswer {
    func seller(_ state: SaleStanding.State, _ version: Int64) -> SagaAnswer {
      .seller(
        SaleStanding(
          saga.items[0].reference, sellerName: "X", state: state, price: Money(minorUnits: 100, .euro),
          version: version))
    }
    func payment(_ state: PaymentStanding.State, back: Int64 = 0) -> SagaAnswer {
      .payment(
        PaymentStanding(
          saga.paymentReference, state, Money(minorUnits: 100, .euro), refunded: Money(minorUnits: back, .euro)))
    }
    return switch call.action {
    case .verify: .offered(price: 100, expires: Self.start.adding(seconds: 3600))
    case .hold: seller(.held(until: Self.start.adding(seconds: 3600)), 1)
    case .book, .look, .change: seller(.ticketed(["T1"]), 2)
    case .cancel: seller(.cancelled(refund: Money(minorUnits: 80, .euro)), 3)
    case .authorise: payment(.authorised)
    case .capture: payment(.captured)
    case .void: payment(.voided)
    case .refund(let units): payment(.captured, back: units)
    }
  }

  /// Sends what is due as a worker does, each step in a transaction of its own; whether anything was.
  private func step(_ store: BookingStore, _ id: BookingID) async throws -> Bool {
    let taken = try await store.change(id) { saga in
      let next = saga.take(at: Self.start)
      return (next?.request, next?.effects ?? [])
    }
    guard let taken, let request = taken.value else { return false }
    let answer = well(request.call, taken.booking.saga)
    let isAsked = if case .ask = request { true } else { false }
    _ = try await store.change(id) { saga in
      ((), try saga.handle(.answer(number: request.call.number, isAsked: isAsked, answer), at: Self.start))
    }
    return true
  }

  private func run(_ store: BookingStore, _ id: BookingID, _ event: SagaEvent) async throws {
    _ = try await store.change(id) { saga in ((), try saga.handle(event, at: Self.start)) }
    while try await step(store, id) {}
  }

  @Test("a saga is read as it was stored, at every step, and after a crash in between it goes on")
  func steps() async throws {
    try await withStore { store, client in
      let booking = try await made(store, 1)
      _ = try await store.change(booking.id) { saga in ((), try saga.handle(.pay(method: "card"), at: Self.start)) }
      var phases: Set<BookingPhase> = []
      for _ in 0..<10 {
        let before = try #require(try await store.find(booking.id))
        phases.insert(before.saga.phase)
        // Whoever takes it anew knows of what was sent: it is asked for, or was harmless.
        let taken = try await store.change(booking.id) { saga in
          let next = saga.take(at: Self.start)
          return (saga, next?.effects ?? [])
        }
        let read = try #require(try await store.find(booking.id))
        #expect(read.saga == taken?.value)
        let recovered = try await store.change(booking.id) { saga in
          let effects = saga.recover(at: Self.start)
          return (saga.take(at: Self.start)?.request, effects)
        }
        if let request = recovered?.value, case .ask(let call) = request { #expect(!call.action.isHarmless) }
        _ = try await store.change(booking.id) { saga in
          guard let call = saga.items[0].call ?? saga.payment?.call else { return ((), []) }
          return ((), try saga.handle(.answer(number: call.number, isAsked: false, well(call, saga)), at: Self.start))
        }
        _ = try await step(store, booking.id)
      }
      let end = try #require(try await store.find(booking.id))
      #expect(end.saga.phase == .ticketed && phases.contains(.pending), "\(end.saga)")
      let states = try await client.query(
        "select distinct action || ' ' || state from booking_call where booking_id = \(booking.id)"
      ).decode(String.self)
      #expect(states.contains("capture intent") && states.contains("capture sent") && states.contains("capture ok"))
    }
  }

  @Test("a package is read as it was stored, with its rule and what its parts cost; what was stored before has none")
  func package() async throws {
    try await withStore { store, client in
      var random = SeededRandom(seed: 5)
      let parts = PackageKey.kinds.map {
        SagaItem(BookingReference(using: &random), offer: OfferKey(seller: "s", name: $0.rawValue), part: $0)
      }
      let new = NewBooking(
        RepeatableRequest(caller: "account 1", key: "p", content: []), trip: nil, currency: .euro,
        policy: .allOrNothing, collector: "test", items: parts,
        package: SagaPackage(PackageRule(discountPercent: 7), price: 293), travellers: [])
      let making = try await store.make(new, id(9), at: Self.start)
      guard case .made(let made) = making else { throw Unexpected(what: "\(making)") }
      let verified = try await store.change(made.id) { saga in
        while let request = saga.take(at: Self.start)?.request, request.call.action == .verify {
          let answer = SagaAnswer.offered(price: 100, expires: Self.start.adding(seconds: 3600))
          _ = try saga.handle(.answer(number: request.call.number, isAsked: false, answer), at: Self.start)
        }
        return (saga, [])
      }
      let read = try #require(try await store.find(made.id)).saga
      #expect(read == verified?.value)
      #expect(read.items.map(\.cost) == [100, 100, 100] && read.items.map(\.price) == [100, 93, 100])
      #expect(read.package == SagaPackage(PackageRule(discountPercent: 7), price: 293))
      // As it was stored before there were packages: an item knew its price alone.
      let plain = try await self.made(store, 1)
      _ = try await client.execute(
        "update booking set saga = replace(saga::text, '\"cost\":100,', '')::json where id = \(plain.id)")
      let text = try await client.query("select saga::text from booking where id = \(plain.id)").decodeOnly(String.self)
      #expect(!text.contains("cost"))
      let old = try #require(try await store.find(plain.id)).saga
      #expect(old == plain.saga && old.items[0].cost == 100 && old.package == nil)
    }
  }

  @Test("bookings that go well and ones that are given back leave books that balance, and invoices without gaps")
  func books() async throws {
    try await withStore { store, client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in UInt64(1)...12 {
          group.addTask {
            let booking = try await made(store, number)
            try await run(store, booking.id, .pay(method: "card"))
            if number % 3 == 0 { try await run(store, booking.id, .cancel) }
          }
        }
        try await group.waitForAll()
      }
      let balances = try await client.query(
        "select account, posted from ledger_balance where account not like 'customer/%' order by account"
      ).decode(String.self, Int64.self)
      #expect(balances.map(\.0) == ["card/test", "seller/s"])
      #expect(balances.map(\.1) == [880, -880])
      let open = try await client.query(
        """
        select count(*) from ledger_balance
        where account like 'customer/%' and posted <> 0 or pending_debits <> 0 or pending_credits <> 0
        """
      ).decodeOnly(Int64.self)
      #expect(open == 0)
      let difference = try await client.query(
        """
        select count(*) from (select l.account, l.currency, sum(l.amount) as total from ledger_line l
          join ledger_entry e on e.id = l.entry_id
          where e.kind = 'posted' or exists (select from ledger_entry s where s.settles = e.id and s.kind = 'posting')
          group by 1, 2) lines
        full join ledger_balance b using (account, currency) where coalesce(total, 0) <> coalesce(posted, 0)
        """
      ).decodeOnly(Int64.self)
      #expect(difference == 0)
      let numbers = try await client.query("select number from invoice order by number").decode(Int64.self)
      #expect(numbers == Array(1...12))
    }
  }

  @Test("a request that is sent fifty times at once makes one booking; another under its key is refused")
  func doubleSubmits() async throws {
    try await withStore { store, client in
      let ids = try await withThrowingTaskGroup(of: BookingID?.self) { group in
        for number in UInt64(1)...50 {
          group.addTask {
            switch try await store.make(new("same", seed: 7), id(number), at: Self.start) {
            case .made(let booking), .again(let booking): booking.id
            case .different, .taken: nil
            }
          }
        }
        var ids: [BookingID?] = []
        for try await id in group { ids.append(id) }
        return ids
      }
      #expect(Set(ids).count == 1 && ids.count == 50 && ids[0] != nil)
      let count = try await client.query("select count(*) from booking").decodeOnly(Int64.self)
      #expect(count == 1)
      let other = try await store.make(new("same", seed: 8, content: "two"), id(99), at: Self.start)
      guard case .different = other else { throw Unexpected(what: "\(other)") }
      let stolen = try await store.make(new("new", seed: 7), id(98), at: Self.start)
      guard case .taken = stolen else { throw Unexpected(what: "\(stolen)") }
      let after = try await client.query("select count(*) from booking").decodeOnly(Int64.self)
      #expect(after == 1)
    }
  }

  @Test("fifty who pay at once pay once")
  func payingAtOnce() async throws {
    try await withStore { store, client in
      let booking = try await made(store, 1)
      while try await step(store, booking.id) {}
      let paid = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<50 {
          group.addTask {
            let changed = try? await store.change(booking.id) { saga in
              ((), try saga.handle(.pay(method: "card"), at: Self.start))
            }
            return changed != nil
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(paid == 1)
      while try await step(store, booking.id) {}
      let taken = try await client.query("select sum(amount)::bigint from payment where stage = 'captured'")
        .decodeOnly(Int64.self)
      #expect(taken == 100)
    }
  }

  @Test("the database refuses what would falsify the books")
  func ledgerRules() async throws {
    try await withStore { store, client in
      let booking = try await made(store, 1)
      try await run(store, booking.id, .pay(method: "card"))
      let forbidden: [SQL] = [
        "update ledger_line set amount = amount + 1", "delete from ledger_line", "truncate ledger_line",
        "update ledger_entry set memo = ''", "delete from ledger_entry", "delete from booking_call",
        "update booking_call set state = 'ok'", "update invoice set number = 7",
        "insert into ledger_entry (id, kind, memo) values ('x', 'posted', '')",
        "insert into ledger_line (entry_id, number, account, currency, amount) values ('none', 0, 'a', 'EUR', 1)",
        """
        insert into ledger_line (entry_id, number, account, currency, amount)
        select id, 9, 'loss', 'EUR', 1 from ledger_entry limit 1
        """,
        """
        with e as (insert into ledger_entry (id, kind, memo) values ('x', 'posted', '') returning id)
        insert into ledger_line (entry_id, number, account, currency, amount)
        select id, 0, 'a', 'EUR', 5 from e union all select id, 1, 'b', 'USD', -5 from e
        """,
      ]
      for statement in forbidden {
        await #expect(throws: (any Error).self, "\(statement)") { _ = try await client.query(statement) }
      }
      let overdrawn = LedgerEntry(
        "over", debit: .customer(booking.id.description), credit: .card("test"), minorUnits: 1, .euro, memo: "")
      await #expect(throws: (any Error).self) {
        try await client.transaction { try await $0.pipeline(store.insertion(of: overdrawn, nil)) }
      }
      let posted = try await client.query("select posted from ledger_balance where account = 'card/test'")
        .decodeOnly(Int64.self)
      #expect(posted == 100)
    }
  }
}
