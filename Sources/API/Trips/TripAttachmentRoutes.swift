import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/attachments`: files of a few harmless types, small enough for the database.
struct TripAttachmentRoutes: Sendable {
  let gate: TripGate
  var store: TripStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .get, "/attachments", .follow, group,
      .json("Files, without their bytes", .tripTalk, gives: .fields(["attachments": .list(AttachmentJSON.schema)]))
    ) { try await list($0) }
    gate.on(
      .post, "/attachments", .edit, group,
      .json(
        "Attaches a file", .tripTalk, query: ["name!": .text(1...200), "entry": .id], fields: ["Idempotency-Key"],
        takes: .text, gives: AttachmentJSON.schema, status: .created
      ).taking(Self.types[0].name, Self.types[1].name, Self.types[2].name, Self.types[3].name)
    ) { try await attach($0) }
    gate.on(
      .get, "/attachments/{attachment}", .follow, group,
      RouteDescription(
        "A file", "What is said about a trip",
        answers: [.bytes(Self.types[0].name, Self.types[1].name, Self.types[2].name, Self.types[3].name)])
    ) { try await show($0) }
    gate.on(.delete, "/attachments/{attachment}", .edit, group, .empty("Takes a file away", .tripTalk)) {
      try await detach($0)
    }
  }

  /// Types that are taken, with the bytes that files of them begin with.
  private static let types: [(name: String, beginning: [UInt8], at: Int)] = [
    ("image/jpeg", [0xFF, 0xD8, 0xFF], 0), ("image/png", [0x89, 0x50, 0x4E, 0x47], 0),
    ("image/webp", Array("WEBP".utf8), 8), ("application/pdf", Array("%PDF-".utf8), 0),
  ]

  private func attach(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let name: String = try visit.request.query.require("name")
    guard (1...200).contains(name.unicodeScalars.count), name.unicodeScalars.allSatisfy({ $0.value >= 32 }),
      !name.contains("/"), !name.contains("\\"), !name.contains("\"")
    else {
      throw Problem.parameter("name", "The query parameter 'name' must be a file's name of 1 to 200 letters.")
    }
    let entry = try visit.request.query.optional("entry", as: EntryID.self)
    let bytes = try await visit.request.body.collect(upTo: TripLimits.attachmentBytesMax)
    let type = try Self.type(visit.request, bytes)
    let attachment = TripAttachment(
      id: TripChance.id(), entry: entry, name: name, mediaType: type, byteCount: bytes.count, author: user)
    return try await visit.make(Array("\(type) \(name) \(entry?.description ?? "-") ".utf8) + bytes) { writer in
      guard try await writer.attach(attachment, bytes: bytes) else {
        throw Problem(
          .unprocessableContent,
          detail:
            "A trip has \(TripLimits.attachmentsMax) attachments and \(TripLimits.attachedBytesMax >> 20) MB of them"
            + " at most; take some away first.")
      }
      let body = Told { object in
        object.field("attachment", attachment.id.description)
        object.field("name", name)
      }
      _ = writer.append("attachment.added", by: user, body: body.text)
      return MadeAnswer(AttachmentJSON(attachment: attachment))
    }
  }

  /// The type that a file says it is and begins like.
  private static func type(_ request: Request, _ bytes: [UInt8]) throws(Problem) -> String {
    let said = request.header("Content-Type")?.split(separator: ";").first.map { $0.lowercased() } ?? ""
    let names = types.map(\.name).joined(separator: ", ")
    guard let type = types.first(where: { $0.name == said }) else {
      throw Problem(
        .unsupportedMediaType, detail: "Attachments are of one of these types: \(names).", fields: ["Accept": names])
    }
    guard bytes.count > type.at + type.beginning.count,
      bytes[type.at..<type.at + type.beginning.count].elementsEqual(type.beginning)
    else { throw Problem(.unprocessableContent, detail: "The bytes are not \(said); send the file as what it is.") }
    return said
  }

  private func list(_ visit: TripVisit) async throws -> Response {
    let attachments = try await store.attachments(of: visit.id).map { AttachmentJSON(attachment: $0) }
    return TripAnswers.fresh(Told { object in object.field("attachments", attachments) })
  }

  private func show(_ visit: TripVisit) async throws -> Response {
    guard let found = try await store.attachment(try visit.parameter("attachment"), of: visit.id) else {
      throw Problem(.notFound, detail: "There is no such attachment in this trip, or it was taken away.")
    }
    // Never shown as a page of ours: whatever is in it, it can do nothing.
    let plain = found.name.unicodeScalars.allSatisfy { $0.isASCII } ? found.name : "attachment"
    return Response(
      status: .ok,
      fields: [
        "Content-Type": found.mediaType, "Content-Disposition": "attachment; filename=\"\(plain)\"",
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
      ], body: .bytes(found.bytes))
  }

  private func detach(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let id: TripAttachmentID = try visit.parameter("attachment")
    try await visit.write { writer in
      guard try await writer.detach(id) else {
        throw Problem(.notFound, detail: "There is no attachment \(id) in this trip, or it was taken away.")
      }
      _ = writer.append("attachment.removed", by: user, body: Told { $0.field("attachment", id.description) }.text)
    }
    return Response(status: .noContent)
  }
}

/// A file without its bytes.
private struct AttachmentJSON: JSONWritable, Sendable {
  static let schema: JSONSchema = .fields([
    "id": .id, "entry?": .id, "name": .text, "type": .text, "bytes": .integer, "by?": .id,
  ])

  let attachment: TripAttachment

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", attachment.id.description)
      $0.field("entry", ifPresent: attachment.entry?.description)
      $0.field("name", attachment.name)
      $0.field("type", attachment.mediaType)
      $0.field("bytes", attachment.byteCount)
      $0.field("by", ifPresent: attachment.author?.description)
    }
  }
}
