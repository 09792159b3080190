import Synchronization

/// A number that only grows: requests answered, bytes sent.
///
/// The handle is obtained once; adding is one atomic operation, without lock or allocation.
public final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  /// What was counted so far.
  public var value: UInt64 { count.load(ordering: .relaxed) }

  /// Counts one, or several.
  public func increment(by amount: UInt64 = 1) {
    count.wrappingAdd(amount, ordering: .relaxed)
  }
}

/// A number that goes up and down: open connections, queued jobs.
public final class Gauge: Sendable {
  private let bits = Atomic<UInt64>(0)

  /// What was set last.
  public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  /// Sets the number.
  public func set(_ value: Double) {
    bits.store(value.bitPattern, ordering: .relaxed)
  }

  /// Adds to the number, or takes away.
  public func add(_ amount: Double) {
    addDouble(amount, to: bits)
  }
}

/// How values spread: how many were at most each of some bounds, and their sum.
public final class Histogram: Sendable {
  /// Seconds from a millisecond to ten, for answers to requests.
  public static let secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  let bounds: [Double]
  private let buckets: AtomicArray
  private let sum = Atomic<UInt64>(0)

  init(bounds: [Double]) {
    precondition(!bounds.isEmpty && bounds.count <= 64, "a histogram has 1 to 64 bounds, not \(bounds.count)")
    precondition(
      bounds.allSatisfy(\.isFinite) && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
      "a histogram's bounds are finite and rise: \(bounds)")
    self.bounds = bounds
    buckets = AtomicArray(count: bounds.count + 1)
  }

  /// Takes in a value; what is not a number is left out.
  ///
  /// - Complexity: O(bounds).
  public func observe(_ value: Double) {
    if value.isNaN { return }
    var bucket = 0
    while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
    buckets.increment(bucket)
    addDouble(value, to: sum)
  }

  /// Takes in a duration in seconds.
  public func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    observe(Double(seconds) + Double(attoseconds) / 1e18)
  }

  /// How many values lay between the bound before and each bound, the last beyond all; and their sum.
  var reading: (counts: [UInt64], sum: Double) {
    (buckets.values, Double(bitPattern: sum.load(ordering: .relaxed)))
  }
}

/// A fixed number of counters side by side.
private final class AtomicArray: @unchecked Sendable {  // Sendable: the memory holds atomics only and never moves.
  private let counters: UnsafeMutablePointer<Atomic<UInt64>>
  private let count: Int

  init(count: Int) {
    self.count = count
    counters = .allocate(capacity: count)
    for index in 0..<count { (counters + index).initialize(to: Atomic(0)) }
  }

  deinit {
    counters.deinitialize(count: count)
    counters.deallocate()
  }

  func increment(_ index: Int) {
    precondition(index < count, "no such bucket")
    counters[index].wrappingAdd(1, ordering: .relaxed)
  }

  var values: [UInt64] {
    (0..<count).map { counters[$0].load(ordering: .relaxed) }
  }
}

/// Adds to a double kept as bits.
private func addDouble(_ amount: Double, to bits: borrowing Atomic<UInt64>) {
  var seen = bits.load(ordering: .relaxed)
  while true {
    let wanted = (Double(bitPattern: seen) + amount).bitPattern
    let (isDone, current) = bits.weakCompareExchange(expected: seen, desired: wanted, ordering: .relaxed)
    if isDone { return }
    seen = current
  }
}
