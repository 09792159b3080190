import EventLoop
import HTTP
import JSON
import Kernel
import Secrets
import Synchronization
import Telemetry
import Testing

@testable import Sandbox

@Suite("The sandbox, asked as its sellers' APIs describe")
struct SandboxTests {
  private static let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))

  /// Runs a body beside a sandbox on a port of its own.
  private func withSandbox(
    _ settings: SandboxSettings = SandboxSettings(), _ body: (Caller) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    let sandbox = try SandboxServer(
      settings, listen: ListenAddress("127.0.0.1:0"), group: group, logger: SandboxTests.logger)
    try await sandbox.start()
    let client = try HTTPClient(loop: group.loops[0])
    try await body(Caller(client: client, url: "http://\(sandbox.address)"))
    await client.close()
    await sandbox.stop()
    group.shutdown()
  }

  private struct Caller {
    let client: HTTPClient
    let url: String

    func ask(
      _ method: HTTPMethod, _ path: String, _ body: String = "", _ fields: [(String, String)] = Caller.duffel
    ) async throws -> (status: Int, body: JSONNode) {
      var request = ClientRequest(method, url + path)
      for (name, value) in fields { request.fields.set(name, value) }
      request.fields.set("Content-Type", "application/json")
      request.body = Array(body.utf8)
      request.isIdempotent = false
      let response = try await client.send(request)
      return (response.status, try JSONDocument(bytes: response.body.isEmpty ? Array("{}".utf8) : response.body).root)
    }

    static let duffel = [("Authorization", "Bearer sandbox-key"), ("Duffel-Version", "v2")]
  }

  private static let search = """
    {"data":{"slices":[{"origin":"BER","destination":"LIS","departure_date":"2030-05-01"}],
    "passengers":[{"type":"adult"},{"age":7}],"cabin_class":"economy"}}
    """

  @Test("the same seed sells the same flights, and another seed others")
  func seeded() async throws {
    let one = Inventory(seed: 7, pricesMoveSeconds: 600)
    let again = Inventory(seed: 7, pricesMoveSeconds: 600)
    let other = Inventory(seed: 8, pricesMoveSeconds: 600)
    let day = try LocalDate("2030-05-01")
    let fares = { (inventory: Inventory) in inventory.flights(from: "BER", to: "LIS", on: day).map(\.fare) }
    #expect(fares(one) == fares(again))
    #expect(fares(one) != fares(other))
    #expect(fares(one).count >= 8)
  }

  @Test("prices move with time, and not far")
  func moving() throws {
    let inventory = Inventory(seed: 7, pricesMoveSeconds: 600)
    let flight = inventory.flights(from: "BER", to: "LIS", on: try LocalDate("2030-05-01"))[0]
    let prices = (0..<50).map { step in
      inventory.price(
        flight, cabin: "economy", Party(adults: 1, childAges: []),
        at: Instant(secondsSinceEpoch: 1_800_000_000 + Int64(step) * 600))
    }
    #expect(Set(prices).count > 10)
    for price in prices { #expect(abs(price - flight.fare) * 100 <= flight.fare * 8 + 100) }
  }

  @Test("who has no key, or names no version, is told so")
  func keys() async throws {
    try await withSandbox { caller in
      #expect(try await caller.ask(.post, "/air/offer_requests", Self.search, []).status == 401)
      let noVersion = try await caller.ask(
        .post, "/air/offer_requests", Self.search, [("Authorization", "Bearer sandbox-key")])
      #expect(noVersion.status == 400)
      #expect(noVersion.body.list("errors").first?.text("code") == "missing_version_header")
    }
  }

  @Test("an order takes an offer up once, is paid for exactly, and stands in the books")
  func order() async throws {
    try await withSandbox { caller in
      let found = try await caller.ask(.post, "/air/offer_requests", Self.search)
      #expect(found.status == 201)
      let offer = try #require(found.body.member("data")?.list("offers").first)
      let id = try #require(offer.text("id"))
      let amount = try #require(offer.text("total_amount"))
      let people = offer.list("passengers").compactMap { $0.text("id") }
      #expect(people.count == 2)
      func body(_ amount: String) -> String {
        let passengers = people.map { #"{"id":"\#($0)","given_name":"Ada","family_name":"L"}"# }.joined(separator: ",")
        return """
          {"data":{"type":"instant","selected_offers":["\(id)"],"passengers":[\(passengers)],
          "payments":[{"type":"balance","amount":"\(amount)","currency":"EUR"}],"metadata":{"reference":"R1"}}}
          """
      }
      let cheap = try await caller.ask(.post, "/air/orders", body("1.00"))
      #expect(cheap.status == 422)
      #expect(cheap.body.list("errors").first?.text("code") == "price_changed")
      let order = try await caller.ask(.post, "/air/orders", body(amount))
      #expect(order.status == 201)
      #expect(order.body.member("data")?.list("documents").count == 2)
      #expect(try await caller.ask(.post, "/air/orders", body(amount)).status == 422)
      let books = try await caller.ask(.get, "/sandbox/books").body
      #expect(books.list("sales").count == 1)
      #expect(books.list("sales").first?.text("reference") == "R1")
      #expect(try books.member("paid")?.int == books.list("sales").first?.member("price")?.int)
    }
  }

  @Test("a fault that was asked for comes with the next request of its kind, and only then")
  func faults() async throws {
    try await withSandbox { caller in
      let wanted = try await caller.ask(
        .post, "/sandbox/faults", #"{"next":[{"deed":"search","fault":"error"}]}"#)
      #expect(wanted.status == 204)
      #expect(try await caller.ask(.post, "/air/offer_requests", Self.search).status == 500)
      #expect(try await caller.ask(.post, "/air/offer_requests", Self.search).status == 201)
      let unknown = try await caller.ask(.post, "/sandbox/faults", #"{"next":[{"deed":"search","fault":"rain"}]}"#)
      #expect(unknown.status == 400)
    }
  }

  @Test("a rate's key says what it is, and reads back")
  func rateKeys() throws {
    let room = RoomKey(
      checkIn: try LocalDate("2030-12-30"), checkOut: try LocalDate("2031-01-02"), house: 12_340, destination: "BER",
      room: "DBL.ST", party: Party(adults: 2, childAges: [4, 9]))
    let key = RateKey(room: room, board: "BB", net: 12_345)
    let again = try #require(RateKey(key.text))
    #expect(again.room == room && again.net == 12_345 && again.board == "BB")
    #expect(RateKey("20301230|20301229|W|1|1|A||BB|BER|1~2~0||N@1") == nil)
    #expect(RateKey("rubbish") == nil)
  }

  @Test("the last seat is sold once, and free again when it is given back")
  func lastSeat() throws {
    var books = Books()
    let key = FlightKey(origin: "BER", destination: "LIS", date: try LocalDate("2030-05-01"), index: 0)
    let now = Instant(secondsSinceEpoch: 1_800_000_000)
    func sale(_ id: String) -> Sale {
      var sale = Sale(
        id: id, shape: .duffel, reference: id, goods: .flight(key, cabin: "economy", Party(adults: 1, childAges: [])),
        travellers: [], state: .confirmed, price: 100, created: now)
      sale.paid = 100
      return sale
    }
    try books.enter(sale("a"), of: 1)
    var refused = false
    do { try books.enter(sale("b"), of: 1) } catch { refused = error == .soldOut }
    #expect(refused)
    let given = try books.cancel("a", refund: 80, at: now)
    #expect(given.refunded == 80)
    try books.enter(sale("b"), of: 1)
    #expect(books.sales.count == 2)
  }
}
