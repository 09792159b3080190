/// A ring of jobs waiting for their loop: first in, first out, growing by doubling and never shrinking,
/// because a loop that was busy once will be busy again.
struct JobQueue {
  private var slots: [UnownedJob?]
  private var head = 0
  private(set) var count = 0

  init(capacity: Int = 256) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "the capacity must be a power of two")
    slots = Array(repeating: nil, count: capacity)
  }

  var isEmpty: Bool { count == 0 }

  mutating func append(_ job: UnownedJob) {
    if count == slots.count { grow() }
    slots[(head + count) & (slots.count - 1)] = job
    count += 1
  }

  mutating func popFirst() -> UnownedJob? {
    guard count > 0 else { return nil }
    let job = slots[head]
    head = (head + 1) & (slots.count - 1)
    count -= 1
    return job
  }

  private mutating func grow() {
    var larger: [UnownedJob?] = []
    larger.reserveCapacity(slots.count * 2)
    for offset in 0..<count { larger.append(slots[(head + offset) & (slots.count - 1)]) }
    larger.append(contentsOf: repeatElement(nil, count: slots.count * 2 - count))
    slots = larger
    head = 0
  }
}
