/// One thing that is wrong with a feed: where, what, what follows from it, and what to do about it.
package struct Notice: Hashable, Sendable {
  package let severity: Severity
  package let code: NoticeCode
  package let file: String?
  /// From 1, the header line.
  package let line: Int?
  package let field: String?
  /// What stands there, cut to a hundred characters.
  package let value: String?
  /// Problem, consequence and mend, as one sentence.
  package let message: String
}

/// How often something of a kind is wrong.
package struct NoticeCount: Hashable, Sendable {
  package let severity: Severity
  package let code: NoticeCode
  package let count: Int
}

/// Collects what is wrong: examples up to a limit per kind, and the number of all.
final class NoticeLog {
  /// Examples kept of a kind: enough to see what is wrong, and little enough for a feed that is wrong all over.
  static let examplesMax = 100

  private struct Kind: Hashable {
    let code: NoticeCode
    let severity: Severity
  }

  private(set) var notices: [Notice] = []
  private var counts: [Kind: Int] = [:]

  func add(
    _ code: NoticeCode, _ consequence: NoticeConsequence, file: String? = nil, line: Int? = nil, field: String? = nil,
    value: String? = nil
  ) {
    let kind = Kind(code: code, severity: consequence.severity)
    counts[kind, default: 0] += 1
    guard counts[kind, default: 0] <= Self.examplesMax else { return }
    let text = code.text
    notices.append(
      Notice(
        severity: consequence.severity, code: code, file: file, line: line, field: field,
        value: value.map { shown($0) }, message: "\(text.problem); \(consequence.sentence): \(text.mend)"))
  }

  /// All kinds, errors first, then by their names.
  var totals: [NoticeCount] {
    let order: [Severity: Int] = [.error: 0, .warning: 1, .note: 2]
    return counts.map { NoticeCount(severity: $0.key.severity, code: $0.key.code, count: $0.value) }.sorted {
      (order[$0.severity, default: 3], $0.code.rawValue) < (order[$1.severity, default: 3], $1.code.rawValue)
    }
  }

  func count(_ severity: Severity) -> Int {
    counts.reduce(0) { $0 + ($1.key.severity == severity ? $1.value : 0) }
  }

  /// Without control characters, which could play tricks with a terminal, and not too long.
  private func shown(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars.prefix(100) {
      result.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return result
  }
}
