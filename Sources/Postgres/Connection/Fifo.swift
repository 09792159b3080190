/// A queue with constant cost at both ends that does not move its elements at every step.
struct Fifo<Element> {
  private var slots: [Element?] = []
  private var head = 0

  var count: Int { slots.count - head }
  var isEmpty: Bool { head == slots.count }
  var first: Element? { isEmpty ? nil : slots[head] }

  mutating func append(_ element: Element) { slots.append(element) }

  /// Puts an element before all others.
  mutating func prepend(_ element: Element) {
    if head > 0 {
      head -= 1
      slots[head] = element
    } else {
      slots.insert(element, at: 0)
    }
  }

  mutating func popFirst() -> Element? {
    guard head < slots.count else { return nil }
    let element = slots[head]
    slots[head] = nil
    head += 1
    if head == slots.count {
      slots.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 256, head * 2 > slots.count {
      slots.removeFirst(head)
      head = 0
    }
    return element
  }

  /// Changes the first element in place.
  mutating func updateFirst(_ change: (inout Element) -> Void) {
    guard head < slots.count, var element = slots[head] else { return }
    slots[head] = nil
    change(&element)
    slots[head] = element
  }

  /// Changes the first element that matches; gives its distance from the front, or nil.
  mutating func update(where matches: (Element) -> Bool, _ change: (inout Element) -> Void) -> Int? {
    for index in head..<slots.count {
      guard var element = slots[index], matches(element) else { continue }
      change(&element)
      slots[index] = element
      return index - head
    }
    return nil
  }

  mutating func remove(where matches: (Element) -> Bool) -> Element? {
    for index in head..<slots.count {
      guard let element = slots[index], matches(element) else { continue }
      slots.remove(at: index)
      return element
    }
    return nil
  }

  mutating func removeAll() -> [Element] {
    let all = slots[head...].compactMap { $0 }
    slots.removeAll()
    head = 0
    return all
  }
}
