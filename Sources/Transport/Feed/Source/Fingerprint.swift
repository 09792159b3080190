/// A number that two different inputs hardly share: to see whether a feed has changed, not to trust anybody.
///
/// Words of eight bytes are folded into the state by a 128-bit product, as wyhash does; pieces may be cut anywhere.
struct Fingerprint {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var pending: UInt64 = 0
  private var pendingCount = 0
  private var total: UInt64 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    total &+= UInt64(bytes.count)
    var place = 0
    while pendingCount > 0, place < bytes.count {
      addByte(bytes[place])
      place += 1
    }
    while place + 8 <= bytes.count {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
      place += 8
    }
    while place < bytes.count {
      addByte(bytes[place])
      place += 1
    }
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { addByte(byte) }
    total &+= UInt64(text.utf8.count)
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    var copy = self
    copy.mix(copy.pending)
    copy.mix(total)
    let digits = String(copy.state, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private mutating func addByte(_ byte: UInt8) {
    pending |= UInt64(byte) << UInt64(8 * pendingCount)
    pendingCount += 1
    guard pendingCount == 8 else { return }
    mix(pending)
    (pending, pendingCount) = (0, 0)
  }

  @inline(__always)
  private mutating func mix(_ word: UInt64) {
    let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    state = product.high ^ product.low ^ (state << 23 | state >> 41)
  }
}
