package import JSON
import Kernel
package import Trips

/// What is asked of a trip, as it is sent.
package struct EditReader {
  /// Makes ids for what is added without one.
  package var makeID: () -> EntryID

  package init(makeID: @escaping () -> EntryID) { self.makeID = makeID }

  private enum Word: String, CaseIterable, JSONReadable {
    case set, add, move, delete, restore, rebalance, undo
  }

  /// Reads an edit.
  ///
  /// - Throws: what is wrong with it, with its place.
  package func edit(_ json: JSONNode) throws(JSONError) -> Edit {
    let object = try json.object(
      fields: "mutationId", "op", "id", "kind", "day", "position", "fields", "strictSince", "seq")
    let word: Word = try object.required("op")
    try refuseStrangers(json, word)
    if word == .undo { return .undo(try object.required("seq", in: 1...Int64.max)) }
    let since: Int64? = try object.optional("strictSince", in: 0...Int64.max)
    return .operation(Operation(try change(word, object, json), strictSince: since))
  }

  private func change(_ word: Word, _ object: JSONObject, _ json: JSONNode) throws(JSONError) -> Change {
    switch word {
    case .set:
      let id: EntryID? = try object.find("id")?.findIdentifier()
      guard let node = object.find("fields") else { throw json.fault("must have \"fields\"") }
      return .set(id, try EditReader.anyFields(node, ofTrip: id == nil))
    case .add:
      let kind: EntryKind = try object.required("kind")
      let id: EntryID = try object.find("id")?.findIdentifier() ?? makeID()
      var values: [TripField: FieldValue] = [:]
      if let node = object.find("fields") { for (field, value) in try node.fields(of: kind) { values[field] = value } }
      return .add(id, kind, try EditReader.destination(object), values)
    case .rebalance:
      guard let day = object.find("day") else { return .rebalance(.days) }
      return .rebalance(.items(try day.findIdentifier()))
    case .move, .delete, .restore, .undo:
      guard let node = object.find("id") else { throw json.fault("must have \"id\", the day or item") }
      let id: EntryID = try node.identifier()
      if word == .delete { return .delete(id) }
      return word == .restore ? .restore(id) : .move(id, try EditReader.destination(object))
    }
  }

  /// Names that an operation of this kind does not have, so that none is silently without effect.
  private func refuseStrangers(_ json: JSONNode, _ word: Word) throws(JSONError) {
    let known: Set<String> =
      switch word {
      case .set: ["id", "fields", "strictSince"]
      case .add: ["id", "kind", "day", "position", "fields"]
      case .move: ["id", "day", "position", "strictSince"]
      case .delete: ["id", "strictSince"]
      case .restore: ["id"]
      case .rebalance: ["day"]
      case .undo: ["seq"]
      }
    for (name, node) in try json.members where !known.contains(name) && name != "op" && name != "mutationId" {
      throw node.fault("means nothing to \"\(word.rawValue)\", which has \(known.sorted().joined(separator: ", "))")
    }
  }

  /// Fields of a day or item whose kind is not known here; the engine refuses what it does not have.
  package static func anyFields(_ json: JSONNode, ofTrip: Bool) throws(JSONError) -> [TripField: FieldValue?] {
    if ofTrip { return try json.fields(of: nil) }
    // A date is the only field that days have and items have not.
    var isDay = false
    for (name, _) in try json.members where name == TripField.date.rawValue { isDay = true }
    return try json.fields(of: isDay ? .day : .note)
  }

  /// Where something goes: `"day"` and `"position"`.
  package static func destination(_ object: JSONObject) throws(JSONError) -> Destination {
    let day: EntryID? = try object.find("day")?.findIdentifier()
    guard let node = object.find("position") else { return Destination(day: day) }
    return Destination(day: day, try position(node))
  }

  private static func position(_ json: JSONNode) throws(JSONError) -> Position {
    if json.kind == .string {
      switch try json.string {
      case "first": return .first
      case "last": return .last
      default: throw json.invalid("must be \"first\", \"last\", {\"after\": ID} or {\"before\": ID}")
      }
    }
    let object = try json.object(fields: "after", "before")
    switch (object.find("after"), object.find("before")) {
    case (let node?, nil): return .after(try node.identifier())
    case (nil, let node?): return .before(try node.identifier())
    default: throw json.invalid("must have either \"after\" or \"before\"")
    }
  }
}

extension EditReader {
  /// The fields of an entry of a kind; nil takes one away.
  package static func fields(_ json: JSONNode, of kind: EntryKind) throws(JSONError) -> [TripField: FieldValue?] {
    try json.fields(of: kind)
  }
}
