import API
import Booking
import EventLoop
import HTTP
import Kernel
import Providers
import Secrets
import Store
import Telemetry

/// Where the markets' events arrive: the product's own route, behind its own server.
struct BookingHooks: Sendable {
  private static let secret = "sandbox-secret"

  let url: String
  private let server: HTTPServer
  private let client: HTTPClient
  private let clock: FastClock

  init(
    markets: Int, store: BookingStore, clock: FastClock, client: HTTPClient, group: EventLoopGroup, logger: Logger
  ) async throws {
    var hooks: [String: BookingCounter.Hook] = [:]
    for number in 0..<markets {
      // Constants first: the compiler fails at such closures that are put straight into a dictionary.
      let flights: BookingCounter.Hook = { (body, field) throws(BookingCounter.HookFlaw) in
        try Self.duffel(body, field("X-Duffel-Signature"), clock.now).get()
      }
      let money: BookingCounter.Hook = { (body, field) throws(BookingCounter.HookFlaw) in
        try Self.stripe(body, field("Stripe-Signature"), clock.now).get()
      }
      hooks[BookingMarket.name("duffel", number)] = flights
      hooks[BookingMarket.name("stripe", number)] = money
    }
    let counter = BookingCounter(sellers: [], collectors: [], hooks: hooks) { clock.now }
    let router = Router()
    HookRoutes(store: store, counter: counter).addRoutes(to: router.group("/v1"))
    server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: router.build(), logger: logger)
    try await server.start()
    url = "http://\(server.addresses[0])"
    self.client = client
    self.clock = clock
  }

  func stop() async { await server.shutdown(within: .milliseconds(100)) }

  /// Whether an event of somebody else, and one of the sender's from long ago, are both refused.
  func refusesForged(market: Int, reference: BookingReference) async throws -> Bool {
    let body = Array(
      #"{"id":"wev_x","type":"order.updated","data":{"object":{"id":"ord_x","metadata":{"reference":"\#(reference)"}}}}"#
        .utf8)
    let now = clock.now.secondsSinceEpoch
    let forged = try await send(body, signedWith: "another", at: now, market)
    let stale = try await send(body, signedWith: Self.secret, at: now - 400, market)
    return forged == 401 && stale == 400
  }

  private func send(_ body: [UInt8], signedWith secret: String, at second: Int64, _ market: Int) async throws -> Int {
    let code = Digest.hmacSHA256(Array("\(second).".utf8) + body, key: Array(secret.utf8))
    var request = ClientRequest(.post, "\(url)/v1/webhooks/\(BookingMarket.name("duffel", market))")
    request.fields.set("Content-Type", "application/json")
    request.fields.set("X-Duffel-Signature", "t=\(second),v1=\(code.hexadecimal)")
    request.body = body
    return try await client.send(request).status
  }

  private typealias Reading = Result<[BookingCounter.HookSubject], BookingCounter.HookFlaw>

  private static func duffel(_ body: [UInt8], _ signature: String?, _ now: Instant) -> Reading {
    do throws(EventFlaw) {
      let event = try DuffelEvent(body: body, signature: signature, secret: secret, now: now)
      return .success(event.reference.map { [.reference($0.text)] } ?? [])
    } catch {
      return .failure(flaw(error))
    }
  }

  private static func stripe(_ body: [UInt8], _ signature: String?, _ now: Instant) -> Reading {
    do throws(EventFlaw) {
      let event = try StripeEvent(body: body, signature: signature, secret: secret, now: now)
      return .success(event.reference.map { [.reference($0)] } ?? event.intent.map { [.payment($0)] } ?? [])
    } catch {
      return .failure(flaw(error))
    }
  }

  private static func flaw(_ flaw: EventFlaw) -> BookingCounter.HookFlaw {
    switch flaw {
    case .forged: .forged
    case .stale: .stale
    case .unreadable: .unreadable
    }
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
