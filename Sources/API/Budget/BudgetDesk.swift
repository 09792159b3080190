import Budget
package import BudgetWire
import EventLoop
package import HTTP
import Store
import Synchronization

/// Where requests have budgets reckoned: on the work pool, with the prices as they are now, so many at once.
final class BudgetDesk: Sendable {
  /// Questions that wait or are reckoned at once; further ones are told to come back.
  static let questionsMax = 64

  private let library: BudgetLibrary
  private let defaults: OwnDefaultStore
  private let pool: WorkPool
  private let open = Atomic<Int>(0)

  init(library: BudgetLibrary, defaults: OwnDefaultStore, pool: WorkPool) {
    self.library = library
    self.defaults = defaults
    self.pool = pool
  }

  /// Runs what reckons on the pool.
  ///
  /// - Throws: what `body` throws, `StoreError`, or a `Problem` with status 503 while there is too much to do.
  func reckon<Value: Sendable>(_ body: @escaping @Sendable (BudgetGround) throws -> Value) async throws -> Value {
    guard open.add(1, ordering: .relaxed).newValue <= Self.questionsMax else {
      open.subtract(1, ordering: .relaxed)
      throw BudgetDesk.isBusy
    }
    defer { open.subtract(1, ordering: .relaxed) }
    let news = try await defaults.defaults(unless: library.revision)
    do {
      return try await pool.run { [library] in
        if let news { try library.take(news.defaults.map(\.own), revision: news.revision) }
        return try body(try library.ground())
      }
    } catch is WorkPoolError {
      throw BudgetDesk.isBusy
    }
  }

  private static let isBusy = Problem(
    .serviceUnavailable, name: "busy", title: "Busy",
    detail: "Too many budgets are being reckoned right now; nothing was changed. Try again in a moment.",
    fields: ["Retry-After": "1"])
}

extension BudgetFault: ProblemConvertible {
  /// What the caller is told.
  package var problem: Problem { .parameter(name, description) }
}
