import EventLoop
import HTTP
import Synchronization

/// Where requests have things reckoned: on the work pool, so many at once; further ones are told to come back.
final class WorkDesk: Sendable {
  /// Questions that wait or are reckoned at once.
  static let questionsMax = 64

  private let pool: WorkPool
  private let isBusy: Problem
  private let open = Atomic<Int>(0)

  /// - Parameters:
  ///   - pool: where it is reckoned.
  ///   - what: what there is too much of, as in "Too many budgets are being reckoned".
  init(_ pool: WorkPool, busy what: String) {
    self.pool = pool
    isBusy = Problem(
      .serviceUnavailable, name: "busy", title: "Busy",
      detail: "\(what) right now; nothing was changed. Try again in a moment.", fields: ["Retry-After": "1"])
  }

  /// Runs what reckons on the pool, after what has to be fetched for it.
  ///
  /// - Throws: what either throws, or a `Problem` with status 503 while there is too much to do.
  func work<News: Sendable, Value: Sendable>(
    after fetch: () async throws -> News, _ body: @escaping @Sendable (News) throws -> Value
  ) async throws -> Value {
    guard open.add(1, ordering: .relaxed).newValue <= Self.questionsMax else {
      open.subtract(1, ordering: .relaxed)
      throw isBusy
    }
    defer { open.subtract(1, ordering: .relaxed) }
    let news = try await fetch()
    do {
      return try await pool.run { try body(news) }
    } catch is WorkPoolError {
      throw isBusy
    }
  }

  /// Runs what reckons on the pool.
  ///
  /// - Throws: what it throws, or a `Problem` with status 503 while there is too much to do.
  func work<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await work(after: {}) { (_: Void) in try body() }
  }
}
