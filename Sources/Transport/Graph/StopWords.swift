/// The words of a stop's name that tell it from others: without case, accents, and what only says that it is a stop.
struct StopWords: Hashable {
  private static let plain: Set = [
    "station", "stn", "stop", "bahnhof", "bf", "bhf", "hbf", "hauptbahnhof", "gare", "estacion", "estacio", "estacao",
    "stazione", "metro", "subway", "railway", "rail", "train", "bus", "terminal", "the", "de", "of",
  ]

  /// Letters that stand for others beside their accents.
  private static let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "à": "a", "á": "a",
    "â": "a", "ã": "a", "ä": "a", "å": "a", "ā": "a", "ă": "a", "ą": "a", "ç": "c", "ć": "c", "č": "c", "ď": "d",
    "è": "e", "é": "e", "ê": "e", "ë": "e", "ē": "e", "ė": "e", "ę": "e", "ě": "e", "ğ": "g", "ì": "i", "í": "i",
    "î": "i", "ï": "i", "ī": "i", "ľ": "l", "ñ": "n", "ń": "n", "ň": "n", "ò": "o", "ó": "o", "ô": "o", "õ": "o",
    "ö": "o", "ō": "o", "ő": "o", "ř": "r", "ś": "s", "š": "s", "ş": "s", "ș": "s", "ť": "t", "ţ": "t", "ț": "t",
    "ù": "u", "ú": "u", "û": "u", "ü": "u", "ū": "u", "ů": "u", "ű": "u", "ý": "y", "ÿ": "y", "ź": "z", "ż": "z",
    "ž": "z",
  ]

  private let words: Set<String>

  init(_ name: String) {
    let words = Set(StopWords.plainWords(of: name))
    let telling = words.subtracting(Self.plain)
    self.words = telling.isEmpty ? words : telling
  }

  /// The words of a name in their order, in small letters without accents.
  static func plainWords(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in (name.lowercased() + " ").unicodeScalars {
      if let letters = Self.letters[scalar] {
        word += letters
      } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        word.unicodeScalars.append(scalar)
      } else if !scalar.properties.isCaseIgnorable || scalar == "." {
        // An accent written apart is left out; everything else ends a word.
        if !word.isEmpty { words.append(word) }
        word = ""
      }
    }
    return words
  }

  /// Whether the names say the same, or one says all that the other does and at least a whole word.
  func isAlike(_ other: StopWords) -> Bool {
    if words.isEmpty || other.words.isEmpty { return false }
    if words == other.words { return true }
    let (less, more) = words.count < other.words.count ? (words, other.words) : (other.words, words)
    return less.isSubset(of: more) && less.contains { $0.count >= 4 }
  }
}
