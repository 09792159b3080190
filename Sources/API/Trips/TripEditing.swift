import JSON
import Kernel
import Store
import Trips
import TripsWire

/// What became of an edit.
enum EditOutcome: Sendable {
  /// Its place in the log; and of what was taken back, how much had to stay.
  case applied(Int64, kept: Int)
  /// Everything was that way already.
  case unchanged
  case refused(Refusal)

  /// The outcome as it is told and kept.
  var json: String {
    var writer = JSONWriter()
    writer.object { object in
      switch self {
      case .applied(let seq, let kept):
        object.field("status", "applied")
        object.field("seq", seq)
        if kept > 0 { object.field("kept", kept) }
      case .unchanged: object.field("status", "unchanged")
      case .refused(let refusal):
        object.field("status", "refused")
        object.field("conflict", refusal.isConflict)
        object.field("detail", refusal.description)
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}

/// The document of a trip while it is being edited under its lock.
struct TripEditing {
  private let writer: TripWriter
  private let author: UserID
  private let client: String?
  private(set) var document: TripDocument
  /// What was appended here, which the log in the database does not have yet.
  private var fresh: [Int64: [Effect]] = [:]

  @inline(never)
  init(_ writer: TripWriter, _ shelf: TripShelf, by author: UserID, client: String? = nil) async throws {
    self.writer = writer
    self.author = author
    self.client = client
    document = try await writer.document(shelf)
  }

  /// Carries an edit out.
  ///
  /// Not inlined, like what is called around it: the optimiser of Swift 6.3 crashes where all of it stands in one function.
  @inline(never)
  mutating func carryOut(_ edit: Edit, mutation: String? = nil) async throws -> EditOutcome {
    do {
      switch edit {
      case .operation(let operation):
        return append(try document.effects(of: operation), kept: 0, undoes: nil, mutation)
      case .undo(let seq):
        let (effects, stamp) = try await change(seq)
        let inverse = try document.undoing(effects, of: stamp)
        return append(inverse.effects, kept: inverse.kept, undoes: seq, mutation)
      }
    } catch let refusal as Refusal {
      return .refused(refusal)
    }
  }

  /// Carries out what was worked out on the document as it is; its place in the log, or nil where there is nothing to do.
  mutating func carryOut(_ effects: [Effect]) -> Int64? {
    guard case .applied(let seq, _) = append(effects, kept: 0, undoes: nil, nil) else { return nil }
    return seq
  }

  private mutating func append(
    _ effects: [Effect], kept: Int, undoes: Int64?, _ mutation: String?
  ) -> EditOutcome {
    if effects.isEmpty { return .unchanged }
    let body = EditBody(effects: effects, undoes: undoes).text
    let seq = writer.append("edit", by: author, client: client, mutation: mutation, body: body)
    document.replay(effects, Stamp(seq: seq, author: author))
    fresh[seq] = effects
    return .applied(seq, kept: kept)
  }

  /// What an entry of the log came to, if it is an edit of the same author.
  private func change(_ seq: Int64) async throws -> ([Effect], Stamp) {
    let stamp = Stamp(seq: seq, author: author)
    if let effects = fresh[seq] { return (effects, stamp) }
    guard let entry = try await writer.entry(seq), entry.kind == "edit" else { throw Refusal.unknownChange(seq) }
    guard entry.author == author else { throw Refusal.notYours(seq) }
    return (try EditBody(json: JSONDocument(text: entry.body).root).effects, stamp)
  }

  /// Stores the document as the transaction ends.
  func save() {
    if fresh.isEmpty { return }
    writer.save(document, TripTexts(document))
  }

  /// JSON as text.
  static func text(_ value: some JSONWritable) -> String { String(decoding: value.jsonBytes(), as: UTF8.self) }
}

extension TripWriter {
  /// The document as it was when the lock was taken; read only where the shelf does not have that very version.
  func document(_ shelf: TripShelf) async throws -> TripDocument {
    if let kept = shelf.document(of: id, revision: access.revision) { return kept }
    return try StoredTrip(json: JSONDocument(text: try await stored()).root).document
  }
}

extension TripTexts {
  /// A document as it is stored.
  init(_ document: TripDocument) {
    self.init(
      document: TripEditing.text(TripJSON(document)), stored: TripEditing.text(StoredTrip(document)),
      headline: TripEditing.text(TripHeadline(document)))
  }
}

/// What stands in the log of an edit.
struct EditBody: JSONWritable, JSONReadable {
  let effects: [Effect]
  var undoes: Int64?

  init(effects: [Effect], undoes: Int64? = nil) {
    self.effects = effects
    self.undoes = undoes
  }

  var text: String { TripEditing.text(self) }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.array("effects") { for effect in effects { $0.element(EffectJSON(effect)) } }
      object.field("undoes", ifPresent: undoes)
    }
  }

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "effects", optional: "undoes")
    let effects: [EffectJSON] = try object.required("effects")
    self.effects = effects.map(\.effect)
    undoes = try object.optional("undoes")
  }
}

/// Ids and tokens by chance that nobody can guess.
enum TripChance {
  static func id<Noun>(_ noun: Noun.Type = Noun.self) -> Identifier<Noun> {
    var generator = SystemRandomNumberGenerator()
    return Identifier<Noun>(using: &generator)
  }

  /// A token of 60 hexadecimal digits of chance.
  static func token() -> String {
    (0..<2).map { _ in id(TripNoun.self).description.filter { $0 != "-" } }.joined()
  }
}
