import Glibc
import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips`: make trips, read and change them as a whole, copy them, put them into the trash.
struct TripRoutes: Sendable {
  /// Bytes of a document or patch.
  static let bytesMax = 2 << 20

  private static let names: JSONSchema = .text(1...1000)
  /// What is told of a trip where only some fields are wanted.
  private static let some: JSONSchema = .open(["id": .id])
  private static let page: [String: JSONSchema] = ["cursor": .id, "limit": .integer(1...100), "fields": names]
  private static let fieldsOfTrip = TripAnswers.envelope + TripField.ofTrip.map(\.rawValue) + ["days", "ideas"]
  private static let fieldsOfSummary = [
    "id", "role", "fields", "revision", "public", "template", "createdAt", "changedAt", "trashedAt",
  ]

  let gate: TripGate
  var store: TripStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.onAccount(
      .post, "", group,
      .json(
        "Makes a trip", .trips, fields: ["Idempotency-Key"], takes: TripSchemas.draft, gives: TripSchemas.trip,
        status: .created)
    ) { request, _, user in try await make(request, user) }
    gate.onAccount(
      .get, "", group,
      .json(
        "One's own trips, newest first", .trips, query: ["trash": .boolean].merging(Self.page) { one, _ in one },
        gives: .page("trips", .either(TripSchemas.summary, Self.some)))
    ) { request, _, user in try await list(request, user) }
    gate.onAccount(
      .get, "/templates", group,
      .json(
        "Public templates, newest first", .trips, query: Self.page,
        gives: .page("trips", .either(TripSchemas.summary, Self.some)))
    ) { request, _, _ in try await templates(request) }
    gate.on(
      .get, "", .read, group, withDocument: true,
      .json(
        "A trip, or some fields of it", .trips, query: ["fields": Self.names],
        gives: .either(TripSchemas.trip, Self.some)
      ).conditional
    ) { try show($0) }
    gate.on(
      .put, "", .edit, group,
      .json(
        "Makes the trip what the document says", .trips, fields: ["If-Match"], takes: TripSchemas.whole,
        gives: TripSchemas.trip)
    ) { try await replace($0) }
    gate.on(
      .patch, "", .edit, group,
      .json(
        "Changes the trip by a merge patch or a JSON Patch", .trips, fields: ["If-Match"],
        takes: .either(.object, .list(.object)), gives: TripSchemas.trip
      ).taking("application/merge-patch+json", "application/json-patch+json")
    ) { try await patch($0) }
    gate.on(
      .delete, "", .own, group,
      .empty(
        "Puts the trip into the trash, or takes it out of there for good", .trips, query: ["forever": .boolean],
        fields: ["If-Match"])
    ) { try await delete($0) }
    gate.on(.post, "/restore", .own, group, .json("Takes the trip out of the trash", .trips, gives: TripSchemas.trip)) {
      try await restore($0)
    }
    gate.on(
      .put, "/sharing", .own, group,
      .json(
        "Makes the trip public or private, a template or none", .trips,
        takes: .fields(["public?": .boolean, "template?": .boolean]), gives: TripSchemas.trip)
    ) { try await share($0) }
    gate.on(
      .post, "/copy", .copy, group,
      .json(
        "Makes a trip of one's own from this one", .trips, fields: ["Idempotency-Key"],
        takes: .fields(["title?": .text(1...TripLimits.titleMax)]), gives: TripSchemas.trip, status: .created)
    ) { try await copy($0) }
    gate.on(
      .get, "/today", .read, group, withDocument: true,
      .json(
        "The date by the trip's clocks, and its day", .trips,
        gives: .fields(["date": .date, "timeZone": .text, "day": JSONSchema.id.orNull]))
    ) { try today($0) }
  }

  // MARK: Making

  private func make(_ request: Request, _ user: UserID) async throws -> Response {
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let draft = try TripDraft(json, envelope: []) { TripChance.id() }
    return try await make(
      try draft.operations(from: TripDocument()), "trip.made", json.jsonBytes(), request, user, extra: nil)
  }

  /// Makes a trip by operations on an empty one.
  private func make(
    _ operations: [Operation], _ word: String, _ content: [UInt8], _ request: Request, _ user: UserID, extra: TripID?
  ) async throws -> Response {
    let key = try request.idempotencyKey()
    var document = TripDocument()
    var effects: [Effect] = []
    let stamp = Stamp(seq: 1, author: user)
    for operation in operations {
      let some = try document.effects(of: operation)
      document.replay(some, stamp)
      effects += some
    }
    let made = EditBody(effects: effects)
    let entry = Told { object in
      object.field("edit", made)
      object.field("from", ifPresent: extra?.description)
    }
    let new = TripStore.NewTrip(
      id: TripChance.id(), owner: user, texts: TripTexts(document), entry: entry.text)
    switch try await store.make(new, key: key, request: Array(word.utf8) + content) {
    case .made(let id), .again(let id):
      guard let found = try await store.find(id, TripVisitor(user: user)) else {
        throw Problem(.gone, detail: "The trip that this request made has been deleted since.")
      }
      return try TripAnswers.trip(found.access, found.document, status: .created)
    case .different: throw Problem.tripKeyUsedBefore
    case .tooMany:
      throw Problem(
        .unprocessableContent,
        detail: "You own \(TripLimits.tripsOfOwnerMax) trips, which is as many as there can be; delete some for good.")
    }
  }

  private func copy(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let body = try await visit.request.jsonDocument(limit: 4096).root
    let object = try body.object(fields: "title")
    let title = try object.optional("title", length: 1...TripLimits.titleMax)
    guard let found = try await store.find(visit.id, visit.visitor) else { throw Problem(.notFound) }
    let shown = try TripAnswers.shown(found.access, found.document)
    var value = TripRoutes.withoutIDs(try JSONValue(json: JSONDocument(text: shown).root))
    if let title, case .object(var map) = value {
      map["title"] = .string(title)
      value = .object(map)
    }
    let draft = try TripDraft(try JSONDocument(bytes: value.jsonBytes()).root, envelope: []) { TripChance.id() }
    let content = Array("\(visit.id)".utf8) + body.jsonBytes()
    return try await make(
      try draft.operations(from: TripDocument()), "trip.copied", content, visit.request, user, extra: visit.id)
  }

  /// A copy's days and items are new ones, and nobody has done or is to do any of it.
  private static func withoutIDs(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(withoutIDs))
    case .object(var map):
      for name in ["id", "assignee", "done", "reference"] { map[name] = nil }
      for member in map.members { map[member.name] = withoutIDs(member.value) }
      return .object(map)
    default: return value
    }
  }

  // MARK: Reading

  private func list(_ request: Request, _ user: UserID) async throws -> Response {
    let inTrash = try request.query.optional("trash", as: Bool.self) ?? false
    let wanted = try FieldSelection(request, known: Self.fieldsOfSummary)
    let (cursor, limit) = try page(request)
    return try answer(try await store.list(of: user, inTrash: inTrash, before: cursor, limit: limit + 1), limit, wanted)
  }

  private func templates(_ request: Request) async throws -> Response {
    let wanted = try FieldSelection(request, known: Self.fieldsOfSummary)
    let (cursor, limit) = try page(request)
    return try answer(try await store.templates(before: cursor, limit: limit + 1), limit, wanted)
  }

  private func page(_ request: Request) throws -> (TripID?, Int) {
    (
      try request.query.optional("cursor", as: TripID.self),
      try request.query.optional("limit", as: Int.self, in: 1...100) ?? 50
    )
  }

  private func answer(_ trips: [TripSummary], _ limit: Int, _ wanted: FieldSelection?) throws -> Response {
    let shown = try trips.prefix(limit).map { try TripSummaryJSON($0) }
    let next = trips.count > limit ? shown.last?.trip.id.description : nil
    let some = try wanted.map { wanted in
      try shown.map { try wanted.apply(to: JSONDocument(bytes: $0.jsonBytes()).root) }
    }
    return TripAnswers.fresh(
      Told { object in
        object.array("trips") { array in
          if let some {
            for trip in some { array.element(trip) }
          } else {
            for trip in shown { array.element(trip) }
          }
        }
        object.field("next", next)
      })
  }

  private func show(_ visit: TripVisit) throws -> Response {
    let wanted = try FieldSelection(visit.request, known: Self.fieldsOfTrip)
    let tag = ETag(version: visit.access.revision)
    if try visit.request.isNotModified(tag) { return .notModified(tag) }
    guard let document = visit.document else { throw Problem(.notFound) }
    var answer = try TripAnswers.trip(visit.access, document)
    if let wanted, case .bytes(let bytes) = answer.body {
      answer.body = .bytes(try wanted.apply(to: JSONDocument(bytes: bytes).root).jsonBytes())
    }
    return answer
  }

  private func today(_ visit: TripVisit) throws -> Response {
    guard let document = visit.document else { throw Problem(.notFound) }
    let root = try JSONDocument(text: document).root
    let zone = try root.find("/timeZone")?.string ?? "UTC"
    guard let rules = try? ZoneFiles.system.rules(named: zone) else {
      throw Problem(.unprocessableContent, detail: "The trip's time zone \(zone) is not known here; give it another.")
    }
    let date = rules.local(at: Instant(secondsSinceEpoch: Int64(time(nil)))).date.description
    let day = try Self.day(of: date, root)
    return TripAnswers.fresh(
      Told { object in
        object.field("date", date)
        object.field("timeZone", zone)
        object.field("day", day)
      })
  }

  private static func day(of date: String, _ root: JSONNode) throws -> String? {
    guard let days = try root.find("/days")?.array else { return nil }
    for node in days where try node.find("/date")?.string == date { return try node.find("/id")?.string }
    return nil
  }

  // MARK: Changing

  private func replace(_ visit: TripVisit) async throws -> Response {
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let draft = try TripDraft(json, envelope: TripAnswers.envelope) { TripChance.id() }
    return try await change(visit, mustMatch: true) { _, _ in draft }
  }

  private func patch(_ visit: TripVisit) async throws -> Response {
    let type = visit.request.header("Content-Type")?.split(separator: ";").first.map {
      $0.lowercased().filter { $0 != " " }
    }
    let bytes = try await visit.request.body.collect(upTo: Self.bytesMax)
    switch type {
    case "application/merge-patch+json":
      let patch = try JSONValue(json: JSONDocument(bytes: bytes).root)
      // Arrays are replaced as a whole, and so a patch of the schedule must know which one.
      let touchesSchedule = if case .object(let map) = patch { map["days"] != nil || map["ideas"] != nil } else { true }
      return try await change(visit, mustMatch: touchesSchedule) { value, revision in
        try Self.draft(value.merged(with: patch), visit.id, revision)
      }
    case "application/json-patch+json":
      let patch = try JSONPatch(json: JSONDocument(bytes: bytes).root)
      return try await change(visit, mustMatch: true) { value, revision in
        do {
          return try Self.draft(try patch.applied(to: value), visit.id, revision)
        } catch let error as JSONPatchError {
          throw Problem(
            error.isFailedTest ? .conflict : .unprocessableContent, detail: error.detail,
            errors: [FieldProblem(pointer: "/\(error.index)", detail: error.detail)])
        }
      }
    default:
      let types = "application/merge-patch+json, application/json-patch+json"
      throw Problem(
        .unsupportedMediaType, detail: "A patch is sent as one of \(types).", fields: ["Accept-Patch": types])
    }
  }

  /// What a patched document says; its id and version are there to be tested, not to be changed.
  private static func draft(_ value: JSONValue, _ id: TripID, _ revision: Int64) throws -> TripDraft {
    let root = try JSONDocument(bytes: value.jsonBytes()).root
    guard try root.find("/id")?.string == id.description,
      try root.find("/revision")?.integer(as: Int64.self) == revision
    else { throw Problem(.unprocessableContent, detail: "A trip keeps its id, and its revision is counted here.") }
    return try TripDraft(root, envelope: ["id", "revision"]) { TripChance.id() }
  }

  /// Makes the document what a draft says, all or nothing.
  private func change(
    _ visit: TripVisit, mustMatch: Bool, _ draft: (JSONValue, Int64) throws -> TripDraft
  ) async throws -> Response {
    let user = try visit.user()
    try await visit.write(visit.editing()) { writer in
      let tag = ETag(version: writer.access.revision)
      if mustMatch { try visit.request.requireIfMatch(tag) } else { try visit.request.checkIfMatch(tag) }
      var editing = try await TripEditing(writer, visit.shelf, by: user, client: try visit.clientID())
      let revision = writer.access.revision
      let now = Self.patchable(editing.document, visit.id, revision)
      for operation in try draft(now, revision).operations(from: editing.document) {
        if case .refused(let refusal) = try await editing.carryOut(.operation(operation)) { throw refusal }
      }
      editing.save()
    }
    guard let found = try await store.find(visit.id, visit.visitor) else { throw Problem(.notFound) }
    return try TripAnswers.trip(found.access, found.document)
  }

  private static func patchable(_ document: TripDocument, _ id: TripID, _ revision: Int64) -> JSONValue {
    guard case .object(let shown)? = try? JSONValue(json: JSONDocument(bytes: TripJSON(document).jsonBytes()).root)
    else { preconditionFailure("a document is written as an object") }
    var map = JSONMap()
    map["id"] = .string(id.description)
    map["revision"] = .number("\(revision)")
    for member in shown.members { map[member.name] = member.value }
    return .object(map)
  }

  // MARK: Coming and going

  private func delete(_ visit: TripVisit) async throws -> Response {
    let isForever = try visit.request.query.optional("forever", as: Bool.self) ?? false
    let user = try visit.user()
    try await visit.write { writer in
      try visit.request.checkIfMatch(ETag(version: writer.access.revision))
      if isForever {
        guard writer.access.trashedAt != nil else {
          throw Problem(.conflict, detail: "Only what is in the trash is deleted for good; delete the trip first.")
        }
        return try await writer.deleteForGood()
      }
      guard writer.access.trashedAt == nil else { return }
      try await writer.set(isTrashed: true)
      _ = writer.append("trip.trashed", by: user, body: "{}")
    }
    return Response(status: .noContent)
  }

  private func restore(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    try await visit.write { writer in
      guard writer.access.trashedAt != nil else { return }
      try await writer.set(isTrashed: false)
      _ = writer.append("trip.restored", by: user, body: "{}")
    }
    guard let found = try await store.find(visit.id, visit.visitor) else { throw Problem(.notFound) }
    return try TripAnswers.trip(found.access, found.document)
  }

  private func share(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let json = try await visit.request.jsonDocument(limit: 4096).root
    let object = try json.object(fields: "public", "template")
    let isPublic: Bool? = try object.optional("public")
    let isTemplate: Bool? = try object.optional("template")
    try await visit.write { writer in
      let isChanged =
        isPublic.map { $0 != writer.access.isPublic } ?? false
        || isTemplate.map { $0 != writer.access.isTemplate } ?? false
      guard isChanged else { return }
      try await writer.set(isPublic: isPublic, isTemplate: isTemplate)
      let access = writer.access
      let body = Told { object in
        object.field("public", isPublic ?? access.isPublic)
        object.field("template", isTemplate ?? access.isTemplate)
      }
      _ = writer.append("trip.shared", by: user, body: body.text)
    }
    guard let found = try await store.find(visit.id, visit.visitor) else { throw Problem(.notFound) }
    return try TripAnswers.trip(found.access, found.document)
  }
}

extension TripVisit {
  /// Which of somebody's devices it is, from the field `Client-Id`; nil when it does not say.
  func clientID() throws(Problem) -> String? {
    guard let id = request.header("Client-Id") else { return nil }
    guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .parameter("Client-Id", "The field Client-Id must be 1 to 64 letters, digits and signs; a UUID is best.")
    }
    return id
  }
}

extension Problem {
  static var tripKeyUsedBefore: Problem {
    Problem(
      .unprocessableContent, name: "idempotency-key", title: "Idempotency key used before",
      detail: "This Idempotency-Key came with another request before; send a new key with a new request.")
  }
}
