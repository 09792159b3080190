import HTTP
import JSON
import Kernel

/// What tests ask the sandbox itself, in no seller's shape.
struct OwnRoutes: Sendable {
  let world: World
  let events: EventSender

  func add(to router: Router) {
    let own = router.group("/sandbox")
    own.get("/books") { _, _ in .json(world.with { BooksJSON(books: $0.books, tills: [$0.till, $0.cashbox.till]) }) }
    own.post("/webhooks") { request, _ in
      let body = try document(try await request.body.collect(upTo: 1 << 16))
      world.with { state in
        state.webhookURL = body.text("duffel") ?? state.webhookURL
        state.stripeWebhookURL = body.text("stripe") ?? state.stripeWebhookURL
        state.adyenWebhookURL = body.text("adyen") ?? state.adyenWebhookURL
      }
      return Response(status: .noContent)
    }
    own.get("/requests") { _, _ in .json(world.with { $0.requests }) }
    own.get("/faults") { _, _ in .json(world.with { $0.dice.counts }) }
    own.post("/faults") { request, _ in
      try wantFaults(document(try await request.body.collect(upTo: 1 << 16)))
      return Response(status: .noContent)
    }
    own.post("/clock") { request, _ in
      let seconds = try document(try await request.body.collect(upTo: 1 << 16)).member("seconds")?.int ?? 0
      guard (0...100_000_000).contains(seconds) else { throw Problem(.badRequest, detail: "Time goes forward only.") }
      world.with { $0.secondsAhead += Int64(seconds) }
      return .json(["now": world.now.description])
    }
    own.post("/delays") { request, _ in
      let body = try document(try await request.body.collect(upTo: 1 << 16))
      guard let order = body.text("order"), let minutes = try body.member("minutes")?.int else {
        throw Problem(.badRequest, detail: "Write {\"order\": ID, \"minutes\": N}.")
      }
      guard let sale = try? world.with({ try $0.books.delay(order, minutes: minutes) }) else {
        throw Problem(.notFound, detail: "There is no such order.")
      }
      events.send("order.airline_initiated_change_detected", sale)
      return Response(status: .noContent)
    }
    own.post("/events/flush") { _, _ in
      events.flush()
      return Response(status: .noContent)
    }
  }

  private func wantFaults(_ body: JSONNode) throws {
    for wanted in body.list("next") {
      guard let deed = wanted.text("deed").flatMap(Deed.init), let fault = wanted.text("fault").flatMap(Fault.init)
      else {
        let deeds = Deed.allCases.map(\.rawValue).joined(separator: ", ")
        let faults = Fault.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(.badRequest, detail: "A fault has a deed (\(deeds)) and a fault (\(faults)).")
      }
      world.with { $0.dice.want(fault, for: deed) }
    }
  }
}
