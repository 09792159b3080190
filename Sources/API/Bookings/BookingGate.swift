import Accounts
import HTTP
import JSON
import Kernel
import Store
import Trips

/// Where every request for a booking goes through: who asks, and whether it is theirs.
///
/// A booking belongs to who made it, and to those who may change the trip that it is of. To everybody else it is not there.
struct BookingGate: Sendable {
  let store: BookingStore
  let plans: PlanGate

  /// Adds a route of one booking.
  func on(
    _ method: HTTPMethod, _ pattern: String, _ group: RouteGroup, _ description: RouteDescription,
    _ body: @escaping @Sendable (Request, StoredBooking) async throws -> Response
  ) {
    var full = description.scoped(.book)
    full.access = .token
    full.path["id"] = .id
    group.on(method, "/bookings/{id}\(pattern)") { request, context in
      let id = try context.parameters.require("id", as: BookingID.self)
      return try await body(request, try await self.booking(id, for: try await self.caller(request, context)))
    }.describe(full)
  }

  /// Who asks: somebody with an account, or a partner's program.
  ///
  /// - Throws: 401 to who has not said who they are.
  func caller(_ request: Request, _ context: RequestContext) async throws -> Caller {
    let caller = try await plans.caller(request, context)
    switch caller {
    case .user, .partner: return caller
    case .anonymous, .operator:
      throw Problem(
        .unauthorized, detail: "Bookings belong to people: sign in, and send \"Authorization: Bearer TOKEN\".",
        fields: ["WWW-Authenticate": "Bearer realm=\"bookings\""])
    }
  }

  /// A booking that is the caller's.
  ///
  /// - Throws: 404, whether it is there or not.
  func booking(_ id: BookingID, for caller: Caller) async throws -> StoredBooking {
    guard let found = try await store.find(id), try await isTheirs(found, caller) else { throw Problem.noBooking }
    return found
  }

  /// Lets pass whoever may have things booked for a trip.
  ///
  /// - Throws: what ``PlanGate`` throws.
  func check(_ trip: TripID, _ caller: Caller) async throws {
    guard let found = try await plans.store.belonging(of: trip, TripVisitor(user: caller.user)) else {
      throw TripGate.hidden(caller)
    }
    try PlanGate.check(.edit, found, caller)
  }

  private func isTheirs(_ booking: StoredBooking, _ caller: Caller) async throws -> Bool {
    if booking.caller == caller.keySpace { return true }
    guard let trip = booking.trip, let user = caller.user,
      let found = try await plans.store.belonging(of: trip, TripVisitor(user: user)), let access = found.access
    else { return false }
    // Who may see the trip and not change it has no business with its money.
    return access.trashedAt == nil && Permissions.allows(.edit, access.standing)
  }
}

extension Problem {
  static var noBooking: Problem {
    Problem(.notFound, detail: "There is no such booking, or none of yours; GET /v1/bookings lists them.")
  }

  static var nobodySells: Problem {
    Problem(
      .serviceUnavailable, name: "no-sellers", title: "Nobody sells here",
      detail:
        "This installation has no sellers or nobody who collects money; whoever runs it names them with WAYFARE_SELLERS."
    )
  }
}
