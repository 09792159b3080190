import Kernel

/// What customers paid, as whoever collects the money keeps it.
///
/// Keys of requests are not heeded: what is asked twice is done twice, and shows in the books.
struct Till: Sendable {
  /// A payment intent.
  struct Intent: Sendable {
    enum State: String, Sendable {
      case requiresMethod = "requires_payment_method"
      case requiresAction = "requires_action"
      case requiresCapture = "requires_capture"
      case succeeded
      case canceled
    }

    let id: String
    let reference: String
    let amount: Int64
    let currency: String
    let created: Instant
    let returnURL: String?
    var state = State.requiresMethod
    /// Whether the last card was refused.
    var isRefused = false
    var captured: Int64 = 0

    var clientSecret: String { "\(id)_secret_sandbox" }
  }

  /// Money that went back.
  struct Refund: Sendable {
    let id: String
    let intent: String
    let amount: Int64
    let attempt: String?
    let created: Instant
  }

  private(set) var intents: [String: Intent] = [:]
  private(set) var order: [String] = []
  private(set) var refunds: [Refund] = []

  /// Cards by the names that Stripe's test cards have.
  enum Card: String, Sendable {
    case good = "pm_card_visa"
    case refused = "pm_card_chargeDeclined"
    /// The bank wants to see the customer.
    case asks = "pm_card_authenticationRequired"
  }

  mutating func enter(_ intent: Intent) {
    intents[intent.id] = intent
    order.append(intent.id)
  }

  /// The customer gives a card; whether the bank lets it pass.
  mutating func give(_ card: Card, to id: String) -> Bool {
    guard intents[id]?.state == .requiresMethod else { return false }
    switch card {
    case .good: intents[id]?.state = .requiresCapture
    case .asks: intents[id]?.state = .requiresAction
    case .refused:
      intents[id]?.isRefused = true
      return false
    }
    return true
  }

  /// The customer has shown up at the bank.
  mutating func approve(_ id: String) -> Bool {
    guard intents[id]?.state == .requiresAction else { return false }
    intents[id]?.state = .requiresCapture
    return true
  }

  mutating func capture(_ id: String) -> Bool {
    guard let intent = intents[id], intent.state == .requiresCapture else { return false }
    intents[id]?.state = .succeeded
    intents[id]?.captured = intent.amount
    return true
  }

  mutating func cancel(_ id: String) -> Bool {
    guard let intent = intents[id], intent.state != .succeeded, intent.state != .canceled else { return false }
    intents[id]?.state = .canceled
    return true
  }

  /// What of a payment has gone back.
  func refunded(_ id: String) -> Int64 { refunds.reduce(0) { $0 + ($1.intent == id ? $1.amount : 0) } }

  mutating func refund(_ refund: Refund) -> Bool {
    guard let intent = intents[refund.intent], intent.state == .succeeded,
      refunded(intent.id) + refund.amount <= intent.captured
    else { return false }
    refunds.append(refund)
    return true
  }
}
