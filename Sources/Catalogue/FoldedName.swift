/// A name as search compares it: words in lower case without accents, one space between them, letters of every script
/// kept.
///
/// What two people write differently for one place (`Musée d'Orsay`, `MUSEE D ORSAY`) becomes the same text.
/// - Complexity: O(characters).
package func foldedName(_ name: String) -> String {
  var folded = ""
  folded.reserveCapacity(name.utf8.count)
  for character in name.lowercased() {
    let plain = character.decomposedLetter
    if let spelt = character.speltLetters {
      folded += spelt
    } else if plain.isLetter || plain.isNumber {
      folded.append(plain)
    } else if folded.last != " ", !folded.isEmpty {
      folded.append(" ")
    }
  }
  if folded.last == " " { folded.removeLast() }
  return folded
}

extension Character {
  /// The letter without its accents, for those of Europe.
  var decomposedLetter: Character {
    switch self {
    case "à", "á", "â", "ã", "ä", "å", "ā", "ă", "ą": "a"
    case "ç", "ć", "č": "c"
    case "ď", "đ": "d"
    case "è", "é", "ê", "ë", "ē", "ė", "ę", "ě": "e"
    case "ğ": "g"
    case "ì", "í", "î", "ï", "ī", "ı": "i"
    case "ł": "l"
    case "ñ", "ń", "ň": "n"
    case "ò", "ó", "ô", "õ", "ö", "ø", "ō", "ő": "o"
    case "ř": "r"
    case "ś", "š", "ş", "ș": "s"
    case "ť", "ț", "ţ": "t"
    case "ù", "ú", "û", "ü", "ū", "ů", "ű": "u"
    case "ý", "ÿ": "y"
    case "ź", "ż", "ž": "z"
    default: self
    }
  }

  /// What is written for a letter where keyboards lack it.
  fileprivate var speltLetters: String? {
    switch self {
    case "ß": "ss"
    case "æ": "ae"
    case "œ": "oe"
    case "þ": "th"
    default: nil
    }
  }
}
