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

/// A sandbox with its own books, and those who speak to it: one who sells flights, one who sells beds, one who collects.
///
/// There are several, so that what a seller tells of its newest orders reaches back further than anything waits.
final class BookingMarket: Sendable {
  /// Bookings for which there is one market.
  static let bookingsEach = 500
  /// An adapter's time limit, and how long a sandbox is silent, in seconds of the bookings' clock.
  private static let (patienceSeconds, silenceSeconds) = (60, 70)
  /// Offers are taken up while they last so long at least.
  private static let freshSeconds: Int64 = 900
  private static let searchesMax = 400

  let number: Int
  let flights: DuffelSeller
  let beds: BedbankSeller
  let collector: StripeCollector
  private let sandbox: SandboxServer
  private let client: HTTPClient
  private let url: String
  private let clock: FastClock
  private let stock = Mutex<[OfferKind: (offers: [Offer], day: Int)]>([:])

  init(
    _ number: Int, seed: UInt64, share: Double, clock: FastClock, client: HTTPClient, hooks: String,
    group: EventLoopGroup, store: BookingStore, logger: Logger
  ) async throws {
    self.number = number
    self.clock = clock
    self.client = client
    var settings = SandboxSettings()
    settings.seed = seed &+ UInt64(number)
    settings.pricesMoveSeconds = 0
    settings.silence = clock.ours(seconds: Self.silenceSeconds)
    settings.misfortune.errors = share
    settings.misfortune.errorsAfter = share
    settings.misfortune.silences = share
    settings.misfortune.losses = share
    settings.misfortune.delays = share
    settings.misfortune.garbage = share
    settings.misfortune.soldOut = share
    settings.misfortune.priceRises = share
    settings.misfortune.duplicates = share
    settings.misfortune.reorders = share
    settings.webhookURL = "\(hooks)/v1/webhooks/\(Self.name("duffel", number))"
    settings.stripeWebhookURL = "\(hooks)/v1/webhooks/\(Self.name("stripe", number))"
    sandbox = try SandboxServer(
      settings, listen: ListenAddress("127.0.0.1:0"), group: group, logger: logger, clock: { clock.now })
    try await sandbox.start()
    let url = "http://\(sandbox.address)"
    self.url = url
    func account(_ name: String) -> SellerAccount {
      SellerAccount(
        name: Self.name(name, number), url: url, key: settings.key, secret: settings.secret,
        patience: clock.ours(seconds: Self.patienceSeconds))
    }
    let names = SaleNames(
      find: { await store.sellerName(of: $0) }, note: { await store.note(sellerName: $1, of: $0) })
    let payments = PaymentNames(
      find: { await store.collectorName(of: $0) }, note: { await store.note(collectorName: $1, of: $0) })
    flights = DuffelSeller(account("duffel"), client, names: names) { clock.now }
    beds = BedbankSeller(account("beds"), client) { clock.now }
    collector = StripeCollector(account("stripe"), client, names: payments) { clock.now }
  }

  static func name(_ what: String, _ number: Int) -> String { "\(what)-\(number)" }

  /// An offer that nobody else is given.
  ///
  /// - Throws: `BenchmarkError.unreachable` where the sandbox has none, however often it is asked.
  func offer(_ kind: OfferKind) async throws -> Offer {
    for _ in 0..<Self.searchesMax {
      let now = clock.now
      if let offer = stock.withLock({ Self.take(&$0[kind, default: ([], 0)].offers, at: now) }) { return offer }
      let day = stock.withLock { stock in
        stock[kind, default: ([], 0)].day += 1
        return stock[kind]?.day ?? 0
      }
      // What goes wrong with a search is put in its way on purpose: the next day is asked for.
      guard let found = try? await search(kind, day) else { continue }
      stock.withLock { $0[kind, default: ([], day)].offers += found }
    }
    throw BenchmarkError.unreachable(
      "market \(number) has no \(kind.rawValue) to sell, asked \(Self.searchesMax) times")
  }

  private static func take(_ offers: inout [Offer], at now: Instant) -> Offer? {
    while let offer = offers.popLast() {
      if offer.expires >= now.adding(seconds: freshSeconds) { return offer }
    }
    return nil
  }

  private func search(_ kind: OfferKind, _ day: Int) async throws(SellerFault) -> [Offer] {
    let date = LocalDate(daysSinceEpoch: 22_035 + Int32(day % 2000))
    return switch kind {
    case .lodging:
      try await beds.search(
        OfferSearch(.lodging, to: "LIS", on: date, nights: 1 + day / 2000, adults: 1, currency: .euro))
    case .flight, .rail, .coach, .activity:
      try await flights.search(
        OfferSearch(
          .flight, from: day / 2000 % 2 == 0 ? "BER" : "MUC", to: "LIS", on: date, adults: 1, currency: .euro))
    }
  }

  // MARK: The sandbox's own addresses

  func books() async throws -> JSONNode { try await own(.get, "/sandbox/books") }

  func requests() async throws -> Int { try Self.counts(try await own(.get, "/sandbox/requests")).values.reduce(0, +) }

  func faults() async throws -> [String: Int] { try Self.counts(try await own(.get, "/sandbox/faults")) }

  /// Sends the events that wait for others to come before them.
  func flushEvents() async throws { _ = try await own(.post, "/sandbox/events/flush") }

  func stop() async { await sandbox.stop() }

  private static func counts(_ node: JSONNode) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for (name, value) in try Array(node.members) { counts[name] = try value.int }
    return counts
  }

  private func own(_ method: HTTPMethod, _ path: String) async throws -> JSONNode {
    var request = ClientRequest(method, url + path)
    request.timeout = .seconds(30)
    request.responseBytesMax = 64 << 20
    let response = try await client.send(request)
    guard response.status < 300 else {
      throw BenchmarkError.unreachable("market \(number) answered \(response.status) to \(path)")
    }
    let text = response.body.isEmpty ? Array("{}".utf8) : response.body
    return try JSONDocument(bytes: text, limits: JSONLimits(bytesMax: 64 << 20)).root
  }
}
