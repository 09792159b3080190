import Budget
package import BudgetWire
import EventLoop
package import HTTP
import Store

/// Where requests have budgets reckoned: on the work pool, with the prices as they are now, so many at once.
final class BudgetDesk: Sendable {
  private let library: BudgetLibrary
  private let defaults: OwnDefaultStore
  private let desk: WorkDesk

  init(library: BudgetLibrary, defaults: OwnDefaultStore, pool: WorkPool) {
    self.library = library
    self.defaults = defaults
    desk = WorkDesk(pool, busy: "Too many budgets are being reckoned")
  }

  /// Runs what reckons on the pool.
  ///
  /// - Throws: what `body` throws, `StoreError`, or a `Problem` with status 503 while there is too much to do.
  func reckon<Value: Sendable>(_ body: @escaping @Sendable (BudgetGround) throws -> Value) async throws -> Value {
    try await desk.work(after: { try await defaults.defaults(unless: library.revision) }) { [library] news in
      if let news { try library.take(news.defaults.map(\.own), revision: news.revision) }
      return try body(try library.ground())
    }
  }
}

extension BudgetFault: ProblemConvertible {
  /// What the caller is told.
  package var problem: Problem { .parameter(name, description) }
}
