/// For each visit the others, nearest first: whose removal makes room close by.
struct Neighbours {
  let width: Int
  let order: [Int32]

  /// The nearest of each, at most so many.
  init(_ instance: Instance, most: Int = 64) {
    let count = instance.visitCount
    let width = max(0, min(most, count - 1))
    var order: [Int32] = []
    order.reserveCapacity(width * count)
    for visit in 0..<count {
      func distance(_ other: Int) -> Int32 {
        let there = instance.leg[visit * instance.nodeCount + other] - instance.duration[visit]
        let back = instance.leg[other * instance.nodeCount + visit] - instance.duration[other]
        return there + back
      }
      let others = (0..<count).filter { $0 != visit }.map { (distance($0), Int32($0)) }.sorted { $0 < $1 }
      order += others.prefix(width).map(\.1)
    }
    self.width = width
    self.order = order
  }
}
