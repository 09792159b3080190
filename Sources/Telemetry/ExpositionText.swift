/// Prometheus text format 0.0.4 in the making.
struct ExpositionText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ family: MetricFamily) {
    var samples = ""
    let ordered = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (values, series) in ordered {
      let labels = zip(family.labelNames, values).map { "\($0)=\"\(escaped($1))\"" }
      samples += text(family.name, labels, series)
    }
    // A metric whose closures have nothing to say is not there at all.
    if samples.isEmpty { return }
    let help = escaped(family.help, quotes: false)
    bytes += "# HELP \(family.name) \(help)\n# TYPE \(family.name) \(family.kind.rawValue)\n\(samples)".utf8
  }

  private func text(_ name: String, _ labels: [String], _ series: MetricSeries) -> String {
    switch series {
    case .counter(let counter): return sample(name, labels, String(counter.value))
    case .gauge(let gauge): return sample(name, labels, spelt(gauge.value))
    case .closure(let read): return read().map { sample(name, labels, spelt($0)) } ?? ""
    case .histogram(let histogram): return text(name, labels, histogram)
    }
  }

  private func text(_ name: String, _ labels: [String], _ histogram: Histogram) -> String {
    let (counts, sum) = histogram.reading
    var lines = ""
    var total: UInt64 = 0
    for (count, bound) in zip(counts, histogram.bounds + [.infinity]) {
      total += count
      lines += sample(name + "_bucket", labels + ["le=\"\(spelt(bound))\""], String(total))
    }
    return lines + sample(name + "_sum", labels, spelt(sum)) + sample(name + "_count", labels, String(total))
  }

  private func sample(_ name: String, _ labels: [String], _ value: String) -> String {
    labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels.joined(separator: ","))} \(value)\n"
  }

  private func spelt(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Backslash and line break are escaped everywhere, the quote in label values only.
  private func escaped(_ text: String, quotes: Bool = true) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
