package import Booking
package import HTTP
import JSON
package import Kernel

/// Whoever collects money in the shape of Stripe's API: payment intents that are reserved first and taken later.
///
/// Our reference goes into an intent's metadata, each request has a key of its own, and every request that changes
/// something is made once: of what nobody has answered the saga asks how it stands. An intent whose name was not heard is
/// looked for among the newest; Stripe's search is behind by a minute, so that it is believed only where it finds something.
package struct StripeCollector: PaymentProvider {
  package let name: String
  let line: CollectorLine
  let names: PaymentNames
  let now: @Sendable () -> Instant
  private let key: String
  private let returnURL: String?
  static let units = CollectorUnits.stripe

  /// A collector with an account.
  ///
  /// - Parameters:
  ///   - account: where it is, and how it knows us.
  ///   - client: what requests are sent with.
  ///   - names: where it is kept what it calls our payments.
  ///   - returnURL: where banks send customers back to; without it they stay on the page.
  ///   - now: the time.
  package init(
    _ account: SellerAccount, _ client: HTTPClient, names: PaymentNames = .none, returnURL: String? = nil,
    now: @escaping @Sendable () -> Instant
  ) {
    name = account.name
    key = account.key
    self.names = names
    self.returnURL = returnURL
    self.now = now
    line = CollectorLine(line: SellerLine(account, client) { status, body in StripeCollector.refusal(status, body) })
  }

  package func authorise(_ order: PaymentOrder) async throws(PaymentFault) -> PaymentStanding {
    guard let units = StripeCollector.units.units(order.amount), units > 0 else {
      throw .declined(words: "\(name) cannot collect \(order.amount)")
    }
    var form = [
      ("amount", "\(units)"), ("currency", order.amount.currency.code.lowercased()), ("capture_method", "manual"),
      ("payment_method_types[]", "card"), ("metadata[reference]", order.reference),
    ]
    if let method = order.method {
      form += [("payment_method", method), ("confirm", "true")]
      if let returnURL { form.append(("return_url", returnURL)) }
    }
    let node: JSONNode
    do throws(PaymentFault) {
      node = try await line.document(post("/v1/payment_intents", form, key: "authorise-\(order.reference)"))
    } catch {
      if case .declined = error { await drop(order.reference) }
      throw error
    }
    guard let intent = StripeIntent(node), intent.reference == order.reference else {
      throw line.fault(.write, "\(name) answered with an intent that cannot be read")
    }
    await names.note(order.reference, intent.id)
    return intent.standing(refunded: 0)
  }

  package func capture(_ reference: String) async throws(PaymentFault) -> PaymentStanding {
    let intent = try await known(reference)
    switch intent.state {
    case .authorised: break
    case .captured: return intent.standing(refunded: try await refunds(of: intent).units)
    case .voided, .failed: return intent.standing(refunded: 0)
    case .pending: throw .declined(words: "\(reference) is not reserved yet")
    }
    return try await changed(
      intent, post("/v1/payment_intents/\(intent.id)/capture", [], key: "capture-\(reference)"), to: .captured)
  }

  package func void(_ reference: String) async throws(PaymentFault) -> PaymentStanding {
    let intent = try await known(reference)
    switch intent.state {
    case .pending, .authorised: break
    case .captured: throw .declined(words: "\(reference) is taken already")
    case .voided, .failed: return intent.standing(refunded: 0)
    }
    return try await changed(intent, cancellation(of: intent), to: .voided)
  }

  package func refund(
    _ reference: String, _ amount: Money, as attempt: String
  ) async throws(PaymentFault) -> PaymentStanding {
    let intent = try await known(reference)
    guard let units = StripeCollector.units.units(amount), units > 0 else {
      throw .declined(words: "\(name) cannot pay back \(amount)")
    }
    let before = try await refunds(of: intent)
    // Made already, whether or not anybody heard of it.
    if before.attempts.contains(attempt) { return intent.standing(refunded: before.units) }
    let form = [("payment_intent", intent.id), ("amount", "\(units)"), ("metadata[attempt]", attempt)]
    let node = try await line.document(post("/v1/refunds", form, key: attempt))
    guard node.text("id") != nil, let status = node.text("status") else {
      throw line.fault(.write, "\(name) answered with a refund that cannot be read")
    }
    guard StripeRefunds.counts(status) else { throw .declined(words: "\(name) says of the refund: \(status)") }
    return intent.standing(refunded: before.units + units)
  }

  package func standing(of reference: String) async throws(PaymentFault) -> PaymentStanding? {
    guard let intent = try await find(reference) else { return nil }
    guard intent.state == .captured else { return intent.standing(refunded: 0) }
    return intent.standing(refunded: try await refunds(of: intent).units)
  }

  // MARK: Pieces

  private func known(_ reference: String) async throws(PaymentFault) -> StripeIntent {
    guard let intent = try await find(reference) else {
      throw .declined(words: "\(name) knows nothing of \(reference)")
    }
    return intent
  }

  private func changed(
    _ intent: StripeIntent, _ call: SellerLine.Call, to state: PaymentStanding.State
  ) async throws(PaymentFault) -> PaymentStanding {
    let node = try await line.document(call)
    guard let after = StripeIntent(node), after.id == intent.id, after.state == state else {
      throw line.fault(.write, "\(name) answered without saying that \(intent.id) is \(state.rawValue)")
    }
    return after.standing(refunded: 0)
  }

  /// An intent whose card was refused stays open for another card; ours are for one try, so that it is let go.
  private func drop(_ reference: String) async {
    // Where this does not come about the intent is not reserved, and ends by itself.
    guard let intent = try? await find(reference), intent.state == .pending else { return }
    _ = try? await line.document(cancellation(of: intent))
  }

  private func cancellation(of intent: StripeIntent) -> SellerLine.Call {
    post("/v1/payment_intents/\(intent.id)/cancel", [], key: "void-\(intent.id)")
  }

  func get(_ path: String) -> SellerLine.Call {
    var call = SellerLine.Call(.read, .get, path)
    call.fields = [("Authorization", "Bearer \(key)"), ("Stripe-Version", "2024-06-20")]
    return call
  }

  private func post(_ path: String, _ form: [(String, String)], key once: String) -> SellerLine.Call {
    var call = SellerLine.Call(.write, .post, path)
    call.fields = get(path).fields + [("Idempotency-Key", once)]
    call.contentType = "application/x-www-form-urlencoded"
    call.body = Array(form.map { "\($0.percentEncoded)=\($1.percentEncoded)" }.joined(separator: "&").utf8)
    return call
  }

  /// How Stripe says no.
  ///
  /// A request under a key that is in use, or was used for another, tells nothing of the first.
  private static func refusal(
    _ status: Int, _ body: JSONNode
  ) -> (reason: SellerFault.Refusal, words: String)? {
    guard let error = body.member("error"), status != 409, error.text("type") != "idempotency_error" else { return nil }
    let words = error.text("message") ?? error.text("code") ?? "no"
    return (status == 401 || status == 403 ? .forbidden : .other, words)
  }
}
