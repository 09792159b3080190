/// What a label says besides what it is compared by.
struct LabelTail: BitwiseCopyable {
  /// The sum that any other label must come below to beat this one for certain.
  var rival: Int32
  var fare: FareState
  /// The ride that led here and the position at which it was left; -1 where the journey begins.
  var segment: Int32
  var position: Int32
  /// Doubled; odd for those who have walked or changed since they rode.
  var round: Int32
  /// Whether what is open is only compared with what began at the same time.
  var hurts = false
}

/// For every stop the ways of being there of which none is in all criteria as good as another.
///
/// Bags lie one behind the other in one memory, what labels are compared by apart from the rest: time, walking, CO2 and
/// price, compared at once. A bag that grows moves to the end. Nothing is cleared between searches: a bag of an older
/// search counts as empty.
final class LabelBags {
  typealias Key = SIMD4<Int32>

  private struct Bag {
    var start: Int32
    var count: Int32
    var capacity: Int32
    var search: Int32
  }

  private static let firstCapacity: Int32 = 4
  private let bags: UnsafeMutablePointer<Bag>
  private var keys: UnsafeMutablePointer<Key>
  private var tails: UnsafeMutablePointer<LabelTail>
  private var size = 1 << 14
  private var used = 0
  private var search: Int32 = 0
  private let reckoner: FareReckoner?

  init(count: Int, _ reckoner: FareReckoner?) {
    self.reckoner = reckoner
    bags = .allocate(capacity: count)
    bags.initialize(repeating: Bag(start: 0, count: 0, capacity: 0, search: 0), count: count)
    keys = .allocate(capacity: size)
    tails = .allocate(capacity: size)
  }

  deinit {
    bags.deallocate()
    keys.deallocate()
    tails.deallocate()
  }

  func begin() {
    search += 1
    used = 0
  }

  @inline(__always)
  func count(_ index: Int) -> Int { bags[index].search == search ? Int(bags[index].count) : 0 }

  @inline(__always)
  func key(_ index: Int, _ place: Int) -> Key { keys[Int(bags[index].start) + place] }

  @inline(__always)
  func tail(_ index: Int, _ place: Int) -> LabelTail { tails[Int(bags[index].start) + place] }

  /// Whether some label is nowhere worse.
  @inline(__always)
  func covers(_ index: Int, _ key: Key, _ tail: LabelTail) -> Bool {
    let bag = bags[index]
    if bag.search != search { return false }
    var probe = key
    probe.w = tail.rival
    let own = keys + Int(bag.start)
    for place in 0..<Int(bag.count) where all(own[place] .<= probe) { return true }
    return tail.fare.open != 0 && coversOpen(bag, key, tail)
  }

  private func coversOpen(_ bag: Bag, _ key: Key, _ tail: LabelTail) -> Bool {
    for place in Int(bag.start)..<Int(bag.start + bag.count) where tails[place].fare.open != 0 {
      if isNoWorse(keys[place], tails[place].fare, key, tail) { return true }
    }
    return false
  }

  /// Compares labels with something open.
  @inline(__always)
  private func isNoWorse(_ key: Key, _ fare: FareState, _ other: Key, _ tail: LabelTail) -> Bool {
    guard key.x <= other.x, key.y <= other.y, key.z <= other.z else { return false }
    if fare.open == tail.fare.open { return fare.isNoWorse(tail.fare, hurts: tail.hurts) }
    guard let reckoner, fare.closed <= tail.fare.closed else { return false }
    return fare.paid &+ reckoner.disadvantage(of: fare.open, to: tail.fare.open) <= tail.fare.paid
  }

  /// Adds a label that no other covers, and removes those that it covers.
  func add(_ key: Key, _ tail: LabelTail, to index: Int) {
    var bag = bags[index]
    if bag.search != search { bag = Bag(start: 0, count: 0, capacity: 0, search: search) }
    var kept = Int(bag.start)
    let end = kept + Int(bag.count)
    for place in kept..<end {
      var probe = keys[place]
      probe.w = tails[place].rival
      if all(key .<= probe) { continue }
      if tail.fare.open != 0, tails[place].fare.open != 0,
        isNoWorse(key, tail.fare, keys[place], tails[place])
      {
        continue
      }
      if kept != place { (keys[kept], tails[kept]) = (keys[place], tails[place]) }
      kept += 1
    }
    bag.count = Int32(kept) - bag.start
    if bag.count == bag.capacity { grow(&bag) }
    keys[Int(bag.start + bag.count)] = key
    tails[Int(bag.start + bag.count)] = tail
    bag.count += 1
    bags[index] = bag
  }

  private func grow(_ bag: inout Bag) {
    let capacity = max(Self.firstCapacity, bag.capacity * 2)
    if used + Int(capacity) > size {
      let (moreKeys, moreTails) = (
        UnsafeMutablePointer<Key>.allocate(capacity: size * 2),
        UnsafeMutablePointer<LabelTail>.allocate(capacity: size * 2)
      )
      moreKeys.update(from: keys, count: used)
      moreTails.update(from: tails, count: used)
      keys.deallocate()
      tails.deallocate()
      (keys, tails) = (moreKeys, moreTails)
      size *= 2
    }
    (keys + used).update(from: keys + Int(bag.start), count: Int(bag.count))
    (tails + used).update(from: tails + Int(bag.start), count: Int(bag.count))
    bag.start = Int32(used)
    bag.capacity = capacity
    used += Int(capacity)
  }
}
