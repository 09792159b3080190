/// One pass over the text that writes the tape.
///
/// The text is copied once and followed by NUL bytes, which are legal nowhere, so the scanners need no bound checks.
/// There is no recursion: while a container is open, its header's payload holds the index of the container around it.
/// The tape cannot outgrow its memory, because an entry costs at least two bytes of text, but for the brackets that
/// the depth limit bounds.
struct JSONParser: ~Copyable {
  let bytes: UnsafeMutablePointer<UInt8>
  let count: Int
  let limits: JSONLimits
  let entries: UnsafeMutablePointer<JSONEntry>

  /// The byte to be read next.
  var cursor = 0
  var entryCount = 0
  /// Values still allowed.
  var valuesLeft: Int
  /// The innermost open container, or -1.
  var open = -1
  var depth = 0
  /// Hashes of one object's names, kept to be reused.
  var hashes: [UInt64] = []

  init(copying text: UnsafeRawBufferPointer, limits: JSONLimits) throws(JSONError) {
    guard text.count <= limits.bytesMax else {
      let complaint = "has \(text.count) bytes: send at most \(limits.bytesMax)"
      throw JSONError("", .tooLarge, complaint)
    }
    count = text.count
    self.limits = limits
    valuesLeft = limits.valuesMax
    bytes = .allocate(capacity: count + JSONTape.padding)
    if let start = text.baseAddress {
      UnsafeMutableRawPointer(bytes).copyMemory(from: start, byteCount: count)
    }
    (bytes + count).initialize(repeating: 0, count: JSONTape.padding)
    entries = .allocate(capacity: count / 2 + limits.depthMax + 4)
  }

  /// Parses everything and hands the memory over; on an error it is freed here.
  mutating func parse() throws(JSONError) -> JSONStorage {
    do {
      try parseDocument()
    } catch {
      bytes.deallocate()
      entries.deallocate()
      throw error
    }
    return JSONStorage(tape)
  }

  var tape: JSONTape {
    JSONTape(bytes: bytes, byteCount: count, entries: entries)
  }

  private mutating func parseDocument() throws(JSONError) {
    try checkEncodingMark()
    skipWhitespace()
    var isFirst = try parseValue()
    while open >= 0 {
      skipWhitespace()
      let byte = bytes[cursor]
      if entries[open].kind == .object {
        if byte == UInt8(ascii: "}") {
          try closeObject()
          isFirst = false
          continue
        }
        try skipComma(unless: isFirst, closing: "}")
        try parseName()
      } else {
        if byte == UInt8(ascii: "]") {
          close()
          isFirst = false
          continue
        }
        try skipComma(unless: isFirst, closing: "]")
      }
      isFirst = try parseValue()
    }
    skipWhitespace()
    if cursor != count { throw trailingText() }
  }

  /// Parses a leaf or opens a container; true if it opened one.
  @inline(__always)
  private mutating func parseValue() throws(JSONError) -> Bool {
    if valuesLeft == 0 {
      throw fault(.tooLarge, "has too many values: send at most \(limits.valuesMax)")
    }
    valuesLeft &-= 1
    let byte = bytes[cursor]
    switch byte {
    case UInt8(ascii: "\""):
      try parseString()
      return false
    case UInt8(ascii: "{"):
      try openContainer(.object)
      return true
    case UInt8(ascii: "["):
      try openContainer(.array)
      return true
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try parseNumber()
      return false
    default:
      try parseLiteral(byte)
      return false
    }
  }

  @inline(__always)
  private mutating func openContainer(_ kind: JSONEntry.Kind) throws(JSONError) {
    guard depth < limits.depthMax else {
      throw fault(.tooDeep(position), "is nested too deep: at most \(limits.depthMax) levels are read")
    }
    depth &+= 1
    entries[entryCount] = JSONEntry(kind, offset: cursor, payload: open)
    open = entryCount
    entryCount &+= 1
    cursor &+= 1
  }

  @inline(__always)
  private mutating func close() {
    let header = entries[open]
    // -1 was cut to 28 bits for the outermost container.
    let around = header.payload == JSONEntry.payloadMax ? -1 : header.payload
    entries[open] = JSONEntry(header.kind, offset: header.offset, payload: entryCount &- open)
    open = around
    depth &-= 1
    cursor &+= 1
  }

  @inline(__always)
  private mutating func closeObject() throws(JSONError) {
    try checkNamesDiffer()
    close()
  }

  @inline(__always)
  private mutating func skipComma(unless isFirst: Bool, closing bracket: Character) throws(JSONError) {
    if isFirst { return }
    guard bytes[cursor] == UInt8(ascii: ",") else { throw missingComma(closing: bracket) }
    cursor &+= 1
    skipWhitespace()
    if bytes[cursor] == UInt8(ascii: "]") || bytes[cursor] == UInt8(ascii: "}") {
      throw syntax("nothing follows a comma", mend: "remove the comma")
    }
  }

  @inline(__always)
  private mutating func parseName() throws(JSONError) {
    guard bytes[cursor] == UInt8(ascii: "\"") else { throw missingName() }
    try parseString()
    skipWhitespace()
    guard bytes[cursor] == UInt8(ascii: ":") else {
      throw syntax("a name has no value", mend: "write a colon and a value after the name")
    }
    cursor &+= 1
    skipWhitespace()
  }

  @inline(__always)
  private mutating func parseLiteral(_ byte: UInt8) throws(JSONError) {
    let kind: JSONEntry.Kind
    let length: Int
    if matches("true") {
      (kind, length) = (.yes, 4)
    } else if matches("false") {
      (kind, length) = (.no, 5)
    } else if matches("null") {
      (kind, length) = (.null, 4)
    } else {
      throw unexpectedValue()
    }
    push(kind, offset: cursor, payload: length)
    cursor &+= length
  }

  @inline(__always)
  private func matches(_ literal: StaticString) -> Bool {
    sameBytes(bytes + cursor, literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  @inline(__always)
  mutating func push(_ kind: JSONEntry.Kind, offset: Int, payload: Int) {
    entries[entryCount] = JSONEntry(kind, offset: offset, payload: payload)
    entryCount &+= 1
  }

  @inline(__always)
  mutating func skipWhitespace() {
    var place = cursor
    while true {
      switch bytes[place] {
      case 0x20, 0x0A, 0x0D, 0x09: place &+= 1
      default:
        cursor = place
        return
      }
    }
  }
}
