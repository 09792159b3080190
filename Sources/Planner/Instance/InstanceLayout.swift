/// Turns the words of a problem into the numbers of an ``Instance``, part by part.
struct InstanceLayout {
  let problem: Problem
  var origins: [Instance.Origin] = []
  var placeOfNode: [Int] = []
  var durations: [Int32] = []
  var startNode: [Int32] = []
  var endNode: [Int32] = []
  /// The nodes of each activity.
  var nodesOfActivity: [[Int]] = []

  init(_ problem: Problem) {
    self.problem = problem
  }

  mutating func makeNodes() {
    for (index, activity) in problem.activities.enumerated() {
      var nodes: [Int] = []
      for variant in activity.variants.indices {
        for bonus in bonuses(of: activity) {
          nodes.append(origins.count)
          origins.append(Instance.Origin(activity: index, variant: variant, bonus: bonus))
          placeOfNode.append(activity.place.position)
          durations.append(Int32(activity.variants[variant].duration))
        }
      }
      nodesOfActivity.append(nodes)
    }
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
  }

  func legs() -> [Int32] {
    let count = placeOfNode.count
    var result = [Int32](repeating: 0, count: count * count)
    // With a profile the clock answers; the best time of the day still serves to order neighbours.
    let table = problem.travel.profile.map(bestTimes) ?? problem.travel.durations
    for from in 0..<count {
      let row = placeOfNode[from] * problem.travel.placeCount
      for to in 0..<count { result[from * count + to] = Int32(table[row + placeOfNode[to]]) + durations[from] }
    }
    return result
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
