/// A hierarchical timing wheel: six levels of 64 slots, the first with one slot per millisecond, each
/// further one 64 times as coarse, two years in all (what lies beyond waits in the last slot and is filed anew).
///
/// A timer is filed at the level of the highest 6-bit digit in which its due time differs from the
/// wheel's, so that insertion and cancellation are O(1) and each timer moves at most five times before it
/// fires. Invariant: an entry at level L is due after the wheel's time and within 64^(L+1) ms of the start
/// of the wheel's own slot at level L+1. After Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987).
struct TimerWheel {
  /// Names a timer; stale keys are recognised by their generation.
  struct Key: Equatable {
    let index: Int32
    let generation: UInt32
  }

  private struct Entry {
    var due: UInt64 = 0
    var next: Int32 = -1
    var previous: Int32 = -1
    var generation: UInt32 = 0
    var slot: Int16 = -1
    var body: (@Sendable () -> Void)?
  }

  private static let levels = 6
  private static let span: UInt64 = 1 << 36

  /// The time up to which everything due has been handed out, in milliseconds.
  private(set) var now: UInt64
  private(set) var count = 0
  private var entries: [Entry] = []
  private var free: [Int32] = []
  private var heads = [Int32](repeating: -1, count: 64 * TimerWheel.levels)
  private var occupied = [UInt64](repeating: 0, count: TimerWheel.levels)

  init(now: UInt64) { self.now = now }

  /// Files a closure; what is due already fires at the next turn.
  mutating func insert(due: UInt64, _ body: @escaping @Sendable () -> Void) -> Key {
    let index: Int32
    if let reused = free.popLast() {
      index = reused
    } else {
      index = Int32(entries.count)
      entries.append(Entry())
    }
    entries[Int(index)].due = max(due, now + 1)
    entries[Int(index)].body = body
    file(index)
    count += 1
    return Key(index: index, generation: entries[Int(index)].generation)
  }

  /// Takes a timer out; false when it has fired or been cancelled before.
  @discardableResult
  mutating func cancel(_ key: Key) -> Bool {
    guard entries[Int(key.index)].generation == key.generation else { return false }
    unfile(key.index)
    release(key.index)
    return true
  }

  /// The next closure due at or before `time`, in order of due time, or nil once none is left.
  ///
  /// One at a time, so that a timer may cancel another that is due in the same millisecond.
  mutating func popDue(at time: UInt64) -> (@Sendable () -> Void)? {
    while let turn = nextTurn(), turn.time <= time {
      now = max(now, turn.time)
      if turn.level == 0 {
        let index = heads[turn.slot]
        unfile(index)
        let body = entries[Int(index)].body
        release(index)
        return body
      }
      cascade(turn.slot)
    }
    now = max(now, time)
    return nil
  }

  /// The earliest time at which the wheel has something to do: never later than the next timer, maybe earlier.
  var nextWake: UInt64? { nextTurn()?.time }

  private func nextTurn() -> (level: Int, slot: Int, time: UInt64)? {
    for level in 0..<TimerWheel.levels where occupied[level] != 0 {
      let shift = UInt64(level * 6)
      let position = Int((now >> shift) & 63)
      // Rotate so that bit 0 is the wheel's own slot; the lowest set bit is then the nearest one ahead.
      let bits = occupied[level]
      let rotated = position == 0 ? bits : (bits >> UInt64(position)) | (bits << UInt64(64 - position))
      let distance = rotated.trailingZeroBitCount
      let slot = (position + distance) & 63
      let base = (now >> shift) &+ UInt64(distance)
      return (level, level * 64 + slot, max(base << shift, now))
    }
    return nil
  }

  /// Files every entry of a coarse slot anew: the wheel's time has reached the slot, so each goes lower.
  private mutating func cascade(_ slot: Int) {
    var index = heads[slot]
    heads[slot] = -1
    occupied[slot >> 6] &= ~(1 << UInt64(slot & 63))
    while index >= 0 {
      let next = entries[Int(index)].next
      file(index)
      index = next
    }
  }

  private mutating func file(_ index: Int32) {
    let due = min(entries[Int(index)].due, now + TimerWheel.span - 1)
    let difference = (due ^ now) | 63
    let level = min((63 - difference.leadingZeroBitCount) / 6, TimerWheel.levels - 1)
    let slot = level * 64 + Int((due >> UInt64(level * 6)) & 63)
    let head = heads[slot]
    entries[Int(index)].slot = Int16(slot)
    entries[Int(index)].previous = -1
    entries[Int(index)].next = head
    if head >= 0 { entries[Int(head)].previous = index }
    heads[slot] = index
    occupied[level] |= 1 << UInt64(slot & 63)
  }

  private mutating func unfile(_ index: Int32) {
    let entry = entries[Int(index)]
    let slot = Int(entry.slot)
    if entry.previous >= 0 { entries[Int(entry.previous)].next = entry.next } else { heads[slot] = entry.next }
    if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
    if heads[slot] < 0 { occupied[slot >> 6] &= ~(1 << UInt64(slot & 63)) }
  }

  private mutating func release(_ index: Int32) {
    entries[Int(index)].body = nil
    entries[Int(index)].generation &+= 1
    entries[Int(index)].slot = -1
    free.append(index)
    count -= 1
  }
}
