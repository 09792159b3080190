extension TripDocument {
  /// What takes a change back: the inverse of each of its effects that nobody has touched since.
  ///
  /// - Parameters:
  ///   - effects: what the change came to.
  ///   - stamp: its place in the log, and whose it was.
  /// - Returns: the inverse, and how many effects must stay because somebody has written over them.
  /// - Throws: `nothingLeftToUndo` when all must stay.
  package func undoing(_ effects: [Effect], of stamp: Stamp) throws(Refusal) -> (effects: [Effect], kept: Int) {
    var inverse: [Effect] = []
    var kept = 0
    for effect in effects.reversed() {
      switch effect {
      case .rekeyed, .purged: continue
      default:
        if let back = try self.inverse(of: effect, stamp) { inverse.append(contentsOf: back) } else { kept += 1 }
      }
    }
    guard !inverse.isEmpty else { throw .nothingLeftToUndo(stamp.seq) }
    return (inverse, kept)
  }

  /// Nil where the value is no longer the change's own.
  private func inverse(of effect: Effect, _ stamp: Stamp) throws(Refusal) -> [Effect]? {
    switch effect {
    case .wrote(let id, let field, _, let over):
      let registers = id.map { id in entries[id].flatMap { $0.isDeleted ? nil : $0.fields } ?? [:] } ?? fields
      guard let register = registers[field], register.stamp == stamp else { return nil }
      if id == nil && field == .title && over?.value == nil { return nil }
      return [.wrote(id, field, over?.value, over: register)]
    case .moved(let id, _, let from, _):
      guard let entry = entries[id], !entry.isDeleted, entry.placeStamp == stamp else { return nil }
      return movingBack(id, entry, to: from)
    case .added(let id, _, _, _):
      // Taking back what was added would take back what others have written in it.
      guard let entry = entries[id], !entry.isDeleted, entry.lifeStamp == stamp,
        entry.stamps.allSatisfy({ $0.author == stamp.author })
      else { return nil }
      return [.deleted(id)]
    case .deleted(let id):
      guard let entry = entries[id], entry.isDeleted, entry.lifeStamp == stamp else { return nil }
      try checkRoom(for: entry.kind)
      return [.restored(id)]
    case .restored(let id):
      guard let entry = entries[id], !entry.isDeleted, entry.lifeStamp == stamp else { return nil }
      return [.deleted(id)]
    case .rekeyed, .purged: return nil
    }
  }

  /// Back to the old key, or beside who has it by now.
  private func movingBack(_ id: EntryID, _ entry: Entry, to place: Place) -> [Effect]? {
    if let day = place.day, entries[day] == nil { return nil }
    let siblings = ordered(entry.kind == .day ? .days : .items(place.day), without: id)
    guard let index = siblings.firstIndex(where: { $0.key == place.key }) else {
      return [.moved(id, place, from: entry.place, over: entry.placeStamp)]
    }
    // Others may have that very key too, from a day that was deleted since.
    let next = siblings[(index + 1)...].first { $0.key > place.key }?.key
    guard let key = OrderKey.between(siblings[index].key, next) else { return nil }
    return [.moved(id, Place(day: place.day, key: key), from: entry.place, over: entry.placeStamp)]
  }
}
