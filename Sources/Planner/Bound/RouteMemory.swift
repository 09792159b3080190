/// What a route remembers of where it was: at each visit only those neighbours that matter there.
///
/// A route may return to a visit only after one that does not have it among its neighbours (ng-routes: Baldacci,
/// Mingozzi and Roberti, "New route relaxation and pricing strategies for the vehicle routing problem", 2011). Every
/// real route is such a route, so the best of them is an upper bound. The memory is a word: bit b of the memory at a
/// visit stands for its b-th neighbour.
struct RouteMemory {
  static let sizeMax = 32

  let visitCount: Int
  private(set) var lists: [[Int32]]
  /// The bit of `other` in the memory at `visit`, or -1: `bit[visit * visitCount + other]`.
  private(set) var bit: [Int8]

  init(_ instance: Instance, _ neighbours: Neighbours, size: Int) {
    visitCount = instance.visitCount
    lists = []
    bit = [Int8](repeating: -1, count: visitCount * visitCount)
    for visit in 0..<visitCount {
      let near = neighbours.order[visit * neighbours.width..<visit * neighbours.width + min(size - 1, neighbours.width)]
      lists.append([Int32(visit)] + near)
      for (place, other) in lists[visit].enumerated() { bit[visit * visitCount + Int(other)] = Int8(place) }
    }
  }

  /// Makes a visit remember another; false if its word is full.
  mutating func remember(_ other: Int, at visit: Int) -> Bool {
    if bit[visit * visitCount + other] >= 0 { return true }
    guard lists[visit].count < Self.sizeMax else { return false }
    bit[visit * visitCount + other] = Int8(lists[visit].count)
    lists[visit].append(Int32(other))
    return true
  }

  /// Whether a route keeps what it must remember.
  func allows(_ route: [Int32]) -> Bool {
    for (place, visit) in route.enumerated() {
      var earlier = place - 1
      while earlier >= 0 {
        if route[earlier] == visit { return false }
        if bit[Int(route[earlier]) * visitCount + Int(visit)] < 0 { break }
        earlier -= 1
      }
    }
    return true
  }
}
