import Accounts
import Budget
import BudgetWire
import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/users/{id}`: what belongs to one person, for that person alone.
struct ProfileRoutes: Sendable {
  let desk: AccountDesk
  let source: TokenCallerSource
  let budget: BudgetLibrary
  let bookings: BookingStore

  private static let ids: [String: JSONSchema] = ["id": .id, "method": .id]

  func addRoutes(to group: RouteGroup) {
    group.get("/users/{id}/profile") { request, context in try await showProfile(request, context) }.describe(
      .json("What one tells about oneself", .accounts, .token, path: Self.ids, gives: ProfileDocument.schema))
    group.put("/users/{id}/profile") { request, context in
      let user = try await own(request, context)
      let document = try ProfileDocument(try await request.jsonDocument(limit: accountBodyBytesMax).root)
      try await replace(.profile(name: document.name), with: document.json, of: user, request, context)
      return try await showProfile(request, context)
    }.describe(
      .json(
        "Tells it anew", .accounts, .token, path: Self.ids, fields: ["If-Match"], takes: ProfileDocument.schema,
        gives: ProfileDocument.schema))
    group.get("/users/{id}/preferences") { request, context in try await showPreferences(request, context) }.describe(
      .json("What one likes", .accounts, .token, path: Self.ids, gives: PreferencesDocument.schema))
    group.put("/users/{id}/preferences") { request, context in
      let user = try await own(request, context)
      let root = try await request.jsonDocument(limit: accountBodyBytesMax).root
      let document = try PreferencesDocument(root, styles: try budget.ground().catalogue.styles)
      try await replace(.preferences, with: document.json, of: user, request, context)
      return try await showPreferences(request, context)
    }.describe(
      .json(
        "Says it anew", .accounts, .token, path: Self.ids, fields: ["If-Match"], takes: PreferencesDocument.schema,
        gives: PreferencesDocument.schema))
    group.get("/users/{id}/payment-methods") { request, context in
      let user = try await own(request, context)
      return .json(PaymentMethodList(methods: try await desk.store.paymentMethods(of: user.id)), fields: noStore)
    }.describe(.json("Tokens of payment providers", .accounts, .token, path: Self.ids, gives: PaymentMethodList.schema))
    group.post("/users/{id}/payment-methods") { request, context in try await addMethod(request, context) }.describe(
      .json(
        "Adds the token of a payment provider, never a card", .accounts, .token, path: Self.ids,
        fields: ["Idempotency-Key"],
        takes: .fields([
          "provider": .text(matching: "^[a-z][a-z0-9_-]{0,39}$"), "token": .text(1...200), "label": .text(1...100),
        ]), gives: PaymentMethodJSON.schema, status: .created))
    group.delete("/users/{id}/payment-methods/{method}") { request, context in
      try await removeMethod(request, context)
    }.describe(.empty("Takes a token away", .accounts, .token, path: Self.ids))
    group.get("/users/{id}/export") { request, context in try await export(request, context) }.describe(
      .json("Everything that is kept about oneself", .accounts, .token, path: Self.ids, gives: .object))
    group.delete("/users/{id}") { request, context in try await remove(request, context) }.describe(
      .empty(
        "Takes the account away with all that is its own, but for bookings and invoices, which books have to keep",
        .accounts, .token, path: Self.ids))
  }

  private var noStore: HTTPFields { ["Cache-Control": "no-store"] }

  /// The one place that says whose these are: to everybody else there is no such user.
  private func own(_ request: Request, _ context: RequestContext, fresh: Bool = false) async throws -> SignedInUser {
    let user = try await fresh ? source.freshUser(of: request) : source.user(of: request)
    guard try context.parameters.require("id", as: UserID.self) == user.id else {
      throw Problem(.notFound, detail: "There is no such user, or it is not you.")
    }
    return user
  }

  // MARK: Profile and preferences

  private func showProfile(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    guard let account = try await desk.store.findAccount(user.id) else { throw Problem.signInNeeded }
    let stored = try await desk.store.profile(of: user.id)
    let members = try Array(JSONDocument(text: stored.profile).root.members)
    var writer = JSONWriter()
    writer.object { object in
      object.field("name", account.name)
      for (name, value) in members { object.field(named: name, value) }
    }
    return Self.answer(writer.finish(), stored.revision)
  }

  private func showPreferences(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let stored = try await desk.store.profile(of: user.id)
    return Self.answer(Array(stored.preferences.utf8), stored.revision)
  }

  private static func answer(_ bytes: [UInt8], _ revision: Int64) -> Response {
    Response(
      status: .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: .bytes(bytes)
    ).with(ETag(version: revision))
  }

  /// Without `If-Match` the last writer wins; with it, nobody's change is lost.
  private func replace(
    _ part: ProfilePart, with document: String, of user: SignedInUser, _ request: Request, _ context: RequestContext
  ) async throws {
    var revision: Int64?
    if request.header("If-Match") != nil {
      let known = try await desk.store.profile(of: user.id).revision
      try request.requireIfMatch(ETag(version: known))
      revision = known
    }
    let changed = try await desk.store.replace(
      part, with: document, of: user.id, from: revision, by: desk.actor(user.id, request, context))
    guard changed != nil else { throw Problem.versionChanged }
  }

  // MARK: Payment methods

  private func addMethod(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let document = try await request.jsonDocument(limit: accountBodyBytesMax)
    let object = try document.root.object(fields: "provider", "token", "label")
    for name in ["provider", "token", "label"] as [StaticString] { try refuseCard(object, name) }
    let provider = try object.line("provider", length: 1...40)
    let isName = provider.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    guard isName, let first = provider.utf8.first, (97...122).contains(first) else {
      throw try object.required("provider", as: JSONNode.self).invalid("must be small letters, digits, - and _")
    }
    let token = try object.line("token", length: 1...200)
    guard !CardNumber.isNumberAlone(token) else {
      throw try object.required("token", as: JSONNode.self).fault(
        "is a long number and nothing else, as cards have: send the token that the payment provider gives")
    }
    let outcome = try await desk.store.addPaymentMethod(
      provider: provider, token: token, label: try object.line("label", length: 1...100), of: user.id,
      try request.making("payment method", document, by: user.id), by: desk.actor(user.id, request, context))
    let full = "There are \(AccountStore.paymentMethodsMax) payment methods: remove one before adding more."
    let made = try outcome.made(orFull: full).value
    return .json(
      PaymentMethodJSON(method: made), status: .created,
      fields: ["Location": "/v1/users/\(user.id)/payment-methods/\(made.id)", "Cache-Control": "no-store"])
  }

  private func refuseCard(_ object: JSONObject, _ name: StaticString) throws(JSONError) {
    guard CardNumber.occurs(in: try object.required(name, as: String.self)) else { return }
    throw try object.required(name, as: JSONNode.self).fault(
      "looks like the number of a card, which is never kept here: send the token that the payment provider gives")
  }

  private func removeMethod(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context)
    let id = try context.parameters.require("method", as: PaymentMethodID.self)
    guard
      try await desk.store.removePaymentMethod(id, of: user.id, by: desk.actor(user.id, request, context))
    else { throw Problem(.notFound, detail: "You have no such payment method, or none any more.") }
    return Response(status: .noContent)
  }

  // MARK: All of it

  /// Every booking that somebody made, the newest first, as they are told it.
  private func bookings(of user: UserID) async throws -> [BookingJSON] {
    let portion = 200
    var all: [BookingJSON] = []
    var cursor: BookingID?
    repeat {
      let page = try await bookings.list(of: Caller.user(user).keySpace, nil, before: cursor, limit: portion)
      let details = try await bookings.details(of: page.map(\.id))
      all += page.map { BookingJSON(booking: $0, details: details) }
      cursor = page.count == portion ? page.last?.id : nil
    } while cursor != nil
    return all
  }

  private func export(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context, fresh: true)
    guard let account = try await desk.store.findAccount(user.id) else { throw Problem.signInNeeded }
    let export = try AccountExport(
      account: account, profile: try await desk.store.profile(of: user.id),
      memberships: try await desk.store.memberships(of: user.id),
      sessions: try await desk.store.sessions(of: user.id, desk.settings.limits),
      methods: try await desk.store.paymentMethods(of: user.id),
      identities: try await desk.store.identities(of: user.id),
      saved: try await desk.store.savedNotes(of: user.id), bookings: try await bookings(of: user.id),
      entries: AuditPage(try await desk.store.auditEntries(about: "\(user.id)", by: user.id, limit: 10_000)))
    try await desk.store.record(
      AuditNote("account.exported", subject: "\(user.id)"), desk.actor(user.id, request, context))
    return .json(
      export,
      fields: ["Cache-Control": "no-store", "Content-Disposition": "attachment; filename=\"wayfare-account.json\""])
  }

  private func remove(_ request: Request, _ context: RequestContext) async throws -> Response {
    let user = try await own(request, context, fresh: true)
    switch try await desk.store.remove(user.id, by: desk.actor(user.id, request, context)) {
    case .removed: return Response(status: .noContent, fields: SessionCookies.clearing)
    case .unknown: throw Problem.signInNeeded
    case .ownsAlone(let names):
      throw Problem(
        .conflict,
        detail:
          "Others belong to what you alone own (\(names.joined(separator: ", "))): make somebody else an owner, or remove it, first."
      )
    }
  }
}

private struct PaymentMethodJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "provider": .text, "token": .text, "label": .text, "createdAt": .moment,
  ])

  let method: StoredPaymentMethod

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", "\(method.id)")
      $0.field("provider", method.provider)
      $0.field("token", method.token)
      $0.field("label", method.label)
      $0.field("createdAt", method.createdAt.description)
    }
  }
}

private struct PaymentMethodList: JSONWritable {
  static let schema: JSONSchema = .fields(["paymentMethods": .list(PaymentMethodJSON.schema)])

  let methods: [StoredPaymentMethod]

  func write(to writer: inout JSONWriter) {
    writer.object { $0.field("paymentMethods", methods.map { PaymentMethodJSON(method: $0) }) }
  }
}

/// Everything that is kept about somebody.
private struct AccountExport: JSONWritable {
  let account: StoredAccount
  let profile: JSONNode
  let preferences: JSONNode
  let memberships: [Membership]
  let sessions: [StoredSession]
  let methods: [StoredPaymentMethod]
  let identities: [StoredIdentity]
  let saved: [SavedNote]
  let bookings: [BookingJSON]
  let entries: AuditPage

  /// - Throws: when something that is kept cannot be read: what is told is all there is, or nothing.
  init(
    account: StoredAccount, profile: StoredProfile, memberships: [Membership], sessions: [StoredSession],
    methods: [StoredPaymentMethod], identities: [StoredIdentity], saved: [SavedNote], bookings: [BookingJSON],
    entries: AuditPage
  ) throws {
    self.account = account
    self.profile = try JSONDocument(text: profile.profile).root
    preferences = try JSONDocument(text: profile.preferences).root
    self.memberships = memberships
    self.sessions = sessions
    self.methods = methods
    self.identities = identities
    self.saved = saved
    self.bookings = bookings
    self.entries = entries
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("account", account)
      $0.field("profile", profile)
      $0.field("preferences", preferences)
      $0.field("permissions", PermissionList(memberships: memberships))
      $0.field("sessions", SessionList(sessions: sessions, current: nil))
      $0.field("payments", PaymentMethodList(methods: methods))
      $0.field("signInsElsewhere", IdentityList(identities: identities, titles: [:]))
      $0.field("savedTrips", saved.map { SavedNoteJSON(note: $0) })
      $0.field("bookings", bookings)
      $0.field("auditLog", entries)
    }
  }
}

private struct SavedNoteJSON: JSONWritable {
  let note: SavedNote

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("trip", "\(note.trip)")
      $0.field("note", ifPresent: note.note)
      $0.field("savedAt", note.savedAt.description)
    }
  }
}
