import Booking
import JSON
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// What is kept of prices, who is told of them, and what leaves through the outbox.
@Suite("Prices in the store")
struct PriceStoreTests {
  private static let user = UserID(high: 7, low: 1)
  private static let start = Instant(secondsSinceEpoch: 1_800_000_000)

  private func withStore(_ body: (PriceStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await client.execute(
        "insert into account (id, email, name) values (\(Self.user), 'a@example.org', 'Ada')")
      try await body(Database(client).prices, client)
    }
  }

  private func search(_ days: Int = 0) throws -> OfferSearch {
    OfferSearch(
      .flight, from: "BER", to: "LIS", on: try LocalDate("2030-05-01").adding(days: days), adults: 1, currency: .euro)
  }

  private func sighting(
    _ price: Int64, at seconds: Int64, isComplete: Bool = true, days: Int = 0
  ) throws -> PriceSighting {
    PriceSighting(
      try search(days), price: price, offers: 5, isComplete: isComplete, at: Self.start.adding(seconds: seconds))
  }

  private func count(_ table: SQL, _ client: PostgresClient) async throws -> Int64 {
    try await client.query("select count(*) from \(table)").decodeOnly(Int64.self)
  }

  @Test("a price is noted when it changes, and otherwise once an hour")
  func sampled() async throws {
    try await withStore { store, client in
      var noted: [Int] = []
      for (price, second) in [(100, 0), (100, 60), (90, 120), (90, 3600), (90, 3720), (100, 3800), (100, 3799)] {
        noted.append(try await store.record([try sighting(Int64(price), at: Int64(second))]).noted)
      }
      #expect(noted == [1, 0, 1, 0, 1, 1, 0])
      let name = try #require(try search().name)
      let history = try await store.history(of: name, before: nil, limit: 10)
      #expect(history.map(\.price) == [100, 90, 90, 100])
      let older = try await store.history(of: name, before: history[1].seenAt, limit: 10)
      #expect(older == Array(history.dropFirst(2)))
      #expect(try await store.latest(name)?.price == Money(minorUnits: 100, .euro))
    }
  }

  @Test("where a seller is missing, a dearer price counts only when the last one is a day old")
  func incomplete() async throws {
    try await withStore { store, client in
      let name = try #require(try search().name)
      _ = try await store.record([try sighting(100, at: 0)])
      #expect(try await store.record([try sighting(150, at: 10, isComplete: false)]) == PriceReport())
      #expect(try await store.latest(name)?.price.minorUnits == 100)
      #expect(try await store.record([try sighting(90, at: 20, isComplete: false)]).changed == 1)
      #expect(try await store.record([try sighting(150, at: 90_000, isComplete: false)]).changed == 1)
      #expect(try await store.latest(name)?.isComplete == false)
    }
  }

  @Test("each change leaves one event, in the order in which prices changed")
  func events() async throws {
    try await withStore { store, client in
      for (place, price) in [100, 90, 90, 110].enumerated() {
        _ = try await store.record([
          try sighting(Int64(price), at: Int64(place) * 10), try sighting(50, at: Int64(place) * 10, days: 1),
        ])
      }
      let events = try await client.query("select topic, key, kind, payload::text from outbox order by id")
        .decode(String.self, String.self, String.self, String.self)
      let name = try #require(try search().name)
      #expect(
        events.map(\.0) == ["price-updates", "price-updates"] && events.map(\.2) == ["price.changed", "price.changed"])
      #expect(events.map(\.1) == [name, name])
      let last = try JSONDocument(text: try #require(events.last).3).root
      #expect(try last.find("/from")?.string == "0.90" && last.find("/to")?.string == "1.10")
    }
  }

  @Test("many who record the same at once leave one history")
  func together() async throws {
    try await withStore { store, client in
      let batch = try (0..<40).map { try sighting(100, at: 0, days: $0) }
      _ = try await store.record(batch)
      let next = try (0..<40).map { try sighting(80, at: 60, days: $0) }
      try await withThrowingTaskGroup(of: PriceReport.self) { group in
        for turn in 0..<8 {
          group.addTask { try await store.record(turn.isMultiple(of: 2) ? next : Array(next.reversed())) }
        }
        let reports = try await group.reduce(into: []) { $0.append($1) }
        #expect(reports.reduce(0) { $0 + $1.noted } == 40)
      }
      #expect(try await count("price_sighting", client) == 80)
      #expect(try await count("outbox", client) == 40)
    }
  }

  @Test("an alert is told once for each fall, and a new one sees the price there is")
  func alerts() async throws {
    try await withStore { store, client in
      let name = try #require(try search().name)
      _ = try await store.record([try sighting(100, at: 0)])
      let low = try #require(try await store.addAlert(.atMost(80), on: search(), named: name, of: Self.user).value)
      #expect(low.alert.falls == 0 && low.lastPrice == 100)
      let there = try #require(try await store.addAlert(.atMost(100), on: search(), named: name, of: Self.user).value)
      #expect(there.alert.falls == 1 && there.toldAt != nil)
      _ = try await store.addAlert(.fall(percent: 30), on: search(), named: name, of: Self.user)
      var told: [Int] = []
      for (place, price) in [90, 70, 60, 90, 80].enumerated() {
        told.append(try await store.record([try sighting(Int64(price), at: Int64(place + 1) * 10)]).told)
      }
      // 70: at most 80, and 30 less than 100. 60: neither. 90: above 80 again. 80: at most 80 again.
      #expect(told == [0, 2, 0, 0, 1])
      let jobs = try await client.query(
        "select payload::jsonb ->> 'alert' || ' ' || (payload::jsonb ->> 'fall') from job"
      ).decode(String.self)
      #expect(jobs.count == 4 && Set(jobs).count == 4)
      #expect(try await store.alerts(of: Self.user).map(\.alert.falls) == [2, 1, 1])
      #expect(try await store.removeAlert(low.id, of: UserID(high: 1, low: 1)) == false)
      #expect(try await store.removeAlert(low.id, of: Self.user))
    }
  }

  @Test("an account has fifty alerts, however many it asks for at once")
  func bounded() async throws {
    try await withStore { store, client in
      let (search, name) = (try search(), try #require(try search().name))
      let made = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<60 {
          group.addTask { try await store.addAlert(.atMost(5), on: search, named: name, of: Self.user).value != nil }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(made == 50)
      #expect(try await count("price_alert", client) == 50)
    }
  }

  @Test("searches with alerts are asked about by one process at a time")
  func asking() async throws {
    try await withStore { store, client in
      for number in 0..<6 {
        let search = try search(number)
        _ = try await store.addAlert(.atMost(5), on: search, named: try #require(search.name), of: Self.user)
      }
      var taken: [String] = []
      for _ in 0..<3 { taken += try await store.takeSearches(unaskedSeconds: 600, limit: 4) }
      #expect(taken.count == 6 && Set(taken).count == 6)
    }
  }

  @Test("the history has a part for each month; what is older than two years goes with its part")
  func months() async throws {
    try await withStore { store, client in
      try await store.keepMonths()
      let parts: SQL = "select count(*) from pg_inherits where inhparent = 'price_sighting'::regclass"
      #expect(try await client.query(parts).decodeOnly(Int64.self) == 4)
      try await client.execute(
        "create table price_sighting_202001 partition of price_sighting for values from ('2020-01-01') to ('2020-02-01')"
      )
      try await client.execute(
        """
        insert into price_sighting values ('x', 'x', '2020-03-01', 5, true, '2020-01-05'),
          ('y', 'y', '2020-03-01', 5, true, '2019-01-05'), ('z', 'z', '2020-03-01', 5, true, now())
        """)
      try await store.keepMonths()
      #expect(try await client.query(parts).decodeOnly(Int64.self) == 4)
      #expect(try await client.query("select search from price_sighting").decode(String.self) == ["z"])
      #expect(try await count("price_sighting_default", client) == 0)
    }
  }

  @Test("a route's series have each day's cheapest, as far as all sellers answered")
  func series() async throws {
    try await withStore { store, client in
      let route = try #require(try search().route)
      try await client.execute(
        """
        insert into price_sighting (search, route, date, price, is_complete, seen_at) values
          ('a', \(route), '2030-05-01', 90, true, '2030-04-20T10:00Z'), ('a', \(route), '2030-05-01', 80, true, '2030-04-20T12:00Z'),
          ('a', \(route), '2030-05-01', 10, false, '2030-04-20T13:00Z'), ('a', \(route), '2030-05-01', 70, true, '2030-04-25T12:00Z'),
          ('b', \(route), '2030-05-02', 60, true, '2030-04-25T12:00Z'), ('c', 'other', '2030-05-02', 1, true, '2030-04-25T12:00Z')
        """)
      let series = try await store.series(of: route, daysLeftMax: 30).sorted { $0.date < $1.date }
      #expect(
        series == [
          PriceSeries(try LocalDate("2030-05-01"), [.init(daysLeft: 11, price: 80), .init(daysLeft: 6, price: 70)]),
          PriceSeries(try LocalDate("2030-05-02"), [.init(daysLeft: 7, price: 60)]),
        ])
      #expect(try await store.series(of: route, daysLeftMax: 6).count == 1)
    }
  }
}

extension Making {
  /// What was made, if anything was.
  fileprivate var value: Made? { if case .made(let made) = self { made } else { nil } }
}
