package import Budget
import Kernel
import Synchronization

/// The ground of a process: loaded when the first question comes, then kept, with the installation's own defaults.
package final class BudgetLibrary: Sendable {
  private struct State {
    var tables: BudgetGround?
    var ground: BudgetGround?
    var revision: Int64 = 0
  }

  private let state = Mutex(State())
  private let load: @Sendable () throws -> BudgetGround

  /// - Parameter load: reads the tables; called until it succeeds once.
  package init(load: @escaping @Sendable () throws -> BudgetGround) { self.load = load }

  /// The tables in the program alone.
  package convenience init() { self.init { () throws(TableError) in try BudgetGround() } }

  /// The tables without own defaults.
  ///
  /// - Throws: what loading throws.
  package func tables() throws -> BudgetGround {
    try state.withLock { state in
      if let tables = state.tables { return tables }
      let tables = try load()
      state.tables = tables
      return tables
    }
  }

  /// Which revision of own defaults is known; 0 for none.
  package var revision: Int64 { state.withLock { $0.revision } }

  /// Takes over own defaults that were read.
  ///
  /// Of two readers the later may have read the older revision: the next question then sees that there is a newer one.
  package func take(_ own: [OwnDefault], revision: Int64) throws {
    var ground = try tables()
    ground.catalogue.put(own)
    state.withLock { state in
      state.ground = ground
      state.revision = revision
    }
  }

  /// The tables with the own defaults known so far.
  ///
  /// - Throws: what loading throws.
  package func ground() throws -> BudgetGround {
    if let ground = state.withLock({ $0.ground }) { return ground }
    return try tables()
  }
}
