import Booking
import JSON
import Kernel

/// A payment intent as Stripe tells it.
struct StripeIntent {
  let id: String
  let reference: String
  let state: PaymentStanding.State
  let amount: Money
  let created: Int64
  private let clientSecret: String?
  private let redirect: String?

  /// Nil where something that we need is missing, or it is not one of ours.
  init?(_ node: JSONNode) {
    guard let id = node.text("id"), StripeIntent.isName(id), let status = node.text("status"),
      let reference = node.member("metadata")?.text("reference"),
      let code = node.text("currency"), let currency = try? Currency(code.uppercased()),
      let units = node.count("amount"), let amount = StripeCollector.units.money(Int64(units), currency)
    else { return nil }
    let isRefused = node.member("last_payment_error") != nil
    switch status {
    // A card that was refused leaves it open for another.
    case "requires_payment_method", "requires_confirmation", "requires_action", "processing": state = .pending
    case "requires_capture": state = .authorised
    case "succeeded": state = .captured
    case "canceled": state = isRefused ? .failed : .voided
    default: return nil
    }
    self.id = id
    self.reference = reference
    self.amount = amount
    created = Int64(node.count("created") ?? 0)
    clientSecret = state == .pending ? node.text("client_secret") : nil
    redirect = node.member("next_action")?.member("redirect_to_url")?.text("url")
  }

  /// How it stands, after so much was paid back in Stripe's units.
  func standing(refunded units: Int64) -> PaymentStanding {
    PaymentStanding(
      reference, state, amount, refunded: StripeCollector.units.money(units, amount.currency),
      clientSecret: clientSecret, redirect: redirect)
  }

  /// How far it has come: of two with one reference the further one counts.
  var rank: Int {
    switch state {
    case .failed: 0
    case .voided: 1
    case .pending: 2
    case .authorised: 3
    case .captured: 4
    }
  }

  /// Whether a name can stand in a path.
  static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
      }
  }
}

/// What was paid back of an intent.
struct StripeRefunds {
  /// In Stripe's units.
  var units: Int64 = 0
  /// Our names of those that were made.
  var attempts: Set<String> = []

  /// Whether money goes back, or is about to.
  static func counts(_ status: String) -> Bool { status == "succeeded" || status == "pending" }
}

/// Looking things up.
extension StripeCollector {
  /// As far back as intents are looked through; a payment whose name nobody heard is younger.
  private static let ageSecondsMax: Int64 = 7 * 86_400
  private static let pagesMax = 100

  /// The intent under our reference; nil where there is none.
  func find(_ reference: String) async throws(PaymentFault) -> StripeIntent? {
    if let id = await names.find(reference), StripeIntent.isName(id) {
      guard let intent = StripeIntent(try await line.document(get("/v1/payment_intents/\(id)"))) else {
        throw line.fault(.read, "\(name) answered with an intent that cannot be read")
      }
      return intent
    }
    guard let intent = try await search(reference) else { return nil }
    await names.note(reference, intent.id)
    return intent
  }

  private func search(_ reference: String) async throws(PaymentFault) -> StripeIntent? {
    let horizon = now().secondsSinceEpoch - StripeCollector.ageSecondsMax
    var after: String?
    for page in 0..<StripeCollector.pagesMax {
      let query = "/v1/payment_intents?limit=100" + (after.map { "&starting_after=\($0)" } ?? "")
      let node = try await line.document(get(query))
      let listed = node.list("data")
      // Only a page that can be read says that something is not on it.
      guard node.member("data")?.kind == .array, let hasMore = node.member("has_more").flatMap({ try? $0.bool }),
        listed.allSatisfy({ StripeIntent.isName($0.text("id") ?? "") })
      else { throw line.fault(.read, "\(name) answered without payment intents") }
      let found = listed.compactMap { StripeIntent($0) }.filter { $0.reference == reference }
      if let best = found.max(by: { $0.rank < $1.rank }) { return best }
      guard hasMore, let last = listed.last else { return nil }
      let (newest, oldest) = (listed[0].count("created") ?? 0, last.count("created") ?? 0)
      if newest >= oldest, oldest < horizon { return nil }
      if page == 0, let quick = await quickly(reference) { return quick }
      after = last.text("id")
    }
    throw .unknown(words: "\(reference) is not among the newest payment intents of \(name)")
  }

  /// Stripe's search, which knows what is older than a minute.
  private func quickly(_ reference: String) async -> StripeIntent? {
    let query = "metadata['reference']:'\(reference)'".percentEncoded
    // Where nothing comes of it the pages are turned.
    let node = try? await line.document(get("/v1/payment_intents/search?limit=100&query=\(query)"))
    let found = node?.list("data").compactMap { StripeIntent($0) }.filter { $0.reference == reference } ?? []
    return found.max { $0.rank < $1.rank }
  }

  /// What was paid back of an intent so far.
  func refunds(of intent: StripeIntent) async throws(PaymentFault) -> StripeRefunds {
    var all = StripeRefunds()
    var after: String?
    for _ in 0..<StripeCollector.pagesMax {
      let query =
        "/v1/refunds?limit=100&payment_intent=\(intent.id)" + (after.map { "&starting_after=\($0)" } ?? "")
      let node = try await line.document(get(query))
      guard node.member("data")?.kind == .array, let hasMore = node.member("has_more").flatMap({ try? $0.bool }) else {
        throw line.fault(.read, "\(name) answered without refunds")
      }
      for refund in node.list("data") {
        guard let id = refund.text("id"), StripeIntent.isName(id), let status = refund.text("status"),
          let units = refund.count("amount")
        else { throw line.fault(.read, "\(name) answered with a refund that cannot be read") }
        if StripeRefunds.counts(status) { all.units += Int64(units) }
        if StripeRefunds.counts(status), let attempt = refund.member("metadata")?.text("attempt") {
          all.attempts.insert(attempt)
        }
        after = id
      }
      guard hasMore, after != nil else { return all }
    }
    throw line.fault(.read, "\(intent.id) has more refunds than are looked through")
  }
}
