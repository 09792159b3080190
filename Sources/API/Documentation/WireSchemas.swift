import Accounts
import HTTP
import JSON
import Trips
import TripsWire

// What several routes take and give, as the readers and writers beside them read and write it.

extension RouteDescription {
  /// A route whose answer is JSON.
  static func json(
    _ summary: String, _ topic: Topic, _ access: Access = .everybody, path: [String: JSONSchema] = [:],
    query: [String: JSONSchema] = [:], fields: [String] = [], takes body: JSONSchema? = nil,
    gives answer: JSONSchema, status: HTTPStatus = .ok, or others: [Answer] = []
  ) -> RouteDescription {
    RouteDescription(
      summary, topic.rawValue, access: access, path: path, query: query, fields: fields, body: body.map { Body($0) },
      answers: [.json(answer, status: status)] + others)
  }

  /// A route that answers with nothing but a status.
  static func empty(
    _ summary: String, _ topic: Topic, _ access: Access = .everybody, path: [String: JSONSchema] = [:],
    query: [String: JSONSchema] = [:], fields: [String] = [], takes body: JSONSchema? = nil,
    status: HTTPStatus = .noContent
  ) -> RouteDescription {
    RouteDescription(
      summary, topic.rawValue, access: access, path: path, query: query, fields: fields, body: body.map { Body($0) },
      answers: [.empty(status)])
  }

  /// The same route, which wants a token.
  var needingToken: RouteDescription {
    var changed = self
    changed.access = .token
    return changed
  }

  /// The same route, which programs' keys open that have one of these scopes.
  func scoped(_ scopes: KeyScope...) -> RouteDescription {
    var changed = self
    changed.scopes = scopes.map(\.rawValue)
    return changed
  }

  /// The same route, fields of whose answer name what is found below these paths.
  func making(_ made: [String: String]) -> RouteDescription {
    var changed = self
    changed.made = made
    return changed
  }

  /// The same route, whose body may be left out.
  var withOptionalBody: RouteDescription {
    var changed = self
    changed.body?.isRequired = false
    return changed
  }

  /// The same route, which also answers 304 to who has the version already.
  var conditional: RouteDescription {
    var changed = self
    changed.fields.append("If-None-Match")
    changed.answers.append(.empty(.notModified))
    return changed
  }

  /// The same route, whose body is sent as one of these types.
  func taking(_ types: String...) -> RouteDescription {
    var changed = self
    changed.body?.types = types
    return changed
  }

  /// What routes are listed under.
  enum Topic: String {
    case accounts = "Accounts"
    case organisations = "Organisations"
    case trips = "Trips"
    case tripPeople = "Who takes part in a trip"
    case tripTalk = "What is said about a trip"
    case plans = "Plans"
    case jobs = "Jobs"
    case money = "Money"
    case search = "Search"
    case journeys = "Journeys"
    case notifications = "Notifications"
    case bookings = "Bookings"
    case prices = "Prices"
    case operations = "Operations"
  }
}

extension JSONSchema {
  /// A page of something: `next` is the cursor of the next one, or null.
  static func page(_ name: String, _ element: JSONSchema) -> JSONSchema {
    .optionalFields([]).with([name: .list(element), "next": JSONSchema.text.orNull])
  }

  /// What asking for mail answers.
  static let mailSent: JSONSchema = .fields(["status": .words(["mail-sent"]), "message?": .text])
}

extension FieldRule {
  /// What the value of a field must be.
  var schema: JSONSchema {
    switch self {
    case .text(let most): .text(1...most)
    case .date: .date
    case .time: .text(matching: "^([01][0-9]|2[0-3]):[0-5][0-9]$")
    case .currency: .text(matching: "^[A-Z]{3}$")
    case .zone: .text(1...64)
    case .user: .id
    case .amount: .text(matching: #"^[0-9]{1,12}(\.[0-9]{1,6})?$"#)
    case .flag: .boolean
    case .whole(let range): .integer(range)
    case .number(let least, let most): .number(least...most)
    }
  }
}

/// What of trips travels.
enum TripSchemas {
  /// The fields of a kind; null takes one away.
  static func fields(of kind: EntryKind?) -> JSONSchema {
    .optionalFields(TripField.fields(of: kind).map { ($0.rawValue, $0.rule.schema) })
  }

  /// Fields of an entry whose kind is not told.
  static let anyFields: JSONSchema = .either(fields(of: .day), fields(of: .note))

  static let position: JSONSchema = .either(
    .words(["first", "last"]), .fields(["after": .id]), .fields(["before": .id]))

  static let item: JSONSchema = fields(of: .note).with(["id": .id, "kind": .words(EntryKind.items.map(\.rawValue))])
  static let day: JSONSchema = fields(of: .day).with(["id": .id, "items": .list(item)])

  /// The document without what stands beside it.
  private static let document: JSONSchema = fields(of: nil).with(["days?": .list(day), "ideas?": .list(item)])

  /// A trip as it is told.
  static let trip: JSONSchema = document.with([
    "id": .id, "revision": .integer, "seq": .integer, "role?": .words(TripRole.self), "public": .boolean,
    "template": .boolean, "createdAt": .moment, "changedAt": .moment, "trashedAt?": .moment,
  ])

  /// An item or day as it is sent.
  private static let sentItem: JSONSchema = fields(of: .note).with([
    "id?": .id, "kind": .words(EntryKind.items.map(\.rawValue)),
  ])
  private static let sentDay: JSONSchema = fields(of: .day).with(["id?": .id, "items?": .list(sentItem)])

  /// A whole document as it is sent: its title must be there.
  static let draft: JSONSchema = {
    let others = TripField.fields(of: nil).filter { $0 != .title }.map { ($0.rawValue, $0.rule.schema) }
    return JSONSchema.optionalFields(others).with([
      "title": TripField.title.rule.schema, "days?": .list(sentDay), "ideas?": .list(sentItem),
    ])
  }()

  /// The same with what a trip is told with, which is passed over.
  static let whole: JSONSchema = draft.with([
    "id?": .any, "revision?": .any, "seq?": .any, "role?": .any, "public?": .any, "template?": .any, "createdAt?": .any,
    "changedAt?": .any, "trashedAt?": .any,
  ])

  static let summary: JSONSchema = .fields([
    "id": .id, "role?": .words(TripRole.self),
    "fields": .fields(["title?": .text, "startDate?": .text, "endDate?": .text, "cover?": .text]), "revision": .integer,
    "public": .boolean, "template": .boolean, "createdAt": .moment, "changedAt": .moment, "trashedAt?": .moment,
  ])

  /// What an edit is answered with.
  static let edited: JSONSchema = .fields(["id?": .id, "seq?": .integer, "kept?": .integer, "revision": .integer])

  static let entry: JSONSchema = .fields([
    "seq": .integer, "kind": .text, "by?": .id, "clientId?": .text, "mutationId?": .text, "at": .moment,
    "body": .object,
  ])

  /// An operation: which of the rest it has depends on `op`.
  static let operation: JSONSchema = .fields([
    "mutationId": .text(matching: "^[!-~]{1,255}$"),
    "op": .words(["set", "add", "move", "delete", "restore", "rebalance", "undo"]), "id?": .id,
    "kind?": .words(EntryKind.self), "day?": .id, "position?": position, "fields?": anyFieldsOfAll,
    "strictSince?": .integer(0...Int.max), "seq?": .integer(1...Int.max),
  ])

  private static let anyFieldsOfAll: JSONSchema = .either(fields(of: nil), fields(of: .day), fields(of: .note))
}
