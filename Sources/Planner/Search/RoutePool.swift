/// Days that were good in some plan, to be combined anew at the end.
///
/// A table of fixed size, addressed by what is visited: of days that visit the same the one with the least travel stays, and
/// a newcomer takes the place of whatever stood in its cell.
struct RoutePool: ~Copyable {
  struct Entry {
    var key: UInt64 = 0
    /// What the day is worth, discomfort and the night after it included.
    var value: Int64 = 0
    var travel: Int64 = 0
    var day: Int32 = 0
    /// Stops, both ends included; none is a free cell.
    var length: Int32 = 0
  }

  static let capacity = 1 << 12
  /// Longer days are not kept.
  static let lengthMax = 96

  let entries: UnsafeMutablePointer<Entry>
  let stops: UnsafeMutablePointer<Int32>
  /// Whether a route of one day is as good on every other.
  let isSame: Bool
  private let hasNights: Bool
  private let keys: [UInt64]

  init(_ instance: Instance) {
    // One day alone has nothing to be combined with.
    let capacity = instance.dayCount > 1 ? Self.capacity : 0
    isSame = instance.areDaysSame
    hasNights = !instance.lodgings.isEmpty
    entries = .filled(capacity, with: Entry())
    // Not filled: of a cell only what was written is read, and this is a megabyte and a half for every plan.
    stops = .allocate(capacity: max(1, capacity * Self.lengthMax))
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
    stops.deallocate()
  }

  /// Keeps a day as it stands.
  mutating func record(_ tours: borrowing Tours, _ day: Int) {
    let count = tours.length[day]
    guard count > 2, count <= Self.lengthMax else { return }
    let first = day &* tours.stride
    // Days that differ keep their routes apart, and so do nights.
    var key: UInt64 = isSame ? 0 : UInt64(day) &* 0xD6E8_FEB8_6659_FD93
    if hasNights {
      key ^= UInt64(tours.node[first]) &* 0xA076_1D64_78BD_642F
      key ^= UInt64(tours.node[first &+ count &- 1]) &* 0xE703_7ED1_A0B4_28DB
    }
    for index in 1..<count &- 1 { key ^= keys[Int(tours.node[first &+ index])] }
    let cell = Int(truncatingIfNeeded: key ^ (key >> 32)) & (Self.capacity - 1)
    let old = entries[cell]
    let value = tours.value[day] &- tours.discomfort[day]
    if old.key == key, old.length > 0, old.value > value || old.value == value && old.travel <= tours.travel[day] {
      return
    }
    entries[cell] = Entry(
      key: key, value: value, travel: tours.travel[day], day: Int32(truncatingIfNeeded: day),
      length: Int32(truncatingIfNeeded: count))
    let stops = stops + cell &* Self.lengthMax
    for index in 0..<count { stops[index] = Stop.pack(tours.node[first &+ index], by: tours.way[first &+ index]) }
  }

  /// All days that are kept, by what is visited.
  func days() -> [BoundSearch.KnownDay] {
    (0..<Self.capacity).filter { entries[$0].length > 2 }.map {
      BoundSearch.KnownDay(day: Int(entries[$0].day), visits: Stop.visits(route($0)))
    }
  }

  /// The route of an entry, both ends included.
  func route(_ cell: Int) -> [Int32] {
    (0..<Int(entries[cell].length)).map { stops[cell * Self.lengthMax + $0] }
  }
}
