import HTTP
import JSON
import Kernel
import Store
import Telemetry
import Trips
import TripsWire

/// `/trips/{trip}/activity-feed`, `/comments`, `/votes` and `/presence`: what people do and say.
struct TripTalkRoutes: Sendable {
  private static let bytesMax = 32 * 1024
  private static let people: JSONSchema = .list(.id, 0...TripLimits.mentionsMax)

  let gate: TripGate
  var store: TripStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .get, "/activity-feed", .follow, group,
      .json(
        "The log, newest first", .tripTalk, query: ["before": .integer(1...Int.max), "limit": .integer(1...200)],
        gives: .fields(["entries": .list(TripSchemas.entry), "next": JSONSchema.integer.orNull]))
    ) { try await feed($0) }
    gate.on(
      .get, "/comments", .follow, group,
      .json(
        "Comments, oldest first", .tripTalk, query: ["cursor": .id, "limit": .integer(1...200)],
        gives: .page("comments", CommentJSON.schema))
    ) { try await comments($0) }
    gate.on(
      .post, "/comments", .comment, group,
      .json(
        "Adds a comment", .tripTalk, fields: ["Idempotency-Key", "Client-Id"],
        takes: .fields([
          "text": .text(1...TripLimits.commentMax), "id?": .id, "parent?": .id, "entry?": .id, "mentions?": Self.people,
        ]), gives: CommentJSON.schema, status: .created)
    ) { try await comment($0) }
    gate.on(
      .patch, "/comments/{comment}", .comment, group,
      .json(
        "Changes a comment of one's own", .tripTalk, fields: ["Client-Id"],
        takes: .fields(["text": .text(1...TripLimits.commentMax), "mentions?": Self.people]), gives: CommentJSON.schema)
    ) { try await change($0) }
    gate.on(.delete, "/comments/{comment}", .comment, group, .empty("Takes a comment away", .tripTalk)) {
      try await remove($0)
    }
    gate.on(
      .get, "/votes", .follow, group,
      .json(
        "How votes stand", .tripTalk,
        gives: .fields([
          "votes": .list(
            .fields(["subject": .text, "up": .integer, "down": .integer, "own": JSONSchema.integer.orNull]))
        ]))
    ) { try await votes($0) }
    gate.on(
      .put, "/votes/{subject}", .vote, group,
      .empty(
        "Votes on an item or an option; 0 takes a vote back", .tripTalk, takes: .fields(["value": .integer(-1...1)]))
    ) { try await vote($0) }
    gate.on(
      .get, "/presence", .follow, group,
      .json(
        "Who looks where", .tripTalk,
        gives: .fields([
          "people": .list(.fields(["user": .id, "clientId": .text, "entry?": .id])), "secondsMax": .number,
        ]))
    ) { visit in
      TripAnswers.fresh(PresenceJSON(people: try await store.presence(of: visit.id)))
    }
    gate.on(
      .put, "/presence", .follow, group,
      .empty(
        "Says where one looks", .tripTalk,
        takes: .fields(["clientId": .text(1...64), "entry?": .id, "here?": .boolean]))
    ) { try await setPresence($0) }
  }

  private func feed(_ visit: TripVisit) async throws -> Response {
    let before = try visit.request.query.optional("before", as: Int64.self, in: 1...Int64.max) ?? .max
    let limit = try visit.request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
    let found = try await store.feed(of: visit.id, before: before, limit: limit + 1)
    let entries = try found.prefix(limit).map { try LogEntryJSON($0) }
    let next = found.count > limit ? entries.last?.entry.seq : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("entries") { for entry in entries { $0.element(entry) } }
        object.field("next", next)
      })
  }

  // MARK: Comments

  private func comments(_ visit: TripVisit) async throws -> Response {
    let cursor = try visit.request.query.optional("cursor", as: TripCommentID.self)
    let limit = try visit.request.query.optional("limit", as: Int.self, in: 1...200) ?? 100
    let found = try await store.comments(of: visit.id, after: cursor, limit: limit + 1)
    let shown = found.prefix(limit).map { CommentJSON(comment: $0) }
    let next = found.count > limit ? shown.last?.comment.id.description : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("comments") { for comment in shown { $0.element(comment) } }
        object.field("next", next)
      })
  }

  private func comment(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "text", optional: "id", "parent", "entry", "mentions")
    let text = try Self.text(object)
    let mentions = try Self.mentions(object)
    // Its own id makes a comment that is sent twice one comment.
    let comment = TripComment(
      id: try object.find("id")?.findIdentifier() ?? TripChance.id(),
      parent: try object.find("parent")?.findIdentifier(), entry: try object.find("entry")?.findIdentifier(),
      author: user, text: text, mentions: mentions)
    return try await visit.make(json.jsonBytes()) { writer in
      if let known = try await writer.comment(comment.id) {
        guard known.author == user, known.text == text, known.parent == comment.parent else {
          throw Problem(.conflict, detail: "The id \(comment.id) is taken by another comment; make a new one.")
        }
        return MadeAnswer(CommentJSON(comment: comment))
      }
      try await check(comment, json, visit.shelf, writer)
      guard try await writer.add(comment) else {
        throw Problem(
          .unprocessableContent, detail: "A trip has \(TripLimits.commentsMax) comments at most; delete some first.")
      }
      _ = writer.append("comment.added", by: user, client: try visit.clientID(), body: Self.body(comment))
      try await tell(comment.mentions, of: comment.id, by: user, visit, writer)
      return MadeAnswer(CommentJSON(comment: comment))
    }
  }

  private func check(
    _ comment: TripComment, _ json: JSONNode, _ shelf: TripShelf, _ writer: TripWriter
  ) async throws {
    if let parent = comment.parent {
      guard let found = try await writer.comment(parent), found.text != nil else {
        throw json.fault("is no comment of this trip, or none any more", at: "/parent")
      }
    }
    try await check(comment.mentions, json, writer)
    guard let entry = comment.entry else { return }
    guard let found = try await writer.document(shelf).entries[entry], !found.isDeleted else {
      throw json.fault("is no day or item of this trip, or none any more", at: "/entry")
    }
  }

  private func check(_ mentions: [UserID], _ json: JSONNode, _ writer: TripWriter) async throws {
    guard !mentions.isEmpty else { return }
    let members = try await writer.members(among: mentions)
    for (index, user) in mentions.enumerated() where !members.contains(user) {
      throw json.fault("is nobody who takes part in this trip; invite them first", at: "/mentions/\(index)")
    }
  }

  private func change(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let id: TripCommentID = try visit.parameter("comment")
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "text", optional: "mentions")
    let text = try Self.text(object)
    let mentions = try Self.mentions(object)
    let changed = try await visit.write { writer -> TripComment in
      guard let comment = try await writer.comment(id), comment.text != nil else { throw Problem.noComment(id) }
      guard comment.author == user else {
        throw Problem(.forbidden, detail: "Only who wrote a comment can change it.")
      }
      try await check(mentions, json, writer)
      try await writer.change(id, text: text, mentions: mentions)
      let changed = TripComment(
        id: id, parent: comment.parent, entry: comment.entry, author: user, text: text, mentions: mentions,
        createdAt: comment.createdAt)
      _ = writer.append("comment.changed", by: user, client: try visit.clientID(), body: Self.body(changed))
      // Who was mentioned before has been told.
      let news = mentions.filter { !comment.mentions.contains($0) }
      try await tell(news, of: id, by: user, visit, writer)
      return changed
    }
    return TripAnswers.fresh(CommentJSON(comment: changed))
  }

  /// Who wrote a comment can take it away, and so can owners.
  private func remove(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let id: TripCommentID = try visit.parameter("comment")
    try await visit.write { writer in
      guard let comment = try await writer.comment(id), comment.text != nil else { throw Problem.noComment(id) }
      guard comment.author == user || writer.access.standing == .member(.owner) else {
        throw Problem(.forbidden, detail: "Only who wrote a comment, or an owner of the trip, can take it away.")
      }
      try await writer.change(id, text: nil, mentions: [])
      _ = writer.append("comment.deleted", by: user, body: Told { $0.field("comment", id.description) }.text)
    }
    return Response(status: .noContent)
  }

  /// Has those told who are mentioned, but for who mentions themselves.
  private func tell(
    _ mentions: [UserID], of comment: TripCommentID, by user: UserID, _ visit: TripVisit, _ writer: TripWriter
  ) async throws {
    let people = mentions.filter { $0 != user }
    guard !people.isEmpty else { return }
    try await writer.tell(.tripMentioned(visit.id, comment, people), trace: visit.context.trace?.traceparent)
  }

  private static func text(_ object: JSONObject) throws -> String {
    let text = try object.required("text", length: 1...TripLimits.commentMax)
    guard !text.utf8.contains(0), let node = object.find("text") else {
      throw Problem(.unprocessableContent, detail: "A comment has no NUL in it.")
    }
    guard text.contains(where: { !$0.isWhitespace }) else { throw node.invalid("must say something") }
    return text
  }

  private static func mentions(_ object: JSONObject) throws -> [UserID] {
    guard let node = object.find("mentions") else { return [] }
    var mentions: [UserID] = []
    for one in try node.array {
      let user: UserID = try one.identifier()
      if !mentions.contains(user) { mentions.append(user) }
    }
    guard mentions.count <= TripLimits.mentionsMax else {
      throw node.fault("must name \(TripLimits.mentionsMax) people at most")
    }
    return mentions
  }

  private static func body(_ comment: TripComment) -> String {
    Told { object in
      object.field("comment", comment.id.description)
      object.field("parent", ifPresent: comment.parent?.description)
      object.field("entry", ifPresent: comment.entry?.description)
      object.field("text", ifPresent: comment.text)
      if !comment.mentions.isEmpty { object.field("mentions", comment.mentions.map(\.description)) }
    }.text
  }

  // MARK: Votes

  private func votes(_ visit: TripVisit) async throws -> Response {
    let tallies = try await store.tallies(of: visit.id, for: visit.visitor.user)
    return TripAnswers.fresh(
      Told { object in
        object.array("votes") { array in
          for tally in tallies {
            array.object {
              $0.field("subject", tally.subject)
              $0.field("up", tally.up)
              $0.field("down", tally.down)
              $0.field("own", tally.own)
            }
          }
        }
      })
  }

  /// The subject is an item, or an option as `ITINERARY:NUMBER`.
  private func vote(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let subject: String = try visit.parameter("subject")
    let parts = subject.split(separator: ":", omittingEmptySubsequences: false)
    let isOption = parts.count == 2 && ItineraryID(String(parts[0])) != nil && Int32(parameter: String(parts[1])) != nil
    guard isOption || EntryID(subject) != nil else {
      throw Problem.parameter("subject", "What is voted on must be an item's id, or an option's as ITINERARY:NUMBER.")
    }
    let object = try await visit.request.jsonDocument(limit: 4096).root.object(required: "value")
    let value = try object.required("value", in: -1...1)
    let item = EntryID(subject)
    try await visit.write(item == nil ? TripOpening() : visit.editing()) { writer in
      if let item {
        guard let entry = try await writer.document(visit.shelf).entries[item], !entry.isDeleted else {
          throw Refusal.unknownEntry(item)
        }
      }
      guard try await writer.vote(value, on: subject.lowercased(), by: user) else { return }
      let body = Told { object in
        object.field("subject", subject.lowercased())
        object.field("value", value)
      }
      _ = writer.append("vote.cast", by: user, body: body.text)
    }
    return Response(status: .noContent)
  }

  // MARK: Presence

  private func setPresence(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let object = try await visit.request.jsonDocument(limit: 4096).root.object(
      required: "clientId", optional: "entry", "here")
    let client = try object.required("clientId", length: 1...64)
    guard !client.utf8.contains(0) else { throw Problem(.unprocessableContent, detail: "A clientId has no NUL.") }
    let presence = TripPresence(user: user, client: client, entry: try object.find("entry")?.findIdentifier())
    try await store.setPresence(presence, of: visit.id, isHere: try object.optional("here") ?? true)
    return Response(status: .noContent)
  }
}

/// Who looks where.
struct PresenceJSON: JSONWritable {
  let people: [TripPresence]

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("people") { array in
        for one in people {
          array.object {
            $0.field("user", one.user.description)
            $0.field("clientId", one.client)
            $0.field("entry", ifPresent: one.entry?.description)
          }
        }
      }
      object.field("secondsMax", TripStore.presenceSeconds)
    }
  }
}

private struct CommentJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "parent?": .id, "entry?": .id, "by?": .id, "text": JSONSchema.text.orNull, "mentions": .list(.id),
    "createdAt?": .moment, "editedAt?": .moment,
  ])

  let comment: TripComment

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", comment.id.description)
      $0.field("parent", ifPresent: comment.parent?.description)
      $0.field("entry", ifPresent: comment.entry?.description)
      $0.field("by", ifPresent: comment.author?.description)
      $0.field("text", comment.text)
      $0.field("mentions", comment.mentions.map(\.description))
      if comment.createdAt.secondsSinceEpoch > 0 { $0.field("createdAt", comment.createdAt.description) }
      $0.field("editedAt", ifPresent: comment.editedAt?.description)
    }
  }
}

extension Problem {
  fileprivate static func noComment(_ id: TripCommentID) -> Problem {
    Problem(.notFound, detail: "There is no comment \(id) in this trip, or it was deleted.")
  }
}
