/// The ids of one file and their numbers, in the order in which they came.
///
/// Open addressing over one arena of bytes: half a million stop times are looked up in it twice, and no `String` is made.
struct IdentifierTable<Row> {
  private var slots: [Int32] = Array(repeating: -1, count: 64)
  private var hashes: [UInt32] = []
  private var ends: [Int] = []
  private var arena: [UInt8] = []
  /// The number of the first id.
  let base: Int32

  init(base: Int = 0) {
    self.base = Int32(base)
  }

  var count: Int { hashes.count }

  /// The key of the row that would be added next.
  var nextKey: GraphKey<Row> { GraphKey(base + Int32(count)) }

  func find(_ id: FieldBytes) -> GraphKey<Row>? {
    let slot = slots[place(of: id, hash: hash(id))]
    return slot < 0 ? nil : GraphKey(base + slot)
  }

  /// Adds an id; false if it is there already.
  mutating func insert(_ id: FieldBytes) -> Bool {
    let hash = hash(id)
    let place = place(of: id, hash: hash)
    guard slots[place] < 0 else { return false }
    slots[place] = Int32(hashes.count)
    hashes.append(hash)
    arena.append(contentsOf: UnsafeBufferPointer(start: id.start, count: id.count))
    ends.append(arena.count)
    if hashes.count * 2 > slots.count { grow() }
    return true
  }

  func text(_ key: GraphKey<Row>) -> String {
    let index = Int(key.number - base)
    return String(decoding: arena[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
  }

  private func hash(_ id: FieldBytes) -> UInt32 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in 0..<id.count { state = (state ^ UInt64(id.start[index])) &* 0x100_0000_01B3 }
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }

  /// Where an id is, or would be.
  private func place(of id: FieldBytes, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while slots[place] >= 0 {
      let index = Int(slots[place])
      if hashes[index] == hash, equals(id, index) { return place }
      place = (place + 1) & mask
    }
    return place
  }

  private func equals(_ id: FieldBytes, _ index: Int) -> Bool {
    let start = index == 0 ? 0 : ends[index - 1]
    guard ends[index] - start == id.count else { return false }
    for offset in 0..<id.count where arena[start + offset] != id.start[offset] { return false }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for index in hashes.indices {
      var place = Int(hashes[index]) & mask
      while slots[place] >= 0 { place = (place + 1) & mask }
      slots[place] = Int32(index)
    }
  }
}
