internal import Glibc

/// Writes bytes one after another into memory whose size is known.
///
/// For heads, which are made of many small pieces: an array would look at its reference count and its room for each.
struct ByteWriter {
  private let memory: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(_ memory: UnsafeMutableBufferPointer<UInt8>) {
    self.memory = memory
  }

  /// What was written.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    precondition(count < memory.count, "no room was made for this byte")
    memory[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, let target = memory.baseAddress, !bytes.isEmpty else { return }
    precondition(bytes.count <= memory.count - count, "no room was made for these bytes")
    memcpy(target + count, source, bytes.count)
    count &+= bytes.count
  }

  @inline(__always)
  mutating func put(_ text: StaticString) {
    put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  mutating func put(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { put($0) }
  }

  /// Writes a text that is no literal: those are `StaticString`s, which cost no count of references.
  mutating func put(text: String) {
    var text = text
    text.withUTF8 { put($0) }
  }

  /// The most digits that a number has.
  static let decimalMax = 20

  /// Writes a number that is not negative.
  mutating func putDecimal(_ number: Int) {
    precondition(number >= 0, "a length is never negative")
    var length = 1
    var bound = UInt64(number)
    while bound >= 10 {
      bound /= 10
      length &+= 1
    }
    precondition(length <= memory.count - count, "no room was made for this number")
    var rest = UInt64(number)
    var place = count &+ length
    count = place
    repeat {
      place &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      memory[place] = Byte.zero &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
  }
}
