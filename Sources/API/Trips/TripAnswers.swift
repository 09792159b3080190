import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// How trips are told.
enum TripAnswers {
  /// What stands beside the fields of a trip.
  static let envelope: Set<String> = [
    "id", "revision", "seq", "role", "public", "template", "createdAt", "changedAt", "trashedAt",
  ]
  /// Fields that only members see.
  private static let membersOnly = ["reference", "assignee", "amount", "currency"]

  /// A trip; its version is its tag.
  static func trip(_ access: TripAccess, _ document: String, status: HTTPStatus = .ok) throws -> Response {
    var bytes = head(access)
    var rest = try shown(access, document)
    // One copy of memory; what is left of a string would be appended byte by byte.
    rest.withUTF8 { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0.dropFirst())) }
    var fields: HTTPFields = ["Content-Type": "application/json", "Cache-Control": "private, no-cache"]
    if status == .created { fields.set("Location", "/v1/trips/\(access.id)") }
    return Response(status: status, fields: fields, body: .bytes(bytes)).with(ETag(version: access.revision))
  }

  /// The beginning of the object, up to where the document goes on.
  private static func head(_ access: TripAccess) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.field("id", access.id.description)
      object.field("revision", access.revision)
      object.field("seq", access.seq)
      if case .member(let role) = access.standing { object.field("role", role.rawValue) }
      object.field("public", access.isPublic)
      object.field("template", access.isTemplate)
      object.field("createdAt", access.createdAt.description)
      object.field("changedAt", access.changedAt.description)
      object.field("trashedAt", ifPresent: access.trashedAt?.description)
    }
    return writer.finish().dropLast() + [UInt8(ascii: ",")]
  }

  /// The document as whoever stands so may see it.
  static func shown(_ access: TripAccess, _ document: String) throws -> String {
    if case .member = access.standing { return document }
    return TripEditing.text(withoutPrivate(try JSONValue(json: JSONDocument(text: document).root)))
  }

  /// Without booking references, money and who is to do what, wherever they stand.
  static func withoutPrivate(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(withoutPrivate))
    case .object(var map):
      if map["kind"] != nil { for name in membersOnly { map[name] = nil } }
      for member in map.members { map[member.name] = withoutPrivate(member.value) }
      return .object(map)
    default: return value
    }
  }

  /// JSON that never stays in a cache.
  static func fresh(_ value: some JSONWritable, status: HTTPStatus = .ok) -> Response {
    .json(value, status: status, fields: ["Cache-Control": "no-store"])
  }
}

/// An object of a few fields.
struct Told: JSONWritable {
  private let body: @Sendable (inout JSONObjectWriter) -> Void

  init(_ body: @escaping @Sendable (inout JSONObjectWriter) -> Void) { self.body = body }

  func write(to writer: inout JSONWriter) { writer.object(body) }

  var text: String { TripEditing.text(self) }
}

/// JSON text of ours as a value; what the database holds was checked when it was stored.
struct StoredText: JSONWritable {
  private let node: JSONNode

  init(_ text: String) throws { node = try JSONDocument(text: text).root }

  func write(to writer: inout JSONWriter) { node.write(to: &writer) }
}

/// An entry of the log, in the feed and in streams.
struct LogEntryJSON: JSONWritable {
  let entry: TripLogEntry
  private let body: StoredText

  init(_ entry: TripLogEntry) throws {
    self.entry = entry
    body = try StoredText(entry.body)
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("seq", entry.seq)
      $0.field("kind", entry.kind)
      $0.field("by", ifPresent: entry.author?.description)
      $0.field("clientId", ifPresent: entry.client)
      $0.field("mutationId", ifPresent: entry.mutation)
      $0.field("at", entry.at.description)
      $0.field("body", body)
    }
  }
}

/// A trip in a list.
struct TripSummaryJSON: JSONWritable {
  let trip: TripSummary
  private let fields: StoredText

  init(_ trip: TripSummary) throws {
    self.trip = trip
    fields = try StoredText(trip.fields)
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", trip.id.description)
      $0.field("role", ifPresent: trip.role?.rawValue)
      $0.field("fields", fields)
      $0.field("revision", trip.revision)
      $0.field("public", trip.isPublic)
      $0.field("template", trip.isTemplate)
      $0.field("createdAt", trip.createdAt.description)
      $0.field("changedAt", trip.changedAt.description)
      $0.field("trashedAt", ifPresent: trip.trashedAt?.description)
    }
  }
}
