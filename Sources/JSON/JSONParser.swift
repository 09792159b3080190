/// One pass over the text that writes the tape.
///
/// The text is copied once and followed by NUL bytes, which are legal nowhere, so the scanners need no bound checks.
/// The place in the text is handed from step to step and so stays in a register. There is no recursion: while a
/// container is open, its header's payload holds the index of the container around it. The tape cannot outgrow its
/// memory, because an entry costs at least two bytes of text, but for the brackets that the depth limit bounds.
///
/// Functions that change nothing are `mutating`, too: the compiler copies a borrowed parser to the stack before calls
/// that may throw, which took a tenth of all time.
struct JSONParser: ~Copyable {
  let bytes: UnsafeMutablePointer<UInt8>
  let count: Int
  let limits: JSONLimits
  let entries: UnsafeMutablePointer<JSONEntry>

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
    var (place, isFirst) = try parseValue(at: skipWhitespace(at: 0))
    while open >= 0 {
      place = skipWhitespace(at: place)
      let byte = bytes[place]
      if entries[open].kind == .object {
        if byte == UInt8(ascii: "}") {
          try checkNamesDiffer()
          close()
          (place, isFirst) = (place &+ 1, false)
          continue
        }
        place = try skipComma(at: place, unless: isFirst, closing: "}")
        place = try parseName(at: place)
      } else {
        if byte == UInt8(ascii: "]") {
          close()
          (place, isFirst) = (place &+ 1, false)
          continue
        }
        place = try skipComma(at: place, unless: isFirst, closing: "]")
      }
      (place, isFirst) = try parseValue(at: place)
    }
    place = skipWhitespace(at: place)
    if place != count { throw trailingText(at: place) }
  }

  /// Parses a leaf or opens a container; returns the place after it and whether it opened one.
  @inline(__always)
  private mutating func parseValue(at place: Int) throws(JSONError) -> (place: Int, isOpened: Bool) {
    if valuesLeft == 0 {
      throw fault(.tooLarge, "has too many values: send at most \(limits.valuesMax)")
    }
    valuesLeft &-= 1
    let byte = bytes[place]
    switch byte {
    case UInt8(ascii: "\""):
      return (try parseString(at: place), false)
    case UInt8(ascii: "{"):
      return (try openContainer(.object, at: place), true)
    case UInt8(ascii: "["):
      return (try openContainer(.array, at: place), true)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return (try parseNumber(at: place), false)
    default:
      return (try parseLiteral(at: place), false)
    }
  }

  @inline(__always)
  private mutating func openContainer(_ kind: JSONEntry.Kind, at place: Int) throws(JSONError) -> Int {
    guard depth < limits.depthMax else {
      throw fault(.tooDeep(position(place)), "is nested too deep: at most \(limits.depthMax) levels are read")
    }
    depth &+= 1
    entries[entryCount] = JSONEntry(kind, offset: place, payload: open)
    open = entryCount
    entryCount &+= 1
    return place &+ 1
  }

  @inline(__always)
  private mutating func close() {
    let header = entries[open]
    // -1 was cut to 28 bits for the outermost container.
    let around = header.payload == JSONEntry.payloadMax ? -1 : header.payload
    entries[open] = JSONEntry(header.kind, offset: header.offset, payload: entryCount &- open)
    open = around
    depth &-= 1
  }

  @inline(__always)
  private mutating func skipComma(at place: Int, unless isFirst: Bool, closing bracket: Character) throws(JSONError)
    -> Int
  {
    if isFirst { return place }
    guard bytes[place] == UInt8(ascii: ",") else { throw missingComma(at: place, closing: bracket) }
    let next = skipWhitespace(at: place &+ 1)
    if bytes[next] == UInt8(ascii: "]") || bytes[next] == UInt8(ascii: "}") {
      throw syntax(at: next, "nothing follows a comma", mend: "remove the comma")
    }
    return next
  }

  @inline(__always)
  private mutating func parseName(at place: Int) throws(JSONError) -> Int {
    guard bytes[place] == UInt8(ascii: "\"") else { throw missingName(at: place) }
    let colon = skipWhitespace(at: try parseString(at: place))
    guard bytes[colon] == UInt8(ascii: ":") else {
      throw syntax(at: colon, "a name has no value", mend: "write a colon and a value after the name")
    }
    return skipWhitespace(at: colon &+ 1)
  }

  @inline(__always)
  private mutating func parseLiteral(at place: Int) throws(JSONError) -> Int {
    let kind: JSONEntry.Kind
    let length: Int
    if matches("true", at: place) {
      (kind, length) = (.yes, 4)
    } else if matches("false", at: place) {
      (kind, length) = (.no, 5)
    } else if matches("null", at: place) {
      (kind, length) = (.null, 4)
    } else {
      throw unexpectedValue(at: place)
    }
    push(kind, offset: place, payload: length)
    return place &+ length
  }

  @inline(__always)
  private mutating func matches(_ literal: StaticString, at place: Int) -> Bool {
    sameBytes(bytes + place, literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  @inline(__always)
  mutating func push(_ kind: JSONEntry.Kind, offset: Int, payload: Int) {
    entries[entryCount] = JSONEntry(kind, offset: offset, payload: payload)
    entryCount &+= 1
  }

  @inline(__always)
  mutating func skipWhitespace(at start: Int) -> Int {
    var place = start
    while true {
      let byte = bytes[place]
      if byte > 0x20 { return place }
      switch byte {
      case 0x20, 0x0A, 0x0D, 0x09: place &+= 1
      default: return place
      }
    }
  }
}
