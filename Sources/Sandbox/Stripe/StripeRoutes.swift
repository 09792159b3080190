import HTTP
import JSON
import Kernel

/// Stripe's shape: payment intents that are reserved first, and refunds.
struct StripeRoutes: Sendable {
  private static let bodyMax = 1 << 16
  private static let pageMax = 100

  let world: World
  let events: EventSender

  func add(to router: Router) {
    let intents = router.group("/v1/payment_intents")
    intents.post("") { request, _ in try await answering(.authorise, request) { try await make(request) } }
    intents.get("") { request, _ in try await answering(.find, request) { try list(request) } }
    intents.get("/search") { request, _ in
      try await answering(.find, request) { search(try request.query.value("query") ?? "") }
    }
    intents.get("/{id}") { request, context in
      try await answering(.find, request) { tell(try context.parameters.require("id"), request) }
    }
    intents.post("/{id}/confirm") { request, context in
      let id = try context.parameters.require("id")
      return try await answering(.authorise, request) { try await confirm(id, request) }
    }
    intents.post("/{id}/capture") { request, context in
      let id = try context.parameters.require("id")
      return try await answering(.capture, request) {
        change(id, request, "payment_intent.succeeded") { $0.capture(id) }
      }
    }
    intents.post("/{id}/cancel") { request, context in
      let id = try context.parameters.require("id")
      return try await answering(.void, request) { change(id, request, "payment_intent.canceled") { $0.cancel(id) } }
    }
    router.post("/v1/refunds") { request, _ in try await answering(.refund, request) { try await refund(request) } }
    router.get("/v1/refunds") { request, _ in
      try await answering(.find, request) { refunds(of: try request.query.value("payment_intent") ?? "") }
    }
    // The bank's page: whoever comes there has shown who they are.
    router.post("/sandbox/bank/{id}") { request, context in
      let id = try context.parameters.require("id")
      return change(id, request, "payment_intent.amount_capturable_updated") { $0.approve(id) }
    }
  }

  /// Answers whoever shows the key.
  private func answering(
    _ deed: Deed, _ request: Request, _ act: () async throws -> Response
  ) async throws -> Response {
    guard request.header("authorization") == "Bearer \(world.settings.key)" else {
      return Voice.stripe.failure(.unauthorized, "api_key_invalid", "the key is not known")
    }
    return try await world.acting(deed, .stripe, .stripe) { _ in try await act() }
  }

  private func make(_ request: Request) async throws -> Response {
    let form = Form(try await request.body.collect(upTo: StripeRoutes.bodyMax))
    guard let amount = form["amount"].flatMap({ Int64($0) }), amount > 0, let currency = form["currency"],
      form["capture_method"] == "manual"
    else { return Voice.stripe.failure(.badRequest, "parameter_missing", "amount, currency and capture_method=manual") }
    let intent = world.with { state in
      let intent = Till.Intent(
        id: world.name("pi_", &state), reference: form["metadata[reference]"] ?? "", amount: amount, currency: currency,
        created: world.clock(state), returnURL: form["return_url"])
      state.till.enter(intent)
      return intent
    }
    guard form["confirm"] == "true" else { return tell(intent.id, request) }
    return give(form["payment_method"], to: intent.id, request)
  }

  private func confirm(_ id: String, _ request: Request) async throws -> Response {
    let form = Form(try await request.body.collect(upTo: StripeRoutes.bodyMax))
    return give(form["payment_method"], to: id, request)
  }

  private func give(_ method: String?, to id: String, _ request: Request) -> Response {
    guard let card = method.flatMap(Till.Card.init(rawValue:)) else {
      return Voice.stripe.failure(.badRequest, "resource_missing", "there is no such payment method")
    }
    guard world.with({ $0.till.give(card, to: id) }) else {
      if card == .refused { tellOf(id, "payment_intent.payment_failed") }
      return Voice.stripe.failure(.paymentRequired, "card_declined", "Your card was declined.")
    }
    tellOf(id, card == .asks ? "payment_intent.requires_action" : "payment_intent.amount_capturable_updated")
    return tell(id, request)
  }

  private func change(
    _ id: String, _ request: Request, _ event: String, _ act: @Sendable (inout Till) -> Bool
  ) -> Response {
    guard world.with({ act(&$0.till) }) else {
      return Voice.stripe.failure(
        .badRequest, "payment_intent_unexpected_state", "the payment intent does not allow that in its state")
    }
    tellOf(id, event)
    return tell(id, request)
  }

  private func refund(_ request: Request) async throws -> Response {
    let form = Form(try await request.body.collect(upTo: StripeRoutes.bodyMax))
    guard let intent = form["payment_intent"], let amount = form["amount"].flatMap({ Int64($0) }), amount > 0 else {
      return Voice.stripe.failure(.badRequest, "parameter_missing", "payment_intent and amount")
    }
    let refund: Till.Refund? = world.with { state in
      let refund = Till.Refund(
        id: world.name("re_", &state), intent: intent, amount: amount, attempt: form["metadata[attempt]"],
        created: world.clock(state))
      return state.till.refund(refund) ? refund : nil
    }
    guard let refund else {
      return Voice.stripe.failure(.badRequest, "charge_already_refunded", "more than was paid, or nothing was")
    }
    tellOf(intent, "charge.refunded")
    return .json(StripeRefundJSON(refund: refund))
  }

  // MARK: Telling

  private func tell(_ id: String, _ request: Request) -> Response {
    guard let intent = world.with({ $0.till.intents[id] }) else {
      return Voice.stripe.failure(.notFound, "resource_missing", "there is no such payment intent")
    }
    return .json(StripeIntentJSON(intent: intent, origin: origin(request)))
  }

  private func origin(_ request: Request) -> String { "http://\(request.header("host") ?? "127.0.0.1")" }

  private func tellOf(_ id: String, _ event: String) {
    guard let intent = world.with({ $0.till.intents[id] }) else { return }
    events.send(event, intent)
  }

  /// The newest first.
  private func list(_ request: Request) throws -> Response {
    let limit = try request.query.optional("limit", as: Int.self, in: 1...StripeRoutes.pageMax) ?? 10
    let after = try request.query.value("starting_after")
    let (all, intents) = world.with { (Array($0.till.order.reversed()), $0.till.intents) }
    let start = after.flatMap { all.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    let page = all.dropFirst(start).prefix(limit).compactMap { intents[$0] }
    return .json(
      StripeListJSON(
        elements: page.map { StripeIntentJSON(intent: $0, origin: origin(request)) },
        hasMore: start + page.count < all.count))
  }

  /// `metadata['reference']:'…'` alone is understood.
  private func search(_ query: String) -> Response {
    let parts = query.split(separator: "'", omittingEmptySubsequences: false)
    let reference = parts.count == 5 && parts[1] == "reference" ? String(parts[3]) : ""
    let found = world.with { $0.till.intents.values.filter { !reference.isEmpty && $0.reference == reference } }
    return .json(StripeListJSON(elements: found.map { StripeIntentJSON(intent: $0, origin: "") }, hasMore: false))
  }

  private func refunds(of intent: String) -> Response {
    let found = world.with { $0.till.refunds.filter { $0.intent == intent } }
    return .json(StripeListJSON(elements: found.map { StripeRefundJSON(refund: $0) }, hasMore: false))
  }
}

/// A body as forms send it.
private struct Form {
  private var values: [String: String] = [:]

  init(_ bytes: [UInt8]) {
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      values[Form.decoded(parts[0])] = parts.count == 2 ? Form.decoded(parts[1]) : ""
    }
  }

  subscript(_ name: String) -> String? { values[name] }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        text.append(value)
        rest = rest.dropFirst(2)
      } else {
        text.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Voice {
  /// Errors as Stripe's API describes them.
  static let stripe = Voice(
    failure: { status, code, words in
      var writer = JSONWriter()
      writer.object { object in
        object.object("error") { error in
          error.field(
            "type",
            status.code == 402 ? "card_error" : status.code >= 500 ? "api_error" : "invalid_request_error")
          error.field("code", code)
          error.field("message", words)
        }
      }
      return Response(status: status, fields: ["Content-Type": "application/json"], body: .bytes(writer.finish()))
    }, ownFault: "api_error", throttled: "rate_limit")
}
