package import Kernel
package import Trips

/// What a trip must be after some operations, worked out from their rules alone and by other means than the document has.
///
/// There are no keys here and no effects: orders are plain lists, and each value knows the change that wrote it.
///
/// The rules: fields merge apart, and of one field the last value holds; what is deleted takes no edits; a change that is
/// taken back gives way wherever somebody has written since; nothing else changes than what was asked for.
package struct TripModel {
  private struct Value: Equatable {
    var value: FieldValue?
    var by: Int64
  }

  private struct Thing {
    let kind: EntryKind
    var fields: [TripField: Value] = [:]
    var day: EntryID?
    var movedBy: Int64
    var livedBy: Int64
    var isDeleted = false
  }

  /// What a change did, so that it can be taken back.
  private enum Touch {
    case field(EntryID?, TripField, before: FieldValue?)
    case moved(EntryID, from: EntryID?)
    case added(EntryID), deleted(EntryID), restored(EntryID)
  }

  /// What a change must come to.
  package enum Verdict: Equatable {
    case refused, unchanged, changed
    /// Refused, or without any effect.
    case none
  }

  private var fields: [TripField: Value] = [:]
  private var things: [EntryID: Thing] = [:]
  /// Everything of a list in order, the deleted included; the list of the days has no day, and neither have the ideas.
  private var days: [EntryID] = []
  private var items: [EntryID?: [EntryID]] = [:]
  private var touches: [Int64: [Touch]] = [:]
  private var authors: [Int64: UserID] = [:]

  /// A trip of which nothing is known.
  package init() {}

  // MARK: What must become of it

  /// What must become of an edit.
  package func verdict(on edit: Edit, by author: UserID) -> Verdict {
    switch edit {
    case .undo(let seq):
      guard authors[seq] == author else { return .refused }
      return undoable(seq, by: author).isEmpty ? .refused : .changed
    case .operation(let operation): return verdict(on: operation.change, operation.strictSince ?? .max)
    }
  }

  private func verdict(on change: Change, _ since: Int64) -> Verdict {
    switch change {
    case .set(let id, let values):
      if let id, things[id]?.isDeleted != false { return .refused }
      if id == nil, values[.title] == .some(nil) { return .refused }
      let registers = id.map { things[$0]?.fields ?? [:] } ?? fields
      let changing = values.filter { registers[$0.key]?.value != $0.value }
      if changing.keys.contains(where: { registers[$0]?.by ?? 0 > since }) { return .refused }
      return changing.isEmpty ? .unchanged : .changed
    case .add(let id, let kind, let destination, _):
      return things[id] == nil && isOpen(destination, to: kind) ? .changed : .refused
    case .move(let id, let destination):
      guard let thing = things[id], !thing.isDeleted, thing.movedBy <= since else { return .refused }
      return isOpen(destination, to: thing.kind) ? .changed : .none
    case .delete(let id):
      guard let thing = things[id] else { return .refused }
      if thing.isDeleted { return .unchanged }
      let newest = ([thing.movedBy, thing.livedBy] + thing.fields.values.map(\.by)).max() ?? 0
      return newest > since ? .refused : .changed
    case .restore(let id): return things[id].map { $0.isDeleted ? .changed : .unchanged } ?? .refused
    case .rebalance: return .changed
    }
  }

  private func isOpen(_ destination: Destination, to kind: EntryKind) -> Bool {
    guard let day = destination.day else { return true }
    return kind != .day && things[day]?.kind == .day && things[day]?.isDeleted == false
  }

  /// The parts of a change that still stand as it left them.
  private func undoable(_ seq: Int64, by author: UserID) -> [Touch] {
    (touches[seq] ?? []).filter { touch in
      switch touch {
      case .field(nil, let field, let before):
        return fields[field]?.by == seq && !(field == .title && before == nil)
      case .field(let id?, let field, _):
        return things[id]?.isDeleted == false && things[id]?.fields[field]?.by == seq
      case .moved(let id, _): return things[id]?.isDeleted == false && things[id]?.movedBy == seq
      case .added(let id):
        guard let thing = things[id], !thing.isDeleted, thing.livedBy == seq else { return false }
        return ([thing.movedBy] + thing.fields.values.map(\.by)).allSatisfy { authors[$0] == author }
      case .deleted(let id): return things[id]?.isDeleted == true && things[id]?.livedBy == seq
      case .restored(let id): return things[id]?.isDeleted == false && things[id]?.livedBy == seq
      }
    }
  }

  // MARK: What it is then

  /// Carries out what was applied at a place of the log.
  ///
  /// - Parameters:
  ///   - edit: what was asked.
  ///   - seq: where it stands in the log.
  ///   - author: who asked.
  ///   - document: the document's order, asked only for what the rules leave open: where an item comes to stand that goes
  ///     beside one whose day was deleted, or back to where it was.
  package mutating func apply(_ edit: Edit, _ seq: Int64, by author: UserID, _ document: TripDocument) {
    authors[seq] = author
    switch edit {
    case .operation(let operation): apply(operation.change, seq, document)
    case .undo(let undone): for touch in undoable(undone, by: author).reversed() { takeBack(touch, seq, document) }
    }
  }

  private mutating func apply(_ change: Change, _ seq: Int64, _ document: TripDocument) {
    switch change {
    case .set(let id, let values):
      for (field, value) in values { write(id, field, value, seq) }
    case .add(let id, let kind, let destination, let values):
      things[id] = Thing(
        kind: kind, fields: values.mapValues { Value(value: $0, by: seq) }, day: destination.day, movedBy: seq,
        livedBy: seq)
      insert(id, destination.position, document)
      touches[seq, default: []].append(.added(id))
    case .move(let id, let destination):
      touches[seq, default: []].append(.moved(id, from: things[id]?.day))
      take(id)
      things[id]?.day = destination.day
      things[id]?.movedBy = seq
      insert(id, destination.position, document)
    case .delete(let id): live(id, isDeleted: true, seq)
    case .restore(let id): live(id, isDeleted: false, seq)
    case .rebalance: break
    }
  }

  private mutating func write(_ id: EntryID?, _ field: TripField, _ value: FieldValue?, _ seq: Int64) {
    let before = id.map { things[$0]?.fields[field]?.value } ?? fields[field]?.value
    if before == value { return }
    touches[seq, default: []].append(.field(id, field, before: before))
    if let id {
      things[id]?.fields[field] = Value(value: value, by: seq)
    } else {
      fields[field] = Value(value: value, by: seq)
    }
  }

  private mutating func live(_ id: EntryID, isDeleted: Bool, _ seq: Int64) {
    touches[seq, default: []].append(isDeleted ? .deleted(id) : .restored(id))
    things[id]?.isDeleted = isDeleted
    things[id]?.livedBy = seq
  }

  private mutating func takeBack(_ touch: Touch, _ seq: Int64, _ document: TripDocument) {
    switch touch {
    case .field(let id, let field, let before): write(id, field, before, seq)
    case .moved(let id, let day):
      touches[seq, default: []].append(.moved(id, from: things[id]?.day))
      take(id)
      things[id]?.day = day
      things[id]?.movedBy = seq
      insertAsShown(id, document)
    case .added(let id), .restored(let id): live(id, isDeleted: true, seq)
    case .deleted(let id): live(id, isDeleted: false, seq)
    }
  }

  // MARK: Orders

  private func list(of id: EntryID) -> [EntryID] {
    guard let thing = things[id] else { return [] }
    return thing.kind == .day ? days : items[thing.day] ?? []
  }

  private mutating func setList(of id: EntryID, _ list: [EntryID]) {
    guard let thing = things[id] else { return }
    if thing.kind == .day { days = list } else { items[thing.day] = list }
  }

  private mutating func take(_ id: EntryID) { setList(of: id, list(of: id).filter { $0 != id }) }

  private mutating func insert(_ id: EntryID, _ position: Position, _ document: TripDocument) {
    var list = list(of: id)
    switch position {
    case .first: list.insert(id, at: 0)
    case .last: list.append(id)
    case .after(let other), .before(let other):
      // Among the ideas stands also what is on a deleted day, in an order with them that only keys tell.
      if things[id]?.kind != .day, things[id]?.day == nil, isHomeless(other) { return insertAsShown(id, document) }
      guard other != id, let index = list.firstIndex(of: other) else {
        list.append(id)
        break
      }
      if case .after = position { list.insert(id, at: index + 1) } else { list.insert(id, at: index) }
    }
    setList(of: id, list)
  }

  private func isHomeless(_ id: EntryID) -> Bool {
    guard let thing = things[id], thing.kind != .day, let day = thing.day else { return false }
    return things[day]?.isDeleted == true
  }

  /// Where the document has it; what else is in the list keeps its order.
  private mutating func insertAsShown(_ id: EntryID, _ document: TripDocument) {
    guard let key = document.entries[id]?.place.key else { return }
    var list = list(of: id)
    let index = list.firstIndex { other in
      guard let place = document.entries[other]?.place else { return false }
      return (place.key, other) > (key, id)
    }
    list.insert(id, at: index ?? list.count)
    setList(of: id, list)
  }

  // MARK: Comparing

  /// The first thing in which a document is not what it must be; nil when it is.
  package func difference(from document: TripDocument) -> String? {
    if let field = Self.difference(fields, document.fields) { return "\(field) of the trip" }
    guard Set(things.keys) == Set(document.entries.keys) else { return "which days and items there are" }
    for (id, thing) in things {
      guard let entry = document.entries[id] else { return "\(id) is missing" }
      if entry.kind != thing.kind { return "the kind of \(id)" }
      if entry.isDeleted != thing.isDeleted { return "whether \(id) is deleted" }
      if let field = Self.difference(thing.fields, entry.fields) { return "\(field) of \(id)" }
    }
    if document.days != days.filter({ things[$0]?.isDeleted == false }) { return "the order of the days" }
    let grouped = document.itemsByDay
    for day in document.days where grouped[day] ?? [] != alive(day) { return "the items of day \(day)" }
    let ideas = grouped[nil] ?? []
    let homeless = things.filter { !$0.value.isDeleted && isHomeless($0.key) }.keys
    if Set(ideas) != Set(alive(nil)).union(homeless) || ideas.count != Set(ideas).count { return "the ideas" }
    if ideas.filter({ !homeless.contains($0) }) != alive(nil) { return "the order of the ideas" }
    return nil
  }

  private func alive(_ day: EntryID?) -> [EntryID] { (items[day] ?? []).filter { things[$0]?.isDeleted == false } }

  private static func difference(_ wanted: [TripField: Value], _ found: [TripField: Register]) -> TripField? {
    let names = Set(wanted.keys).union(found.keys)
    return names.first { wanted[$0]?.value != found[$0]?.value || (wanted[$0]?.by ?? 0) != (found[$0]?.stamp.seq ?? 0) }
  }
}

extension Edit {
  /// Whether everything may be that way already, in a way that the model does not see.
  package var mayChangeNothing: Bool {
    guard case .operation(let operation) = self else { return false }
    switch operation.change {
    case .move, .rebalance: return true
    default: return false
    }
  }
}
