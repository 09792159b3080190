import Kernel

/// Standard normal numbers by the ziggurat (Marsaglia and Tsang, "The ziggurat method", 2000; with 256 layers).
///
/// 99 of 100 numbers cost one random word, a comparison and a multiplication.
struct NormalNumbers {
  private static let layers: (x: [Double], ratio: [Double], height: [Double]) = {
    // Layers of equal area: the lowest begins at r and holds the tail; each x follows from the one below.
    let r = 3.654_152_885_361_009
    let area = 0.004_928_673_233_974_655
    var x = [Double](repeating: 0, count: 257)
    let height = { (x: Double) in Functions.exponential(-x * x / 2) }
    x[0] = area / height(r)
    x[1] = r
    for layer in 2..<256 {
      let next = height(x[layer - 1]) + area / x[layer - 1]
      x[layer] = (-2 * Elementary.logarithm(next)).squareRoot()
    }
    return (x, (0..<256).map { x[$0 + 1] / x[$0] }, x.map(height))
  }()

  private let x: [Double]
  private let ratio: [Double]
  private let height: [Double]
  private var random: SeededRandom

  init(seed: UInt64) {
    (x, ratio, height) = NormalNumbers.layers
    random = SeededRandom(seed: seed)
  }

  @inline(__always)
  mutating func next() -> Double {
    let word = random.next()
    let layer = Int(word & 0xFF)
    let u = Double(Int64(bitPattern: word) >> 10) * 0x1p-53
    return abs(u) < ratio[layer] ? u * x[layer] : next(after: word)
  }

  /// The rest of the way, for one number of a hundred: as it was begun, and from the start if that fails.
  private mutating func next(after first: UInt64) -> Double {
    var word = first
    while true {
      defer { word = random.next() }
      let layer = Int(word & 0xFF)
      // 53 bits between -1 and 1.
      let u = Double(Int64(bitPattern: word) >> 10) * 0x1p-53
      if abs(u) < ratio[layer] { return u * x[layer] }
      if layer == 0 { return tail(isNegative: u < 0) }
      let value = u * x[layer]
      if height[layer] + unit() * (height[layer + 1] - height[layer]) < Functions.exponential(-value * value / 2) {
        return value
      }
    }
  }

  private mutating func tail(isNegative: Bool) -> Double {
    while true {
      let far = -Elementary.logarithm(unit()) / x[1]
      let height = -Elementary.logarithm(unit())
      if 2 * height > far * far { return isNegative ? -(x[1] + far) : x[1] + far }
    }
  }

  /// Above 0, at most 1.
  private mutating func unit() -> Double { Double((random.next() >> 11) + 1) * 0x1p-53 }
}
