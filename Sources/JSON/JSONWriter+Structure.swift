extension JSONWriter {
  @inlinable
  @inline(__always)
  mutating func beginValue() {
    precondition(expectsValue, "a value was written where none belongs")
    expectsValue = false
  }

  @inlinable
  @inline(__always)
  func checkWritten() {
    precondition(!expectsValue, "a writable type wrote nothing")
  }

  @usableFromInline
  mutating func beginContainer(_ bracket: UInt8) {
    beginValue()
    reserve(1)
    put(bracket)
    needsComma = false
    depth &+= 1
  }

  @usableFromInline
  mutating func endContainer(_ bracket: UInt8) {
    depth &-= 1
    if isPretty, needsComma { breakLine() }
    reserve(1)
    put(bracket)
    needsComma = true
  }

  /// What stands before an element.
  @usableFromInline
  mutating func beginElement() {
    reserve(1)
    if needsComma { put(UInt8(ascii: ",")) }
    if isPretty { breakLine() }
    needsComma = true
    expectsValue = true
  }

  /// What stands before a field's value, its name included.
  @usableFromInline
  mutating func name(_ name: UnsafeBufferPointer<UInt8>) {
    beginElement()
    quoted(name)
    reserve(2)
    put(UInt8(ascii: ":"))
    if isPretty { put(UInt8(ascii: " ")) }
  }

  private mutating func breakLine() {
    reserve(1 + depth * 2)
    put(UInt8(ascii: "\n"))
    for _ in 0..<depth * 2 { put(UInt8(ascii: " ")) }
  }

  mutating func literal(_ text: StaticString) {
    spelt(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// A value that is spelt already.
  mutating func spelt(_ text: UnsafeBufferPointer<UInt8>) {
    beginValue()
    needsComma = true
    reserve(text.count)
    for byte in text { put(byte) }
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    memory[count] = byte
    count &+= 1
  }

  /// Makes room; the bytes put next need no check.
  @inline(__always)
  mutating func reserve(_ more: Int) {
    if capacity &- count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: memory, count: count)
    if ownsMemory { memory.deallocate() }
    memory = moved
    ownsMemory = true
    capacity = larger
  }
}
