/// A trip with open nights as if it were one long day without any.
///
/// The idea (route first, cut second; after Beasley, "Route first, cluster second methods for vehicle routing", 1983):
/// where it does not matter on which day something is done, one day as long as all together shows which visits are worth
/// their way and in which order, and ``NightSplit`` then cuts it at the lodgings. Chains of nights, of which there are too
/// many to try, follow from good orders, of which there are few.
struct LongDay: Sendable {
  let instance: Instance
  /// The node of the trip's instance for each visit.
  private let nodes: [Int32]
  /// The node of the long day for each visit of the trip.
  private var visits: [Int32]

  /// The long day of a trip; nil unless every night is open and all is open throughout, by one way.
  init?(_ problem: Problem, _ trip: Instance) {
    guard trip.isPlain, !trip.doValuesDiffer, trip.dayCount > 1, trip.lodgings.nights.count == trip.dayCount - 1,
      let first = problem.days.first, let last = problem.days.last
    else { return nil }
    guard
      problem.activities.allSatisfy({ activity in problem.days.allSatisfy { LongDay.isOpen(activity, throughout: $0) } }
      )
    else { return nil }
    let length = problem.days.reduce(0) { $0 + $1.closes - $1.opens }
    let day = Day(from: first.start, to: last.end, opens: 0, closes: length)
    guard
      let relaxed = try? problem.changed({ parts in
        parts.days = [day]
        parts.nights = []
        parts.limits.removeAll { $0.scope == .day }
        parts.groups = []
        for index in parts.activities.indices { parts.activities[index].opening = .always }
      })
    else { return nil }  // Too long for a day's clock, for one: the trip is then planned without.
    instance = Instance(relaxed)
    var nodeOf: [[Int]: Int32] = [:]
    for (node, origin) in trip.origins.enumerated() { nodeOf[[origin.activity, origin.variant]] = Int32(node) }
    nodes = instance.origins.map { nodeOf[[$0.activity, $0.variant]] ?? 0 }
    visits = [Int32](repeating: 0, count: trip.visitCount)
    for (visit, node) in nodes.enumerated() { visits[Int(node)] = Int32(visit) }
    if Tours.isImpossible(instance) { return nil }
  }

  private static func isOpen(_ activity: Activity, throughout day: Day) -> Bool {
    switch activity.opening {
    case .always: true
    case .everyDay(let list): list.contains { $0.opens <= day.opens && $0.lastStart >= day.closes }
    case .eachDay: false
    }
  }

  /// The order of visits of a search over this day, in the words of the trip.
  func order(of route: [Int32]) -> [Int32] { Stop.visits(route).map { nodes[Int($0)] } }
}

extension LongDay {
  /// The days of a trip one behind the other as a route of the long day.
  func route(of days: [[Int32]]) -> [Int32] {
    [instance.startNode[0]] + days.flatMap { Stop.visits($0).map { visits[Int($0)] } } + [instance.endNode[0]]
  }
}

extension Tours {
  /// Whether not even days without visits are possible.
  static func isImpossible(_ instance: Instance) -> Bool {
    var tours = Tours(instance)
    return !tours.beginEmpty()
  }
}
