/// The best place of every visit in each opened day, worked out eight visits at a time.
///
/// The idea: for a position, the rows of travel from the visit before and to the visit after are contiguous over all
/// visits, so that the test of ``Tours`` runs without branches on vectors. Most positions are too narrow for most visits,
/// which is seen of eight visits at once: by the least travel to one of them and from one of them, and by when the first
/// of them opens and the last closes. Eight such eights are tried together.
struct PlaceTable: ~Copyable {
  /// What the best place delays, by opened day and visit; `Instance.never` where none is.
  let cost: UnsafeMutablePointer<Int32>
  /// The position behind which it is.
  let position: UnsafeMutablePointer<Int32>

  let stride: Int
  /// All bits of an eight of visits that is asked about; none is a reason to skip it.
  private let asked: UnsafeMutablePointer<Int32>
  private let blockCount: Int
  /// Room for the eights of one day or node: whole vectors of them.
  private let blockStride: Int
  /// When the first of eight visits opens and the last closes, by day as the instance has them.
  private let blockOpens: UnsafeMutablePointer<Int32>
  private let blockCloses: UnsafeMutablePointer<Int32>
  private let dayStride: Int
  /// The least travel from each node to one of eight visits, and from one of them to each node.
  private let outward: UnsafeMutablePointer<Int32>
  private let inward: UnsafeMutablePointer<Int32>

  typealias Lanes = SIMD8<Int32>
  static let width = 8

  init(_ instance: Instance, days: Int) {
    let width = Self.width
    blockCount = (instance.visitCount + width - 1) / width
    blockStride = (blockCount + width - 1) / width * width
    stride = blockCount * width
    cost = .filled(days * stride, with: Instance.never)
    position = .filled(days * stride, with: -1)
    asked = .filled(blockStride, with: 0)
    dayStride = instance.dayStride == 0 ? 0 : blockStride
    let dayCount = instance.dayStride == 0 ? 1 : instance.dayCount
    blockOpens = .filled(dayCount * blockStride, with: Instance.never)
    blockCloses = .filled(dayCount * blockStride, with: Instance.always)
    for day in 0..<dayCount {
      for visit in 0..<instance.visitCount {
        let (block, cell) = (day * blockStride + visit / width, day * instance.dayStride + visit)
        blockOpens[block] = min(blockOpens[block], instance.earliestOpen[cell])
        blockCloses[block] = max(blockCloses[block], instance.latestClose[cell])
      }
    }
    outward = .filled(instance.nodeCount * blockStride, with: Instance.never)
    inward = .filled(instance.nodeCount * blockStride, with: 0)
    for node in 0..<instance.nodeCount {
      let row = node * instance.nodeCount
      for block in 0..<blockCount {
        let visits = row + block * width..<row + min((block + 1) * width, instance.visitCount)
        outward[node * blockStride + block] = visits.reduce(Instance.never) { min($0, instance.leg[$1]) }
        inward[node * blockStride + block] = visits.reduce(Instance.never) { min($0, instance.legTo[$1]) }
      }
    }
  }

  deinit {
    cost.deallocate()
    position.deallocate()
    asked.deallocate()
    blockOpens.deallocate()
    blockCloses.deallocate()
    outward.deallocate()
    inward.deallocate()
  }

  /// Asks about a visit.
  @inline(__always)
  mutating func ask(_ visit: Int32) { asked[Int(visit) / Self.width] = -1 }

  /// Asks about no visit.
  mutating func askNothing() { asked.update(repeating: 0, count: blockCount) }

  /// Works the table out for a day, where it is asked about.
  ///
  /// For an instance that is not plain it only says what may fit: legs are taken at their best time of the day, and
  /// several windows as one.
  ///
  /// Visits are numbered by the middle of their windows, so that eight neighbours open at much the same time.
  ///
  /// - Complexity: O(visits · positions / 64), and a little for every eight visits of which one may fit at a position.
  mutating func fill(_ tours: borrowing Tours, _ day: Int, rank: Int) {
    let width = Self.width
    let base = day &* tours.stride
    let (node, arrive, early, late) = (tours.node + base, tours.arrive + base, tours.early + base, tours.late + base)
    let row = Row(self, tours.instance, day: day, rank: rank)
    for block in 0..<blockCount where asked[block] != 0 { row.clear(block) }
    let opens = UnsafeRawPointer(blockOpens + day &* dayStride)
    let closes = UnsafeRawPointer(blockCloses + day &* dayStride)
    let last = tours.length[day] &- 1
    var index = 0
    while index < last {
      let next = index &+ 1
      let (began, limit, present) = (early[index], late[next], arrive[next])
      let (from, to) = (Int(node[index]), Int(node[next]))
      let outward = UnsafeRawPointer(self.outward + from &* blockStride)
      let inward = UnsafeRawPointer(self.inward + to &* blockStride)
      var first = 0
      while first < blockStride {
        let bytes = first &* 4
        let reached = outward.loadUnaligned(fromByteOffset: bytes, as: Lanes.self) &+ Lanes(repeating: began)
        let open = opens.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
        let start = reached.replacing(with: open, where: reached .< open)
        let onward = start &+ inward.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
        // A difference below zero has the sign bit.
        let closed = closes.loadUnaligned(fromByteOffset: bytes, as: Lanes.self) &- reached
        let mayFit = ~((closed | (Lanes(repeating: limit) &- onward)) &>> 31)
        let isAsked = UnsafeRawPointer(asked).loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
        var bits = unsafeBitCast(SIMD8<Int8>(truncatingIfNeeded: mayFit & isAsked), to: UInt64.self)
        while bits != 0 {
          let block = bits.trailingZeroBitCount &>> 3
          bits &= ~(0xFF &<< UInt64(truncatingIfNeeded: block &<< 3))
          row.test((first &+ block) &* width, from: from, to: to, began, limit, present, behind: index)
        }
        first &+= width
      }
      index = next
    }
  }

  /// The part of the table for one day.
  private struct Row {
    private let cost: UnsafeMutableRawPointer
    private let position: UnsafeMutableRawPointer
    private let opens: UnsafeRawPointer
    private let closes: UnsafeRawPointer
    private let leg: UnsafeRawPointer
    private let legTo: UnsafeRawPointer
    private let nodeCount: Int

    @inline(__always)
    init(_ table: borrowing PlaceTable, _ instance: Instance, day: Int, rank: Int) {
      cost = UnsafeMutableRawPointer(table.cost + rank &* table.stride)
      position = UnsafeMutableRawPointer(table.position + rank &* table.stride)
      let cells = day &* instance.dayStride
      opens = UnsafeRawPointer(instance.earliestOpen + cells)
      closes = UnsafeRawPointer(instance.latestClose + cells)
      leg = UnsafeRawPointer(instance.leg)
      legTo = UnsafeRawPointer(instance.legTo)
      nodeCount = instance.nodeCount
    }

    /// Eight visits have no place yet.
    @inline(__always)
    func clear(_ block: Int) {
      cost.storeBytes(
        of: Lanes(repeating: Instance.never), toByteOffset: block &* PlaceTable.width &* 4, as: Lanes.self)
      position.storeBytes(of: Lanes(repeating: -1), toByteOffset: block &* PlaceTable.width &* 4, as: Lanes.self)
    }

    /// Tries eight visits at one position.
    @inline(__always)
    func test(
      _ visit: Int, from: Int, to: Int, _ began: Int32, _ limit: Int32, _ present: Int32, behind index: Int
    ) {
      let bytes = visit &* 4
      let open = opens.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
      let close = closes.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
      let out = leg.loadUnaligned(fromByteOffset: from &* nodeCount &* 4 &+ bytes, as: Lanes.self)
      let back = legTo.loadUnaligned(fromByteOffset: to &* nodeCount &* 4 &+ bytes, as: Lanes.self)
      let best = cost.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
      let place = position.loadUnaligned(fromByteOffset: bytes, as: Lanes.self)
      let reached = out &+ Lanes(repeating: began)
      let onward = reached.replacing(with: open, where: reached .< open) &+ back
      let delay = onward &- Lanes(repeating: present)
      // All bits where a visit does not fit or not better than before.
      let isNone = ((close &- reached) | (Lanes(repeating: limit) &- onward) | ((best &- 1) &- delay)) &>> 31
      let here = Lanes(repeating: Int32(truncatingIfNeeded: index))
      cost.storeBytes(of: (best & isNone) | (delay & ~isNone), toByteOffset: bytes, as: Lanes.self)
      position.storeBytes(of: (place & isNone) | (here & ~isNone), toByteOffset: bytes, as: Lanes.self)
    }
  }
}
