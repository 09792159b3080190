/// A language that messages are written in.
package enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case german = "de"
  case french = "fr"
  case spanish = "es"
  case portuguese = "pt"
  case italian = "it"

  /// The language of a tag such as `de-AT` or `pt_BR`; nil for one that nothing is written in.
  package init?(tag: String?) {
    let first = tag?.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() }
    guard let first, let known = Language(rawValue: first) else { return nil }
    self = known
  }
}
