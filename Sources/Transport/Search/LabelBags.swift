/// For every stop the ways of being there of which none is both earlier and with less walking than another.
///
/// Bags lie one behind the other in one memory; one that grows moves to the end. Nothing is cleared between searches:
/// a bag of an older search counts as empty.
final class LabelBags {
  struct Label {
    let time: Int32
    let walk: Int32
    /// The ride that led here and the position at which it was left; -1 where the journey begins.
    let segment: Int32
    let position: Int32
    let round: Int32
  }

  private struct Bag {
    var start: Int32
    var count: Int32
    var capacity: Int32
    var search: Int32
  }

  private static let firstCapacity: Int32 = 4
  private let bags: UnsafeMutablePointer<Bag>
  private var memory: UnsafeMutablePointer<Label>
  private var size = 1 << 14
  private var used = 0
  private var search: Int32 = 0

  init(count: Int) {
    bags = .allocate(capacity: count)
    bags.initialize(repeating: Bag(start: 0, count: 0, capacity: 0, search: 0), count: count)
    memory = .allocate(capacity: size)
  }

  deinit {
    bags.deallocate()
    memory.deallocate()
  }

  func begin() {
    search += 1
    used = 0
  }

  func labels(_ index: Int) -> UnsafeBufferPointer<Label> {
    let bag = bags[index]
    if bag.search != search { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: memory + Int(bag.start), count: Int(bag.count))
  }

  /// Whether some label is nowhere worse.
  func covers(_ index: Int, time: Int32, walk: Int32) -> Bool {
    let bag = bags[index]
    if bag.search != search { return false }
    let labels = memory + Int(bag.start)
    for place in 0..<Int(bag.count) where labels[place].time <= time && labels[place].walk <= walk { return true }
    return false
  }

  /// Adds a label that no other covers, and removes those that it covers.
  func add(_ label: Label, to index: Int) {
    var bag = bags[index]
    if bag.search != search { bag = Bag(start: 0, count: 0, capacity: 0, search: search) }
    var kept: Int32 = 0
    let labels = memory + Int(bag.start)
    for place in 0..<Int(bag.count) {
      let other = labels[place]
      if label.time <= other.time && label.walk <= other.walk { continue }
      labels[Int(kept)] = other
      kept += 1
    }
    bag.count = kept
    if bag.count == bag.capacity { grow(&bag) }
    memory[Int(bag.start + bag.count)] = label
    bag.count += 1
    bags[index] = bag
  }

  private func grow(_ bag: inout Bag) {
    let capacity = max(Self.firstCapacity, bag.capacity * 2)
    if used + Int(capacity) > size {
      let larger = UnsafeMutablePointer<Label>.allocate(capacity: size * 2)
      larger.update(from: memory, count: used)
      memory.deallocate()
      memory = larger
      size *= 2
    }
    (memory + used).update(from: memory + Int(bag.start), count: Int(bag.count))
    bag.start = Int32(used)
    bag.capacity = capacity
    used += Int(capacity)
  }
}
