/// For every index pairs of numbers of which none is in both as small as another: ascending in the first, and so
/// descending in the second.
///
/// The fronts lie one behind the other in one memory; one that grows moves to the end, and keeps its place for later
/// searches. Nothing is cleared between searches: a front of an older search counts as empty.
final class PairFronts<Tail: BitwiseCopyable> {
  struct Pair: BitwiseCopyable {
    let first: Int32
    let second: Int32
  }

  struct Front: BitwiseCopyable {
    var start: Int32 = 0
    var count: Int32 = 0
    var capacity: Int32 = 0
    var search: Int32 = 0
  }

  let fronts: UnsafeMutablePointer<Front>
  private(set) var pairs: UnsafeMutablePointer<Pair>
  /// What each pair says besides.
  private(set) var tails: UnsafeMutablePointer<Tail>
  private(set) var search: Int32 = 0
  private let firstCapacity: Int32
  private var size = 1 << 14
  private var used = 0

  init(count: Int, firstCapacity: Int32) {
    self.firstCapacity = firstCapacity
    fronts = .allocate(capacity: count)
    fronts.initialize(repeating: Front(), count: count)
    pairs = .allocate(capacity: size)
    tails = .allocate(capacity: size)
  }

  deinit {
    fronts.deallocate()
    pairs.deallocate()
    tails.deallocate()
  }

  func begin() { search += 1 }

  @inline(__always)
  func count(_ index: Int) -> Int { fronts[index].search == search ? Int(fronts[index].count) : 0 }

  /// The least first number of the pairs whose second number is not above one; nil if there is none.
  @inline(__always)
  func least(_ index: Int, within second: Int32) -> Int32? {
    let front = fronts[index]
    if front.search != search { return nil }
    let own = pairs + Int(front.start)
    var place = Int(front.count)
    while place > 0, own[place &- 1].second <= second { place = place &- 1 }
    return place < Int(front.count) ? own[place].first : nil
  }

  /// Adds a pair, and removes those that are in both not below it.
  ///
  /// - Returns: false if a pair is in both not above it; then nothing is added.
  @inline(__always)
  func add(_ index: Int, _ first: Int32, _ second: Int32, _ tail: Tail) -> Bool {
    let front = fronts + index
    if front.pointee.search != search {
      if front.pointee.capacity == 0 { grow(front) }
      front.pointee.search = search
      front.pointee.count = 1
      pairs[Int(front.pointee.start)] = Pair(first: first, second: second)
      tails[Int(front.pointee.start)] = tail
      return true
    }
    let own = pairs + Int(front.pointee.start)
    var place = Int(front.pointee.count)
    while place > 0, own[place &- 1].first > first { place = place &- 1 }
    if place > 0, own[place &- 1].second <= second { return false }
    insert(front, at: place, Pair(first: first, second: second), tail)
    return true
  }

  @inline(never)
  private func insert(_ front: UnsafeMutablePointer<Front>, at place: Int, _ pair: Pair, _ tail: Tail) {
    let count = Int(front.pointee.count)
    var (own, ownTails) = (pairs + Int(front.pointee.start), tails + Int(front.pointee.start))
    // What it removes stands together.
    let begin = place > 0 && own[place - 1].first == pair.first ? place - 1 : place
    var end = place
    while end < count, own[end].second >= pair.second { end += 1 }
    if end == begin {
      if Int32(count) == front.pointee.capacity {
        grow(front)
        (own, ownTails) = (pairs + Int(front.pointee.start), tails + Int(front.pointee.start))
      }
      for index in stride(from: count, to: begin, by: -1) {
        own[index] = own[index - 1]
        ownTails[index] = ownTails[index - 1]
      }
    } else {
      for index in end..<max(end, count) {
        own[index - end + begin + 1] = own[index]
        ownTails[index - end + begin + 1] = ownTails[index]
      }
    }
    own[begin] = pair
    ownTails[begin] = tail
    front.pointee.count = Int32(count + 1 - (end - begin))
  }

  @inline(never)
  private func grow(_ front: UnsafeMutablePointer<Front>) {
    let capacity = max(firstCapacity, front.pointee.capacity * 2)
    if used + Int(capacity) > size {
      let (morePairs, moreTails) = (
        UnsafeMutablePointer<Pair>.allocate(capacity: size * 2), UnsafeMutablePointer<Tail>.allocate(capacity: size * 2)
      )
      morePairs.update(from: pairs, count: used)
      moreTails.update(from: tails, count: used)
      pairs.deallocate()
      tails.deallocate()
      (pairs, tails) = (morePairs, moreTails)
      size *= 2
    }
    if front.pointee.search == search {
      (pairs + used).update(from: pairs + Int(front.pointee.start), count: Int(front.pointee.count))
      (tails + used).update(from: tails + Int(front.pointee.start), count: Int(front.pointee.count))
    }
    front.pointee.start = Int32(used)
    front.pointee.capacity = capacity
    used += Int(capacity)
  }
}
