extension JSONPosition {
  /// The place as a person looks for it.
  var words: String { "line \(line), column \(column)" }
}

/// What is wrong, where, and the mend. Nothing here runs for a document that is right.
extension JSONParser {
  mutating func position(_ place: Int) -> JSONPosition { tape.position(ofByte: place) }

  @inline(never)
  mutating func syntax(at place: Int, _ complaint: String, mend: String) -> JSONError {
    let position = position(place)
    return fault(.syntax(position), "is not JSON at \(position.words), \(complaint): \(mend)")
  }

  /// A fault of the entry that was to come next, or of the document where none is open.
  @inline(never)
  mutating func fault(_ kind: JSONFieldError.Kind, _ complaint: String) -> JSONError {
    fault(at: open < 0 ? 0 : entryCount, kind, complaint)
  }

  @inline(never)
  mutating func fault(at entry: Int, _ kind: JSONFieldError.Kind, _ complaint: String) -> JSONError {
    // Open containers hold the index of the one around them: let them reach to the end, as the pointer's walk expects.
    var container = open
    while container >= 0 {
      let header = entries[container]
      entries[container] = JSONEntry(header.kind, offset: header.offset, payload: JSONEntry.payloadMax)
      container = header.payload == JSONEntry.payloadMax ? -1 : header.payload
    }
    return JSONError(tape.pointer(to: entry), kind, complaint)
  }

  @inline(never)
  mutating func trailingText(at place: Int) -> JSONError {
    syntax(at: place, "text after the value", mend: "send one value only")
  }

  @inline(never)
  mutating func missingComma(at place: Int, closing bracket: Character) -> JSONError {
    if place >= count { return endOfText(at: place) }
    return syntax(at: place, "a comma or \(bracket) is missing", mend: "put it before \(found(place))")
  }

  @inline(never)
  mutating func missingName(at place: Int) -> JSONError {
    if place >= count { return endOfText(at: place) }
    if bytes[place] == UInt8(ascii: "'") { return singleQuote(at: place) }
    return syntax(at: place, "\(found(place)) where a name belongs", mend: "write the name in double quotes")
  }

  @inline(never)
  mutating func unexpectedValue(at place: Int) -> JSONError {
    if place >= count { return endOfText(at: place) }
    switch bytes[place] {
    case UInt8(ascii: "'"):
      return singleQuote(at: place)
    case UInt8(ascii: "/"), UInt8(ascii: "#"):
      return syntax(at: place, "a comment", mend: "remove it")
    case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "i"):
      return syntax(
        at: place, "\(found(place)) where a value belongs", mend: "write null for what is not a finite number")
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      return syntax(at: place, "an unknown word", mend: "write true, false or null")
    case UInt8(ascii: "+"), UInt8(ascii: "."):
      return syntax(at: place, "a number that starts with \(found(place))", mend: "start it with a digit or a minus")
    default:
      return syntax(at: place, "\(found(place)) where a value belongs", mend: "write a value there")
    }
  }

  private mutating func singleQuote(at place: Int) -> JSONError {
    syntax(at: place, "a single quote", mend: "write names and strings in double quotes")
  }

  private mutating func endOfText(at place: Int) -> JSONError {
    if open < 0 { return syntax(at: place, "it is empty", mend: "send one value") }
    let bracket = entries[open].kind == .object ? "}" : "]"
    return syntax(at: place, "it ends too early", mend: "complete it and close it with \(bracket)")
  }

  private mutating func found(_ place: Int) -> String {
    let byte = bytes[place]
    return (0x21..<0x7F).contains(byte) ? "\(Character(Unicode.Scalar(byte)))" : "a byte \(byte)"
  }
}
