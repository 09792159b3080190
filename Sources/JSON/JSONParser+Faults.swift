extension JSONPosition {
  /// The place as a person looks for it.
  var words: String { "line \(line), column \(column)" }
}

/// What is wrong, where, and the mend. Nothing here runs for a document that is right.
extension JSONParser {
  var position: JSONPosition { tape.position(ofByte: cursor) }

  @inline(never)
  func syntax(_ complaint: String, mend: String) -> JSONError {
    fault(.syntax(position), "is not JSON at \(position.words), \(complaint): \(mend)")
  }

  /// A fault of the entry that was to come next, or of the document where none is open.
  @inline(never)
  func fault(_ kind: JSONFieldError.Kind, _ complaint: String) -> JSONError {
    fault(at: open < 0 ? 0 : entryCount, kind, complaint)
  }

  @inline(never)
  func fault(at entry: Int, _ kind: JSONFieldError.Kind, _ complaint: String) -> JSONError {
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
  func trailingText() -> JSONError {
    syntax("text after the value", mend: "send one value only")
  }

  @inline(never)
  func missingComma(closing bracket: Character) -> JSONError {
    if cursor >= count { return endOfText() }
    return syntax("a comma or \(bracket) is missing", mend: "put it before \(found)")
  }

  @inline(never)
  func missingName() -> JSONError {
    if cursor >= count { return endOfText() }
    if bytes[cursor] == UInt8(ascii: "'") { return singleQuote() }
    return syntax("\(found) where a name belongs", mend: "write the name in double quotes")
  }

  @inline(never)
  func unexpectedValue() -> JSONError {
    if cursor >= count { return endOfText() }
    switch bytes[cursor] {
    case UInt8(ascii: "'"):
      return singleQuote()
    case UInt8(ascii: "/"), UInt8(ascii: "#"):
      return syntax("a comment", mend: "remove it")
    case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "i"):
      return syntax("\(found) where a value belongs", mend: "write null for what is not a finite number")
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      return syntax("an unknown word", mend: "write true, false or null")
    case UInt8(ascii: "+"), UInt8(ascii: "."):
      return syntax("a number that starts with \(found)", mend: "start it with a digit or a minus")
    default:
      return syntax("\(found) where a value belongs", mend: "write a value there")
    }
  }

  private func singleQuote() -> JSONError {
    syntax("a single quote", mend: "write names and strings in double quotes")
  }

  private func endOfText() -> JSONError {
    if open < 0 { return syntax("it is empty", mend: "send one value") }
    let bracket = entries[open].kind == .object ? "}" : "]"
    return syntax("it ends too early", mend: "complete it and close it with \(bracket)")
  }

  private var found: String {
    let byte = bytes[cursor]
    return (0x21..<0x7F).contains(byte) ? "\(Character(Unicode.Scalar(byte)))" : "a byte \(byte)"
  }
}
