import Booking
import JSON
import Kernel

/// What was ordered, as it is sent again word for word.
struct AdyenOrder: Hashable {
  let currency: String
  /// In Adyen's units.
  let value: Int64
  /// `SHOPPER/TOKEN`; nil where the customer gives a card to Adyen later.
  let method: String?

  init(currency: String, value: Int64, method: String?) {
    self.currency = currency
    self.value = value
    self.method = method
  }

  init?(_ node: JSONNode) {
    guard let currency = node.text("currency"), let value = node.count("value") else { return nil }
    self.init(currency: currency, value: Int64(value), method: node.text("method"))
  }

  var amount: Money? {
    (try? Currency(currency)).flatMap { AdyenCollector.units.money(value, $0) }
  }

  var note: PaymentNote {
    var writer = JSONWriter()
    writer.object { object in
      write(to: &object)
      object.field("method", ifPresent: method)
    }
    return PaymentNote("order", String(decoding: writer.finish(), as: UTF8.self))
  }

  /// The amount as requests have it.
  func write(to object: inout JSONObjectWriter) {
    object.field("currency", currency)
    object.field("value", value)
  }

  static func parts(of method: String) -> (shopper: String, token: String)? {
    guard let slash = method.firstIndex(of: "/"), slash > method.startIndex else { return nil }
    let token = method[method.index(after: slash)...]
    return token.isEmpty ? nil : (String(method[..<slash]), String(token))
  }
}

/// What Adyen answered to an order, or to what a customer brought back from their bank.
struct AdyenAnswer {
  /// Adyen's name of the payment, or of the session.
  let name: String
  let code: String
  let redirect: String?
  /// What the customer's browser goes on with: the session's name and data.
  let secret: String?
  let until: Instant?
  private let reason: String?

  var isSession: Bool { code == "Session" }

  init?(payment node: JSONNode) {
    guard let name = node.text("pspReference"), AdyenAnswer.isName(name), let code = node.text("resultCode") else {
      return nil
    }
    self.name = name
    self.code = code
    redirect = node.member("action")?.text("url")
    secret = nil
    until = nil
    reason = node.text("refusalReason")
  }

  init?(session node: JSONNode, until end: Instant) {
    guard let name = node.text("id"), AdyenAnswer.isName(name), let data = node.text("sessionData") else { return nil }
    self.name = name
    code = "Session"
    redirect = nil
    secret = "\(name)/\(data)"
    until = node.text("expiresAt").flatMap { try? Instant($0) } ?? end
    reason = nil
  }

  init?(note node: JSONNode) {
    guard let name = node.text("name"), let code = node.text("code") else { return nil }
    self.name = name
    self.code = code
    redirect = node.text("redirect")
    secret = node.text("secret")
    until = node.count("until").map { Instant(secondsSinceEpoch: Int64($0)) }
    reason = nil
  }

  var note: PaymentNote {
    var writer = JSONWriter()
    writer.object { object in
      object.field("name", name)
      object.field("code", code)
      object.field("redirect", ifPresent: redirect)
      object.field("secret", ifPresent: secret)
      object.field("until", ifPresent: until?.secondsSinceEpoch)
    }
    return PaymentNote("answer \(name) \(code)", String(decoding: writer.finish(), as: UTF8.self))
  }

  /// What is not known to be refused, or to be reserved, is still to be decided by somebody.
  var state: PaymentStanding.State {
    switch code {
    case "Authorised": .authorised
    case "Refused", "Error", "Cancelled": .failed
    default: .pending
    }
  }

  var words: String { reason ?? code }

  static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
  }
}

/// Everything that is known of a payment, and what it comes to.
///
/// Webhooks come twice, late and in any order, and their signature has no time: so each counts once and none takes back
/// what a stronger one has said. Taken is stronger than let go, let go than reserved, reserved than refused.
struct AdyenDossier {
  private(set) var order: AdyenOrder?
  private var answers: [AdyenAnswer] = []
  private var events: [AdyenEvent.Item] = []

  init(_ notes: [PaymentNote]) {
    for note in notes {
      guard let node = try? JSONDocument(text: note.text).root else { continue }
      if note.name == "order" {
        order = order ?? AdyenOrder(node)
      } else if note.name.hasPrefix("answer ") {
        if let answer = AdyenAnswer(note: node) { answers.append(answer) }
      } else if note.name.hasPrefix("event ") {
        if let event = AdyenEvent.Item(note: node) { events.append(event) }
      }
    }
  }

  /// Adyen's name of the payment: of several tries of the customer's, the one that went well.
  var name: String? {
    events.first { $0.code == "AUTHORISATION" && $0.isSuccess }?.name
      ?? answers.first { $0.state == .authorised && !$0.isSession }?.name
      ?? answers.last { !$0.isSession }?.name
  }

  /// Until when a customer may pay in the session that was opened for them.
  var sessionEnd: Instant? { answers.first { $0.isSession }?.until }

  func hasRefunded(_ attempt: String) -> Bool { refunds.contains { $0.reference == attempt } }

  /// Refunds that were said to come about, and not since to have failed.
  private var refunds: [AdyenEvent.Item] {
    let failed = Set(
      events.filter { $0.isSuccess && ["REFUND_FAILED", "REFUNDED_REVERSED"].contains($0.code) }.map(\.name))
    return events.filter { $0.code == "REFUND" && $0.isSuccess && !failed.contains($0.name) }
  }

  /// How it stands; nil where nothing was heard of it.
  ///
  /// - Parameters:
  ///   - reference: ours.
  ///   - now: the time.
  ///   - grace: how long after the end of a session nothing is waited for any more.
  /// - Returns: its standing.
  func standing(of reference: String, at now: Instant, grace: Int64) -> PaymentStanding? {
    guard let amount = order?.amount, let state = state(at: now, grace) else { return nil }
    let back = refunds.reduce(Int64(0)) { $0 + $1.value }
    let browser = state == .pending ? answers.last { $0.secret != nil || $0.redirect != nil } : nil
    return PaymentStanding(
      reference, state, amount, refunded: AdyenCollector.units.money(back, amount.currency),
      clientSecret: browser?.secret, redirect: browser?.redirect)
  }

  private func state(at now: Instant, _ grace: Int64) -> PaymentStanding.State? {
    func has(_ code: String, _ isSuccess: Bool = true) -> Bool {
      events.contains { $0.code == code && $0.isSuccess == isSuccess }
    }
    if has("CAPTURE") { return .captured }
    if ["CANCELLATION", "TECHNICAL_CANCEL", "CANCEL_OR_REFUND", "EXPIRE"].contains(where: { has($0) }) {
      return .voided
    }
    // What the bank or Adyen would not take is not there any more.
    if has("CAPTURE", false) || has("CAPTURE_FAILED") { return .failed }
    if has("AUTHORISATION") || answers.contains(where: { $0.state == .authorised }) { return .authorised }
    if let end = sessionEnd {
      // In a session the customer may try several cards.
      return end.seconds(until: now) > grace ? .voided : .pending
    }
    if has("AUTHORISATION", false) || answers.contains(where: { $0.state == .failed }) { return .failed }
    return answers.isEmpty ? nil : .pending
  }
}
