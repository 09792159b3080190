import Booking
import BookingWire
import HTTP
import JSON
import Kernel
import Postgres
import Providers
import Store
import Testing

@testable import API

/// Prices over HTTP, from the sandbox's sellers.
@Suite("Prices")
struct PriceRoutesTests {
  private func offers(_ json: JSONNode) throws -> [Offer] {
    try #require(json.find("/offers")).array.map { try OfferReader(json: $0).offer }
  }

  @Test("flights come from every seller, cheapest first, with their terms, and pages join up to the whole")
  func flights() async throws {
    try await PriceFixture.run { fixture in
      let whole = try await fixture.json(PriceFixture.flights + "&limit=50")
      #expect(try whole.find("/id")?.string == "flight.BER-LIS.economy.1.EUR.2030-05-01")
      #expect(try whole.find("/stale")?.bool == false && whole.find("/missing")?.array.count == 0)
      let all = try offers(whole)
      #expect(Set(all.map(\.key.seller)) == ["duffel", "amadeus"])
      let prices = all.map(\.price.minorUnits)
      let total = try whole.find("/total")?.int
      #expect(prices == prices.sorted() && prices.count == total)
      #expect(all.contains { $0.terms.checkedBags > 0 } && all.contains { !$0.terms.refunds.isEmpty })
      var names: [String] = []
      var cursor = ""
      repeat {
        let page = try await fixture.json(PriceFixture.flights + "&limit=3" + cursor)
        #expect(page.find("/renewed") == nil)
        names += try offers(page).map(\.key.text)
        let next = try #require(page.find("/next"))
        cursor = next.isNull ? "" : "&cursor=\(try next.string)"
      } while !cursor.isEmpty
      #expect(names == all.map(\.key.text))
      #expect(fixture.cache.counts.flights == 1)
    }
  }

  @Test("each filter leaves exactly what the whole has of that, and asks no seller")
  func filters() async throws {
    try await PriceFixture.run { fixture in
      let all = try offers(try await fixture.json(PriceFixture.flights + "&limit=50"))
      let limit = all[all.count / 2].price
      let moment = all[0].rides[0].departure
      let carrier = try #require(all[0].rides.first?.carrier)
      let cases: [(query: String, holds: (Offer) -> Bool)] = [
        ("stops=0", { $0.rides.count == 1 }), ("bags=1", { $0.terms.checkedBags >= 1 }),
        ("priceMax=\(limit.amountText)", { $0.price.minorUnits <= limit.minorUnits }),
        ("carriers=\(carrier)", { offer in offer.rides.allSatisfy { $0.carrier == carrier } }),
        ("departsFrom=\(moment)", { ($0.rides.first?.departure ?? moment) >= moment }),
        ("departsBefore=\(moment)", { ($0.rides.first?.departure ?? moment) < moment }),
        (
          "refundable=true",
          { offer in
            offer.terms.fee(at: PriceFixture.now).map { $0.minorUnits < offer.price.minorUnits } ?? false
          }
        ),
      ]
      for (query, holds) in cases {
        let shown = try offers(try await fixture.json(PriceFixture.flights + "&limit=50&" + query))
        #expect(shown.map(\.key) == all.filter(holds).map(\.key), "\(query)")
      }
      #expect(fixture.cache.counts.flights == 1)
    }
  }

  @Test("stays and the way back are asked for too")
  func others() async throws {
    try await PriceFixture.run { fixture in
      let stays = try await fixture.json("/prices/hotels?place=LIS&date=\(PriceFixture.date)&nights=3&adults=2")
      let houses = try offers(stays)
      #expect(!houses.isEmpty && houses.allSatisfy { $0.place?.nights == 3 })
      let both = try await fixture.json(PriceFixture.flights + "&return=2030-05-08")
      let back = try offers(try #require(both.find("/return")))
      #expect(
        !back.isEmpty && back.allSatisfy { $0.rides.first?.origin == "LIS" && $0.rides.last?.destination == "BER" })
    }
  }

  @Test(
    "what cannot be asked is refused with the parameter and the mend",
    arguments: [
      ("origin=BER&destination=LIS", "date"), ("origin=B&destination=LIS&date=2030-05-01", "origin"),
      ("origin=BER&destination=LIS&date=2020-05-01", "date"),
      ("origin=BER&destination=LIS&date=2030-05-01&adults=10", "adults"),
      ("origin=BER&destination=LIS&date=2030-05-01&children=4,x", "children"),
      ("origin=BER&destination=LIS&date=2030-05-01&priceMax=1.234", "priceMax"),
      ("origin=BER&destination=LIS&date=2030-05-01&currency=EUX", "currency"),
      ("origin=BER&destination=LIS&date=2030-05-01&cursor=7", "cursor"),
      ("origin=BER&destination=LIS&date=2030-05-01&return=2030-04-30", "return"),
      ("origin=BER&destination=LIS&date=2030-05-01&order=cheap", "order"),
    ])
  func refused(_ query: String, _ name: String) async throws {
    try await PriceFixture.run { fixture in
      let answer = try await fixture.app.send(.get, "/v1/prices/flights?" + query)
      #expect(answer.status == 400, "\(answer.text)")
      #expect(try answer.string("/errors/0/pointer") == name)
      #expect(fixture.cache.counts.flights == 0)
    }
  }

  @Test("without sellers there is no answer, and it says why")
  func noSellers() async throws {
    try await ApplicationFixture.run(.inProcess) { app in
      let answer = try await app.send(.get, PriceFixture.flights)
      #expect(answer.status == 400 || answer.status == 503, "\(answer.text)")
      let refresh = try await app.send(
        .post, "/v1/prices/verify", ["Content-Type": "application/json"],
        body: #"{"offer":"duffel:off_1","price":{"amount":"1.00","currency":"EUR"}}"#)
      #expect(refresh.status == 503 && refresh.text.contains("no-sellers"))
    }
  }

  @Test(
    "a stream shows each seller's answer as it comes, and then ends",
    arguments: ["text/event-stream", "application/x-ndjson"])
  func streamed(_ type: String) async throws {
    try await PriceFixture.run(.live) { fixture in
      // One seller says nothing for longer than the others take.
      try await fixture.own("/sandbox/faults", #"{"next":[{"deed":"search","fault":"silence"}]}"#)
      let answer = try await fixture.app.send(.get, PriceFixture.flights, ["Accept": type])
      #expect(answer.status == 200 && answer.field("Content-Type")?.hasPrefix(type) == true)
      let isEvents = type == "text/event-stream"
      let lines = answer.text.split(separator: "\n").map(String.init)
      let pages = try (isEvents ? lines.filter { $0.hasPrefix("data: {\"id") }.map { String($0.dropFirst(6)) } : lines)
        .map { try JSONDocument(text: $0).root }
      try #require(pages.count >= 2, "\(answer.text.prefix(2000))")
      #expect(try pages[0].find("/missing")?.array.count == 1)
      let totals = try pages.compactMap { try $0.find("/total")?.int }
      #expect(totals == totals.sorted())
      if isEvents { #expect(lines.contains("event: end")) }
    }
  }

  @Test("an offer is confirmed with its price now; one that costs more needs consent, and one that is gone is told")
  func verified() async throws {
    try await PriceFixture.run { fixture in
      let all = try offers(try await fixture.json(PriceFixture.flights + "&limit=50"))
      let offer = try #require(all.first { $0.key.seller == "duffel" })
      func body(_ amount: String) -> String {
        #"{"offer":"\#(offer.key.text)","price":{"amount":"\#(amount)","currency":"EUR"}}"#
      }
      let same = try await fixture.post("/v1/prices/verify", body(offer.price.amountText))
      #expect(same.status == 200, "\(same.text)")
      let told = try JSONDocument(bytes: same.body).root
      #expect(try told.find("/changed")?.bool == false && told.find("/consentNeeded")?.bool == false)
      let cheaper = try await fixture.post("/v1/prices/verify", body("1.00"))
      let changed = try JSONDocument(bytes: cheaper.body).root
      #expect(try changed.find("/changed")?.bool == true && changed.find("/consentNeeded")?.bool == true)
      #expect(try OfferReader(json: try #require(changed.find("/offer"))).offer.price == offer.price)
      let strange = try await fixture.post(
        "/v1/prices/verify", #"{"offer":"nobody:x","price":{"amount":"1.00","currency":"EUR"}}"#)
      #expect(strange.status == 422 || strange.status == 400, "\(strange.text)")
    }
  }

  @Test("asking anew reaches sellers at most every fifteen seconds for a search, and few times a minute for a caller")
  func refreshed() async throws {
    var rates = RequestRates()
    rates.sellerQuestionsPerMinute = 3
    try await PriceFixture.run(.live, rates: rates) { fixture in
      let id = "flight.BER-LIS.economy.1.EUR.2030-05-01"
      for _ in 0..<3 {
        let answer = try await fixture.post("/v1/prices/refresh", #"{"id":"\#(id)"}"#)
        #expect(answer.status == 200, "\(answer.text)")
      }
      #expect(fixture.cache.counts.flights == 1)
      #expect(try await fixture.post("/v1/prices/refresh", #"{"id":"\#(id)"}"#).status == 429)
    }
  }

  @Test("what searches show becomes history, told under the answer's id; without one a forecast says why there is none")
  func history() async throws {
    try await PriceFixture.run { fixture in
      let shown = try await fixture.json(PriceFixture.flights)
      await fixture.recorder.flush()
      let id = try #require(try shown.find("/id")?.string)
      let history = try await fixture.json("/v1/prices/history/\(id)")
      let cheapest = try #require(try offers(shown).first).price.amountText
      #expect(try history.find("/latest/price/amount")?.string == cheapest)
      #expect(try history.find("/prices/0/price/amount")?.string == cheapest)
      let forecast = try await fixture.json("/v1/prices/forecast/\(id)?days=7")
      #expect(try forecast.find("/forecasts/0/unknown")?.string.contains("0 earlier days") == true)
      #expect(try await fixture.app.status(.get, "/v1/prices/history/flight.BER") == 404)
      let unseen = "flight.BER-LIS.economy.1.EUR.2030-06-01"
      #expect(try await fixture.app.status(.get, "/v1/prices/forecast/\(unseen)") == 404)
    }
  }

  @Test("with enough earlier days a forecast has an interval, its samples and how often it was right")
  func forecast() async throws {
    try await PriceFixture.run { fixture in
      let shown = try await fixture.json("/v1/prices/flights?origin=BER&destination=LIS&date=2029-12-04")
      await fixture.recorder.flush()
      let route = "flight.BER-LIS.economy.1.EUR"
      // 150 departures, each dearer by about a fifth in its last week.
      try await fixture.app.client.execute(
        """
        insert into price_sighting (search, route, date, price, is_complete, seen_at)
        select \(route) || '.' || date, \(route), date,
          (10000 * (1 + 0.02 * greatest(0, 8 - ahead)) * (1 + 0.05 * sin(number * 7 + ahead * 3)))::bigint, true,
          (date - ahead)::timestamp at time zone 'UTC' + interval '12 hours'
        from generate_series(1, 150) number, generate_series(0, 40) ahead,
          lateral (select '2029-06-25'::date + number as date) departure
        where date - ahead <= '2029-11-22'::date
        """)
      let id = try #require(try shown.find("/id")?.string)
      let forecast = try await fixture.json("/v1/prices/forecast/\(id)?days=3")
      let answer = try #require(forecast.find("/forecasts/0"))
      #expect(try answer.find("/samples")?.int ?? 0 >= 30, "\(forecast)")
      let low =
        try #require(try answer.find("/low/amount")?.string).split(separator: ".").first.flatMap { Int($0) } ?? 0
      let high =
        try #require(try answer.find("/high/amount")?.string).split(separator: ".").first.flatMap { Int($0) } ?? 0
      #expect(low > 0 && low < high)
      let coverage = try answer.find("/coverage")?.double ?? 0
      #expect((0.7...0.9).contains(coverage))
    }
  }

  @Test("packages have one price, no dearer than their parts, and do not tell what a part costs")
  func packages() async throws {
    try await PriceFixture.run { fixture in
      let query = "origin=BER&destination=LIS&date=\(PriceFixture.date)&nights=3&adults=2&limit=10"
      let answer = try await fixture.json("/v1/prices/packages?" + query)
      let packages = try #require(answer.find("/packages")).array
      #expect(packages.count == 10)
      func prices(_ path: String) async throws -> [String: Int64] {
        let all = try offers(try await fixture.json(path + "&adults=2&limit=50"))
        return Dictionary(all.map { ($0.key.text, $0.price.minorUnits) }) { first, _ in first }
      }
      let known = try await prices(PriceFixture.flights)
        .merging(try await prices("/v1/prices/flights?origin=LIS&destination=BER&date=2030-05-04")) { one, _ in one }
        .merging(try await prices("/v1/prices/hotels?place=LIS&date=\(PriceFixture.date)&nights=3")) { one, _ in one }
      for package in packages {
        let parts = try #require(package.find("/parts")).array
        #expect(try parts.compactMap { try $0.find("/kind")?.string } == ["flight", "lodging", "flight"])
        let id = try #require(try package.find("/id")?.string)
        let tilde = try #require(id.lastIndex(of: "~"))
        let key = try #require(PackageKey(String(id[..<tilde])))
        #expect(try key.parts.map(\.text) == parts.compactMap { try $0.find("/id")?.string } && key.currency == .euro)
        #expect(parts.allSatisfy { $0.find("/price") == nil && $0.find("/terms/refunds") == nil })
        let sum = try parts.reduce(0) { $0 + (known[try #require(try $1.find("/id")?.string)] ?? 0) }
        let price = try OfferReader.money(try #require(package.find("/price"))).minorUnits
        #expect(price < sum && price > sum / 2)
      }
    }
  }

  @Test("alerts are one's own, need an account, and say what is wrong with them")
  func alerts() async throws {
    try await PriceFixture.run { fixture in
      let accounts = fixture.accounts
      let (ada, bob) = (try await accounts.join("ada@example.org"), try await accounts.join("bob@example.org"))
      let search = "flight.BER-LIS.economy.1.EUR.2030-05-01"
      let made = try await accounts.send(
        .post, "/v1/prices/alerts", #"{"search":"\#(search)","atMost":"99.50"}"#, as: ada)
      #expect(made.status == 201, "\(made.text)")
      let id = try #require(try made.string("/id"))
      #expect(
        try await accounts.send(.post, "/v1/prices/alerts", #"{"search":"\#(search)","fallsByPercent":10}"#).status
          == 401)
      for wrong in [
        #"{"search":"\#(search)"}"#, #"{"search":"\#(search)","atMost":"1","fallsByPercent":5}"#,
        #"{"search":"x.y.z.a.b","atMost":"1"}"#, #"{"search":"\#(search)","atMost":"0"}"#,
        #"{"search":"\#(search)","fallsByPercent":91}"#,
        #"{"search":"flight.BER-LIS.economy.1.EUR.2020-05-01","atMost":"1"}"#,
      ] {
        let answer = try await accounts.send(.post, "/v1/prices/alerts", wrong, as: ada)
        #expect(answer.status == 422 || answer.status == 400, "\(wrong): \(answer.text)")
      }
      let list = try await accounts.send(.get, "/v1/prices/alerts", as: ada)
      #expect(try list.string("/alerts/0/atMost") == "99.50")
      #expect(try await accounts.send(.get, "/v1/prices/alerts", as: bob).text == #"{"alerts":[]}"#)
      #expect(try await accounts.send(.delete, "/v1/prices/alerts/\(id)", as: bob).status == 404)
      #expect(try await accounts.send(.delete, "/v1/prices/alerts/\(id)", as: ada).status == 204)
    }
  }
}
