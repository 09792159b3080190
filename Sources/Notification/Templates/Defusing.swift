extension String {
  /// As somebody's words stand among ours in a message to others: nothing in it becomes a link, and nothing hides.
  ///
  /// Mail programs make links of whatever looks like an address of the web or of mail, so that whoever names a trip could
  /// have a mail of ours lead anywhere. The dots in such words become U+2024, which looks the same and is no dot;
  /// `https://` and the like are left out; marks that turn or hide letters are, too. What is kept is not changed.
  package var defused: String {
    var characters = Array(
      unicodeScalars.lazy.filter { !$0.isHidden }.reduce(into: "") { $0.unicodeScalars.append($1) })
    characters = String.withoutSchemes(characters)
    for index in characters.indices where characters[index].isDot && index > 0 && index + 1 < characters.count {
      let (before, after) = (characters[index - 1], characters[index + 1])
      guard before.isWordPart, after.isWordPart else { continue }
      // 旅行。東京 is two sentences.
      if characters[index] != ".", !before.isASCII || !after.isASCII { continue }
      // 18.30, 12.06.2026 and 3.50 stay; their dots make no address without a scheme.
      if before.isNumber && after.isNumber { continue }
      characters[index] = "\u{2024}"
    }
    return String(characters)
  }

  private static let schemesWithoutSlashes = ["mailto", "tel", "sms", "javascript", "data", "skype", "callto"]

  /// Without what stands before `://`, and with a blank behind the other words that begin addresses.
  private static func withoutSchemes(_ characters: [Character]) -> [Character] {
    var out: [Character] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      guard character == ":" else {
        out.append(character)
        index += 1
        continue
      }
      let word = out.reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }.reversed()
      let slashes = characters[(index + 1)...].prefix { $0 == "/" || $0 == "\\" }.count
      if slashes >= 2, word.first?.isLetter == true {
        out.removeLast(word.count)
        index += 1 + slashes
      } else {
        out.append(":")
        index += 1
        let goesOn = index < characters.count && !characters[index].isWhitespace
        if goesOn, schemesWithoutSlashes.contains(String(word).lowercased()) { out.append(" ") }
      }
    }
    return out
  }
}

extension Character {
  fileprivate var isDot: Bool { self == "." || self == "\u{3002}" || self == "\u{FF0E}" || self == "\u{FF61}" }
  fileprivate var isWordPart: Bool { isLetter || isNumber || self == "-" || self == "_" }
}

extension Unicode.Scalar {
  /// What turns the direction of writing, or cannot be seen; what joins the parts of one sign stays.
  fileprivate var isHidden: Bool {
    switch value {
    case 0x202A...0x202E, 0x2066...0x2069, 0x200B, 0x2060, 0xFEFF, 0xAD: true
    default: false
    }
  }
}
