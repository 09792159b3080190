/// Which statements the server has prepared on one connection, the least recently used going first.
///
/// A statement counts as prepared from the moment its preparation is sent: whoever uses it next is behind it
/// in the same pipeline. When the preparation fails it is forgotten again.
struct StatementCache {
  /// The same text with values of other types is another statement.
  struct Key: Hashable {
    let text: String
    let types: [UInt32]
  }

  struct Use: Equatable {
    let name: String
    /// Whether the statement must be prepared in this flight.
    let isNew: Bool
  }

  private struct Entry {
    let name: String
    var lastUse: UInt64
  }

  private let limit: Int
  private var entries: [Key: Entry] = [:]
  private var clock: UInt64 = 0
  private var nameCounter: UInt64 = 0
  /// Names the server still holds but nobody will use again.
  private(set) var stale: [String] = []

  init(limit: Int) {
    precondition(limit > 0, "a cache of statements needs room for one")
    self.limit = limit
  }

  var count: Int { entries.count }

  /// - Complexity: O(1) for a statement that is known, O(*n*) where one has to make room.
  mutating func use(_ key: Key) -> Use {
    clock += 1
    if let name = entries[key]?.name {
      entries[key]?.lastUse = clock
      return Use(name: name, isNew: false)
    }
    if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      entries[oldest.key] = nil
      stale.append(oldest.value.name)
    }
    nameCounter += 1
    let name = "w\(nameCounter)"
    entries[key] = Entry(name: name, lastUse: clock)
    return Use(name: name, isNew: true)
  }

  /// Forgets a statement, because it could not be prepared or its plan no longer fits.
  mutating func forget(_ key: Key, isOnServer: Bool) {
    guard let entry = entries.removeValue(forKey: key), isOnServer else { return }
    stale.append(entry.name)
  }

  /// The names to deallocate in the next flight.
  mutating func takeStale() -> [String] {
    defer { stale = [] }
    return stale
  }

  /// Gives back a name whose deallocation did not take place.
  mutating func returnStale(_ name: String) { stale.append(name) }
}
