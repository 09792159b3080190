extension JSONTape {
  /// A string entry as a `String`.
  @inline(__always)
  func string(_ entry: JSONEntry) -> String {
    if entry.kind == .escapedString { return decodedString(entry) }
    // The parser has checked the text: it need not be checked twice.
    let text = UTF8Span(unchecked: self.text(entry).span, isKnownASCII: entry.kind == .string)
    return String(copying: text)
  }

  @inline(never)
  private func decodedString(_ entry: JSONEntry) -> String {
    String(unsafeUninitializedCapacity: entry.payload) { decode(entry, into: $0) }
  }

  /// The bytes a string entry spells, its escapes resolved.
  func decodedBytes(_ entry: JSONEntry) -> [UInt8] {
    if entry.kind != .escapedString { return Array(text(entry)) }
    return Array(unsafeUninitializedCapacity: entry.payload) { $1 = decode(entry, into: $0) }
  }

  /// Resolves escapes, which the parser has checked; an escape is never shorter than what it spells.
  private func decode(_ entry: JSONEntry, into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let end = entry.offset + entry.payload
    var place = entry.offset
    var count = 0
    while place < end {
      let byte = bytes[place]
      if byte != UInt8(ascii: "\\") {
        output[count] = byte
        count += 1
        place += 1
      } else if bytes[place + 1] == UInt8(ascii: "u") {
        place = decodeUnicodeEscape(at: place, into: output, &count)
      } else {
        output[count] = simpleEscape(bytes[place + 1])
        count += 1
        place += 2
      }
    }
    return count
  }

  private func simpleEscape(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  private func decodeUnicodeEscape(
    at place: Int, into output: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
  ) -> Int {
    var code = hexadecimalUnit(bytes + place + 2) ?? 0
    var next = place + 6
    if 0xD800...0xDBFF ~= code {
      let low = hexadecimalUnit(bytes + place + 8) ?? 0
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      next += 6
    }
    guard let scalar = Unicode.Scalar(code) else { preconditionFailure("the parser let a lone surrogate through") }
    for unit in UTF8.encode(scalar).map(Array.init) ?? [] {
      output[count] = unit
      count += 1
    }
    return next
  }
}
