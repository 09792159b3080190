import HTTP
import JSON
import Kernel
import Notification
import Store

/// `/notifications`: what the one who asks has been told, and what of it they have read.
struct FeedRoutes: Sendable {
  private static let bytesMax = 16 * 1024
  private static let idsMax = 200
  /// The cursor of an entry.
  private static let place: JSONSchema = .text(matching: "^[1-9][0-9]{0,17}$")

  let store: NotificationStore
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.get("/notifications") { request, _ in try await list(request) }.describe(
      .json(
        "What one has been told, the newest first", .notifications, .token,
        query: ["cursor": .integer(1...Int.max), "limit": .integer(1...200), "unread": .boolean],
        gives: .page("notifications", FeedEntryJSON.schema).with(["unread": .integer])))
    group.get("/notifications/unread") { request, _ in
      let user = try await source.user(of: request)
      let unread = try await store.unread(of: user.id).count
      return TripAnswers.fresh(Told { $0.field("unread", unread) })
    }.describe(.json("How much is unread", .notifications, .token, gives: .fields(["unread": .integer])))
    group.post("/notifications/read") { request, _ in try await markRead(request) }.describe(
      .json(
        "Marks entries as read", .notifications, .token,
        takes: .either(
          .fields(["ids": .list(.id, 1...Self.idsMax), "through?": Self.place]),
          .fields(["through": Self.place, "ids?": .list(.id, 0...Self.idsMax)])),
        gives: .fields(["marked": .integer, "unread": .integer])))
  }

  private func list(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let cursor = try request.query.optional("cursor", as: Int64.self, in: 1...Int64.max) ?? .max
    let limit = try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
    let which: String? = try request.query.optional("unread")
    guard which == nil || which == "true" || which == "false" else {
      throw Problem.parameter("unread", "The query parameter 'unread' must be true or false.")
    }
    let unreadOnly = which == "true"
    let unread = try await store.unread(of: user.id)
    let language = Language(tag: unread.language) ?? .english
    let found = try await store.feed(of: user.id, before: cursor, unreadOnly: unreadOnly, limit: limit + 1)
    let shown = found.prefix(limit).map { FeedEntryJSON(entry: $0, language: language) }
    let next = found.count > limit ? shown.last.map { "\($0.entry.seq)" } : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("notifications") { for entry in shown { $0.element(entry) } }
        object.field("unread", unread.count)
        object.field("next", next)
      })
  }

  private func markRead(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(fields: "ids", "through")
    let ids = try object.optional("ids", count: 0...Self.idsMax, of: String.self) ?? []
    let through = try object.optional("through", length: 1...20)
    guard !ids.isEmpty || through != nil else {
      throw json.fault("must have \"ids\", or \"through\": the cursor of the newest entry that was seen")
    }
    var read: [NotificationID] = []
    for (index, text) in ids.enumerated() {
      guard let id = NotificationID(text) else { throw json.fault("must be an id", at: "/ids/\(index)") }
      read.append(id)
    }
    var place: Int64?
    if let through {
      guard let number = Int64(through), number > 0 else { throw json.fault("must be a cursor", at: "/through") }
      place = number
    }
    let marked = try await store.markRead(read, through: place, of: user.id)
    let unread = try await store.unread(of: user.id).count
    return TripAnswers.fresh(
      Told { object in
        object.field("marked", marked)
        object.field("unread", unread)
      })
  }
}

/// An entry as it is told, in the reader's language.
private struct FeedEntryJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "cursor": .text, "kind": .text, "text": .text, "trip?": .id, "createdAt": .moment, "readAt?": .moment,
  ])

  let entry: FeedEntry
  let language: Language

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", entry.id.description)
      object.field("cursor", "\(entry.seq)")
      object.field("kind", entry.kind)
      object.field("text", text)
      object.field("trip", ifPresent: entry.trip?.description)
      object.field("createdAt", entry.createdAt.description)
      object.field("readAt", ifPresent: entry.readAt?.description)
    }
  }

  private var text: String {
    guard let kind = MessageKind(rawValue: entry.kind),
      let words = TemplateBook.standard.render(Message(kind, entry.facts), in: language)
    else { return entry.kind }
    return words.short
  }
}
