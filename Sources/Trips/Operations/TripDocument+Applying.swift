extension TripDocument {
  /// What an operation comes to, without carrying it out; empty when everything is that way already.
  ///
  /// - Throws: why it cannot be.
  package func effects(of operation: Operation) throws(Refusal) -> [Effect] {
    let since = operation.strictSince
    switch operation.change {
    case .set(let id, let values): return try setting(id, values, since)
    case .add(let id, let kind, let destination, let values): return try adding(id, kind, destination, values)
    case .move(let id, let destination): return try moving(id, destination, since)
    case .delete(let id): return try deleting(id, since)
    case .restore(let id): return try restoring(id)
    case .rebalance(let siblings): return rebalanced(ordered(siblings, without: nil)).effects
    }
  }

  // MARK: Fields

  private func setting(
    _ id: EntryID?, _ values: [TripField: FieldValue?], _ since: Int64?
  ) throws(Refusal) -> [Effect] {
    let entry: Entry? = if let id { try alive(id) } else { nil }
    let registers = entry?.fields ?? fields
    var effects: [Effect] = []
    for (field, value) in values.sorted(by: { $0.key < $1.key }) {
      try check(field, value, entry?.kind)
      let register = registers[field]
      if register?.value == value { continue }
      if let since, let stamp = register?.stamp, stamp.seq > since { throw .changedSince(id, field, stamp) }
      effects.append(.wrote(id, field, value, over: register))
    }
    return effects
  }

  private func check(_ field: TripField, _ value: FieldValue?, _ kind: EntryKind?) throws(Refusal) {
    guard TripField.fields(of: kind).contains(field) else { throw .unknownField(field, kind) }
    guard let value else {
      if kind == nil && field == .title { throw .titleNeeded }
      return
    }
    if let complaint = field.rule.complaint(about: value) { throw .badValue(field, complaint) }
  }

  // MARK: Coming and going

  private func adding(
    _ id: EntryID, _ kind: EntryKind, _ destination: Destination, _ values: [TripField: FieldValue]
  ) throws(Refusal) -> [Effect] {
    guard entries[id] == nil else { throw .idTaken(id) }
    try checkRoom(for: kind)
    for (field, value) in values.sorted(by: { $0.key < $1.key }) { try check(field, value, kind) }
    let (place, rekeyed) = try place(kind, destination, without: nil)
    return rekeyed + [.added(id, kind, place, values)]
  }

  private func deleting(_ id: EntryID, _ since: Int64?) throws(Refusal) -> [Effect] {
    guard let entry = entries[id] else { throw .unknownEntry(id) }
    if entry.isDeleted { return [] }
    if let since, let newest = entry.stamps.max(by: { $0.seq < $1.seq }), newest.seq > since {
      throw .changedSince(id, nil, newest)
    }
    return [.deleted(id)] + purge()
  }

  /// Takes the longest deleted away for good when there are too many.
  private func purge() -> [Effect] {
    let deleted = entries.filter(\.value.isDeleted)
    guard deleted.count >= TripLimits.deletedMax else { return [] }
    let oldest = deleted.sorted { ($0.value.lifeStamp.seq, $0.key) < ($1.value.lifeStamp.seq, $1.key) }
    return oldest.prefix(deleted.count - TripLimits.deletedMax + 1).map { .purged($0.key) }
  }

  private func restoring(_ id: EntryID) throws(Refusal) -> [Effect] {
    guard let entry = entries[id] else { throw .unknownEntry(id) }
    guard entry.isDeleted else { return [] }
    try checkRoom(for: entry.kind)
    return [.restored(id)]
  }

  func checkRoom(for kind: EntryKind) throws(Refusal) {
    var count = 0
    for entry in entries.values where !entry.isDeleted && (entry.kind == .day) == (kind == .day) { count += 1 }
    if kind == .day {
      guard count < TripLimits.daysMax else { throw .tooManyDays }
    } else {
      guard count < TripLimits.itemsMax else { throw .tooManyItems }
    }
  }

  // MARK: Order

  private func moving(_ id: EntryID, _ destination: Destination, _ since: Int64?) throws(Refusal) -> [Effect] {
    let entry = try alive(id)
    if let since, entry.placeStamp.seq > since { throw .changedSince(id, nil, entry.placeStamp) }
    if isThere(id, entry, destination) { return [] }
    let (place, rekeyed) = try place(entry.kind, destination, without: id)
    return rekeyed + [.moved(id, place, from: entry.place, over: entry.placeStamp)]
  }

  /// Whether an entry stands where it is to go, so that nothing need change.
  private func isThere(_ id: EntryID, _ entry: Entry, _ destination: Destination) -> Bool {
    guard entry.place.day == destination.day else { return false }
    let siblings = ordered(entry.kind == .day ? .days : .items(destination.day), without: nil).map(\.id)
    guard let index = siblings.firstIndex(of: id) else { return false }
    switch destination.position {
    case .first: return index == 0
    case .last: return index == siblings.count - 1
    case .after(let other): return other == id || index > 0 && siblings[index - 1] == other
    case .before(let other): return other == id || index + 1 < siblings.count && siblings[index + 1] == other
    }
  }

  /// A place among siblings, and new keys for those where nothing short fits between.
  private func place(
    _ kind: EntryKind, _ destination: Destination, without moved: EntryID?
  ) throws(Refusal) -> (Place, [Effect]) {
    if let day = destination.day {
      guard kind != .day else { throw .dayOnDay(day) }
      guard let found = entries[day], found.kind == .day else { throw .noDay(day) }
      if found.isDeleted { throw .deleted(day) }
    }
    var siblings = ordered(kind == .day ? .days : .items(destination.day), without: moved)
    let index = index(of: destination.position, in: siblings)
    if let key = key(at: index, in: siblings) { return (Place(day: destination.day, key: key), []) }
    let fresh = rebalanced(siblings)
    siblings = fresh.siblings
    guard let key = key(at: index, in: siblings) else { preconditionFailure("keys that are spread leave room") }
    return (Place(day: destination.day, key: key), fresh.effects)
  }

  private func index(of position: Position, in siblings: [(key: OrderKey, id: EntryID)]) -> Int {
    switch position {
    case .first: 0
    case .last: siblings.count
    case .after(let id): siblings.firstIndex { $0.id == id }.map { $0 + 1 } ?? siblings.count
    case .before(let id): siblings.firstIndex { $0.id == id } ?? siblings.count
    }
  }

  private func key(at index: Int, in siblings: [(key: OrderKey, id: EntryID)]) -> OrderKey? {
    let low = index > 0 ? siblings[index - 1].key : nil
    let high = index < siblings.count ? siblings[index].key : nil
    guard let key = OrderKey.between(low, high), key.length <= OrderKey.digitsMax else { return nil }
    return key
  }

  /// Who stands in an order, the deleted included, because they may come back.
  func ordered(_ siblings: Siblings, without moved: EntryID?) -> [(key: OrderKey, id: EntryID)] {
    var found: [(key: OrderKey, id: EntryID)] = []
    for (id, entry) in entries where id != moved {
      switch siblings {
      case .days where entry.kind == .day: found.append((entry.place.key, id))
      // Among the ideas is also what stands on a day that is deleted.
      case .items(let day) where entry.kind != .day && (entry.place.day == day || standing(entry) == day):
        found.append((entry.place.key, id))
      default: continue
      }
    }
    return found.sorted { ($0.key, $0.id) < ($1.key, $1.id) }
  }

  private func rebalanced(
    _ siblings: [(key: OrderKey, id: EntryID)]
  ) -> (siblings: [(key: OrderKey, id: EntryID)], effects: [Effect]) {
    let keys = OrderKey.spread(siblings.count)
    let fresh = zip(keys, siblings).map { (key: $0, id: $1.id) }
    let effects = zip(siblings, keys).compactMap { old, key in old.key == key ? nil : Effect.rekeyed(old.id, key) }
    return (fresh, effects)
  }

  func alive(_ id: EntryID) throws(Refusal) -> Entry {
    guard let entry = entries[id] else { throw .unknownEntry(id) }
    if entry.isDeleted { throw .deleted(id) }
    return entry
  }
}
