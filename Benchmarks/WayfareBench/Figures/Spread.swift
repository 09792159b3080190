import JSON

/// What several rounds come to: their median, and how far apart they are.
struct Spread: JSONWritable {
  let median: Double
  let minimum: Double
  let maximum: Double

  /// - Precondition: there is at least one value.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "a spread needs a value")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    minimum = sorted[0]
    maximum = sorted[sorted.count - 1]
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("median", median.rounded(toDecimals: 3))
      $0.field("min", minimum.rounded(toDecimals: 3))
      $0.field("max", maximum.rounded(toDecimals: 3))
    }
  }
}

extension Double {
  /// The number rounded, so that a report does not claim more than was measured.
  func rounded(toDecimals decimals: Int) -> Double {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return (self * scale).rounded() / scale
  }

  /// The number with exactly so many digits after the point.
  func text(decimals: Int) -> String {
    guard decimals > 0 else { return String(Int(rounded())) }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((magnitude * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return (self < 0 ? "-" : "") + "\(scaled / scale).\(zeros)\(fraction)"
  }
}
