import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/items`, `/days`, `/operations` and `/undo`: edits one by one, or a whole offline queue.
struct TripEditRoutes: Sendable {
  private static let bytesMax = 64 * 1024

  let gate: TripGate

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .post, "/operations", .edit, group,
      .json(
        "Carries out a queue of operations, each once", .trips,
        takes: .fields([
          "clientId": .text(matching: "^[!-~]{1,64}$"),
          "operations": .list(TripSchemas.operation, 1...TripLimits.batchMax),
        ]),
        gives: .fields([
          "revision": .integer, "seq": .integer, "results": .list(.fields(["mutationId": .text, "result": .object])),
        ]))
    ) { try await operations($0) }
    gate.on(
      .post, "/undo", .edit, group,
      .json(
        "Takes a change of one's own back", .trips, fields: Self.fields, takes: .fields(["seq": .integer(1...Int.max)]),
        gives: TripSchemas.edited)
    ) { visit in
      let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
      let seq = try json.object(required: "seq").required("seq", in: 1...Int64.max)
      return try await edit(visit, .undo(seq), content: json)
    }
    for (path, isDay) in [("/items", false), ("/days", true)] {
      let noun = isDay ? "day" : "item"
      gate.on(.post, path, .edit, group, Self.adding(isDay)) { try await add($0, isDay: isDay) }
      gate.on(
        .get, "\(path)/{entry}", .read, group,
        .json("A \(noun)", .trips, gives: isDay ? TripSchemas.day : TripSchemas.item)
      ) { try await show($0, isDay: isDay) }
      gate.on(
        .patch, "\(path)/{entry}", .edit, group,
        .json(
          "Changes fields of a \(noun); null takes one away", .trips, fields: Self.fields,
          takes: TripSchemas.fields(of: isDay ? .day : .note), gives: TripSchemas.edited
        ).taking("application/merge-patch+json", "application/json")
      ) { try await change($0, isDay: isDay) }
      gate.on(
        .delete, "\(path)/{entry}", .edit, group,
        .json("Deletes a \(noun)", .trips, fields: Self.fields, gives: TripSchemas.edited)
      ) { visit in
        try await edit(visit, .operation(Operation(.delete(try visit.parameter("entry")))), isDay: isDay)
      }
      gate.on(
        .post, "\(path)/{entry}/move", .edit, group,
        .json(
          "Moves a \(noun)", .trips, fields: Self.fields,
          takes: isDay
            ? .fields(["position?": TripSchemas.position]) : .fields(["day?": .id, "position?": TripSchemas.position]),
          gives: TripSchemas.edited)
      ) { visit in
        let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
        let object = try isDay ? json.object(fields: "position") : json.object(fields: "day", "position")
        let change = Change.move(try visit.parameter("entry"), try EditReader.destination(object))
        return try await edit(visit, .operation(Operation(change)), content: json, isDay: isDay)
      }
      gate.on(
        .post, "\(path)/{entry}/restore", .edit, group,
        .json("Takes a \(noun) back that was deleted", .trips, fields: Self.fields, gives: TripSchemas.edited)
      ) { visit in
        try await edit(visit, .operation(Operation(.restore(try visit.parameter("entry")))), isDay: isDay)
      }
    }
  }

  private static let fields = ["Idempotency-Key", "Client-Id", "If-Match"]

  private static func adding(_ isDay: Bool) -> RouteDescription {
    let common: JSONSchema = .fields(["id?": .id, "position?": TripSchemas.position])
    let items: JSONSchema = .words(EntryKind.items.map(\.rawValue))
    let body =
      isDay
      ? common.with(["fields?": TripSchemas.fields(of: .day)])
      : common.with(["kind": items, "day?": .id, "fields?": TripSchemas.fields(of: .note)])
    return .json(
      "Adds \(isDay ? "a day" : "an item")", .trips, fields: fields, takes: body, gives: TripSchemas.edited,
      status: .created)
  }

  // MARK: One by one

  private func add(_ visit: TripVisit, isDay: Bool) async throws -> Response {
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object =
      try isDay
      ? json.object(fields: "id", "position", "fields") : json.object(fields: "id", "kind", "day", "position", "fields")
    let kind: EntryKind = isDay ? .day : try object.required("kind")
    guard isDay == (kind == .day) else {
      throw json.fault("has the kind of days, which are added at …/days", at: "/kind")
    }
    let id: EntryID = try object.find("id")?.findIdentifier() ?? TripChance.id()
    var values: [TripField: FieldValue] = [:]
    if let node = object.find("fields") {
      for (field, value) in try EditReader.fields(node, of: kind) { values[field] = value }
    }
    let change = Change.add(id, kind, try EditReader.destination(object), values)
    return try await edit(visit, .operation(Operation(change)), content: json, made: id)
  }

  private func change(_ visit: TripVisit, isDay: Bool) async throws -> Response {
    let type = visit.request.header("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
    guard type == "application/merge-patch+json" || type == "application/json" else {
      throw Problem(
        .unsupportedMediaType, detail: "Fields are sent as application/merge-patch+json; null takes one away.",
        fields: ["Accept-Patch": "application/merge-patch+json"])
    }
    let json = try JSONDocument(bytes: try await visit.request.body.collect(upTo: Self.bytesMax)).root
    let values = try EditReader.fields(json, of: isDay ? .day : .note)
    let change = Change.set(.some(try visit.parameter("entry")), values)
    return try await edit(visit, .operation(Operation(change)), content: json, isDay: isDay)
  }

  private func show(_ visit: TripVisit, isDay: Bool) async throws -> Response {
    let id = try visit.parameter("entry", as: EntryID.self).description
    guard let found = try await visit.store.find(visit.id, visit.visitor) else { throw Problem(.notFound) }
    let root = try JSONDocument(text: try TripAnswers.shown(found.access, found.document)).root
    var places: [JSONNode] = []
    if let days = try root.find("/days")?.array {
      for day in days {
        if isDay { places.append(day) } else if let items = try day.find("/items")?.array { places += items }
      }
    }
    if !isDay, let ideas = try root.find("/ideas")?.array { places += ideas }
    guard let node = try places.first(where: { try $0.find("/id")?.string == id }) else {
      throw Problem(.notFound, detail: "There is no \(isDay ? "day" : "item") \(id) in this trip, or it was deleted.")
    }
    return .json(node, fields: ["Cache-Control": "private, no-cache"]).with(ETag(version: found.access.revision))
  }

  /// Carries one edit out, once for each Idempotency-Key; a refusal is a problem.
  private func edit(
    _ visit: TripVisit, _ edit: Edit, content: JSONNode? = nil, made: EntryID? = nil, isDay: Bool? = nil
  ) async throws -> Response {
    let all = Array("\(visit.request.method.rawValue) \(visit.request.path) ".utf8) + (content?.jsonBytes() ?? [])
    let user = try visit.user()
    let attempt = EditAttempt(visit: visit, user: user, client: try visit.clientID(), made: made)
    let keyed = try visit.request.idempotencyKey().map { KeyedRequest(key: $0, user: user, content: all) }
    let answer = try await visit.write(visit.editing(keyed?.asked)) { writer in
      if let known = try keyed?.answer(by: writer) { return known }
      let told = try await attempt.carryOut(edit, isDay, writer)
      keyed?.keep(told, by: writer)
      return told
    }
    return try Self.response(answer, made, visit)
  }

  private static func response(_ told: String, _ made: EntryID?, _ visit: TripVisit) throws -> Response {
    let root = try JSONDocument(text: told).root
    var fields: HTTPFields = ["Cache-Control": "no-store"]
    let id = try root.find("/id")?.string
    if let id { fields.set("Location", "\(visit.request.pathString)/\(id)") }
    let revision = try root.find("/revision")?.integer(as: Int64.self) ?? 0
    return Response.json(root, status: made == nil ? .ok : .created, fields: fields).with(ETag(version: revision))
  }

  // MARK: Queues

  /// One of a batch.
  private struct Asked {
    let id: String
    let edit: Edit
    let content: [UInt8]
  }

  /// Carries a queue out in order: each is applied or refused by itself, and what was sent before gets its old answer.
  private func operations(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let json = try await visit.request.jsonDocument(limit: TripRoutes.bytesMax).root
    let object = try json.object(required: "clientId", "operations")
    let client = try object.required("clientId", length: 1...64)
    guard client.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let list = object.find("operations") else {
      throw json.fault("must be 1 to 64 letters, digits and signs; a UUID is best", at: "/clientId")
    }
    let asked = try Self.asked(list)
    let mutations = asked.map { (id: $0.id, content: $0.content) }
    let opening = visit.editing(TripOpening.Asked(client: client, mutations: mutations))
    let (results, revision, seq) = try await visit.write(opening) { writer in
      let results = try await Self.carryOut(asked, client, user, visit.shelf, writer)
      return (results, writer.revision, writer.seq)
    }
    let texts = try zip(asked, results).map { ($0.id, try StoredText($1)) }
    return TripAnswers.fresh(
      Told { object in
        object.field("revision", revision)
        object.field("seq", seq)
        object.array("results") { array in
          for (id, text) in texts {
            array.object {
              $0.field("mutationId", id)
              $0.field("result", text)
            }
          }
        }
      })
  }

  private static func asked(_ list: JSONNode) throws -> [Asked] {
    let nodes = try list.array
    guard (1...TripLimits.batchMax).contains(nodes.count) else {
      throw list.fault("must have 1 to \(TripLimits.batchMax) operations; send the rest after them")
    }
    let reader = EditReader { TripChance.id() }
    var asked: [Asked] = []
    for node in nodes {
      guard let id = try node.find("/mutationId")?.string, (1...255).contains(id.utf8.count),
        id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
      else { throw node.fault("must have \"mutationId\", 1 to 255 letters, digits and signs") }
      asked.append(Asked(id: id, edit: try reader.edit(node), content: node.jsonBytes()))
    }
    return asked
  }

  private static func carryOut(
    _ asked: [Asked], _ client: String, _ user: UserID, _ shelf: TripShelf, _ writer: TripWriter
  ) async throws -> [String] {
    let known = writer.known
    var editing: TripEditing?
    var fresh: [String: (content: [UInt8], result: String)] = [:]
    var order: [String] = []
    var results: [String] = []
    for one in asked {
      if let known = known[one.id] {
        results.append(known.author == user && known.isSame ? known.result : reused)
        continue
      }
      if let before = fresh[one.id] {
        results.append(before.content == one.content ? before.result : reused)
        continue
      }
      if editing == nil { editing = try await TripEditing(writer, shelf, by: user, client: client) }
      let outcome = try await editing?.carryOut(one.edit, mutation: one.id)
      let result = outcome?.json ?? reused
      fresh[one.id] = (one.content, result)
      order.append(one.id)
      results.append(result)
    }
    editing?.save()
    writer.remember(
      client, by: user, order.compactMap { id in fresh[id].map { (id, $0.content, $0.result) } })
    return results
  }

  private static let reused =
    #"{"status":"refused","conflict":false,"detail":"This mutationId came with another operation before; make a new one."}"#
}

/// One edit as one request asks for it.
private struct EditAttempt {
  let visit: TripVisit
  let user: UserID
  let client: String?
  let made: EntryID?

  /// Carries the edit out; a refusal is a problem.
  func carryOut(_ edit: Edit, _ isDay: Bool?, _ writer: TripWriter) async throws -> String {
    try visit.request.checkIfMatch(ETag(version: writer.access.revision))
    var editing = try await TripEditing(writer, visit.shelf, by: user, client: client)
    try check(isDay, edit, editing.document)
    let outcome = try await editing.carryOut(edit).orRefusal()
    editing.save()
    return told(outcome, writer.revision)
  }

  /// Below `/days` are days alone, and below `/items` items.
  ///
  /// Not inlined for the reason that ``TripEditing/carryOut(_:mutation:)`` gives.
  @inline(never)
  private func check(_ isDay: Bool?, _ edit: Edit, _ document: TripDocument) throws {
    guard let isDay, case .operation(let operation) = edit else { return }
    let id: EntryID? =
      switch operation.change {
      case .set(let id, _): id
      case .move(let id, _), .delete(let id), .restore(let id), .add(let id, _, _, _): id
      case .rebalance: nil
      }
    guard let id, let entry = document.entries[id], (entry.kind == .day) != isDay else { return }
    throw Refusal.unknownEntry(id)
  }

  private func told(_ outcome: EditOutcome, _ revision: Int64) -> String {
    Told { object in
      object.field("id", ifPresent: made?.description)
      if case .applied(let seq, let kept) = outcome {
        object.field("seq", seq)
        if kept > 0 { object.field("kept", kept) }
      }
      object.field("revision", revision)
    }.text
  }
}

extension EditOutcome {
  /// What became of an edit that was not refused.
  ///
  /// Not inlined for the reason that ``TripEditing/carryOut(_:mutation:)`` gives.
  @inline(never)
  fileprivate func orRefusal() throws -> EditOutcome {
    if case .refused(let refusal) = self { throw refusal }
    return self
  }
}
