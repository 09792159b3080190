package import Booking
package import HTTP
import JSON
package import Kernel
import Secrets

/// Whoever collects money in the shape of Adyen's Checkout API: payments that are reserved, and modifications of them.
///
/// Nobody can ask this shape how a payment stands: it answers, and later tells by webhooks. So what was ordered, answered
/// and told is kept as notes, and a payment's standing is what they come to. Captures, cancels and refunds are only
/// *received* when they are answered; they count once a webhook says so, and until then nobody knows.
///
/// Of an order that nobody has answered and no webhook has told, the same request is sent again under the same idempotency
/// key, which is the way that Adyen names: whoever was heard the first time answers as then, and does nothing twice for
/// at least a week. Webhooks alone would not do, because the one for a plain authorisation is not sent again when it is lost.
package struct AdyenCollector: PaymentProvider {
  package let name: String
  let line: CollectorLine
  private let key: String
  private let merchant: String
  private let returnURL: String
  private let names: PaymentNames
  private let notes: PaymentNotes
  private let now: @Sendable () -> Instant
  static let units = CollectorUnits.adyen
  /// For how long a customer may pay in a session that we opened.
  private static let sessionSeconds: Int64 = 1800
  /// How long after its end nothing of a session is waited for any more.
  private static let sessionGraceSeconds: Int64 = 900

  /// A collector with an account.
  ///
  /// - Parameters:
  ///   - account: where it is, up to the version: `https://checkout-test.adyen.com/v71`; and how it knows us.
  ///   - merchant: the merchant account that money is collected for.
  ///   - returnURL: where banks send customers back to.
  ///   - client: what requests are sent with.
  ///   - names: where it is kept what it calls our payments.
  ///   - notes: where what it says is kept.
  ///   - now: the time.
  package init(
    _ account: SellerAccount, merchant: String, returnURL: String, _ client: HTTPClient, names: PaymentNames = .none,
    notes: PaymentNotes, now: @escaping @Sendable () -> Instant
  ) {
    name = account.name
    key = account.key
    self.merchant = merchant
    self.returnURL = returnURL
    self.names = names
    self.notes = notes
    self.now = now
    line = CollectorLine(line: SellerLine(account, client) { status, body in AdyenCollector.refusal(status, body) })
  }

  package func authorise(_ order: PaymentOrder) async throws(PaymentFault) -> PaymentStanding {
    guard let units = AdyenCollector.units.units(order.amount), units > 0 else {
      throw .declined(words: "\(name) cannot collect \(order.amount)")
    }
    if let method = order.method, AdyenOrder.parts(of: method) == nil {
      throw .declined(words: "a method of \(name) is SHOPPER/TOKEN, the customer's name there and a stored card's")
    }
    let wanted = AdyenOrder(currency: order.amount.currency.code, value: units, method: order.method)
    guard await notes.keep(order.reference, wanted.note) else {
      throw .notSent(words: "what is ordered of \(name) cannot be kept now")
    }
    return try await place(wanted, order.reference)
  }

  package func capture(_ reference: String) async throws(PaymentFault) -> PaymentStanding {
    let (dossier, standing) = try await known(reference)
    switch standing.state {
    case .captured, .voided, .failed: return standing
    case .pending: throw .declined(words: "\(reference) is not reserved yet")
    case .authorised: break
    }
    guard let payment = dossier.name else { throw .declined(words: "\(name) has no name for \(reference)") }
    let body = modification(reference) { $0.object("amount") { amount in dossier.order?.write(to: &amount) } }
    try await received(
      post("/payments/\(payment)/captures", body, key: "capture-\(reference)"), "the capture of \(reference)")
  }

  package func void(_ reference: String) async throws(PaymentFault) -> PaymentStanding {
    let (dossier, standing) = try await known(reference)
    switch standing.state {
    case .captured: throw .declined(words: "\(reference) is taken already")
    case .voided, .failed: return standing
    case .pending, .authorised: break
    }
    if let until = dossier.sessionEnd, dossier.name == nil {
      throw .notSent(words: "the customer may pay \(reference) until \(until), and it cannot be called off before")
    }
    // Without a name it is called off by our reference, whatever has become of it there.
    let path = dossier.name.map { "/payments/\($0)/cancels" } ?? "/cancels"
    let body = modification(reference) { object in
      if dossier.name == nil { object.field("paymentReference", reference) }
    }
    try await received(post(path, body, key: "void-\(reference)"), "that \(reference) is let go")
  }

  package func refund(
    _ reference: String, _ amount: Money, as attempt: String
  ) async throws(PaymentFault) -> PaymentStanding {
    let (dossier, standing) = try await known(reference)
    guard let units = AdyenCollector.units.units(amount), units > 0 else {
      throw .declined(words: "\(name) cannot pay back \(amount)")
    }
    guard standing.state == .captured, let payment = dossier.name else {
      throw .declined(words: "\(reference) is not taken")
    }
    if dossier.hasRefunded(attempt) { return standing }
    let body = modification(attempt) { object in
      object.object("amount") {
        $0.field("currency", amount.currency.code)
        $0.field("value", units)
      }
    }
    try await received(post("/payments/\(payment)/refunds", body, key: attempt), "the refund \(attempt)")
  }

  package func standing(of reference: String) async throws(PaymentFault) -> PaymentStanding? {
    let dossier = try await dossier(of: reference)
    if let standing = dossier.standing(of: reference, at: now(), grace: AdyenCollector.sessionGraceSeconds) {
      return standing
    }
    guard let order = dossier.order else { return nil }
    do throws(PaymentFault) {
      return try await place(order, reference)
    } catch {
      guard case .declined = error, let amount = order.amount else { throw error }
      return PaymentStanding(reference, .failed, amount)
    }
  }

  // MARK: Pieces

  private func dossier(of reference: String) async throws(PaymentFault) -> AdyenDossier {
    guard let notes = await notes.all(reference) else {
      throw .notSent(words: "what is known of \(reference) cannot be read now")
    }
    return AdyenDossier(notes)
  }

  private func known(_ reference: String) async throws(PaymentFault) -> (AdyenDossier, PaymentStanding) {
    // What is ordered and not heard of is found out first.
    guard let standing = try await standing(of: reference) else {
      throw .declined(words: "\(name) knows nothing of \(reference)")
    }
    return (try await dossier(of: reference), standing)
  }

  /// Orders a payment, or hears again what became of it.
  private func place(_ order: AdyenOrder, _ reference: String) async throws(PaymentFault) -> PaymentStanding {
    guard let amount = order.amount else { throw .declined(words: "\(reference) has no amount that can be read") }
    let isSession = order.method == nil
    let end = now().adding(seconds: AdyenCollector.sessionSeconds)
    var writer = JSONWriter()
    writer.object { object in
      object.field("merchantAccount", merchant)
      object.field("reference", reference)
      object.field("returnUrl", returnURL)
      object.field("channel", "Web")
      object.object("amount") { amount in order.write(to: &amount) }
      // Reserved first, and taken by a capture.
      object.object("additionalData") { $0.field("manualCapture", "true") }
      if isSession { object.field("expiresAt", end.description) }
      if let (shopper, token) = order.method.flatMap({ AdyenOrder.parts(of: $0) }) {
        object.field("shopperReference", shopper)
        object.field("shopperInteraction", "ContAuth")
        object.field("recurringProcessingModel", "CardOnFile")
        object.object("paymentMethod") {
          $0.field("type", "scheme")
          $0.field("storedPaymentMethodId", token)
        }
      }
    }
    let node = try await line.document(
      post(isSession ? "/sessions" : "/payments", writer.finish(), key: "authorise-\(reference)"))
    guard let answer = isSession ? AdyenAnswer(session: node, until: end) : AdyenAnswer(payment: node) else {
      throw line.fault(.write, "\(name) answered with a payment that cannot be read")
    }
    return try await heed(answer, reference, amount)
  }

  /// Keeps an answer, and says what it means.
  private func heed(
    _ answer: AdyenAnswer, _ reference: String, _ amount: Money
  ) async throws(PaymentFault) -> PaymentStanding {
    guard await notes.keep(reference, answer.note) else {
      throw .unknown(words: "what \(name) answered of \(reference) cannot be kept now")
    }
    if !answer.isSession { await names.note(reference, answer.name) }
    if answer.state == .failed { throw .declined(words: answer.words) }
    return PaymentStanding(
      reference, answer.state, amount, clientSecret: answer.secret, redirect: answer.redirect)
  }

  /// What was asked for is only received: whether it comes about is told by a webhook.
  private func received(_ call: SellerLine.Call, _ what: String) async throws(PaymentFault) -> Never {
    let node = try await line.document(call)
    throw .unknown(words: "\(name) has \(node.text("status") ?? "heard"): \(what); its webhook says what comes of it")
  }

  private func modification(_ reference: String, _ body: (inout JSONObjectWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.field("merchantAccount", merchant)
      object.field("reference", reference)
      body(&object)
    }
    return writer.finish()
  }

  private func post(_ path: String, _ body: [UInt8], key once: String) -> SellerLine.Call {
    var call = SellerLine.Call(.write, .post, path)
    // Sixty-four characters at most are heeded; ours are shorter, since references are.
    call.fields = [("X-API-Key", key), ("Idempotency-Key", once)]
    call.body = body
    return call
  }

  /// How Adyen says no; that a key is still in use says nothing of what was asked first.
  private static func refusal(
    _ status: Int, _ body: JSONNode
  ) -> (reason: SellerFault.Refusal, words: String)? {
    guard let code = body.text("errorCode"), code != "704", status != 409 else { return nil }
    let words = body.text("message") ?? code
    return (status == 401 || status == 403 ? .forbidden : .other, words)
  }
}

extension AdyenCollector: PaymentReturning {
  package func conclude(_ reference: String, result: String) async throws(PaymentFault) {
    let dossier = try await dossier(of: reference)
    guard let amount = dossier.order?.amount else { throw .declined(words: "\(name) knows nothing of \(reference)") }
    var writer = JSONWriter()
    writer.object { object in object.object("details") { $0.field("redirectResult", result) } }
    // A result is used up by its first use, so that its key is made of it.
    let digits = Array("0123456789abcdef".utf8)
    let digest = Digest.sha256(Array("\(reference) \(result)".utf8))
    let once = String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    let node = try await line.document(post("/payments/details", writer.finish(), key: once))
    guard let answer = AdyenAnswer(payment: node), node.text("merchantReference") ?? reference == reference else {
      throw line.fault(.write, "\(name) answered of another payment, or with one that cannot be read")
    }
    _ = try await heed(answer, reference, amount)
  }
}
