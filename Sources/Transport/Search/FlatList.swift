/// A list that keeps its room, for loops in which nothing is counted or checked.
struct FlatList<Element: BitwiseCopyable>: ~Copyable {
  private(set) var elements: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
    elements = .allocate(capacity: capacity)
  }

  deinit { elements.deallocate() }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    (elements + count).initialize(to: element)
    count &+= 1
  }

  @inline(__always)
  mutating func clear() { count = 0 }

  /// Keeps the first so many.
  @inline(__always)
  mutating func cut(to count: Int) { self.count = count }

  private mutating func grow() {
    let more = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
    more.update(from: elements, count: count)
    elements.deallocate()
    elements = more
    capacity *= 2
  }
}
