import Accounts
import HTTP
import JSON
import Kernel
import Store
import Trips

/// Where every request for what is planned goes through: who asks, and whether it is theirs.
///
/// What is planned for a trip that people plan together is its members' (see ``TripGate``, whose answers these are).
/// Everything else belongs to who had it planned first: an account, an organisation, or nobody who said who they are; what
/// is nobody's is open to whoever knows its id, which cannot be guessed.
struct PlanGate: Sendable {
  let store: ItineraryStore
  let callers: (any CallerSource)?

  /// Adds a route below `/planner/{trip_id}`; a trip that is not there yet is everybody's to begin.
  func onTrip(
    _ method: HTTPMethod, _ pattern: String, _ action: TripAction, _ group: RouteGroup,
    _ description: RouteDescription, _ body: @escaping @Sendable (PlanVisit) async throws -> Response
  ) {
    group.on(method, "/planner/{trip_id}\(pattern)") { request, context in
      let trip = try context.parameters.require("trip_id", as: TripID.self)
      let caller = try await self.caller(request, context)
      let visitor = TripVisitor(user: caller.user, link: try TripGate.link(request))
      if let found = try await store.belonging(of: trip, visitor) { try Self.check(action, found, caller) }
      return try await body(
        PlanVisit(request: request, context: context, caller: caller, action: action, trip: trip))
    }.describe(Self.completed(description, action))
  }

  /// Adds a route below `/itineraries/{id}`.
  func onItinerary(
    _ method: HTTPMethod, _ pattern: String, _ action: TripAction, _ group: RouteGroup,
    _ description: RouteDescription, _ body: @escaping @Sendable (PlanVisit, ItineraryID) async throws -> Response
  ) {
    group.on(method, "/itineraries/{id}\(pattern)") { request, context in
      let id = try context.parameters.require("id", as: ItineraryID.self)
      let caller = try await self.caller(request, context)
      let visitor = TripVisitor(user: caller.user, link: try TripGate.link(request))
      guard let found = try await store.belonging(of: id, visitor) else { throw Problem.noItinerary }
      try Self.check(action, found, caller)
      return try await body(
        PlanVisit(request: request, context: context, caller: caller, action: action, trip: found.trip), id)
    }.describe(Self.completed(description, action, ["id": .id, "n": .integer(1...1000)]))
  }

  private static func completed(
    _ description: RouteDescription, _ action: TripAction, _ path: [String: JSONSchema] = ["trip_id": .id]
  ) -> RouteDescription {
    var full =
      description.scopes.isEmpty ? description.scoped(.plan, action == .edit ? .writeTrips : .readTrips) : description
    full.access = .tokenOptional
    full.query["link"] = .text(16...200)
    full.path.merge(path) { one, _ in one }
    return full
  }

  /// Who asks; anonymous where there are no accounts.
  func caller(_ request: Request, _ context: RequestContext) async throws -> Caller {
    try await callers?.caller(of: request, context) ?? .anonymous
  }

  /// Of jobs, those whose plans the caller may do something with; jobs that plan nothing pass.
  func shown(
    _ jobs: [Job], for action: TripAction, _ request: Request, _ context: RequestContext
  ) async throws -> [Job] {
    let planning = jobs.filter { $0.kind == PlannerRoutes.kind }
    if planning.isEmpty { return jobs }
    let caller = try await caller(request, context)
    if caller == .operator { return jobs }
    let owners = try await store.belongings(ofJobs: planning.map(\.id), TripVisitor(user: caller.user))
    return jobs.filter { job in
      guard let found = owners[job.id] else { return true }
      // Why not is nobody's business who does not see the job.
      return (try? Self.check(action, found, caller)) != nil
    }
  }

  /// Lets pass whoever may do something with what is planned.
  ///
  /// - Throws: what ``TripGate`` throws for a trip.
  static func check(_ action: TripAction, _ found: PlanBelonging, _ caller: Caller) throws(Problem) {
    if let access = found.access {
      _ = try TripGate.check(action, access, caller)
      return
    }
    let isTheirs =
      switch (found.owner, caller) {
      case (.nobody, _): true
      case (.account(let id), .user(let user)): id == user
      case (.organisation(let id), .partner(let organisation, _)): id == organisation
      default: false
      }
    guard isTheirs else { throw TripGate.hidden(caller) }
  }

}

/// A request that may do what it wants with what is planned for a trip.
struct PlanVisit: Sendable {
  let request: Request
  let context: RequestContext
  let caller: Caller
  let action: TripAction
  let trip: TripID

  /// Whose it is what this makes, and what is asked once more when it is written.
  var writing: PlanWriting {
    let (action, caller) = (action, caller)
    return PlanWriting(caller.planOwner, TripVisitor(user: caller.user)) { found in
      try PlanGate.check(action, found, caller)
    }
  }
}

extension Caller {
  /// To whom it belongs what they have planned.
  var planOwner: PlanOwner {
    switch self {
    case .user(let id): .account(id)
    case .partner(let id, _): .organisation(id)
    case .anonymous, .operator: .nobody
    }
  }

  /// Whose `Idempotency-Key`s theirs are; those of nobody are shared.
  var keySpace: String {
    switch self {
    case .user(let id): "account \(id)"
    case .partner(let id, _): "organisation \(id)"
    case .anonymous, .operator: ""
    }
  }
}
