extension JSONParser {
  /// Parses a number by RFC 8259's grammar; its text stays as it is, so nothing is rounded here.
  @inline(__always)
  mutating func parseNumber() throws(JSONError) {
    let start = cursor
    var place = start
    var kind = JSONEntry.Kind.integer
    if bytes[place] == UInt8(ascii: "-") { place &+= 1 }
    if bytes[place] == UInt8(ascii: "0") {
      place &+= 1
      if isDigit(bytes[place]) { throw brokenNumber("a number with a leading zero", mend: "remove the zero") }
    } else {
      place = try skipDigits(at: place)
    }
    if bytes[place] == UInt8(ascii: ".") {
      kind = .decimal
      place = try skipDigits(at: place &+ 1)
    }
    if bytes[place] | 0x20 == UInt8(ascii: "e") {
      kind = .decimal
      place &+= 1
      if bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place &+= 1 }
      place = try skipDigits(at: place)
    }
    push(kind, offset: start, payload: place &- start)
    cursor = place
  }

  @inline(__always)
  private func skipDigits(at start: Int) throws(JSONError) -> Int {
    var place = start
    while isDigit(bytes[place]) { place &+= 1 }
    if place == start { throw brokenNumber("a number that lacks digits", mend: "write it like -1.5e3") }
    return place
  }

  @inline(never)
  private func brokenNumber(_ complaint: String, mend: String) -> JSONError {
    syntax(complaint, mend: mend)
  }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool {
  byte &- UInt8(ascii: "0") < 10
}
