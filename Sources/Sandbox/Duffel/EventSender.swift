import EventLoop
import HTTP
import JSON
import Kernel
import Secrets
import Synchronization

/// Sends events to whoever subscribed, signed as Duffel, Stripe and Adyen sign: at least once, in no order.
final class EventSender: Sendable {
  private let world: World
  private let client: HTTPClient
  /// An event on its way: in whose shape, where to.
  private struct Event: Sendable {
    let body: [UInt8]
    let url: String
    /// The field of the signature; nil where it is in the body.
    let field: String?
  }

  private let heldBack = Mutex<[Event]>([])
  private let underWay = Atomic<Int>(0)
  private static let underWayMax = 1000

  init(_ world: World, _ client: HTTPClient) {
    self.world = world
    self.client = client
  }

  /// Tells of a sale, soon.
  func send(_ type: String, _ sale: Sale) {
    guard let url = world.with({ $0.webhookURL }) else { return }
    let id = world.with { world.name("wev_", &$0) }
    send(Event(body: body(id, type, sale), url: url, field: "X-Duffel-Signature"))
  }

  /// Tells of a payment, soon.
  func send(_ type: String, _ intent: Till.Intent) {
    guard let url = world.with({ $0.stripeWebhookURL }) else { return }
    let id = world.with { world.name("evt_", &$0) }
    var writer = JSONWriter()
    writer.object { object in
      object.field("id", id)
      object.field("object", "event")
      object.field("type", type)
      object.field("created", world.now.secondsSinceEpoch)
      object.object("data") { $0.field("object", StripeIntentJSON(intent: intent, origin: "")) }
    }
    send(Event(body: writer.finish(), url: url, field: "Stripe-Signature"))
  }

  /// Tells in Adyen's shape what has become of a payment, soon.
  func send(_ told: AdyenNotification) {
    guard let url = world.with({ $0.adyenWebhookURL }) else { return }
    send(Event(body: told.signed(with: world.settings.adyenKey, at: world.now), url: url, field: nil))
  }

  private func send(_ event: Event) {
    let (isDouble, waits) = world.with { state in (state.dice.isDuplicated(), state.dice.isHeldBack()) }
    if waits {
      heldBack.withLock { $0.append(event) }
      return
    }
    for event in (isDouble ? [event, event] : [event]) + takeHeldBack() { post(event) }
  }

  /// Sends what was held back.
  func flush() {
    for event in takeHeldBack() { post(event) }
  }

  private func takeHeldBack() -> [Event] {
    heldBack.withLock { held in
      defer { held = [] }
      return held
    }
  }

  private func body(_ id: String, _ type: String, _ sale: Sale) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.field("id", id)
      object.field("api_version", "v2")
      object.field("type", type)
      object.field("live_mode", false)
      object.field("idempotency_key", sale.id)
      object.field("created_at", world.now.description)
      object.object("data") { $0.field("object", DuffelOrder(sale: sale, inventory: world.inventory)) }
    }
    return writer.finish()
  }

  private func post(_ event: Event) {
    guard underWay.load(ordering: .relaxed) < EventSender.underWayMax else { return }
    underWay.wrappingAdd(1, ordering: .relaxed)
    let time = "\(world.now.secondsSinceEpoch)"
    let code = Digest.hmacSHA256(Array("\(time).".utf8) + event.body, key: Array(world.settings.webhookSecret.utf8))
    var request = ClientRequest(.post, event.url)
    request.fields.set("Content-Type", "application/json")
    if let field = event.field { request.fields.set(field, "t=\(time),v1=\(hex(code))") }
    request.body = event.body
    request.timeout = .seconds(10)
    request.isIdempotent = true
    let outgoing = request
    // Whoever does not take an event asks for the order instead; the sandbox does not insist for 72 hours.
    Task { [client] in
      _ = try? await client.send(outgoing)
      self.underWay.wrappingSubtract(1, ordering: .relaxed)
    }
  }
}

/// Bytes in hexadecimal.
func hex(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
