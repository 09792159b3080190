import HTTP
import Notification

extension Request {
  /// The language that a page is to be in: what the address says (`?lang=de`), else what the browser likes best of those
  /// that we speak, else English.
  func pageLanguage() throws(Problem) -> Language {
    if let language = try query.optional("lang", as: Language.self) { return language }
    return header("Accept-Language").flatMap { Language(accepted: $0) } ?? .english
  }
}

extension Language: PathParameter {}

extension Language {
  /// The first among the most wanted of an `Accept-Language` (RFC 9110, section 12.5.4) that we speak; what is malformed in
  /// it counts as not said.
  init?(accepted field: String) {
    var best: (language: Language, weight: Double)?
    for item in field.split(separator: ",").prefix(50) {
      let parts = item.split(separator: ";").map { $0.trimmed }
      guard let tag = parts.first, let language = Language(tag: String(tag)) else { continue }
      guard let weight = Self.weight(parts.dropFirst()), weight > best?.weight ?? 0 else { continue }
      best = (language, weight)
    }
    guard let best else { return nil }
    self = best.language
  }

  /// The weight among the parameters, 1 where there is none; nil where it is none from 0 to 1.
  private static func weight(_ parameters: ArraySlice<Substring>) -> Double? {
    guard let parameter = parameters.first else { return 1 }
    let text = parameter.lowercased()
    guard text.hasPrefix("q="), (3...7).contains(text.utf8.count),
      text.dropFirst(2).utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
      let weight = Double(text.dropFirst(2)), (0...1).contains(weight)
    else { return nil }
    return weight
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self
    while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
    return rest
  }
}
