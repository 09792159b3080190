import Synchronization

/// Label names and values of one series: `["method": "GET", "status": "200"]`.
public typealias MetricLabels = KeyValuePairs<String, String>

/// All metrics of a process and their Prometheus text.
///
/// ```swift
/// let answered = registry.counter("http_requests_total", help: "Requests answered.", ["status": "200"])
/// answered.increment()
/// ```
/// Asking twice for the same series gives the same handle. A metric has a bounded number of series: past it, every new
/// combination of label values shares one series whose values are all `_other`.
///
/// Names are written by programmers, so a bad one is a precondition: snake case, counters end in `_total`, nothing else
/// does, every series of a metric has the same kind and label names, and there is a help text.
public final class MetricRegistry: Sendable {
  /// The media type of ``exposition()``.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private let seriesMax: Int
  private let families = Mutex<[String: MetricFamily]>([:])

  /// A registry without metrics, whose metrics have at most so many series each.
  public init(seriesMax: Int = 1000) {
    precondition(seriesMax > 0, "a metric has at least one series")
    self.seriesMax = seriesMax
  }

  /// The counter of a series.
  public func counter(_ name: String, help: String, _ labels: MetricLabels = [:]) -> Counter {
    series(name, help, .counter, labels) { .counter(Counter()) }.counter
  }

  /// A counter that is read when it is asked for; nil leaves it out.
  ///
  /// Of two closures for one series the first stays.
  public func counter(
    _ name: String, help: String, _ labels: MetricLabels = [:], read: @escaping @Sendable () -> Double?
  ) {
    _ = series(name, help, .counter, labels) { .closure(read) }
  }

  /// The gauge of a series.
  public func gauge(_ name: String, help: String, _ labels: MetricLabels = [:]) -> Gauge {
    series(name, help, .gauge, labels) { .gauge(Gauge()) }.gauge
  }

  /// A gauge that is read when it is asked for; nil leaves it out.
  ///
  /// Of two closures for one series the first stays.
  public func gauge(
    _ name: String, help: String, _ labels: MetricLabels = [:], read: @escaping @Sendable () -> Double?
  ) {
    _ = series(name, help, .gauge, labels) { .closure(read) }
  }

  /// The histogram of a series; all series of a metric have the same bounds.
  public func histogram(
    _ name: String, help: String, bounds: [Double] = Histogram.secondsBounds, _ labels: MetricLabels = [:]
  ) -> Histogram {
    let histogram = series(name, help, .histogram, labels) { .histogram(Histogram(bounds: bounds)) }.histogram
    precondition(histogram.bounds == bounds, "\(name) has other bounds already")
    return histogram
  }

  /// Everything in Prometheus text format 0.0.4, metrics and series in the order of their names.
  public func exposition() -> [UInt8] {
    // Closures are called without the lock, so that they may use the registry.
    let all = families.withLock { Array($0.values) }
    var text = ExpositionText()
    for family in all.sorted(by: { $0.name < $1.name }) { text.append(family) }
    return text.bytes
  }

  private func series(
    _ name: String, _ help: String, _ kind: MetricKind, _ labels: MetricLabels, make: () -> MetricSeries
  ) -> MetricSeries {
    let names = labels.map(\.key)
    checkMetric(name, help, kind, names)
    return families.withLock { families in
      var family = families[name] ?? MetricFamily(name: name, help: help, kind: kind, labelNames: names.sorted())
      precondition(family.kind == kind, "\(name) is a \(family.kind.rawValue) already")
      precondition(family.labelNames == names.sorted(), "\(name) has the labels \(family.labelNames) already")
      let values = labels.sorted { $0.key < $1.key }.map(\.value)
      let series = family.series(values, seriesMax: seriesMax, make: make)
      families[name] = family
      return series
    }
  }
}

enum MetricKind: String {
  case counter, gauge, histogram
}

enum MetricSeries: Sendable {
  case counter(Counter)
  case gauge(Gauge)
  case histogram(Histogram)
  case closure(@Sendable () -> Double?)

  fileprivate var counter: Counter {
    guard case .counter(let counter) = self else { preconditionFailure("this counter is read by a closure") }
    return counter
  }

  fileprivate var gauge: Gauge {
    guard case .gauge(let gauge) = self else { preconditionFailure("this gauge is read by a closure") }
    return gauge
  }

  fileprivate var histogram: Histogram {
    guard case .histogram(let histogram) = self else { preconditionFailure("a family of mixed kinds") }
    return histogram
  }
}

/// A metric with its series by the values of its labels.
struct MetricFamily: Sendable {
  let name: String
  let help: String
  let kind: MetricKind
  /// Sorted; the values of a series are in the same order.
  let labelNames: [String]
  private(set) var series: [[String]: MetricSeries] = [:]

  init(name: String, help: String, kind: MetricKind, labelNames: [String]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labelNames = labelNames
  }

  mutating func series(_ values: [String], seriesMax: Int, make: () -> MetricSeries) -> MetricSeries {
    if let known = series[values] { return known }
    // The shared series is one of them, too.
    let isFull = series.count >= seriesMax - 1 && !values.isEmpty
    let key = isFull ? values.map { _ in "_other" } : values
    if let known = series[key] { return known }
    let made = make()
    series[key] = made
    return made
  }
}

/// Stops at names that Prometheus or its linter would complain about.
private func checkMetric(_ name: String, _ help: String, _ kind: MetricKind, _ labels: [String]) {
  precondition(isSnakeCase(name), "\(name) is no metric name: use small letters, digits and single underscores")
  precondition(!help.isEmpty, "\(name) has no help text")
  precondition((kind == .counter) == name.hasSuffix("_total"), "\(name): counters end in _total, others do not")
  for suffix in ["_bucket", "_count", "_sum"] {
    precondition(!name.hasSuffix(suffix), "\(name) ends in \(suffix), which belongs to histograms' own series")
  }
  for label in labels {
    precondition(isSnakeCase(label), "\(label) is no label name: use small letters, digits and single underscores")
    precondition(label != "le", "\(name): le belongs to histograms")
  }
  precondition(Set(labels).count == labels.count, "\(name) has a label twice")
}

private func isSnakeCase(_ name: String) -> Bool {
  guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
  var before = UInt8(ascii: "a")
  for byte in name.utf8 {
    let isUnderscore = byte == UInt8(ascii: "_")
    let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    guard isLetter || isDigit || isUnderscore, !(isUnderscore && before == byte) else { return false }
    before = byte
  }
  return before != UInt8(ascii: "_")
}
