/// Why a text is no opening hours, or none that are understood; characters count from 1.
public enum OpeningHoursError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing.
  case empty
  /// Something else was expected.
  case unexpected(character: Int, found: String, expected: String)
  /// A number is out of range.
  case outOfRange(character: Int, what: String)
  /// It is part of the language but not read here.
  case unsupported(character: Int, what: String)

  /// One sentence with the place and the mend.
  public var description: String {
    switch self {
    case .empty: "opening hours are empty; write them like Mo-Fr 09:00-18:00"
    case .unexpected(let character, let found, let expected):
      "character \(character) of the opening hours: expected \(expected), found \(found.isEmpty ? "the end" : "\"\(found)\"")"
    case .outOfRange(let character, let what): "character \(character) of the opening hours: \(what)"
    case .unsupported(let character, let what):
      "character \(character) of the opening hours: \(what) is not understood here; write the days and times out"
    }
  }
}
