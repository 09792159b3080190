import Booking
import EventLoop
import HTTP
import JSON
import Kernel
import Providers
import Sandbox
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import API

/// The application with accounts and the sandbox's sellers, each on a real socket.
struct PriceFixture: Sendable {
  let accounts: AccountsFixture
  let cache: OfferCache
  let recorder: PriceRecorder
  let sandbox: String
  let client: HTTPClient

  var app: ApplicationFixture { accounts.app }

  private static let logger = Logger("test", sink: LogSink(descriptor: 2, format: .json, level: .critical))
  static let date = "2030-05-01"
  static let now = Instant(secondsSinceEpoch: 1_890_000_000)
  static let flights = "/v1/prices/flights?origin=BER&destination=LIS&date=\(date)"

  static func run(
    _ way: ApplicationFixture.Way = .inProcess, rates: RequestRates? = nil,
    _ body: (PriceFixture) async throws -> Void
  ) async throws {
    let group = try EventLoopGroup(count: 1)
    var settings = SandboxSettings()
    settings.silence = .milliseconds(1500)
    let clock: @Sendable () -> Instant = { now }
    let sandbox = try SandboxServer(
      settings, listen: ListenAddress("127.0.0.1:0"), group: group, logger: logger, clock: clock)
    try await sandbox.start()
    let client = try HTTPClient(loop: group.loops[0])
    let url = "http://\(sandbox.address)"
    func account(_ name: String) -> SellerAccount {
      SellerAccount(name: name, url: url, key: "sandbox-key", secret: "sandbox-secret", patience: .seconds(30))
    }
    let sellers: [any Seller] = [
      DuffelSeller(account("duffel"), client, now: clock),
      AmadeusSeller(account("amadeus"), client, zones: { _ in .utc }, now: clock),
      BedbankSeller(account("bedbank"), client, now: clock),
    ]
    let later = Mutex<PriceRecorder?>(nil)
    let cache = OfferCache(sellers, loop: group.loops[0], now: clock) { sighting in
      later.withLock { $0 }?.note(sighting)
    }
    try await AccountsFixture.run(
      way,
      surroundings: {
        $0.offers = OfferSettings(cache.source, now: clock)
        $0.rates = rates
      }
    ) { accounts in
      let recorder = PriceRecorder(
        accounts.app.database.prices, on: TestCluster.loops.loops[0], metrics: accounts.app.metrics, logger: logger)
      later.withLock { $0 = recorder }
      try await body(
        PriceFixture(accounts: accounts, cache: cache, recorder: recorder, sandbox: url, client: client))
    }
    await client.close()
    await sandbox.stop()
    group.shutdown()
  }

  /// An answer that must be well, as JSON.
  func json(_ path: String) async throws -> JSONNode {
    let answer = try await app.send(.get, path)
    #expect(answer.status == 200, "\(path): \(answer.text)")
    return try JSONDocument(bytes: answer.body).root
  }

  func post(_ path: String, _ body: String) async throws -> ApplicationFixture.Answer {
    try await app.send(.post, path, ["Content-Type": "application/json"], body: body)
  }

  /// Asks the sandbox itself.
  func own(_ path: String, _ body: String) async throws {
    var request = ClientRequest(.post, sandbox + path)
    request.fields.set("Content-Type", "application/json")
    request.body = Array(body.utf8)
    let status = try await client.send(request).status
    #expect((200...299).contains(status))
  }
}
