/// Days that were good in some plan, to be combined anew at the end.
///
/// A table of fixed size, addressed by what is visited: of days that visit the same the one with the least travel stays, and
/// a newcomer takes the place of whatever stood in its cell.
struct RoutePool: ~Copyable {
  struct Entry {
    var key: UInt64 = 0
    var value: Int64 = -1
    var travel: Int64 = 0
    var day: Int32 = 0
    var length: Int32 = 0
  }

  static let capacity = 1 << 12
  /// Longer days are not kept.
  static let lengthMax = 96

  let entries: UnsafeMutablePointer<Entry>
  let visits: UnsafeMutablePointer<Int32>
  private let keys: [UInt64]

  init(_ instance: Instance) {
    // One day alone has nothing to be combined with.
    let capacity = instance.dayCount > 1 ? Self.capacity : 0
    entries = .filled(capacity, with: Entry())
    visits = .filled(capacity * Self.lengthMax, with: 0)
    // Zobrist: a random word for each visit, the key of a day being their exclusive or.
    var word: UInt64 = 0x9E37_79B9_7F4A_7C15
    keys = (0..<instance.visitCount).map { _ in
      word &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  deinit {
    entries.deallocate()
    visits.deallocate()
  }

  /// Keeps a day as it stands.
  mutating func record(_ tours: borrowing Tours, _ day: Int) {
    let count = tours.length[day] &- 2
    guard count > 0, count <= Self.lengthMax else { return }
    let nodes = tours.node + (day &* tours.stride &+ 1)
    // Days that differ keep their routes apart.
    var key: UInt64 = tours.instance.dayStride == 0 ? 0 : UInt64(day) &* 0xD6E8_FEB8_6659_FD93
    for index in 0..<count { key ^= keys[Int(nodes[index])] }
    let cell = Int(truncatingIfNeeded: key) & (Self.capacity - 1)
    let old = entries[cell]
    if old.key == key, old.value >= 0, old.travel <= tours.travel[day] { return }
    entries[cell] = Entry(
      key: key, value: tours.value[day], travel: tours.travel[day], day: Int32(truncatingIfNeeded: day),
      length: Int32(truncatingIfNeeded: count))
    (visits + cell &* Self.lengthMax).update(from: nodes, count: count)
  }

  /// The visits of an entry.
  func sequence(_ cell: Int) -> [Int32] {
    (0..<Int(entries[cell].length)).map { visits[cell * Self.lengthMax + $0] }
  }
}
