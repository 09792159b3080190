internal import Glibc

/// The header fields of a response, in order, kept in the form in which they are sent: `name: value CRLF` after
/// another, so that sending them is one copy.
///
/// Names and values are made safe on entry, and neither throws: a byte of a value that could end or split a field
/// (CR, LF, NUL, any other control character but tab) becomes `?`, and a byte of a name that is no token becomes
/// `_`. What a handler echoes from its caller can therefore never smuggle a second field or a second response; the
/// replacement is visible to whoever looks at the response.
///
/// `Content-Length`, `Transfer-Encoding`, `Connection`, `Keep-Alive`, `Trailer`, `Upgrade` and `Date` belong to the
/// server: a handler may set them, but the serialiser leaves them out and writes its own.
public struct HTTPFields: Sendable, Hashable {
  private(set) var wire: [UInt8]
  /// Whether one of the fields that belong to the server was ever put in, so that the serialiser need not look.
  private(set) var mayHoldServerFields = false
  /// A bit for each kind of name that is here, or was: most names looked for are not here, and this says so without a
  /// search.
  private var nameBits: UInt64 = 0

  /// No fields.
  public init() {
    wire = []
  }

  /// The field's value, names compared without regard to case; if it is there several times, the first.
  ///
  /// Setting replaces every field of that name by one; setting nil removes them.
  ///
  /// - Complexity: O(bytes held).
  public subscript(name: String) -> String? {
    get { valueRange(of: name).map { String(decoding: wire[$0], as: UTF8.self) } }
    set {
      remove(name)
      if let newValue { append(name, newValue) }
    }
  }

  /// Adds a field after the others, even if there is one of that name.
  public mutating func append(_ name: String, _ value: String) {
    var name = name
    var value = value
    makeRoom(name.utf8.count + value.utf8.count + 4)
    name.withUTF8 { bytes in
      if Self.isServerField(bytes) { mayHoldServerFields = true }
      nameBits |= Self.bit(bytes)
      if !bytes.isEmpty, bytes.allSatisfy(ByteSet.token.contains) {
        wire.append(contentsOf: bytes)
      } else {
        appendMendedName(bytes)
      }
    }
    ResponseSerializer.append(": ", to: &wire)
    value.withUTF8 { bytes in
      if Self.isSafe(bytes) {
        wire.append(contentsOf: bytes)
      } else {
        for byte in bytes { wire.append(Self.isSafe(byte) ? byte : Byte.question) }
      }
    }
    ResponseSerializer.append("\r\n", to: &wire)
  }

  /// Makes room for so many more bytes, and then for the fields that middlewares usually add, so that they grow once.
  private mutating func makeRoom(_ count: Int) {
    guard wire.capacity - wire.count < count else { return }
    wire.reserveCapacity(max(wire.capacity * 2, wire.count + count, 768))
  }

  private mutating func appendMendedName(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes { wire.append(ByteSet.token.contains(byte) ? byte : 0x5F) }
    if bytes.isEmpty { wire.append(0x5F) }
  }

  /// Adds a field whose value is written straight into place.
  ///
  /// `write` must write visible ASCII only, at most `roomBytes` of it.
  mutating func appendPlain(_ name: StaticString, roomBytes: Int, _ write: (inout ByteWriter) -> Void) {
    nameBits |= Self.bit(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    let size = name.utf8CodeUnitCount + roomBytes + 4
    makeRoom(size)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { memory in
      var line = ByteWriter(memory)
      line.put(name)
      line.put(": ")
      write(&line)
      line.put("\r\n")
      wire.append(contentsOf: line.bytes)
    }
  }

  /// Adds all fields of another list after these.
  public mutating func append(contentsOf other: HTTPFields) {
    guard !other.wire.isEmpty else { return }
    makeRoom(other.wire.count)
    wire.append(contentsOf: other.wire)
    mayHoldServerFields = mayHoldServerFields || other.mayHoldServerFields
    nameBits |= other.nameBits
  }

  /// Whether a name may be in both lists; false is certain.
  func mayShareNames(with other: HTTPFields) -> Bool { nameBits & other.nameBits != 0 }

  /// Replaces every field of that name by one.
  public mutating func set(_ name: String, _ value: String) {
    self[name] = value
  }

  /// Adds the field unless there is one of that name.
  public mutating func setIfAbsent(_ name: String, _ value: String) {
    if !contains(name) { append(name, value) }
  }

  /// Adds an item to a comma-separated list such as `Vary`, unless the list has it already.
  public mutating func appendToList(_ name: String, _ item: String) {
    guard let old = self[name] else { return append(name, item) }
    if !listItems(of: name).contains(where: { $0 == item.lowercased() || $0 == "*" }) {
      self[name] = old + ", " + item
    }
  }

  /// The items of a comma-separated list, in lower case.
  func listItems(of name: String) -> [String] {
    guard let range = valueRange(of: name) else { return [] }
    return wire.withUnsafeBufferPointer { wire in
      wire[range].split(separator: Byte.comma).map { item in
        String(decoding: trimmed(UnsafeBufferPointer(rebasing: item)), as: UTF8.self).lowercased()
      }
    }
  }

  /// Removes every field of that name.
  public mutating func remove(_ name: String) {
    while let value = valueRange(of: name) {
      let start = value.lowerBound - name.utf8.count - 2
      wire.removeSubrange(start..<(value.upperBound + 2))
    }
  }

  /// Whether there is a field of that name.
  public func contains(_ name: String) -> Bool {
    valueRange(of: name) != nil
  }

  /// Names and values in order.
  public var all: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    Self.forEachLine(of: wire) { line, colon in
      result.append(
        (
          String(decoding: wire[line.lowerBound..<colon], as: UTF8.self),
          String(decoding: wire[(colon + 2)..<(line.upperBound - 2)], as: UTF8.self)
        ))
    }
    return result
  }

  /// Calls `body` with each line, end of line included, and the index of its colon.
  static func forEachLine(of wire: [UInt8], _ body: (_ line: Range<Int>, _ colon: Int) -> Void) {
    var start = 0
    var colon = -1
    for index in wire.indices {
      if colon < 0, wire[index] == Byte.colon { colon = index }
      if wire[index] == Byte.lineFeed {
        body(start..<(index + 1), colon)
        start = index + 1
        colon = -1
      }
    }
  }

  /// The names that the server writes itself.
  static func isServerField(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    switch name.count {
    case 4: equalIgnoringCase(name, "date")
    case 7: equalIgnoringCase(name, "trailer") || equalIgnoringCase(name, "upgrade")
    case 10: equalIgnoringCase(name, "connection") || equalIgnoringCase(name, "keep-alive")
    case 14: equalIgnoringCase(name, "content-length")
    case 17: equalIgnoringCase(name, "transfer-encoding")
    default: false
    }
  }

  /// The bit of a name: mostly by its length, as the names in use have many lengths, and by a case-blind part of its
  /// first letter.
  private static func bit(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    1 << (UInt64(name.count & 31) << 1 | UInt64((name.first ?? 0) & 1))
  }

  private func valueRange(of name: String) -> Range<Int>? {
    var name = name
    return name.withUTF8 { name in
      guard nameBits & Self.bit(name) != 0 else { return nil }
      return wire.withUnsafeBufferPointer { Self.valueRange(of: name, in: $0) }
    }
  }

  private static func valueRange(
    of name: UnsafeBufferPointer<UInt8>, in wire: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    guard let nameBase = name.baseAddress, let base = wire.baseAddress else { return nil }
    var start = 0
    while start < wire.count {
      guard let lineFeed = memchr(base + start, Int32(Byte.lineFeed), wire.count - start) else { return nil }
      let end = base.distance(to: UnsafePointer(lineFeed.assumingMemoryBound(to: UInt8.self)))
      let colon = start + name.count
      if colon < end, wire[colon] == Byte.colon, equalIgnoringCase(base + start, nameBase, count: name.count) {
        return (colon + 2)..<(end - 1)
      }
      start = end + 1
    }
    return nil
  }

  /// Whether every byte is safe, tabs aside: looked at eight at a time.
  private static func isSafe(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var index = 0
    FieldValue.skipPlain(base, &index, bytes.count)
    return index == bytes.count
  }

  @inline(__always)
  private static func isSafe(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte != Byte.delete) || byte == Byte.tab
  }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
  /// Fields in the order in which they are written.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { append(name, value) }
  }
}

extension HTTPFields {
  /// Two lists are equal if they are sent as the same bytes, whatever was put in and taken out before.
  public static func == (left: HTTPFields, right: HTTPFields) -> Bool { left.wire == right.wire }

  /// Hashes what is sent.
  public func hash(into hasher: inout Hasher) { hasher.combine(wire) }
}
