/// How much a route could still gain from a visit and a time on, if it remembered nothing.
///
/// Time is cut into slices that are shorter than every leg, and arrival is taken for the beginning of its slice; so the table
/// is never too low, and each entry needs only entries of later slices.
struct CompletionTable {
  private let first: Int32
  private let width: Int32
  private let sliceCount: Int
  private var best: [Int64] = []

  private static let slicesMax = 1500

  /// The table for one day at some prices; nil if some leg is too short for it.
  init?(_ instance: Instance, day: Int, values: [Int64]) {
    let visits = instance.visitCount
    var shortest = Instance.never
    for from in 0..<visits {
      for to in 0..<visits where from != to { shortest = min(shortest, instance.leg[from * instance.nodeCount + to]) }
    }
    let span = instance.closes[day] - instance.opens[day]
    guard visits > 1, shortest > 0, span / shortest < Int32(Self.slicesMax) else { return nil }
    first = instance.opens[day]
    width = min(shortest, max(1, span / 60))
    sliceCount = min(Int(span / width) + 1, Self.slicesMax)
    if Int(span / width) + 1 > Self.slicesMax { return nil }
    best = [Int64](repeating: 0, count: visits * sliceCount)
    for slice in stride(from: sliceCount - 1, through: 0, by: -1) {
      let time = first + Int32(slice) * width
      for from in 0..<visits { best[from * sliceCount + slice] = gain(from, time, instance, day, values) }
    }
  }

  private func gain(_ from: Int, _ time: Int32, _ instance: Instance, _ day: Int, _ values: [Int64]) -> Int64 {
    var most: Int64 = 0
    if instance.isPlain {
      let row = instance.leg + from &* instance.nodeCount
      let (opens, closes) = (instance.earliestOpen, instance.latestClose)
      let cells = day &* instance.dayStride
      for to in 0..<instance.visitCount where values[to] > 0 && to != from {
        let reached = time &+ row[to]
        if reached > closes[cells &+ to] { continue }
        most = max(most, values[to] &+ bound(to, max(reached, opens[cells &+ to])))
      }
      return most
    }
    for to in 0..<instance.visitCount where to != from && values[to] > 0 {
      // With several ways asking for each at its hour costs more than it tells.
      let reached =
        instance.wayCount > 1
        ? time + instance.leg[from * instance.nodeCount + to] : instance.arrival(from: from, to: to, began: time)
      if reached > instance.latestClose[day &* instance.dayStride &+ to] { continue }
      let start = instance.start(at: to, day: day, from: reached)
      if start == Instance.never { continue }
      most = max(most, values[to] &+ bound(to, start))
    }
    return most
  }

  /// At most so much more is gained after a visit that begins at a time.
  @inline(__always)
  func bound(_ visit: Int, _ time: Int32) -> Int64 {
    best[visit &* sliceCount &+ Int((time &- first) / width)]
  }
}
