/// Calls a closure with a string's bytes.
@inline(__always)
func withBytes(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
  if text.utf8.withContiguousStorageIfAvailable(body) == nil {
    // Only strings bridged from elsewhere get here.
    Array(text.utf8).withUnsafeBufferPointer(body)
  }
}

extension JSONWriter {
  /// Writes text, escaping only quotes, backslashes and control characters.
  public mutating func string(_ text: String) {
    beginValue()
    needsComma = true
    withBytes(of: text) { quoted($0) }
  }

  /// Copies eight bytes at a time as long as none of them needs an escape.
  mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
    // Room for the text, both quotes, and a last word that is stored whole.
    reserve(text.count &+ 10)
    put(UInt8(ascii: "\""))
    let length = text.count
    if length > 0, let source = text.baseAddress {
      var place = 0
      while place &+ 8 <= length {
        let word = loadWord(source + place)
        UnsafeMutableRawPointer(memory + count).storeBytes(of: word, as: UInt64.self)
        let special = escapedBytes(word)
        if special == 0 {
          place &+= 8
          count &+= 8
          continue
        }
        let plain = special.trailingZeroBitCount >> 3
        count &+= plain
        place &+= plain
        escape(source[place], remaining: length &- place)
        place &+= 1
      }
      end(source + place, count: length &- place, isLong: length >= 8)
    }
    put(UInt8(ascii: "\""))
  }

  /// Copies the last up to seven bytes, as one word if that can be loaded without leaving the text.
  @inline(__always)
  private mutating func end(_ source: UnsafePointer<UInt8>, count length: Int, isLong: Bool) {
    if isLong {
      // The bytes before these are in the word, too: they are shifted out, so that only these decide.
      if length == 0 { return }
      let word = loadWord(source + (length &- 8)) >> UInt64(truncatingIfNeeded: 64 &- length &* 8)
      let unused = UInt64.max << UInt64(truncatingIfNeeded: length &* 8) & 0x2020_2020_2020_2020
      if escapedBytes(word | unused) == 0 {
        UnsafeMutableRawPointer(memory + count).storeBytes(of: word, as: UInt64.self)
        count &+= length
        return
      }
    } else if length >= 4 {
      let first = loadHalf(source)
      let last = loadHalf(source + (length &- 4))
      if escapedBytes(UInt64(first) | UInt64(last) << 32) == 0 {
        UnsafeMutableRawPointer(memory + count).storeBytes(of: first, as: UInt32.self)
        UnsafeMutableRawPointer(memory + (count &+ length &- 4)).storeBytes(of: last, as: UInt32.self)
        count &+= length
        return
      }
    }
    for place in 0..<length {
      let byte = source[place]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        escape(byte, remaining: length &- place)
      } else {
        put(byte)
      }
    }
  }

  /// Writes the escape of one byte and keeps room for the bytes that remain.
  @inline(never)
  private mutating func escape(_ byte: UInt8, remaining: Int) {
    reserve(remaining &+ 16)
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case 0x08: put(UInt8(ascii: "b"))
    case 0x09: put(UInt8(ascii: "t"))
    case 0x0A: put(UInt8(ascii: "n"))
    case 0x0C: put(UInt8(ascii: "f"))
    case 0x0D: put(UInt8(ascii: "r"))
    default:
      put(UInt8(ascii: "u"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0") &+ byte >> 4)
      let digit = byte & 15
      put(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
    }
  }
}

/// Bit 7 of each byte that needs an escape; as with ``specialBytes(_:)`` only the lowest set bit is exact.
@inline(__always)
func escapedBytes(_ word: UInt64) -> UInt64 {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
  let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
  let found = ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word)
  return found & (ones &* 0x80)
}
