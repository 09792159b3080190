/// What somebody may have meant who mistyped one letter of a word: left it out, put one in, took another, or swapped two.
package struct WordEdits: Sendable {
  /// Longer words are not edited: they have too many edits to look all of them up.
  package static let lengthMax = 40

  /// All words that are one such mistake away, each once; none of a word that is too long.
  package let words: [String]

  /// The edits of a folded word.
  package init(of word: String) {
    let letters = Array(word.unicodeScalars)
    guard !letters.isEmpty, letters.count <= Self.lengthMax else {
      words = []
      return
    }
    let alphabet = Self.alphabet(of: letters)
    var seen: Set<String> = [word]
    var found: [String] = []
    func add(_ edited: [Unicode.Scalar]) {
      guard !edited.isEmpty else { return }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: edited)
      if seen.insert(String(text)).inserted { found.append(String(text)) }
    }
    for place in 0...letters.count {
      for letter in alphabet { add(letters[..<place] + [letter] + letters[place...]) }
      guard place < letters.count else { break }
      add(Array(letters[..<place] + letters[(place + 1)...]))
      for letter in alphabet { add(letters[..<place] + [letter] + letters[(place + 1)...]) }
      if place + 1 < letters.count {
        add(letters[..<place] + [letters[place + 1], letters[place]] + letters[(place + 2)...])
      }
    }
    words = found
  }

  /// The letters that are typed on the same keyboard.
  private static func alphabet(of letters: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let scripts: [ClosedRange<UInt32>] = [
      0x61...0x7A,  // Latin; folding takes the accents off
      0x30...0x39,  // digits
      0x3B1...0x3C9,  // Greek
      0x430...0x45F,  // Cyrillic
      0x5D0...0x5EA,  // Hebrew
      0x627...0x64A,  // Arabic
    ]
    let used = scripts.filter { script in letters.contains { script.contains($0.value) } }
    // Of a script with thousands of letters, a mistake is rather one of those that the word has.
    return used.isEmpty ? Array(Set(letters)).sorted() : used.flatMap { $0.compactMap(Unicode.Scalar.init) }
  }
}
