package import BudgetWire
package import EventLoop
import JSON
package import Store

extension JobHandler {
  /// Jobs of kind `budget.compute`: the payload is what `wayfare budget` reads, the result what it prints for machines.
  ///
  /// - Parameters:
  ///   - library: prices and rates.
  ///   - defaults: where the installation's own prices are kept.
  ///   - pool: where it is reckoned.
  /// - Returns: the handler.
  package static func budgetCompute(
    _ library: BudgetLibrary, defaults: OwnDefaultStore, on pool: WorkPool
  ) -> JobHandler {
    JobHandler(.budgetCompute(library)) { context in
      let news = try await defaults.defaults(unless: library.revision)
      let payload = context.job.payload
      let result = try await pool.run {
        if let news { try library.take(news.defaults.map(\.own), revision: news.revision) }
        return try BudgetAnswer(json: JSONDocument(text: payload).root, library.ground()).jsonBytes()
      }
      return .done(result)
    }
  }
}

extension JobKind {
  /// Says what a trip costs.
  ///
  /// - Parameter library: what payloads are checked against.
  /// - Returns: the kind.
  package static func budgetCompute(_ library: BudgetLibrary) -> JobKind {
    var kind = JobKind(
      "budget.compute", "says what a trip costs, when, for whom and how sure that is",
      check: { node throws(JSONError) in
        let ground: BudgetGround
        do {
          ground = try library.tables()
        } catch {
          // Why is for those who run it, not for whoever asks: it names files.
          throw node.fault(
            "cannot be checked, because this installation's tables of prices cannot be read; wayfare budget says why")
        }
        _ = try BudgetRequest(json: node, ground)
      })
    kind.attemptsMax = 3
    kind.timeLimit = .seconds(120)
    return kind
  }
}
