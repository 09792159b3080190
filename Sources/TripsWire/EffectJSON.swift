package import JSON
import Kernel
package import Trips

/// An effect as it stands in the log and is sent to those who watch.
package struct EffectJSON: JSONWritable, JSONReadable {
  package let effect: Effect

  package init(_ effect: Effect) { self.effect = effect }

  /// Writes it.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      switch effect {
      case .added(let id, let kind, let place, let values):
        object.field("effect", "added")
        object.field("id", id.description)
        object.field("kind", kind.rawValue)
        object.field("place", place)
        object.object("fields") { fields in
          for (field, value) in values.sorted(by: { $0.key < $1.key }) { fields.field(named: field.rawValue, value) }
        }
      case .wrote(let id, let field, let value, let over):
        object.field("effect", "wrote")
        object.field("id", ifPresent: id?.description)
        object.field("field", field.rawValue)
        object.field("value", value)
        object.field("over", ifPresent: over)
      case .moved(let id, let place, let from, let over):
        object.field("effect", "moved")
        object.field("id", id.description)
        object.field("place", place)
        object.field("from", from)
        object.field("over", over)
      case .rekeyed(let id, let key):
        object.field("effect", "rekeyed")
        object.field("id", id.description)
        object.field("key", key.description)
      case .deleted(let id): EffectJSON.write("deleted", id, &object)
      case .restored(let id): EffectJSON.write("restored", id, &object)
      case .purged(let id): EffectJSON.write("purged", id, &object)
      }
    }
  }

  private static func write(_ word: String, _ id: EntryID, _ object: inout JSONObjectWriter) {
    object.field("effect", word)
    object.field("id", id.description)
  }

  /// Reads what is written.
  package init(json: JSONNode) throws(JSONError) {
    let object = try json.object(
      fields: "effect", "id", "kind", "place", "fields", "field", "value", "over", "from", "key")
    let word: String = try object.required("effect")
    let id: EntryID? = try object.find("id")?.findIdentifier()
    if word == "wrote" {
      guard let field = TripField(rawValue: try object.required("field")) else { throw json.invalid("is no field") }
      let over: Register? = if let node = object.find("over") { try Register(json: node, of: field) } else { nil }
      effect = .wrote(id, field, try object.find("value")?.value(of: field), over: over)
      return
    }
    guard let id else { throw json.invalid("must have an id") }
    switch word {
    case "added":
      let kind: EntryKind = try object.required("kind")
      var values: [TripField: FieldValue] = [:]
      if let node = object.find("fields") {
        for (field, value) in try node.fields(of: kind) { values[field] = value }
      }
      effect = .added(id, kind, try object.required("place"), values)
    case "moved":
      effect = .moved(
        id, try object.required("place"), from: try object.required("from"), over: try object.required("over"))
    case "rekeyed": effect = .rekeyed(id, try object.required("key"))
    case "deleted": effect = .deleted(id)
    case "restored": effect = .restored(id)
    case "purged": effect = .purged(id)
    default: throw json.invalid("is no effect")
    }
  }
}
