import Synchronization

/// The router of a process: opened when the first question comes, then kept; opened again when the timetables change.
package final class RouterLibrary: Sendable {
  private struct State {
    var router: Router?
    var generation: String?
  }

  private let home: @Sendable () throws -> String
  private let state = Mutex(State())

  /// A library that has opened nothing yet.
  ///
  /// - Parameter home: finds the data directory.
  package init(home: @escaping @Sendable () throws -> String) {
    self.home = home
  }

  /// What names the timetables in force; nil while there are none.
  package var generation: String? {
    // Without a data directory there are no timetables.
    (try? home()).flatMap { Transit.generation(home: $0) }
  }

  /// The router for the timetables in force.
  ///
  /// - Throws: `FeedError` that names the file and the mend; what finding the data directory throws.
  package func router() throws -> Router {
    let home = try home()
    let generation = Transit.generation(home: home)
    return try state.withLock { state in
      if let known = state.router, state.generation == generation { return known }
      let router = Router(try Transit(home: home))
      (state.router, state.generation) = (router, generation)
      return router
    }
  }
}
