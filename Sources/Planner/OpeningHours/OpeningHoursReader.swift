/// Reads `opening_hours` character by character.
///
/// Its parts, in order: years, months and days, weeks, weekdays and holidays, times, `open`, `off` or `unknown`, and a
/// comment in quotes. Each part is optional; a rule has at least one.
struct OpeningHoursReader {
  let characters: [Character]
  var place = 0

  static let lengthMax = 2000

  init(_ text: String) {
    characters = text.map { $0 == "–" || $0 == "—" ? "-" : $0 }
  }

  mutating func rules() throws(OpeningHoursError) -> [OpeningRule] {
    if characters.count > Self.lengthMax {
      throw .outOfRange(character: Self.lengthMax, what: "it is longer than \(Self.lengthMax) characters")
    }
    skipBlanks()
    if isAtEnd { throw .empty }
    var rules: [OpeningRule] = []
    var joining = OpeningRule.Joining.replacing
    while true {
      skipBlanks()
      // A semicolon may end the whole.
      if isAtEnd, joining == .replacing, !rules.isEmpty { return rules }
      var rule = try rule()
      rule.joining = joining
      rules.append(rule)
      skipBlanks()
      if isAtEnd { return rules }
      if take("||") {
        joining = .filling
      } else if take(";") {
        joining = .replacing
      } else if take(",") {
        joining = .adding
      } else {
        throw unexpected("; or || or the end")
      }
    }
  }

  private mutating func rule() throws(OpeningHoursError) -> OpeningRule {
    var rule = OpeningRule()
    let start = place
    if take("24/7") {
      rule.times = [.init(start: .clock(0), end: .clock(1440))]
    } else {
      try years(&rule)
      try dates(&rule)
      try weeks(&rule)
      _ = take(":")
      try days(&rule)
      _ = take(":")
      try times(&rule)
    }
    try status(&rule)
    if place == start { throw unexpected("days, times, off or a comment in quotes") }
    return rule
  }

  private mutating func status(_ rule: inout OpeningRule) throws(OpeningHoursError) {
    skipBlanks()
    if takeWord("off") || takeWord("closed") {
      rule.status = .closed
    } else if takeWord("unknown") {
      rule.status = .unknown
    } else if takeWord("open") {
      rule.status = .open
    }
    skipBlanks()
    guard peek == "\"" else { return }
    let quote = place
    place += 1
    var comment = ""
    while let character = peek, character != "\"" {
      comment.append(character)
      place += 1
    }
    guard take("\"") else {
      throw .unexpected(character: quote + 1, found: "\"", expected: "a second quote to end the comment")
    }
    rule.comment = comment
    // A comment alone says neither open nor closed: by appointment, on request.
    let hasNoMore = rule.times.isEmpty && rule.status == .open
    if hasNoMore { rule.status = .unknown }
  }

  // MARK: Characters

  var isAtEnd: Bool { place >= characters.count }
  var peek: Character? { isAtEnd ? nil : characters[place] }

  mutating func skipBlanks() {
    while let character = peek, character.isWhitespace { place += 1 }
  }

  /// Takes a text if it comes next, after blanks.
  mutating func take(_ text: String) -> Bool {
    let back = place
    skipBlanks()
    for character in text {
      guard peek == character else {
        place = back
        return false
      }
      place += 1
    }
    return true
  }

  /// Takes a word if it comes next and ends there, in capital letters or not.
  mutating func takeWord(_ word: String) -> Bool {
    let back = place
    skipBlanks()
    var index = place
    for character in word {
      guard index < characters.count, characters[index].lowercased() == character.lowercased() else {
        place = back
        return false
      }
      index += 1
    }
    if index < characters.count, characters[index].isLetter {
      place = back
      return false
    }
    place = index
    return true
  }

  /// A number of one to so many digits, or nil without moving.
  mutating func number(digitsMax: Int) -> Int? {
    var (value, digits) = (0, 0)
    while digits < digitsMax, let character = peek, character.isASCII, let digit = character.wholeNumberValue {
      value = value * 10 + digit
      digits += 1
      place += 1
    }
    return digits == 0 ? nil : value
  }

  func unexpected(_ expected: String) -> OpeningHoursError {
    let found = String(characters[min(place, characters.count)...].prefix(12))
    return .unexpected(character: place + 1, found: found, expected: expected)
  }
}
