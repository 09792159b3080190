package import JSON
import Kernel
package import Trips

/// The document with all that edits need: stamps, keys and what is deleted.
///
/// Written and read by us alone.
package struct StoredTrip: JSONWritable, JSONReadable {
  package let document: TripDocument

  package init(_ document: TripDocument) { self.document = document }

  /// Writes it, equal documents as equal bytes.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.object("fields") { StoredTrip.write(document.fields, to: &$0) }
      object.object("entries") { object in
        for (id, entry) in document.entries.sorted(by: { $0.key < $1.key }) {
          object.field(named: id.description, StoredEntry(entry))
        }
      }
    }
  }

  fileprivate static func write(_ fields: [TripField: Register], to object: inout JSONObjectWriter) {
    for (field, register) in fields.sorted(by: { $0.key < $1.key }) { object.field(named: field.rawValue, register) }
  }

  /// Reads it.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "fields", "entries")
    guard let fields = object.find("fields"), let entries = object.find("entries") else { throw json.invalid("is bad") }
    var document = TripDocument(fields: try StoredTrip.fields(fields))
    for (text, node) in try entries.members {
      guard let id = EntryID(text) else { throw node.invalid("has a name that is no id") }
      document.entries[id] = try StoredEntry(json: node).entry
    }
    self.document = document
  }

  fileprivate static func fields(_ json: JSONNode) throws(JSONError) -> [TripField: Register] {
    var fields: [TripField: Register] = [:]
    for (name, node) in try json.members {
      guard let field = TripField(rawValue: name) else { throw node.invalid("is no field of a trip") }
      fields[field] = try Register(json: node, of: field)
    }
    return fields
  }
}

private struct StoredEntry: JSONWritable, JSONReadable {
  let entry: Entry

  init(_ entry: Entry) { self.entry = entry }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("kind", entry.kind.rawValue)
      $0.object("fields") { StoredTrip.write(entry.fields, to: &$0) }
      $0.field("place", entry.place)
      $0.field("placed", entry.placeStamp)
      $0.field("deleted", entry.isDeleted)
      $0.field("lives", entry.lifeStamp)
    }
  }

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "kind", "fields", "place", "placed", "deleted", "lives")
    guard let fields = object.find("fields") else { throw json.invalid("is bad") }
    entry = Entry(
      kind: try object.required("kind"), fields: try StoredTrip.fields(fields), place: try object.required("place"),
      placeStamp: try object.required("placed"), isDeleted: try object.required("deleted"),
      lifeStamp: try object.required("lives"))
  }
}

extension Place: JSONWritable, JSONReadable {
  /// Writes the day and the key.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("day", ifPresent: day?.description)
      $0.field("key", key.description)
    }
  }

  /// Reads what is written.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "key", optional: "day")
    self.init(day: try object.find("day")?.findIdentifier(), key: try object.required("key"))
  }
}

extension OrderKey: JSONReadable {
  /// Reads what ``description`` writes.
  package init(json: JSONNode) throws(JSONError) {
    guard let key = OrderKey(try json.string) else { throw json.invalid("must be an order key") }
    self = key
  }
}

extension Stamp: JSONWritable, JSONReadable {
  /// Writes the place in the log and who.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("seq", seq)
      $0.field("by", ifPresent: author?.description)
    }
  }

  /// Reads what is written.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(required: "seq", optional: "by")
    self.init(seq: try object.required("seq"), author: try object.find("by")?.findIdentifier())
  }
}

extension Register: JSONWritable {
  /// Writes the value, and who wrote it when.
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("value", value)
      $0.field("seq", stamp.seq)
      $0.field("by", ifPresent: stamp.author?.description)
    }
  }

  init(json: JSONNode, of field: TripField) throws(JSONError) {
    let object = try json.object(required: "value", "seq", optional: "by")
    self.init(
      try object.find("value")?.value(of: field),
      Stamp(seq: try object.required("seq"), author: try object.find("by")?.findIdentifier()))
  }
}
