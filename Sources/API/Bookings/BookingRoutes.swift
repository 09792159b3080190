import Accounts
package import Booking
package import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/bookings`: have offers booked, see how that stands, answer questions, call it off.
struct BookingRoutes: Sendable {
  private static let bytesMax = 128 * 1024

  let gate: BookingGate
  /// Nil where nobody sells.
  let counter: BookingCounter?
  /// What shows of packages that they were offered.
  let seal: NameSeal
  var store: BookingStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    group.post("/bookings") { request, context in try await make(request, context) }.describe(
      .json(
        "Has offers booked, once for each Idempotency-Key", .bookings, .token, fields: ["Idempotency-Key"],
        takes: BookingWish.schema, gives: BookingJSON.schema, status: .created
      ).scoped(.book))
    group.get("/bookings") { request, context in try await list(request, context) }.describe(
      .json(
        "One's bookings and those of one's trips, the newest first", .bookings, .token,
        query: ["cursor": .id, "limit": .integer(1...200)], gives: .page("bookings", BookingJSON.schema)
      ).scoped(.book))
    gate.on(.get, "", group, .json("A booking", .bookings, gives: BookingJSON.schema).conditional) { request, booking in
      let tag = ETag(version: booking.revision)
      if try request.isNotModified(tag) { return .notModified(tag) }
      return try await tell(booking).with(tag)
    }
    gate.on(
      .put, "/cancel", group, .json("Calls a booking off", .bookings, gives: BookingJSON.schema)
    ) { _, booking in try await change(booking, .cancel) }
    gate.on(
      .put, "/change", group,
      .json(
        "Wants another offer in place of what was bought", .bookings,
        takes: .fields([
          "item": .integer(1...Saga.itemsMax), "offer": BookingWish.offer, "price": BookingWish.price,
        ]), gives: BookingJSON.schema)
    ) { request, booking in try await exchange(request, booking) }
    gate.on(
      .post, "/consent", group,
      .json(
        "Answers a question of the booking", .bookings,
        takes: .fields(["question": .integer(1...1_000_000), "answer": .boolean]), gives: BookingJSON.schema)
    ) { request, booking in
      let object = try await request.jsonDocument(limit: Self.bytesMax).root.object(required: "question", "answer")
      return try await change(
        booking,
        .consent(
          question: try object.required("question", in: 1...1_000_000), try object.required("answer", as: Bool.self)))
    }
    gate.on(
      .post, "/check-in", group,
      .json(
        "Says where an item is checked in, and with which papers: always 409, since no seller lets others do it",
        .bookings, takes: .fields(["item": .integer(1...Saga.itemsMax)]),
        gives: .object)
    ) { request, booking in throw try await checkIn(request, booking) }
  }

  // MARK: Making

  private func make(_ request: Request, _ context: RequestContext) async throws -> Response {
    let caller = try await gate.caller(request, context)
    guard let counter, !counter.sellers.isEmpty, !counter.collectors.isEmpty else { throw Problem.nobodySells }
    guard let key = try request.idempotencyKey() else {
      throw Problem.parameter(
        "Idempotency-Key",
        "The field Idempotency-Key must be there, with a name of its own for this booking such as a UUID: so that a request that is sent again books nothing twice."
      )
    }
    let document = try await request.jsonDocument(limit: BookingWish.bytesMax)
    var generator = SystemRandomNumberGenerator()
    let wish = try BookingWish(document.root, counter, seal, using: &generator)
    if let trip = wish.trip { try await gate.check(trip, caller) }
    let new = NewBooking(
      RepeatableRequest(caller: caller.keySpace, key: key, content: document.root.jsonBytes()), trip: wish.trip,
      currency: wish.currency, policy: wish.policy, collector: wish.collector, items: wish.items,
      package: wish.package, travellers: wish.travellers)
    switch try await store.make(new, TripChance.id(), at: counter.now()) {
    case .made(let booking), .again(let booking):
      return try await tell(
        booking, status: .created, fields: ["Location": "/v1/bookings/\(booking.id)", "Cache-Control": "no-store"])
    case .different: throw Problem.keyUsedBefore
    // Sixty-five bits of chance came twice.
    case .taken: throw Problem(.conflict, detail: "Send it again, with another Idempotency-Key.")
    }
  }

  // MARK: Changing

  private func exchange(_ request: Request, _ booking: StoredBooking) async throws -> Response {
    guard let counter else { throw Problem.nobodySells }
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "item", "offer", "price")
    let item: Int = try object.required("item", in: 1...Saga.itemsMax)
    let offer = try BookingWish.offer(object.required("offer", as: JSONNode.self), counter)
    let price = try BookingWish.money(object.required("price", as: JSONNode.self))
    guard price.currency == booking.saga.currency else {
      throw json.fault("must be in \(booking.saga.currency), as the booking is", at: "/price/currency")
    }
    guard booking.saga.items.indices.contains(item - 1), booking.saga.items[item - 1].offer.seller == offer.seller
    else {
      throw json.fault("must be an offer of the seller of the item that it replaces", at: "/offer/seller")
    }
    return try await change(booking, .change(item: item - 1, offer, price: price.minorUnits))
  }

  private func change(_ booking: StoredBooking, _ event: SagaEvent) async throws -> Response {
    guard let counter else { throw Problem.nobodySells }
    let changed = try await store.change(booking.id) { (saga) throws -> (Void, [SagaEffect]) in
      ((), try saga.handle(event, at: counter.now()))
    }
    guard let changed else { throw Problem.noBooking }
    return try await tell(changed.booking)
  }

  /// No seller that we know lets others check travellers in: this says who does, and with which papers.
  private func checkIn(_ request: Request, _ booking: StoredBooking) async throws -> Problem {
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let number: Int = try json.object(required: "item").required("item", in: 1...Saga.itemsMax)
    guard booking.saga.items.indices.contains(number - 1) else { throw SagaFault.noItem(number - 1) }
    let item = booking.saga.items[number - 1]
    guard case .bought(let papers) = item.stage, !papers.isEmpty else {
      return Problem(
        .conflict, name: "check-in-closed", title: "Check-in is not open",
        detail: "Item \(number) has no ticket yet; GET /v1/bookings/\(booking.id) tells when it has.")
    }
    return Problem(
      .conflict, name: "check-in-elsewhere", title: "Check-in is elsewhere",
      detail:
        "\(item.offer.seller) lets nobody be checked in from here: check in with the carrier or the house itself, with \(papers.joined(separator: ", "))."
    )
  }

  // MARK: Telling

  private func list(_ request: Request, _ context: RequestContext) async throws -> Response {
    let caller = try await gate.caller(request, context)
    let cursor = try request.query.optional("cursor", as: BookingID.self)
    let limit = try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
    let found = try await store.list(of: caller.keySpace, caller.user, before: cursor, limit: limit + 1)
    let shown = Array(found.prefix(limit))
    let details = try await store.details(of: shown.map(\.id))
    let next = found.count > limit ? shown.last?.id.description : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("bookings") { for one in shown { $0.element(BookingJSON(booking: one, details: details)) } }
        object.field("next", next)
      })
  }

  private func tell(
    _ booking: StoredBooking, status: HTTPStatus = .ok, fields: HTTPFields = ["Cache-Control": "private, no-cache"]
  ) async throws -> Response {
    let details = try await store.details(of: [booking.id])
    return .json(BookingJSON(booking: booking, details: details), status: status, fields: fields)
  }
}

extension SagaFault: ProblemConvertible {
  /// 409 for what does not go now, 422 for what cannot be.
  package var problem: Problem {
    switch self {
    case .notPayable, .paymentUnderWay, .noQuestion, .over, .notChangeable, .inPackage:
      Problem(.conflict, name: "booking-state", title: "The booking does not allow that now", detail: "\(self).")
    case .itemCount, .currencies, .price, .packagePrice, .packagePolicy, .part, .noItem, .dearer:
      Problem(.unprocessableContent, detail: "\(self).")
    }
  }
}
