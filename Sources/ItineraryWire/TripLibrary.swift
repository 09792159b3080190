package import BudgetWire
package import Catalogue
package import Itinerary
package import JSON
package import Transport
import Synchronization

/// What a process plans trips with: the catalogue as it stands, timetables that are opened again when they change.
package final class TripLibrary: Sendable {
  /// How it is loaded.
  package struct Loading: Sendable {
    /// Cities, sights and places to stay as they stand: asked with each request.
    package var catalogue: @Sendable () throws -> CatalogueTables
    /// Opens the timetables in force.
    package var router: @Sendable () throws -> Router
    /// What names the timetables in force; nil while there are none.
    package var generation: @Sendable () -> String?

    /// Ways to load.
    package init(
      catalogue: @escaping @Sendable () throws -> CatalogueTables, router: @escaping @Sendable () throws -> Router,
      generation: @escaping @Sendable () -> String?
    ) {
      self.catalogue = catalogue
      self.router = router
      self.generation = generation
    }
  }

  private struct State {
    var router: Router?
    var generation: String?
  }

  private let loading: Loading
  private let budget: BudgetLibrary
  private let state = Mutex(State())

  /// A library that has loaded nothing yet.
  package init(_ loading: Loading, budget: BudgetLibrary) {
    self.loading = loading
    self.budget = budget
  }

  /// Reads a request against the catalogue, without timetables.
  ///
  /// - Throws: `JSONError` for what is wrong with it; what loading throws.
  package func question(_ node: JSONNode) throws -> TripQuestion {
    try TripQuestion(json: node, try loading.catalogue(), try budget.ground())
  }

  /// Looks whether there is a catalogue to read requests against.
  ///
  /// - Throws: why there is none.
  package func needCatalogue() throws { _ = try loading.catalogue() }

  /// What trips are planned with now.
  ///
  /// - Throws: what loading throws.
  package func ground() throws -> TripGround {
    let budget = try budget.ground()
    return TripGround(
      catalogue: try loading.catalogue(), router: try router(), costs: budget.catalogue, rates: budget.rates)
  }

  private func router() throws -> Router {
    let generation = loading.generation()
    return try state.withLock { state in
      if let known = state.router, state.generation == generation { return known }
      let router = try loading.router()
      (state.router, state.generation) = (router, generation)
      return router
    }
  }
}
