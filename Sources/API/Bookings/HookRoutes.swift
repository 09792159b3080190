import Booking
package import HTTP
import JSON
import Kernel
package import Store
import Telemetry

/// `/webhooks/{name}`: events of those who sell and those who collect money.
///
/// An event is a hint and no more: a run of the booking is ordered, which asks how things stand. So one that comes twice, late
/// or in another order does no harm; what is not ours is taken and forgotten.
package struct HookRoutes: Sendable {
  private static let bytesMax = 1 << 20
  /// Things that one event may be about.
  private static let subjectsMax = 100

  let store: BookingStore
  let counter: BookingCounter?

  /// Routes that find bookings in a store, and whose events they are with a counter.
  package init(store: BookingStore, counter: BookingCounter?) {
    self.store = store
    self.counter = counter
  }

  /// Adds the route to a group.
  package func addRoutes(to group: RouteGroup) {
    group.post("/webhooks/{name}") { request, context in
      let name = try context.parameters.require("name", as: String.self)
      return try await take(request, context, from: name)
    }.describe(
      RouteDescription(
        "Takes an event of a seller, or of who collects money", RouteDescription.Topic.bookings.rawValue,
        path: ["name": .text(1...40)], body: RouteDescription.Body(.object), answers: [.empty(.noContent)]))
  }

  private func take(_ request: Request, _ context: RequestContext, from name: String) async throws -> Response {
    guard let counter, let hook = counter.hooks[name] else {
      throw Problem(.notFound, detail: "Nobody's events are taken here under that name.")
    }
    let body = try await request.body.collect(upTo: Self.bytesMax)
    let subjects: [BookingCounter.HookSubject]
    do throws(BookingCounter.HookFlaw) {
      subjects = try hook(body) { request.header($0) }
    } catch {
      context.logger.warning("an event is refused", ["from": .string(name), "flaw": .string("\(error)")])
      switch error {
      case .forged: throw Problem(.unauthorized, detail: "The event is not signed with the secret that we share.")
      case .stale: throw Problem(.badRequest, detail: "The event was signed more than five minutes ago.")
      case .unreadable: throw Problem(.badRequest, detail: "The event cannot be read.")
      }
    }
    for subject in subjects.prefix(Self.subjectsMax) {
      guard let (id, target) = try await find(subject, from: name) else { continue }
      // Kept before anybody is hinted at it; where it cannot be, whoever sent it sends it again.
      if case .told(let reference, let note, let text) = subject {
        try await store.keep(note: note, text, of: reference, with: name)
      }
      _ = try await store.change(id) { (saga) throws -> (Void, [SagaEffect]) in
        ((), try saga.handle(.hint(target), at: counter.now()))
      }
    }
    return Response(status: .noContent)
  }

  private func find(
    _ subject: BookingCounter.HookSubject, from name: String
  ) async throws -> (id: BookingID, target: SagaTarget)? {
    switch subject {
    case .reference(let reference), .told(let reference, _, _): try await store.find(reference: reference)
    case .payment(let theirs): try await store.find(payment: theirs, with: name).map { ($0, .payment) }
    }
  }
}
