import JSON
import Kernel
import Trips

/// A document as it was stored before stamps were numbers: each with its author's whole id.
///
/// Databases have such texts until the trip is edited next.
struct OlderStoredTrip {
  let document: TripDocument

  init(_ fields: JSONNode, _ entries: JSONNode) throws(JSONError) {
    var document = TripDocument(fields: try OlderStoredTrip.fields(fields))
    for (text, node) in try entries.members {
      guard let id = EntryID(text) else { throw node.invalid("has a name that is no id") }
      document.entries[id] = try OlderStoredTrip.entry(node)
    }
    self.document = document
  }

  private static func fields(_ json: JSONNode) throws(JSONError) -> [TripField: Register] {
    var fields: [TripField: Register] = [:]
    for (name, node) in try json.members {
      guard let field = TripField(rawValue: name) else { throw node.invalid("is no field of a trip") }
      fields[field] = try Register(json: node, of: field)
    }
    return fields
  }

  private static func entry(_ json: JSONNode) throws(JSONError) -> Entry {
    let object = try json.object(required: "kind", "fields", "place", "placed", "deleted", "lives")
    guard let fields = object.find("fields") else { throw json.invalid("is bad") }
    return Entry(
      kind: try object.required("kind"), fields: try OlderStoredTrip.fields(fields),
      place: try object.required("place"), placeStamp: try object.required("placed"),
      isDeleted: try object.required("deleted"), lifeStamp: try object.required("lives"))
  }
}
