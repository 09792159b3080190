package import JSON
import Kernel
package import Trips

extension TripDraft {
  /// The operations that make a document what this draft says, to be carried out in order.
  ///
  /// What keeps its order among its siblings is not moved: as few as can be are (a longest increasing run stays).
  ///
  /// - Throws: what stands where it cannot, with its place.
  package func operations(from document: TripDocument) throws(JSONError) -> [Operation] {
    var operations: [Operation] = []
    append(changes(of: nil, document.fields, fields), to: &operations)
    if let days { try arrange(days, document, &operations) }
    if let ideas { try arrange(ideas, on: nil, document, &operations) }
    // Only what stood in a part that was sent, and stands nowhere now, was taken out.
    for id in takenOut(document) { operations.append(Operation(.delete(id))) }
    return operations
  }

  private func append(_ change: Change?, to operations: inout [Operation]) {
    if let change { operations.append(Operation(change)) }
  }

  private func changes(
    of id: EntryID?, _ registers: [TripField: Register], _ wanted: [TripField: FieldValue]
  ) -> Change? {
    var values: [TripField: FieldValue?] = [:]
    for field in TripField.allCases where registers[field]?.value != wanted[field] {
      values[field] = .some(wanted[field])
    }
    return values.isEmpty ? nil : .set(id, values)
  }

  private func arrange(_ days: [Day], _ document: TripDocument, _ operations: inout [Operation]) throws(JSONError) {
    let still = stable(days.map(\.id), in: document.days)
    var previous: EntryID?
    for day in days {
      if let entry = document.entries[day.id] {
        guard entry.kind == .day, !entry.isDeleted else { throw day.node.fault("has the id of something else") }
        append(changes(of: day.id, entry.fields, day.fields), to: &operations)
        if !still.contains(day.id) { operations.append(Operation(.move(day.id, Destination(after(previous))))) }
      } else {
        operations.append(Operation(.add(day.id, .day, Destination(after(previous)), day.fields)))
      }
      previous = day.id
    }
    for day in days { if let items = day.items { try arrange(items, on: day.id, document, &operations) } }
  }

  private func arrange(
    _ items: [Item], on day: EntryID?, _ document: TripDocument, _ operations: inout [Operation]
  ) throws(JSONError) {
    let still = stable(items.map(\.id), in: document.items(of: day))
    var previous: EntryID?
    for item in items {
      let destination = Destination(day: day, after(previous))
      if let entry = document.entries[item.id] {
        guard entry.kind == item.kind, !entry.isDeleted else {
          throw item.node.fault("has the id of something else, or another kind; make a new item of that kind")
        }
        append(changes(of: item.id, entry.fields, item.fields), to: &operations)
        if !still.contains(item.id) { operations.append(Operation(.move(item.id, destination))) }
      } else {
        operations.append(Operation(.add(item.id, item.kind, destination, item.fields)))
      }
      previous = item.id
    }
  }

  private func after(_ previous: EntryID?) -> Position { previous.map { .after($0) } ?? .first }

  private func takenOut(_ document: TripDocument) -> [EntryID] {
    let wanted = Set((days ?? []).flatMap { [$0.id] + ($0.items ?? []).map(\.id) } + (ideas ?? []).map(\.id))
    var covered: [EntryID] = ideas == nil ? [] : document.items(of: nil)
    if let days {
      let sent = Dictionary(uniqueKeysWithValues: days.map { ($0.id, $0.items != nil) })
      // Items of a day that is taken out fall back among the ideas, unless those were sent without them.
      for day in document.days where sent[day] ?? true { covered += document.items(of: day) }
      covered += document.days
    }
    return covered.filter { !wanted.contains($0) }
  }

  /// Those that may stay where they are: a longest run whose order does not change.
  private func stable(_ wanted: [EntryID], in current: [EntryID]) -> Set<EntryID> {
    let places = Dictionary(uniqueKeysWithValues: current.enumerated().map { ($1, $0) })
    let present = wanted.compactMap { id in places[id].map { (id: id, place: $0) } }
    // Patience sorting: tails[k] ends a run of k + 1 with the least place.
    var tails: [Int] = []
    var before = [Int?](repeating: nil, count: present.count)
    for (index, one) in present.enumerated() {
      let length = tails.firstIndex { present[$0].place >= one.place } ?? tails.count
      before[index] = length > 0 ? tails[length - 1] : nil
      if length == tails.count { tails.append(index) } else { tails[length] = index }
    }
    var run: Set<EntryID> = []
    var next = tails.last
    while let index = next {
      run.insert(present[index].id)
      next = before[index]
    }
    return run
  }
}
