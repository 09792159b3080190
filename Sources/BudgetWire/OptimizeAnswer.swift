package import Budget
package import JSON
import Kernel

/// What was found among alternatives: the frontier under the caps, or what stands in its way.
package struct OptimizeAnswer: Sendable {
  /// What was asked.
  package let request: OptimizeRequest
  /// The frontier, or the smallest relaxations.
  package let result: ChoiceResult
  /// The first efficient choice beyond the total cap.
  package let next: FrontierPoint?

  /// Points of a frontier that are written; of more, evenly chosen ones, the first and last among them.
  package static let pointsMax = 200

  /// Solves a request that was read at a node.
  ///
  /// - Throws: `JSONError` with the pointer and the mend, when the request is too large to be solved exactly.
  package init(_ request: OptimizeRequest, at node: JSONNode) throws(JSONError) {
    self.request = request
    do throws(ChoiceError) {
      (result, next) = try request.problem.solveBeyond()
    } catch {
      throw error.fault(in: node)
    }
  }

  /// Reads a request of its own and solves it.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    try self.init(OptimizeRequest(json: node, ground), at: node)
  }
}

extension OptimizeAnswer: JSONWritable {
  /// Writes the best choice, the frontier and what more money buys, or how to make a choice possible.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("currency", request.currency.code)
      object.field("lines", request.lines.count)
      switch result {
      case .frontier(let points):
        object.field("feasible", true)
        if let best = points.last { object.object("best") { write(best, to: &$0) } }
        object.array("frontier") { array in
          for point in shown(points) { array.object { write(point, to: &$0) } }
        }
        object.field("frontierPoints", points.count)
        if let next, let best = points.last {
          object.object("next") { object in
            object.field("costMore", request.text(next.cost - best.cost))
            object.field("overCapBy", request.text(next.cost - (request.caps.total ?? next.cost)))
            object.field("valueMore", next.value - best.value)
            write(next, to: &object)
          }
        }
      case .infeasible(let ways):
        object.field("feasible", false)
        object.array("relaxations") { array in
          for way in ways {
            array.array { array in for relaxation in way { array.object { write(relaxation, to: &$0) } } }
          }
        }
      }
    }
  }

  private func shown(_ points: [FrontierPoint]) -> [FrontierPoint] {
    guard points.count > Self.pointsMax else { return points }
    return (0..<Self.pointsMax).map { points[$0 * (points.count - 1) / (Self.pointsMax - 1)] }
  }

  private func write(_ point: FrontierPoint, to object: inout JSONObjectWriter) {
    object.field("cost", request.text(point.cost))
    object.field("value", point.value)
    object.array("choice") { array in
      for (line, taken) in zip(request.lines, point.choice) {
        array.object {
          $0.field("line", line.name)
          $0.field("alternative", line.alternatives[taken].name)
        }
      }
    }
  }

  private func write(_ relaxation: Relaxation, to object: inout JSONObjectWriter) {
    switch relaxation.cap {
    case .total: object.field("cap", "total")
    case .category(let category):
      object.field("cap", "category")
      object.field("category", category.name)
    case .person(let person):
      object.field("cap", "person")
      object.field("person", request.people[person])
    }
    object.field("raiseBy", request.text(relaxation.amount))
  }
}
