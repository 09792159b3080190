package import JSON
import Kernel
package import Trips

/// The document with all that edits need: stamps, keys and what is deleted.
///
/// Written and read by us alone, and written with every edit, so that it has to be short: whoever wrote something stands
/// once in a list, and a stamp is a place in the log with a place in that list.
///
///     {"authors": [ID, …], "fields": {"title": ["Rome", 1, 0], …},
///      "entries": {ID: {"kind": "visit", "fields": {…}, "day": ID, "key": "V", "placed": [4, 0], "lives": [3, 0],
///                       "deleted": true}, …}}
package struct StoredTrip: JSONWritable, JSONReadable {
  package let document: TripDocument

  package init(_ document: TripDocument) { self.document = document }

  /// Writes it, equal documents as equal bytes.
  package func write(to writer: inout JSONWriter) {
    let authors = document.authors.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(authors, authors.indices))
    writer.object { object in
      object.array("authors") { for author in authors { $0.element(author.description) } }
      object.object("fields") { StoredTrip.write(document.fields, numbers, to: &$0) }
      object.object("entries") { object in
        for (id, entry) in document.entries.sorted(by: { $0.key < $1.key }) {
          object.field(named: id.description, StoredEntry(entry: entry, numbers: numbers))
        }
      }
    }
  }

  fileprivate static func write(
    _ fields: [TripField: Register], _ numbers: [UserID: Int], to object: inout JSONObjectWriter
  ) {
    for (field, register) in fields.sorted(by: { $0.key < $1.key }) {
      let stamp = StoredStamp(stamp: register.stamp, numbers: numbers)
      object.field(named: field.rawValue, StoredRegister(value: register.value, stamp: stamp))
    }
  }

  /// Reads it, as it is written or as it was before there was a list of authors.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "fields", "entries", optional: "authors")
    guard let fields = object.find("fields"), let entries = object.find("entries") else { throw json.invalid("is bad") }
    guard let authors = object.find("authors") else {
      self.document = try OlderStoredTrip(fields, entries).document
      return
    }
    let reader = try StoredReader(authors)
    var document = TripDocument(fields: try reader.fields(fields))
    for (text, node) in try entries.members {
      guard let id = EntryID(text) else { throw node.invalid("has a name that is no id") }
      document.entries[id] = try reader.entry(node)
    }
    self.document = document
  }
}

extension TripDocument {
  /// Everybody who has written something that is still there.
  fileprivate var authors: Set<UserID> {
    var found: Set<UserID> = []
    func note(_ stamp: Stamp) { if let author = stamp.author { found.insert(author) } }
    for register in fields.values { note(register.stamp) }
    for entry in entries.values {
      for register in entry.fields.values { note(register.stamp) }
      note(entry.placeStamp)
      note(entry.lifeStamp)
    }
    return found
  }
}

// MARK: Writing

private struct StoredStamp: JSONWritable {
  let stamp: Stamp
  let numbers: [UserID: Int]

  func write(to writer: inout JSONWriter) { writer.array { add(to: &$0) } }

  func add(to array: inout JSONArrayWriter) {
    array.element(stamp.seq)
    if let number = stamp.author.flatMap({ numbers[$0] }) { array.element(number) }
  }
}

private struct StoredRegister: JSONWritable {
  let value: FieldValue?
  let stamp: StoredStamp

  func write(to writer: inout JSONWriter) {
    writer.array {
      $0.element(value)
      stamp.add(to: &$0)
    }
  }
}

private struct StoredEntry: JSONWritable {
  let entry: Entry
  let numbers: [UserID: Int]

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("kind", entry.kind.rawValue)
      $0.object("fields") { StoredTrip.write(entry.fields, numbers, to: &$0) }
      $0.field("day", ifPresent: entry.place.day?.description)
      $0.field("key", entry.place.key.description)
      $0.field("placed", StoredStamp(stamp: entry.placeStamp, numbers: numbers))
      $0.field("lives", StoredStamp(stamp: entry.lifeStamp, numbers: numbers))
      if entry.isDeleted { $0.field("deleted", true) }
    }
  }
}

// MARK: Reading

private struct StoredReader {
  private var authors: [UserID] = []

  init(_ json: JSONNode) throws(JSONError) {
    for node in try json.array { authors.append(try node.identifier()) }
  }

  func fields(_ json: JSONNode) throws(JSONError) -> [TripField: Register] {
    var fields: [TripField: Register] = [:]
    for (name, node) in try json.members {
      guard let field = TripField(rawValue: name) else { throw node.invalid("is no field of a trip") }
      let parts = Array(try node.array)
      guard let value = parts.first else { throw node.invalid("has no value") }
      fields[field] = Register(try value.value(of: field), try stamp(parts.dropFirst(), node))
    }
    return fields
  }

  func entry(_ json: JSONNode) throws(JSONError) -> Entry {
    let object = try json.object(required: "kind", "fields", "key", "placed", "lives", optional: "day", "deleted")
    guard let fields = object.find("fields"), let placed = object.find("placed"), let lives = object.find("lives")
    else { throw json.invalid("is bad") }
    let place = Place(day: try object.find("day")?.findIdentifier(), key: try object.required("key"))
    return Entry(
      kind: try object.required("kind"), fields: try self.fields(fields), place: place,
      placeStamp: try stamp(Array(try placed.array)[...], placed),
      isDeleted: try object.optional("deleted") ?? false, lifeStamp: try stamp(Array(try lives.array)[...], lives))
  }

  private func stamp(_ parts: ArraySlice<JSONNode>, _ json: JSONNode) throws(JSONError) -> Stamp {
    guard let seq = parts.first, parts.count <= 2 else { throw json.invalid("has no stamp") }
    guard let last = parts.dropFirst().first else { return Stamp(seq: try seq.integer(as: Int64.self), author: nil) }
    let number = try last.int
    guard authors.indices.contains(number) else { throw last.invalid("is nobody's number") }
    return Stamp(seq: try seq.integer(as: Int64.self), author: authors[number])
  }
}
