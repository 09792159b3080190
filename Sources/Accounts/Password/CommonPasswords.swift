import CEmbedded

/// The passwords that everybody tries first, and the words they are made of.
package struct CommonPasswords: Sendable {
  /// Those that come with the program.
  package static let shipped: CommonPasswords = {
    let file = wayfare_common_passwords()
    let bytes = UnsafeBufferPointer(start: file.start, count: file.count)
    return CommonPasswords(
      lines: bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
  }()

  private let words: Set<String>

  /// Takes passwords in lower case.
  package init(lines: [String]) { words = Set(lines) }

  /// How many there are.
  package var count: Int { words.count }

  /// Whether a password is one of them, written in any case, with the usual signs for letters, or with digits and signs
  /// around it.
  package func contain(_ password: String) -> Bool {
    let lower = password.lowercased()
    let bare = CommonPasswords.core(of: lower)
    if words.contains(lower) || words.contains(CommonPasswords.unmasked(lower)) { return true }
    // What stands around a common word is worth something once there is much of it.
    return [bare, CommonPasswords.unmasked(bare), CommonPasswords.core(of: CommonPasswords.unmasked(lower))].contains {
      lower.utf8.count - $0.utf8.count <= 6 && words.contains($0)
    }
  }

  /// Without digits and signs at either end.
  private static func core(of text: String) -> String {
    var rest = text.unicodeScalars[...]
    while let last = rest.last, !last.properties.isAlphabetic { rest.removeLast() }
    while let first = rest.first, !first.properties.isAlphabetic { rest.removeFirst() }
    return String(String.UnicodeScalarView(rest))
  }

  /// With the letters that digits and signs commonly stand for.
  private static func unmasked(_ text: String) -> String {
    let masks: [Character: Character] = [
      "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s",
    ]
    return String(text.map { masks[$0] ?? $0 })
  }
}
