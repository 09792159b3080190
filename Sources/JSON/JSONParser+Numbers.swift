extension JSONParser {
  /// Parses a number by RFC 8259's grammar; its text stays as it is, so nothing is rounded here.
  @inline(__always)
  mutating func parseNumber(at start: Int) throws(JSONError) -> Int {
    var place = start
    var kind = JSONEntry.Kind.integer
    if bytes[place] == UInt8(ascii: "-") { place &+= 1 }
    if bytes[place] == UInt8(ascii: "0") {
      place &+= 1
      if isDigit(bytes[place]) { throw syntax(at: start, "a number with a leading zero", mend: "remove the zero") }
    } else {
      place = try skipDigits(at: place, ofNumberAt: start)
    }
    if bytes[place] == UInt8(ascii: ".") {
      kind = .decimal
      place = try skipDigits(at: place &+ 1, ofNumberAt: start)
    }
    if bytes[place] | 0x20 == UInt8(ascii: "e") {
      kind = .decimal
      place &+= 1
      if bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place &+= 1 }
      place = try skipDigits(at: place, ofNumberAt: start)
    }
    push(kind, offset: start, payload: place &- start)
    return place
  }

  @inline(__always)
  private mutating func skipDigits(at start: Int, ofNumberAt number: Int) throws(JSONError) -> Int {
    var place = start
    while isDigit(bytes[place]) { place &+= 1 }
    if place == start { throw syntax(at: number, "a number that lacks digits", mend: "write it like -1.5e3") }
    return place
  }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool {
  byte &- UInt8(ascii: "0") < 10
}
