/// Turns the words of a problem into the numbers of an ``Instance``, part by part.
struct InstanceLayout {
  let problem: Problem
  var origins: [Instance.Origin] = []
  var placeOfNode: [Int] = []
  var durations: [Int32] = []
  var startNode: [Int32] = []
  var endNode: [Int32] = []
  /// The node of each lodging of each night.
  var lodgingNodes: [[Int]] = []
  /// The nodes of each activity.
  var nodesOfActivity: [[Int]] = []

  init(_ problem: Problem) {
    self.problem = problem
  }

  mutating func makeNodes() {
    for (index, activity) in problem.activities.enumerated() {
      for variant in activity.variants.indices {
        for bonus in bonuses(of: activity) {
          origins.append(Instance.Origin(activity: index, variant: variant, bonus: bonus))
        }
      }
    }
    // Numbered by the middle of their windows: neighbours in number are neighbours in time, which the search uses.
    let middles = origins.map { middle(of: problem.activities[$0.activity]) }
    let order = origins.indices.sorted { (middles[$0], $0) < (middles[$1], $1) }
    origins = order.map { origins[$0] }
    nodesOfActivity = problem.activities.map { _ in [] }
    for (node, origin) in origins.enumerated() {
      let activity = problem.activities[origin.activity]
      nodesOfActivity[origin.activity].append(node)
      placeOfNode.append(activity.place.position)
      durations.append(Int32(activity.variants[origin.variant].duration))
    }
  }

  private func middle(of activity: Activity) -> Int {
    let windows: [StartWindow] =
      switch activity.opening {
      case .always: []
      case .everyDay(let list): list
      case .eachDay(let lists): Array(lists.joined())
      }
    if windows.isEmpty { return 0 }
    return windows.reduce(0) { $0 + $1.opens + $1.lastStart } / (2 * windows.count)
  }

  private func bonuses(of activity: Activity) -> [Int] {
    switch activity.opening {
    case .always: [0]
    case .everyDay(let list): Set(list.map(\.bonus)).sorted()
    case .eachDay(let lists): Set(lists.joined().map(\.bonus)).sorted()
    }
  }

  mutating func makeTerminals() {
    var nodeOfPlace: [PlaceIndex: Int32] = [:]
    func node(_ place: PlaceIndex) -> Int32 {
      if let known = nodeOfPlace[place] { return known }
      let node = Int32(placeOfNode.count)
      placeOfNode.append(place.position)
      durations.append(0)
      nodeOfPlace[place] = node
      return node
    }
    for day in problem.days {
      startNode.append(node(day.start))
      endNode.append(node(day.end))
    }
    lodgingNodes = problem.nights.map { night in night.lodgings.map { Int(node($0.place)) } }
  }

  /// The best time of all ways and departures, the duration at the first node included.
  func legs() -> [Int32] {
    let count = placeOfNode.count
    var result = [Int32](repeating: 0, count: count * count)
    let tables = problem.travel.options.map { option in option.profile.map(bestTimes) ?? option.durations }
    for from in 0..<count {
      let row = placeOfNode[from] * problem.travel.placeCount
      for to in 0..<count {
        let best = tables.lazy.map { $0[row + placeOfNode[to]] }.min() ?? 0
        result[from * count + to] = Int32(best) + durations[from]
      }
    }
    return result
  }

  func ways() -> [Instance.Way] {
    let count = placeOfNode.count
    return problem.travel.options.map { option in
      if let profile = option.profile {
        let clock = TravelClock(profile, places: problem.travel.placeCount, nodes: placeOfNode)
        return Instance.Way(leg: .filled(0, with: 0), clock: clock)
      }
      var legs: [Int32] = []
      legs.reserveCapacity(count * count)
      for from in 0..<count {
        let row = placeOfNode[from] * problem.travel.placeCount
        for to in 0..<count { legs.append(Int32(option.durations[row + placeOfNode[to]]) + durations[from]) }
      }
      return Instance.Way(leg: .copy(legs), clock: nil)
    }
  }

  func fares() -> [Int64]? {
    if problem.travel.options.allSatisfy({ $0.fares.allSatisfy { $0 == 0 } }) { return nil }
    return legAmounts(\.fares) { $0 }
  }

  /// A matrix of each option by way and nodes; options without one have zeros.
  func legAmounts(_ matrix: (Travel.Option) -> [Int], _ amount: (Int) -> Int) -> [Int64] {
    problem.travel.options.flatMap { option -> [Int64] in
      let cells = matrix(option)
      if cells.isEmpty { return [Int64](repeating: 0, count: placeOfNode.count * placeOfNode.count) }
      return placeOfNode.flatMap { from in
        placeOfNode.map { to in Int64(amount(cells[from * problem.travel.placeCount + to])) }
      }
    }
  }

  private func bestTimes(_ profile: Travel.Profile) -> [Int] {
    let cells = problem.travel.placeCount * problem.travel.placeCount
    return (0..<cells).map { cell in
      profile.departures.indices.lazy.map { profile.durations[$0 * cells + cell] }.min() ?? 0
    }
  }

  static func transposed(_ matrix: [Int32], side: Int) -> [Int32] {
    var result = matrix
    for row in 0..<side { for column in 0..<side { result[column * side + row] = matrix[row * side + column] } }
    return result
  }

  func orders() -> (precede: [[Int32]], follow: [[Int32]]) {
    if problem.precedences.isEmpty { return ([], []) }
    var precede = [[Int32]](repeating: [], count: origins.count)
    var follow = precede
    for precedence in problem.precedences {
      let first = nodesOfActivity[precedence.first.position]
      let second = nodesOfActivity[precedence.second.position]
      for node in second { precede[node] += first.map { Int32($0) } }
      for node in first { follow[node] += second.map { Int32($0) } }
    }
    return (precede, follow)
  }
}
