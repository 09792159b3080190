extension BoundSearch {
  /// The most slices of time of a day.
  private static let slicesMax = 1536

  /// From now on labels are merged, with short memories: longer ones come where they are needed.
  mutating func mergeLabels() {
    precision = .merged
    memory = RouteMemory(instance, neighbours, size: 4)
  }

  /// Forbids what is not possible of the present mixture; false if there is nothing to forbid, or no room for it.
  ///
  /// Returns are forbidden by longer memories, and what only merged labels make of time by finer slices.
  mutating func tighten() -> Bool {
    var isChanged = lengthenMemories()
    if precision == .merged, sliceCount < Self.slicesMax,
      master.mixture.contains(where: { !isInTime(routes[$0.column].visits, kind: routes[$0.column].kind) })
    {
      sliceCount *= 2
      isChanged = true
    }
    if !isChanged, precision == .merged {
      // What is left is exact pricing, which is within reach at good prices, or is given up.
      (precision, exactLabelsMax, isChanged) = (.exact, RoutePricing.labelsMax, true)
    }
    if isChanged { keepAllowedRoutes() }
    return isChanged
  }

  private mutating func lengthenMemories() -> Bool {
    var isChanged = false
    for (index, _) in master.mixture {
      let visits = routes[index].visits
      for (place, visit) in visits.enumerated() {
        guard let back = visits[(place + 1)...].firstIndex(of: visit) else { continue }
        for between in visits[place...back] where memory.bit[Int(between) * memory.visitCount + Int(visit)] < 0 {
          if memory.remember(Int(visit), at: Int(between)) { isChanged = true }
        }
      }
    }
    return isChanged
  }

  /// Whether a route keeps its windows and its day, by the fastest ways.
  private func isInTime(_ visits: [Int32], kind: Int) -> Bool {
    guard kind >= 0, let first = visits.first, let last = visits.last else { return true }
    let day = kinds[kind].day
    func start(_ visit: Int32, _ reached: Int32) -> Int32? {
      let time = instance.start(at: Int(visit), day: day, from: reached)
      return time == Instance.never ? nil : time
    }
    let reached = instance.startNodes(day).map {
      instance.arrival(from: $0, to: Int(first), began: instance.opens[day])
    }
    guard var time = reached.min().flatMap({ start(first, $0) }) else { return false }
    for (from, to) in zip(visits, visits.dropFirst()) {
      guard let next = start(to, instance.arrival(from: Int(from), to: Int(to), began: time)) else { return false }
      time = next
    }
    return instance.endNodes(day).contains {
      instance.arrival(from: Int(last), to: $0, began: time) <= instance.closes[day]
    }
  }

  private mutating func keepAllowedRoutes() {
    let old = routes
    beginMaster()
    known = []
    for route in old where !route.visits.isEmpty && memory.allows(route.visits) {
      if precision == .merged, !isInTime(route.visits, kind: route.kind) { continue }
      let column = column(route.visits, route.kind)
      guard known.insert(route.visits + [Int32(-1 - route.kind)]).inserted else { continue }
      master.add(column)
      routes.append(route)
    }
  }
}
