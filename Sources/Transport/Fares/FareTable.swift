/// A table from two words to a number, for what is reckoned once and asked for again and again.
///
/// Open addressing; it only grows.
final class FareTable {
  private var first, second: UnsafeMutablePointer<UInt64>
  private var values: UnsafeMutablePointer<Int32>
  private var mask = (1 << 10) - 1
  private var count = 0
  private static let free = UInt64.max

  init() {
    first = .allocate(capacity: mask + 1)
    second = .allocate(capacity: mask + 1)
    values = .allocate(capacity: mask + 1)
    first.initialize(repeating: Self.free, count: mask + 1)
  }

  deinit {
    first.deallocate()
    second.deallocate()
    values.deallocate()
  }

  /// The number of a key, nil if it has none yet; the first word of a key is never all ones.
  @inline(__always)
  func find(_ one: UInt64, _ other: UInt64) -> Int32? {
    var place = slot(one, other)
    while first[place] != Self.free {
      if first[place] == one, second[place] == other { return values[place] }
      place = (place + 1) & mask
    }
    return nil
  }

  func insert(_ one: UInt64, _ other: UInt64, _ value: Int32) {
    if 2 * (count + 1) > mask { grow() }
    var place = slot(one, other)
    while first[place] != Self.free { place = (place + 1) & mask }
    (first[place], second[place], values[place]) = (one, other, value)
    count += 1
  }

  private func slot(_ one: UInt64, _ other: UInt64) -> Int {
    let mixed = (one ^ (other &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed >> 20) & mask
  }

  private func grow() {
    let (oldFirst, oldSecond, oldValues, size) = (first, second, values, mask + 1)
    mask = 2 * size - 1
    first = .allocate(capacity: mask + 1)
    second = .allocate(capacity: mask + 1)
    values = .allocate(capacity: mask + 1)
    first.initialize(repeating: Self.free, count: mask + 1)
    count = 0
    for place in 0..<size where oldFirst[place] != Self.free {
      insert(oldFirst[place], oldSecond[place], oldValues[place])
    }
    oldFirst.deallocate()
    oldSecond.deallocate()
    oldValues.deallocate()
  }
}
