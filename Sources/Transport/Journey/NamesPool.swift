import Synchronization

/// Graphs that were opened to read names and wait for the next question: to open one and prepare its statements takes
/// longer than most searches.
///
/// One is given out while nobody else holds it, and comes back by being let go.
final class NamesPool: Sendable {
  /// Graphs kept open, at most: as many as threads that search at once.
  private static let openMax = 16

  /// - Note: Unchecked, because a graph is used by the one thread alone that took it.
  private struct Open: @unchecked Sendable {
    var names: TransitNames
  }

  private let open = Mutex<[Open]>([])

  /// A graph that nobody else uses now.
  ///
  /// - Throws: `GraphError` if it cannot be opened.
  func names(of path: String) throws(GraphError) -> TransitNames {
    let free = open.withLock { open -> Open? in
      for index in open.indices where isKnownUniquelyReferenced(&open[index].names) { return open[index] }
      return nil
    }
    if let free { return free.names }
    let made = Open(names: try TransitNames(path))
    open.withLock { open in if open.count < Self.openMax { open.append(made) } }
    return made.names
  }
}
