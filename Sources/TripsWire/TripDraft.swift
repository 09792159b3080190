package import JSON
import Kernel
package import Trips

/// A whole document as somebody wants it to be, and the operations that make it so.
///
/// Days and items are known by their ids, so that what only moved is moved. What has no id is new. Without `days` the
/// days stay as they are, and without `ideas` the ideas: sending a title never wipes the schedule.
package struct TripDraft {
  struct Item {
    let id: EntryID
    let kind: EntryKind
    let fields: [TripField: FieldValue]
    let node: JSONNode
  }

  struct Day {
    let id: EntryID
    let fields: [TripField: FieldValue]
    let items: [Item]?
    let node: JSONNode
  }

  let fields: [TripField: FieldValue]
  let days: [Day]?
  let ideas: [Item]?

  /// Reads a draft.
  ///
  /// - Parameters:
  ///   - json: the document.
  ///   - envelope: what else stands beside the fields, and is not read.
  ///   - makeID: makes ids for what has none.
  /// - Throws: what is wrong with it, with its place.
  package init(
    _ json: JSONNode, envelope: Set<String>, makeID: @escaping () -> EntryID
  ) throws(JSONError) {
    var reader = DraftReader(makeID: makeID)
    fields = TripDraft.present(try json.fields(of: nil, apart: envelope.union(["days", "ideas"])))
    var days: [Day]?
    var ideas: [Item]?
    for (name, node) in try json.members {
      if name == "days" { days = try reader.days(node) }
      if name == "ideas" { ideas = try reader.items(node) }
    }
    (self.days, self.ideas) = (days, ideas)
    guard fields[.title] != nil else { throw json.fault("must have \"title\"") }
  }

  fileprivate static func present(_ values: [TripField: FieldValue?]) -> [TripField: FieldValue] {
    values.compactMapValues { $0 }
  }
}

private struct DraftReader {
  let makeID: () -> EntryID
  private var seen: Set<EntryID> = []

  init(makeID: @escaping () -> EntryID) { self.makeID = makeID }

  mutating func days(_ json: JSONNode) throws(JSONError) -> [TripDraft.Day] {
    var days: [TripDraft.Day] = []
    for node in try json.array {
      var items: [TripDraft.Item]?
      let id = try id(node)
      for (name, child) in try node.members where name == "items" { items = try self.items(child) }
      let fields = try node.fields(of: .day, apart: ["id", "items"])
      days.append(TripDraft.Day(id: id, fields: TripDraft.present(fields), items: items, node: node))
    }
    return days
  }

  mutating func items(_ json: JSONNode) throws(JSONError) -> [TripDraft.Item] {
    var items: [TripDraft.Item] = []
    for node in try json.array {
      let id = try id(node)
      var kind: EntryKind?
      for (name, child) in try node.members where name == "kind" { kind = try EntryKind(json: child) }
      guard let kind, kind != .day else {
        throw node.fault("must have \"kind\", one of \(EntryKind.items.map(\.rawValue).joined(separator: ", "))")
      }
      let fields = try node.fields(of: kind, apart: ["id", "kind"])
      items.append(TripDraft.Item(id: id, kind: kind, fields: TripDraft.present(fields), node: node))
    }
    return items
  }

  private mutating func id(_ json: JSONNode) throws(JSONError) -> EntryID {
    for (name, node) in try json.members where name == "id" {
      let id: EntryID = try node.identifier()
      guard seen.insert(id).inserted else { throw node.invalid("stands twice in the document; keep one of them") }
      return id
    }
    return makeID()
  }
}
