import HTTP
import JSON
import Kernel

/// Adyen's shape: payments that are reserved first, sessions in which customers pay, and changes that are only received
/// when they are answered and told of by webhooks.
struct AdyenRoutes: Sendable {
  private static let bodyMax = 1 << 16

  let world: World
  let events: EventSender

  func add(to router: Router) {
    let payments = router.group("/adyen/v71/payments")
    payments.post("") { request, _ in try await once(.authorise, request) { pay($0, request) } }
    payments.post("/details") { request, _ in try await once(.authorise, request) { conclude($0) } }
    payments.post("/{id}/captures") { request, context in
      let id = try context.parameters.require("id")
      return try await once(.capture, request) { capture(id, $0) }
    }
    payments.post("/{id}/cancels") { request, context in
      let id = try context.parameters.require("id")
      return try await once(.void, request) { cancel(id, $0, "CANCELLATION") }
    }
    payments.post("/{id}/refunds") { request, context in
      let id = try context.parameters.require("id")
      return try await once(.refund, request) { refund(id, $0) }
    }
    router.post("/adyen/v71/cancels") { request, _ in
      try await once(.void, request) { body in
        let reference = body.text("paymentReference") ?? ""
        let id = world.with { state in
          state.cashbox.till.order.last { state.cashbox.till.intents[$0]?.reference == reference }
        }
        return cancel(id ?? "", body, "TECHNICAL_CANCEL")
      }
    }
    router.post("/adyen/v71/sessions") { request, _ in try await once(.authorise, request) { open($0) } }
    // What a customer's browser does, on pages that the sandbox does not have.
    router.post("/sandbox/adyen/banks/{id}") { _, context in
      let id = try context.parameters.require("id")
      let result = world.with { state in
        let name = world.name("RR", &state)
        state.cashbox.results[name] = id
        return name
      }
      return .json(["redirectResult": result])
    }
    router.post("/sandbox/adyen/sessions/{id}") { request, context in
      let id = try context.parameters.require("id")
      let body = try document(try await request.body.collect(upTo: AdyenRoutes.bodyMax))
      return try payIn(id, body.text("card") ?? "")
    }
  }

  /// Answers whoever shows the key, and under one idempotency key always the same.
  private func once(
    _ deed: Deed, _ request: Request, _ act: (JSONNode) -> Cashbox.Answer
  ) async throws -> Response {
    guard request.header("x-api-key") == world.settings.key else {
      return Voice.adyen.failure(.unauthorized, "000", "HTTP Status Response - Unauthorized")
    }
    let body = try document(try await request.body.collect(upTo: AdyenRoutes.bodyMax))
    let key = request.header("idempotency-key")
    return try await world.acting(deed, .adyen, .adyen) { _ in
      if let key, let kept = world.with({ $0.cashbox.answer(to: key) }) { return response(kept) }
      let answer = act(body)
      if let key { world.with { $0.cashbox.keep(answer, to: key) } }
      return response(answer)
    }
  }

  private func response(_ answer: Cashbox.Answer) -> Response {
    Response(status: answer.status, fields: ["Content-Type": "application/json"], body: .bytes(answer.body))
  }

  // MARK: Paying

  private func pay(_ body: JSONNode, _ request: Request) -> Cashbox.Answer {
    guard let intent = intent(body), body.member("additionalData")?.text("manualCapture") == "true" else {
      return .refusal("130", "merchantAccount, reference, amount and additionalData.manualCapture are required")
    }
    guard let card = body.member("paymentMethod")?.text("storedPaymentMethodId").flatMap(Cashbox.card) else {
      return .refusal("803", "PaymentDetail not found")
    }
    let hasPassed = world.with { state in
      state.cashbox.till.enter(intent)
      return state.cashbox.till.give(card, to: intent.id)
    }
    guard hasPassed else {
      world.with { _ = $0.cashbox.till.cancel(intent.id) }
      tell("AUTHORISATION", of: intent, isSuccess: false)
      return .document { answer in
        answer.field("pspReference", intent.id)
        answer.field("resultCode", "Refused")
        answer.field("refusalReason", "Refused")
        answer.field("merchantReference", intent.reference)
      }
    }
    if card == .good { tell("AUTHORISATION", of: intent) }
    let origin = "http://\(request.header("host") ?? "127.0.0.1")"
    return .document { answer in
      answer.field("pspReference", intent.id)
      answer.field("resultCode", card == .asks ? "RedirectShopper" : "Authorised")
      answer.field("merchantReference", intent.reference)
      if card == .asks {
        answer.object("action") { action in
          action.field("type", "redirect")
          action.field("method", "GET")
          action.field("url", "\(origin)/sandbox/adyen/banks/\(intent.id)")
        }
      }
    }
  }

  private func conclude(_ body: JSONNode) -> Cashbox.Answer {
    let result = body.member("details")?.text("redirectResult") ?? ""
    let found: Till.Intent? = world.with { state in
      guard let id = state.cashbox.results[result], state.cashbox.till.approve(id) else { return nil }
      return state.cashbox.till.intents[id]
    }
    guard let found else { return .refusal("101", "Invalid redirect result") }
    tell("AUTHORISATION", of: found)
    return .document { answer in
      answer.field("pspReference", found.id)
      answer.field("resultCode", "Authorised")
      answer.field("merchantReference", found.reference)
    }
  }

  private func open(_ body: JSONNode) -> Cashbox.Answer {
    guard let intent = intent(body) else {
      return .refusal("130", "merchantAccount, reference and amount are required")
    }
    let session = Cashbox.Session(
      id: "CS" + intent.id, reference: intent.reference, amount: intent.amount, currency: intent.currency,
      returnURL: intent.returnURL)
    world.with { $0.cashbox.sessions[session.id] = session }
    return .document(.created) { answer in
      answer.field("id", session.id)
      answer.field("sessionData", "Ab02b4c0" + session.id)
      answer.field("expiresAt", ifPresent: body.text("expiresAt"))
      answer.field("reference", session.reference)
    }
  }

  private func payIn(_ id: String, _ card: String) throws -> Response {
    guard let session = world.with({ $0.cashbox.sessions[id] }), let card = Cashbox.card(card) else {
      throw Problem(.notFound, detail: "There is no such session, or no such card.")
    }
    let (intent, hasPassed) = world.with { state in
      let intent = Till.Intent(
        id: world.name("PSP", &state), reference: session.reference, amount: session.amount,
        currency: session.currency, created: world.clock(state), returnURL: session.returnURL)
      state.cashbox.till.enter(intent)
      let hasPassed = state.cashbox.till.give(card, to: intent.id)
      if !hasPassed { _ = state.cashbox.till.cancel(intent.id) }
      return (intent, hasPassed)
    }
    tell("AUTHORISATION", of: intent, isSuccess: hasPassed)
    return .json(["resultCode": hasPassed ? "Authorised" : "Refused"])
  }

  private func intent(_ body: JSONNode) -> Till.Intent? {
    guard body.text("merchantAccount") == AdyenNotification.merchant, let reference = body.text("reference"),
      let amount = body.member("amount"), let value = amount.count("value"), value > 0,
      let currency = amount.text("currency")
    else { return nil }
    return world.with { state in
      Till.Intent(
        id: world.name("PSP", &state), reference: reference, amount: Int64(value), currency: currency,
        created: world.clock(state), returnURL: body.text("returnUrl"))
    }
  }

  // MARK: Changes

  private func capture(_ id: String, _ body: JSONNode) -> Cashbox.Answer {
    change(id, body, "CAPTURE") { $0.capture(id) }
  }

  private func cancel(_ id: String, _ body: JSONNode, _ code: String) -> Cashbox.Answer {
    change(id, body, code) { $0.cancel(id) }
  }

  private func refund(_ id: String, _ body: JSONNode) -> Cashbox.Answer {
    let amount = Int64(body.member("amount")?.count("value") ?? 0)
    let (attempt, now) = (body.text("reference"), world.now)
    return change(id, body, "REFUND", amount: amount) { till in
      till.refund(
        Till.Refund(
          id: "\(id)/\(till.refunds.count)", intent: id, amount: amount, attempt: attempt, created: now))
    }
  }

  /// What is asked for is received; what comes of it is told by webhook, also that nothing did.
  private func change(
    _ id: String, _ body: JSONNode, _ code: String, amount: Int64? = nil, _ act: @Sendable (inout Till) -> Bool
  ) -> Cashbox.Answer {
    guard body.text("merchantAccount") == AdyenNotification.merchant, let reference = body.text("reference") else {
      return .refusal("901", "Invalid Merchant Account")
    }
    let (intent, isDone, name) = world.with { state in
      let isDone = act(&state.cashbox.till)
      return (state.cashbox.till.intents[id], isDone, world.name("MOD", &state))
    }
    if let intent {
      events.send(
        AdyenNotification(
          code: code, name: name, original: id, reference: reference, amount: amount ?? intent.amount,
          currency: intent.currency, isSuccess: isDone))
    }
    return .document(.created) { answer in
      answer.field("merchantAccount", AdyenNotification.merchant)
      answer.field("paymentPspReference", id)
      answer.field("pspReference", name)
      answer.field("reference", reference)
      answer.field("status", "received")
    }
  }

  private func tell(_ code: String, of intent: Till.Intent, isSuccess: Bool = true) {
    events.send(
      AdyenNotification(
        code: code, name: intent.id, reference: intent.reference, amount: intent.amount, currency: intent.currency,
        isSuccess: isSuccess))
  }
}

extension Cashbox.Answer {
  static func document(_ status: HTTPStatus = .ok, _ body: (inout JSONObjectWriter) -> Void) -> Cashbox.Answer {
    var writer = JSONWriter()
    writer.object(body)
    return Cashbox.Answer(status: status, body: writer.finish())
  }

  static func refusal(_ code: String, _ words: String) -> Cashbox.Answer {
    document(.unprocessableContent) { AdyenRoutes.write(&$0, .unprocessableContent, code, words) }
  }
}

extension AdyenRoutes {
  fileprivate static func write(
    _ object: inout JSONObjectWriter, _ status: HTTPStatus, _ code: String, _ words: String
  ) {
    object.field("status", status.code)
    object.field("errorCode", code)
    object.field("message", words)
    object.field("errorType", status.code >= 500 ? "internal" : status.code == 401 ? "security" : "validation")
  }
}

extension Voice {
  /// Errors as Adyen's API describes them.
  static let adyen = Voice(
    failure: { status, code, words in
      var writer = JSONWriter()
      writer.object { AdyenRoutes.write(&$0, status, code, words) }
      return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
    }, ownFault: "905", throttled: "029")
}
