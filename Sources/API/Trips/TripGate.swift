import Accounts
package import HTTP
import JSON
import Kernel
import Store
package import Trips

/// Where every request for a trip goes through: who asks, how they stand to it, and whether that allows what they want.
///
/// A route of a trip can only be added here, with the action that it is, so that none can forget to ask.
struct TripGate: Sendable {
  let store: TripStore
  let callers: (any CallerSource)?
  let shelf = TripShelf()

  /// Adds a route of one trip.
  ///
  /// - Parameters:
  ///   - method: the method.
  ///   - pattern: what follows `/trips/{trip}`.
  ///   - action: what the route does.
  ///   - group: where it is added.
  ///   - withDocument: whether what the trip says is read with it.
  ///   - description: what it takes and gives; the trip, a link and who may are added here.
  ///   - body: answers whoever may do that.
  func on(
    _ method: HTTPMethod, _ pattern: String, _ action: TripAction, _ group: RouteGroup,
    withDocument: Bool = false, _ description: RouteDescription,
    _ body: @escaping @Sendable (TripVisit) async throws -> Response
  ) {
    group.on(method, "/trips/{trip}\(pattern)") { request, context in
      try await body(try await self.visit(action, request, context, withDocument: withDocument))
    }.describe(Self.completed(description, action))
  }

  /// Finds out who asks, how they stand to the trip and what it says, in one statement where they show a token of ours.
  private func visit(
    _ action: TripAction, _ request: Request, _ context: RequestContext, withDocument: Bool
  ) async throws -> TripVisit {
    let claim = try await self.claim(request, context)
    let id = try context.parameters.require("trip", as: TripID.self)
    let link = try Self.link(request)
    var proof: SessionProof?
    var caller: Caller
    switch claim {
    case .known(let known): caller = known
    case .session(let shown):
      proof = shown
      caller = .user(shown.account)
    }
    let visitor = TripVisitor(user: caller.user, link: link)
    let kept = withDocument ? shelf.text(of: id) : nil
    let wish: TripQuestion.DocumentWish = withDocument ? .text(known: kept?.revision) : .none
    let glance = try await store.glance(TripQuestion(id, visitor, proof, wish))
    // No trip, and so nothing that was said of the session; or it is over, and this says so.
    if proof != nil, glance?.isSignedIn != true { caller = try await self.caller(request, context) }
    let access = try Self.check(action, glance?.access, caller)
    var document = glance?.document
    if let document {
      shelf.keep(document, of: id, revision: access.revision)
    } else if access.revision == kept?.revision {
      document = kept?.text
    }
    return TripVisit(
      request: request, context: context, caller: caller, visitor: visitor, access: access, document: document,
      action: action, store: store, gate: self)
  }

  /// Adds a route that is about no trip in particular, for people with an account.
  func onAccount(
    _ method: HTTPMethod, _ pattern: String, _ group: RouteGroup, _ description: RouteDescription,
    _ body: @escaping @Sendable (Request, RequestContext, UserID) async throws -> Response
  ) {
    group.on(method, "/trips\(pattern)") { request, context in
      let caller = try await self.caller(request, context)
      guard let user = caller.user else { throw Problem.accountNeeded(caller) }
      return try await body(request, context, user)
    }.describe(description.needingToken)
  }

  private static func completed(_ description: RouteDescription, _ action: TripAction) -> RouteDescription {
    var full = action == .read ? description.scoped(.readTrips) : description
    full.access = action == .read ? .tokenOptional : .token
    full.query["link"] = .text(16...200)
    for name in ["trip", "entry", "user", "pass", "comment", "expense", "attachment"] { full.path[name] = .id }
    return full
  }

  func caller(_ request: Request, _ context: RequestContext) async throws -> Caller {
    guard let callers else { throw Problem.noAccounts }
    return try await callers.caller(of: request, context)
  }

  private func claim(_ request: Request, _ context: RequestContext) async throws -> CallerClaim {
    guard let callers else { throw Problem.noAccounts }
    return try await callers.claim(of: request, context)
  }

  /// The link that a request shows.
  static func link(_ request: Request) throws -> String? {
    guard let link: String = try request.query.optional("link") else { return nil }
    guard (16...200).contains(link.unicodeScalars.count), !link.utf8.contains(0) else {
      throw Problem.parameter("link", "The query parameter 'link' must be the token of a link, as it was given.")
    }
    return link
  }

  /// Lets pass whoever may do something; to strangers a trip does not exist.
  ///
  /// - Throws: 404, or 401 to who has not said who they are; 403 to who may see the trip, but not do this; 409 for what
  ///   cannot be done in the trash.
  static func check(_ action: TripAction, _ access: TripAccess?, _ caller: Caller) throws(Problem) -> TripAccess {
    guard let access, access.standing != .none else { throw hidden(caller) }
    if access.trashedAt != nil {
      guard access.standing == .member(.owner) else { throw hidden(caller) }
      guard action == .own || action == .read else {
        throw Problem(.conflict, detail: "This trip is in the trash; restore it first.")
      }
    }
    guard Permissions.allows(action, access.standing) else {
      if caller == .anonymous { throw .accountNeeded(caller) }
      throw Problem(.forbidden, detail: "\(Refusal.forbidden(action, access.standing))")
    }
    return access
  }

  /// The same answer whether the trip is there or not.
  static func hidden(_ caller: Caller) -> Problem {
    if caller == .anonymous { return .accountNeeded(caller) }
    return Problem(.notFound, detail: "There is no such trip, or none that you take part in.")
  }
}

/// A request that may do what it wants with a trip.
struct TripVisit: Sendable {
  let request: Request
  let context: RequestContext
  let caller: Caller
  let visitor: TripVisitor
  let access: TripAccess
  /// What the trip says, where the route wants that: JSON text.
  let document: String?
  let action: TripAction
  let store: TripStore
  fileprivate let gate: TripGate

  var id: TripID { access.id }
  var shelf: TripShelf { gate.shelf }

  /// Whether what the request showed is still good, which it may not be once somebody has signed out.
  func isStillKnown() async -> Bool {
    // A database that is away ends a stream too; its client comes back.
    (try? await gate.caller(request, context)) == caller
  }

  /// Who it is; to be asked only where the action needs a member.
  func user() throws(Problem) -> UserID {
    guard let user = visitor.user else { throw .accountNeeded(caller) }
    return user
  }

  /// What a change of the document begins with: the document, unless the shelf has it, and what was asked before.
  func editing(_ asked: TripOpening.Asked? = nil) -> TripOpening {
    TripOpening(asked: asked, document: .stored(known: shelf.documentRevision(of: id)))
  }

  /// Changes the trip; whether the visitor may is asked again, under the lock under which roles change.
  func write<Value>(
    _ opening: TripOpening = TripOpening(), _ body: (TripWriter) async throws -> Value
  ) async throws -> Value {
    let written = try await store.write(id, visitor, opening) { writer in
      _ = try TripGate.check(action, writer.access, caller)
      return (value: try await body(writer), saved: writer.saved)
    }
    guard let written else { throw Problem(.notFound, detail: "There is no such trip any more.") }
    if let saved = written.saved { shelf.keep(saved, of: id) }
    return written.value
  }

  /// A part of the path.
  func parameter<Value: PathParameter>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    try context.parameters.require(name, as: Value.self)
  }
}

extension Caller {
  /// The account, if it is a person's.
  var user: UserID? { if case .user(let id) = self { id } else { nil } }
}

extension Problem {
  fileprivate static var noAccounts: Problem {
    Problem(
      .serviceUnavailable, name: "no-accounts", title: "No accounts",
      detail: "This server cannot tell who asks, so that it serves no trips; switch its accounts on.")
  }

  /// Who must say who they are, or is nobody who has trips.
  static func accountNeeded(_ caller: Caller) -> Problem {
    guard caller == .anonymous else {
      return Problem(.forbidden, detail: "Trips belong to people: sign in with an account of your own.")
    }
    return Problem(
      .unauthorized, detail: "Say who you are: sign in, and send \"Authorization: Bearer TOKEN\".",
      fields: ["WWW-Authenticate": "Bearer realm=\"trips\""])
  }
}

extension Refusal: ProblemConvertible {
  /// 409 where it met somebody else's edit, 404 for what is not there, 422 for what cannot be.
  package var problem: Problem {
    switch self {
    case .unknownEntry, .unknownChange: Problem(.notFound, detail: description)
    case .forbidden, .notYours: Problem(.forbidden, detail: description)
    case .badValue(let field, _), .unknownField(let field, _):
      Problem(
        .unprocessableContent, detail: description,
        errors: [FieldProblem(pointer: "/\(field.rawValue)", detail: description)])
    default:
      isConflict
        ? Problem(.conflict, name: "edit-conflict", title: "Edit conflict", detail: description)
        : Problem(.unprocessableContent, detail: description)
    }
  }
}
