/// Quantiles of measured times, exact: every sample is kept and they are sorted once.
struct Quantiles {
  private let sorted: [UInt64]

  /// - Complexity: O(n log n).
  init(nanoseconds: [UInt64]) { sorted = nanoseconds.sorted() }

  var count: Int { sorted.count }

  /// The smallest sample that at least this share of all does not exceed, in microseconds; 0 without samples.
  func microseconds(_ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return Double(sorted[min(max(rank, 1), sorted.count) - 1]) / 1000
  }

  var maximumMicroseconds: Double { Double(sorted.last ?? 0) / 1000 }
}
