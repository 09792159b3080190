import Accounts
import Booking
import EventLoop
import HTTP
import JSON
import Kernel
import Store
import Telemetry
import TripsWire

/// `/payments`: pay a booking, see how that stands, fetch the invoice.
///
/// Card data never comes here: the customer's browser gives it to whoever collects the money, with what
/// `clientSecret` or `redirect` say.
struct PaymentRoutes: Sendable {
  private static let bytesMax = 16 * 1024
  /// How long an answer is waited for before the caller is told to ask again.
  private static let patience = 40
  /// What banks send customers back with is shorter.
  private static let resultMax = 10_000
  private static let id: JSONSchema = .text(matching: "^[0-9a-f-]{36}-P[1-9][0-9]{0,3}$")

  let gate: BookingGate
  let counter: BookingCounter?
  var store: BookingStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    group.post("/payments/intent") { request, context in try await intend(request, context) }.describe(
      .json(
        "Begins the payment of a booking", .bookings, .token,
        takes: .fields(["booking": .id, "method?": .text(1...200)]), gives: PaymentJSON.schema,
        or: [.json(PaymentJSON.schema, status: .accepted)]
      ).scoped(.book))
    group.post("/payments/confirm") { request, context in try await confirm(request, context) }.describe(
      .json(
        "Says that the customer has done what the bank wanted", .bookings, .token,
        takes: .fields(["payment": Self.id, "result?": .text(1...Self.resultMax)]), gives: PaymentJSON.schema,
        or: [.json(PaymentJSON.schema, status: .accepted)]
      ).scoped(.book))
    group.get("/payments/{id}") { request, context in
      let caller = try await gate.caller(request, context)
      let reference = try context.parameters.require("id", as: PaymentReference.self).text
      return try await tell(try await booking(of: reference, caller), reference)
    }.describe(.json("A payment", .bookings, .token, path: ["id": Self.id], gives: PaymentJSON.schema).scoped(.book))
    group.get("/payments/{id}/invoice") { request, context in
      let caller = try await gate.caller(request, context)
      return try await invoice(try context.parameters.require("id", as: PaymentReference.self).text, caller)
    }.describe(
      RouteDescription(
        "The invoice of what was paid", RouteDescription.Topic.bookings.rawValue, access: .token,
        path: ["id": Self.id], answers: [.bytes("application/pdf")]
      ).scoped(.book))
  }

  private func booking(of reference: String, _ caller: Caller) async throws -> StoredBooking {
    guard let found = try await store.find(reference: reference), found.target == .payment else {
      throw Problem.noPayment
    }
    do { return try await gate.booking(found.id, for: caller) } catch let problem as Problem {
      throw problem.status == .notFound ? Problem.noPayment : problem
    }
  }

  // MARK: Paying

  private func intend(_ request: Request, _ context: RequestContext) async throws -> Response {
    let caller = try await gate.caller(request, context)
    guard let counter else { throw Problem.nobodySells }
    let object = try await request.jsonDocument(limit: Self.bytesMax).root.object(
      required: "booking", optional: "method")
    guard let id: BookingID = try object.required("booking", as: JSONNode.self).findIdentifier() else {
      throw Problem.noBooking
    }
    let method = try object.optional("method", length: 1...200)
    _ = try await gate.booking(id, for: caller)
    let changed = try await store.change(id) { (saga) throws -> (Void, [SagaEffect]) in
      do throws(SagaFault) {
        return ((), try saga.handle(.pay(method: method), at: counter.now()))
      } catch {
        // Who asks twice is told of the payment that is under way.
        guard error == .paymentUnderWay else { throw error }
        return ((), [])
      }
    }
    guard let reference = changed?.booking.saga.paymentReference else { throw Problem.noBooking }
    return try await wait(id, reference) { payment in payment.stage != .none || payment.call == nil && payment.isLeft }
  }

  private func confirm(_ request: Request, _ context: RequestContext) async throws -> Response {
    let caller = try await gate.caller(request, context)
    guard let counter else { throw Problem.nobodySells }
    let object = try await request.jsonDocument(limit: Self.bytesMax).root.object(
      required: "payment", optional: "result")
    let reference = try object.required("payment", length: 36...50)
    let result = try object.optional("result", length: 1...Self.resultMax)
    let booking = try await booking(of: reference, caller)
    if let result,
      let bank = counter.collectors.first(where: { $0.name == booking.saga.collector }) as? any PaymentReturning
    {
      do throws(PaymentFault) {
        try await bank.conclude(reference, result: result)
      } catch {
        // Refused or not heard: how it stands is asked for below as ever, and told.
        context.logger.notice("what a customer brought back came to nothing", ["error": .string("\(error)")])
      }
    }
    _ = try await store.change(booking.id) { (saga) throws -> (Void, [SagaEffect]) in
      ((), try saga.handle(.hint(.payment), at: counter.now()))
    }
    return try await wait(booking.id, reference) { ![.none, .pending, .authorised].contains($0.stage) }
  }

  /// Waits a little for a worker, and tells how the payment stands then.
  private func wait(
    _ id: BookingID, _ reference: String, until isThere: (SagaPayment) -> Bool
  ) async throws -> Response {
    for _ in 0..<Self.patience {
      guard let booking = try await store.find(id) else { throw Problem.noBooking }
      guard booking.saga.paymentReference == reference, let payment = booking.saga.payment, !isThere(payment) else {
        return try await tell(booking, reference)
      }
      if let loop = EventLoop.current {
        try await loop.sleep(for: .milliseconds(200))
      } else {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
    guard let booking = try await store.find(id) else { throw Problem.noBooking }
    return try await tell(booking, reference, status: .accepted)
  }

  private func tell(
    _ booking: StoredBooking, _ reference: String, status: HTTPStatus = .ok
  ) async throws -> Response {
    // An older try of the customer's is over; the newest is what the booking knows.
    guard booking.saga.paymentReference == reference, let payment = booking.saga.payment else {
      throw Problem.noPayment
    }
    var standing: PaymentStanding?
    if payment.stage == .pending,
      let collector = counter?.collectors.first(where: { $0.name == booking.saga.collector })
    {
      // What the browser needs is kept nowhere here; where it cannot be had now, the caller asks again.
      standing = try? await collector.standing(of: reference)
    }
    return TripAnswers.fresh(PaymentJSON(saga: booking.saga, payment: payment, standing: standing), status: status)
  }

  // MARK: Invoices

  private func invoice(_ reference: String, _ caller: Caller) async throws -> Response {
    let booking = try await booking(of: reference, caller)
    guard let invoice = try await store.invoice(of: booking.id) else {
      throw Problem(
        .notFound, detail: "There is no invoice yet: it is written when what was paid for is ticketed.")
    }
    let document = InvoiceDocument(invoice, booking)
    return Response(
      status: .ok,
      fields: [
        "Content-Type": "application/pdf", "Cache-Control": "private, no-cache",
        "Content-Disposition": "attachment; filename=\"invoice-\(invoice.name).pdf\"",
      ], body: .bytes(document.pdf))
  }
}

/// A payment's name in a path.
struct PaymentReference: PathParameter {
  let text: String

  init?(parameter text: String) {
    guard (39...50).contains(text.utf8.count), text.contains("-P"), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      return nil
    }
    self.text = text
  }

  static var parameterExpectation: String { "a payment, as POST /v1/payments/intent tells it" }
}

extension Problem {
  fileprivate static var noPayment: Problem {
    Problem(.notFound, detail: "There is no such payment, or none of yours, or a newer one has taken its place.")
  }
}
