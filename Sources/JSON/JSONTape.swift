/// One entry of the tape: where a value begins in the text and how far it reaches.
///
/// Bits 0–31 are the byte offset, bits 32–59 the payload, bits 60–63 the kind. The payload is the length in bytes for
/// strings (between the quotes) and numbers, and for containers the number of entries up to the next sibling.
@usableFromInline
struct JSONEntry: BitwiseCopyable, Sendable {
  @usableFromInline
  enum Kind: UInt8 {
    case null, yes, no, integer, decimal
    /// Text without escapes: ASCII, and with other characters; the difference makes a faster `String`.
    case string, wideString
    case escapedString
    case array, object
  }

  /// What 28 bits can hold: no document may be longer.
  static let payloadMax = 1 << 28 - 1

  @usableFromInline let bits: UInt64

  @inline(__always)
  init(_ kind: Kind, offset: Int, payload: Int) {
    bits = UInt64(kind.rawValue) << 60 | UInt64(truncatingIfNeeded: payload & Self.payloadMax) << 32 | UInt64(offset)
  }

  @usableFromInline var kind: Kind {
    // Only `init` writes the bits, so they always are a kind; looking the raw value up costs a call.
    @inline(__always) get { unsafeBitCast(UInt8(truncatingIfNeeded: bits >> 60), to: Kind.self) }
  }
  @usableFromInline var offset: Int { @inline(__always) get { Int(truncatingIfNeeded: bits & 0xFFFF_FFFF) } }
  @usableFromInline var payload: Int { @inline(__always) get { Int(truncatingIfNeeded: bits >> 32 & 0xFFF_FFFF) } }

  var isText: Bool {
    @inline(__always) get { kind.rawValue >= Kind.string.rawValue && kind.rawValue <= Kind.escapedString.rawValue }
  }

  /// How many entries this value takes, itself included.
  @usableFromInline var span: Int {
    @inline(__always) get { bits >> 60 >= UInt64(Kind.array.rawValue) ? payload : 1 }
  }
}

/// The text and its tape, not owned: an object is its header, then name and value in turn; an array its header, then
/// its elements.
@usableFromInline
struct JSONTape: BitwiseCopyable, @unchecked Sendable {  // Sendable: nothing is written through it after parsing.
  /// The text, followed by at least ``padding`` NUL bytes.
  @usableFromInline let bytes: UnsafePointer<UInt8>
  @usableFromInline let byteCount: Int
  @usableFromInline let entries: UnsafePointer<JSONEntry>

  /// So that the scanners may load eight bytes at a time and need no bound: NUL is legal nowhere.
  static let padding = 16

  /// The text of a string or number entry.
  @inline(__always)
  func text(_ entry: JSONEntry) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + entry.offset, count: entry.payload)
  }

  /// Whether the string entry spells exactly this name.
  @inline(__always)
  func entry(_ entry: JSONEntry, spells name: UnsafeBufferPointer<UInt8>) -> Bool {
    if entry.kind == .escapedString { return escapedEntry(entry, spells: name) }
    guard entry.payload == name.count, let start = name.baseAddress else { return entry.payload == name.count }
    return sameBytes(bytes + entry.offset, start, count: name.count)
  }

  @inline(never)
  private func escapedEntry(_ entry: JSONEntry, spells name: UnsafeBufferPointer<UInt8>) -> Bool {
    decodedBytes(entry).elementsEqual(name)
  }

  /// The place of an entry as RFC 6901 spells it.
  ///
  /// While parsing, containers still open span "to the end" and the target may be the entry to come, so that a syntax
  /// error finds its place the same way as a wrong type.
  ///
  /// - Complexity: O(entries before the target); only errors ask.
  func pointer(to target: Int) -> String {
    var pointer = ""
    var container = 0
    while container < target {
      let isObject = entries[container].kind == .object
      var child = container + 1
      var position = 0
      while true {
        let value = isObject ? child + 1 : child
        // The target is where a name is to come: the object itself is the nearest place that exists.
        if isObject, child >= target { return pointer }
        if value >= target || value + entries[value].span > target {
          pointer += "/" + (isObject ? escapedForPointer(string(entries[child])) : String(position))
          container = value
          break
        }
        child = value + entries[value].span
        position += 1
      }
    }
    return pointer
  }

  /// Line and column of a byte, counted from 1; a column is one Unicode scalar wide.
  func position(ofByte offset: Int) -> JSONPosition {
    var line = 1
    var column = 1
    for index in 0..<min(offset, byteCount) {
      if bytes[index] == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return JSONPosition(offset: offset, line: line, column: column)
  }
}

/// Owns the memory behind a tape.
@usableFromInline
final class JSONStorage: Sendable {
  @usableFromInline let tape: JSONTape

  init(_ tape: JSONTape) {
    self.tape = tape
  }

  deinit {
    tape.bytes.deallocate()
    tape.entries.deallocate()
  }
}

/// Equality of short byte runs without a call or a loop over bytes: names are mostly under sixteen bytes.
///
/// The last word may overlap the one before it.
@inline(__always)
func sameBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
  if count >= 8 {
    var index = 0
    while index &+ 8 <= count {
      if loadWord(left + index) != loadWord(right + index) { return false }
      index &+= 8
    }
    return loadWord(left + (count &- 8)) == loadWord(right + (count &- 8))
  }
  if count >= 4 {
    let last = count &- 4
    return loadHalf(left) == loadHalf(right) && loadHalf(left + last) == loadHalf(right + last)
  }
  guard count > 0 else { return true }
  let middle = count >> 1
  return left[0] == right[0] && left[middle] == right[middle] && left[count &- 1] == right[count &- 1]
}

@inline(__always)
func loadWord(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
  UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
}

@inline(__always)
func loadHalf(_ pointer: UnsafePointer<UInt8>) -> UInt32 {
  UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self)
}

/// RFC 6901: `~` is written `~0` and `/` is written `~1`.
func escapedForPointer(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
  var escaped = ""
  for scalar in name.unicodeScalars {
    switch scalar {
    case "~": escaped += "~0"
    case "/": escaped += "~1"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
