/// The best place of every visit in each opened day, worked out eight visits at a time.
///
/// The idea: for a position, the rows of travel from the visit before and to the visit after are contiguous over all
/// visits, so that the test of ``Tours`` runs without branches on vectors. A day is gone through once, whatever fits.
struct PlaceTable: ~Copyable {
  /// What the best place delays, by opened day and visit; `Instance.never` where none is.
  let cost: UnsafeMutablePointer<Int32>
  /// The position behind which it is.
  let position: UnsafeMutablePointer<Int32>

  let stride: Int
  /// How many of eight visits are still asked about; none is a reason to skip them.
  let asked: UnsafeMutablePointer<Int32>
  /// When the first of eight visits opens and the last closes, by day as the instance has them.
  private let blockOpens: UnsafeMutablePointer<Int32>
  private let blockCloses: UnsafeMutablePointer<Int32>
  private let blockCount: Int
  private let blockStride: Int

  typealias Lanes = SIMD8<Int32>
  private static let width = 8

  init(_ instance: Instance, days: Int) {
    stride = instance.visitCount + Self.width
    let count = days * stride
    cost = .filled(count, with: Instance.never)
    position = .filled(count, with: -1)
    blockCount = (instance.visitCount + Self.width - 1) / Self.width
    asked = .filled(blockCount, with: 0)
    blockStride = instance.dayStride == 0 ? 0 : blockCount
    let dayCount = instance.dayStride == 0 ? 1 : instance.dayCount
    blockOpens = .filled(dayCount * blockCount, with: Instance.never)
    blockCloses = .filled(dayCount * blockCount, with: Instance.always)
    for day in 0..<dayCount {
      for visit in 0..<instance.visitCount {
        let (block, cell) = (day * blockCount + visit / Self.width, day * instance.dayStride + visit)
        blockOpens[block] = min(blockOpens[block], instance.earliestOpen[cell])
        blockCloses[block] = max(blockCloses[block], instance.latestClose[cell])
      }
    }
  }

  deinit {
    cost.deallocate()
    position.deallocate()
    asked.deallocate()
    blockOpens.deallocate()
    blockCloses.deallocate()
  }

  /// Counts a visit as asked about.
  @inline(__always)
  func ask(_ visit: Int32) { asked[Int(visit) / Self.width] &+= 1 }

  /// Counts a visit as no longer asked about.
  @inline(__always)
  func unask(_ visit: Int32) { asked[Int(visit) / Self.width] &-= 1 }

  /// Asks about no visit.
  func askNothing() { asked.update(repeating: 0, count: blockCount) }

  /// Works the table out for a day, where it is asked about.
  ///
  /// For an instance that is not plain it only says what may fit: legs are taken at their best time of the day, and
  /// several windows as one.
  ///
  /// Visits are numbered by the middle of their windows, so that eight neighbours need only a part of the day.
  ///
  /// - Complexity: O(visits · positions / 8)
  func fill(_ tours: borrowing Tours, _ day: Int, rank: Int) {
    let instance = tours.instance
    let base = day &* tours.stride
    let (node, arrive, early, late) = (tours.node + base, tours.arrive + base, tours.early + base, tours.late + base)
    let cells = day &* instance.dayStride
    let opens = UnsafeRawPointer(instance.earliestOpen + cells)
    let closes = UnsafeRawPointer(instance.latestClose + cells)
    let count = instance.nodeCount
    let outward = UnsafeRawPointer(instance.leg)
    let inward = UnsafeRawPointer(instance.legTo)
    let last = tours.length[day] &- 1
    let never = Lanes(repeating: Instance.never)
    let (cost, position) = (cost + rank &* stride, position + rank &* stride)
    let blockCells = day &* blockStride
    var visit = 0
    for block in 0..<blockCount {
      defer { visit &+= Self.width }
      if asked[block] == 0 { continue }
      let (firstOpening, lastClosing) = (blockOpens[blockCells &+ block], blockCloses[blockCells &+ block])
      let open = opens.loadUnaligned(fromByteOffset: visit &* 4, as: Lanes.self)
      let close = closes.loadUnaligned(fromByteOffset: visit &* 4, as: Lanes.self)
      var bestCost = never
      var bestPosition = Lanes(repeating: -1)
      var index = 0
      while index < last, late[index &+ 1] < firstOpening { index &+= 1 }
      while index < last, early[index] <= lastClosing {
        let next = index &+ 1
        let from = outward + (Int(node[index]) &* count &+ visit) &* 4
        let to = inward + (Int(node[next]) &* count &+ visit) &* 4
        let reached = from.loadUnaligned(as: Lanes.self) &+ Lanes(repeating: early[index])
        let start = reached.replacing(with: open, where: reached .< open)
        let onward = start &+ to.loadUnaligned(as: Lanes.self)
        let delay = onward &- Lanes(repeating: arrive[next])
        let fits = (reached .<= close) .& (onward .<= Lanes(repeating: late[next])) .& (delay .< bestCost)
        bestCost.replace(with: delay, where: fits)
        bestPosition.replace(with: Lanes(repeating: Int32(truncatingIfNeeded: index)), where: fits)
        index = next
      }
      UnsafeMutableRawPointer(cost + visit).storeBytes(of: bestCost, as: Lanes.self)
      UnsafeMutableRawPointer(position + visit).storeBytes(of: bestPosition, as: Lanes.self)
    }
  }
}
