import Booking
import EventLoop
import HTTP
import JSON
import Kernel
import Providers
import Sandbox
import Synchronization
import Telemetry
import Testing

/// A sandbox on a real socket, the three sellers that speak to it, and a clock that all of them share.
struct SandboxFixture: Sendable {
  let url: String
  let client: HTTPClient
  let clock: TestClock
  let duffel: DuffelSeller
  let amadeus: AmadeusSeller
  let bedbank: BedbankSeller

  var all: [any Seller] { [duffel, amadeus, bedbank] }

  private static let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))

  /// Runs a body beside a sandbox of its own.
  static func run(
    _ settings: SandboxSettings = SandboxSettings(), patience: Duration = .seconds(30),
    _ body: (SandboxFixture) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    let clock = TestClock()
    let sandbox = try SandboxServer(
      settings, listen: ListenAddress("127.0.0.1:0"), group: group, logger: logger, clock: clock.read)
    try await sandbox.start()
    let client = try HTTPClient(loop: group.loops[0])
    try await body(SandboxFixture("http://\(sandbox.address)", client, clock, patience: patience))
    await client.close()
    await sandbox.stop()
    group.shutdown()
  }

  init(_ url: String, _ client: HTTPClient, _ clock: TestClock, patience: Duration = .seconds(30)) {
    self.url = url
    self.client = client
    self.clock = clock
    func account(_ name: String) -> SellerAccount {
      SellerAccount(name: name, url: url, key: "sandbox-key", secret: "sandbox-secret", patience: patience)
    }
    duffel = DuffelSeller(account("duffel"), client, now: clock.read)
    amadeus = AmadeusSeller(account("amadeus"), client, zones: { _ in .utc }, now: clock.read)
    bedbank = BedbankSeller(account("bedbank"), client, now: clock.read)
  }

  func search(_ seller: any Seller) throws -> OfferSearch {
    let day = try LocalDate("2030-05-01")
    if seller.kinds.contains(.lodging) {
      return OfferSearch(.lodging, to: "LIS", on: day, nights: 3, adults: 2, currency: .euro)
    }
    return OfferSearch(.flight, from: "BER", to: "LIS", on: day, adults: 1, childAges: [7], currency: .euro)
  }

  /// An order for the first offer that may be given back, or the first at all.
  func order(_ seller: any Seller, seed: UInt64 = 1, offer index: Int = 0) async throws -> SaleOrder {
    let offers = try await seller.search(try search(seller))
    try #require(offers.count > index)
    let good = offers.filter { !$0.terms.refunds.isEmpty && $0.terms.changeFee != nil }
    let offer = try await seller.verify((good.isEmpty ? offers : good)[index].key)
    var random = SeededRandom(seed: seed)
    let travellers = [
      SaleTraveller(givenName: "Ada", familyName: "Lovelace", born: try LocalDate("1990-01-01"), mail: "a@example.org"),
      SaleTraveller(givenName: "Bo", familyName: "Lovelace", born: try LocalDate("2023-01-01")),
    ]
    return SaleOrder(
      BookingReference(using: &random), offer: offer.key, price: offer.price, travellers: travellers)
  }

  /// Puts something in the way of the next request of a kind.
  func want(_ fault: String, for deed: String) async throws {
    let answer = try await own(.post, "/sandbox/faults", #"{"next":[{"deed":"\#(deed)","fault":"\#(fault)"}]}"#)
    try #require(answer.status == 204)
  }

  /// The sandbox's own books.
  func books() async throws -> JSONNode {
    try JSONDocument(bytes: try await own(.get, "/sandbox/books").body).root
  }

  func own(_ method: HTTPMethod, _ path: String, _ body: String = "") async throws -> ClientResponse {
    var request = ClientRequest(method, url + path)
    request.fields.set("Content-Type", "application/json")
    request.body = Array(body.utf8)
    return try await client.send(request)
  }
}

/// A clock that goes forward when it is told to.
final class TestClock: Sendable {
  private let seconds = Atomic<Int64>(1_800_000_000)

  func advance(_ by: Int64) { seconds.wrappingAdd(by, ordering: .relaxed) }

  var read: @Sendable () -> Instant {
    { Instant(secondsSinceEpoch: self.seconds.load(ordering: .relaxed)) }
  }
}

/// What a seller's call came to.
func outcome<Value>(_ body: () async throws(SellerFault) -> Value) async -> Result<Value, SellerFault> {
  do throws(SellerFault) { return .success(try await body()) } catch { return .failure(error) }
}

/// The fault in one word.
func word<Value>(_ result: Result<Value, SellerFault>) -> String {
  switch result {
  case .success: "done"
  case .failure(.declined(let reason, _)): "declined \(reason.rawValue)"
  case .failure(.notSent): "notSent"
  case .failure(.unknown): "unknown"
  }
}
