/// How the end of a request's body is told.
public enum BodyFraming: Hashable, Sendable, BitwiseCopyable {
  /// No body.
  case none
  /// Exactly that many bytes.
  case length(Int)
  /// Chunks, until one of size zero.
  case chunked
}

/// The versions spoken.
public enum HTTPVersion: UInt8, Hashable, Sendable, BitwiseCopyable {
  /// HTTP/1.0
  case http10
  /// HTTP/1.1
  case http11
}

/// Half-open range of indices into a head's bytes.
///
/// Heads are bounded far below 4 GiB.
struct ByteRange: Hashable, Sendable, BitwiseCopyable {
  var start: UInt32
  var end: UInt32

  static let empty = ByteRange(start: 0, end: 0)

  @inline(__always)
  init(start: UInt32, end: UInt32) {
    self.start = start
    self.end = end
  }

  @inline(__always)
  init(_ start: Int, _ end: Int) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
  }

  @inline(__always)
  var indices: Range<Int> { Int(start)..<Int(end) }
  @inline(__always)
  var count: Int { Int(end &- start) }
  @inline(__always)
  var isEmpty: Bool { start == end }
}

/// Where one header field lies in its head's bytes.
struct FieldRange: Sendable, BitwiseCopyable {
  var name: ByteRange
  var value: ByteRange
}

/// What the parser found out about a head, apart from the bytes.
///
/// Plain data, so that freeing a head frees one block.
struct HeadFacts: Sendable, BitwiseCopyable {
  var method: HTTPMethod
  var version: HTTPVersion
  var framing: BodyFraming
  var keepAlive: Bool
  var expectsContinue: Bool
  var path: ByteRange
  var query: ByteRange
  var host: ByteRange
  var byteCount: Int
  var fieldCount: Int
}

/// The one allocation of a head: its facts, then its `FieldRange`s, then its bytes.
///
/// It is written once.
final class HeadStorage: ManagedBuffer<HeadFacts, UInt8> {
  static func make(
    _ facts: HeadFacts, bytes: UnsafePointer<UInt8>, fields: UnsafeBufferPointer<FieldRange>
  ) -> HeadStorage {
    let fieldBytes = facts.fieldCount * MemoryLayout<FieldRange>.stride
    let buffer = HeadStorage.create(minimumCapacity: fieldBytes + facts.byteCount) { _ in facts }
    buffer.withUnsafeMutablePointerToElements { elements in
      let target = UnsafeMutableRawPointer(elements)
      if let source = fields.baseAddress { target.copyMemory(from: source, byteCount: fieldBytes) }
      (target + fieldBytes).copyMemory(from: bytes, byteCount: facts.byteCount)
    }
    return unsafeDowncast(buffer, to: HeadStorage.self)
  }

  @inline(__always)
  func withBytes<Result>(_ range: ByteRange, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeMutablePointers { facts, elements in
      let base = elements + facts.pointee.fieldCount * MemoryLayout<FieldRange>.stride
      return body(UnsafeBufferPointer(start: base + Int(range.start), count: range.count))
    }
  }

  @inline(__always)
  func field(_ index: Int) -> FieldRange {
    withUnsafeMutablePointerToElements { elements in
      UnsafeRawPointer(elements).loadUnaligned(
        fromByteOffset: index * MemoryLayout<FieldRange>.stride, as: FieldRange.self)
    }
  }
}

/// A checked request head: one copy of its bytes and where in them the parts lie.
///
/// Nothing becomes a `String` until it is asked for, and passing a head on is passing one reference.
///
/// Only `RequestParser` makes one, so whoever holds a head may rely on everything the parser checks. Sendable is
/// unchecked because the storage, which the standard library will not have Sendable, is written by the parser before
/// anybody else can see it and never again.
public struct RequestHead: @unchecked Sendable {
  let storage: HeadStorage

  @inline(__always)
  var facts: HeadFacts { storage.withUnsafeMutablePointerToHeader(\.pointee) }

  /// The method.
  public var method: HTTPMethod { facts.method }
  /// The version.
  public var version: HTTPVersion { facts.version }
  /// How the body's end is told.
  public var framing: BodyFraming { facts.framing }
  /// Whether the connection may be used again after the response.
  public var keepAlive: Bool { facts.keepAlive }
  /// Whether the caller waits for `100 Continue` before it sends the body.
  public var expectsContinue: Bool { facts.expectsContinue }
}

extension RequestHead {
  /// The path as it was sent, not decoded: `/` and what follows, or `*`.
  public var path: String { text(facts.path) }

  /// The path for people to read: escapes decoded where they can be.
  ///
  /// Routing decodes strictly, segment by segment.
  public var pathString: String { storage.withBytes(facts.path, PercentCoding.displayText) }

  /// What follows `?`, as it was sent; empty if there is no `?`.
  public var rawQuery: String { text(facts.query) }

  /// The query's parameters, decoded when asked for.
  public var query: QueryParameters { QueryParameters(head: self) }

  /// The authority asked for, as it was sent; nil only in HTTP/1.0.
  public var host: String? { facts.host.isEmpty ? nil : text(facts.host) }

  /// How many header fields there are.
  public var headerCount: Int { facts.fieldCount }

  /// The field's value; if it was sent several times, the values joined by `, `.
  ///
  /// Names are compared without regard to case. Bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Complexity: O(number of fields).
  public func header(_ name: String) -> String? {
    var result: String?
    forEachField(name) { value in
      let value = text(value)
      result = result.map { $0 + ", " + value } ?? value
    }
    return result
  }

  /// The values of every field of that name, in order.
  public func headerValues(_ name: String) -> [String] {
    var result: [String] = []
    forEachField(name) { result.append(text($0)) }
    return result
  }

  /// All fields in order, for logs and for passing on.
  public var headers: [(name: String, value: String)] {
    (0..<headerCount).map { index in
      let field = storage.field(index)
      return (text(field.name), text(field.value))
    }
  }

  /// Whether there is a field of that name.
  public func hasHeader(_ name: StaticString) -> Bool {
    firstValue(name) != nil
  }

  /// Where the first value of a field lies, without making a string: for what looks at every request.
  func firstValue(_ name: StaticString) -> ByteRange? { findField(name)?.value }

  /// Where the value of a field lies that was sent exactly once.
  func onlyValue(_ name: StaticString) -> ByteRange? {
    guard let (index, value) = findField(name), findField(name, after: index) == nil else { return nil }
    return value
  }

  private func findField(_ name: StaticString, after last: Int = -1) -> (index: Int, value: ByteRange)? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return storage.withUnsafeMutablePointers { facts, elements in
      let fieldCount = facts.pointee.fieldCount
      let fields = UnsafeRawPointer(elements)
      let bytes = UnsafePointer(elements) + fieldCount * MemoryLayout<FieldRange>.stride
      for index in (last &+ 1)..<fieldCount {
        let field = fields.loadUnaligned(
          fromByteOffset: index &* MemoryLayout<FieldRange>.stride, as: FieldRange.self)
        guard field.name.count == wanted.count else { continue }
        let found = UnsafeBufferPointer(start: bytes + Int(field.name.start), count: wanted.count)
        if equalIgnoringCase(found, name) { return (index, field.value) }
      }
      return nil
    }
  }

  func text(_ range: ByteRange) -> String {
    storage.withBytes(range) { String(decoding: $0, as: UTF8.self) }
  }

  private func forEachField(_ name: String, _ body: (ByteRange) -> Void) {
    var name = name
    name.withUTF8 { name in
      guard let wanted = name.baseAddress else { return }
      for index in 0..<headerCount {
        let field = storage.field(index)
        guard field.name.count == name.count else { continue }
        let isSame = storage.withBytes(field.name) { bytes in
          bytes.baseAddress.map { equalIgnoringCase($0, wanted, count: name.count) } ?? false
        }
        if isSame { body(field.value) }
      }
    }
  }
}

extension RequestHead {
  /// A head made in the process, for tests and for calling a router without a socket.
  ///
  /// It is written out and goes through the parser, so that it is as well-formed as one from the wire. `Host:
  /// localhost` is added if missing.
  ///
  /// - Throws: what the parser throws for such bytes.
  public init(
    method: HTTPMethod, target: String, headers: [(name: String, value: String)] = []
  ) throws(HTTPParseError) {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if !headers.contains(where: { $0.name.lowercased() == "host" }) { text += "Host: localhost\r\n" }
    text += "\r\n"
    var parser = RequestParser(limits: HTTPLimits())
    let outcome = Array(text.utf8).withUnsafeBytes { bytes in
      Result { () throws(HTTPParseError) in try parser.parseHead(bytes) }
    }
    guard let parsed = try outcome.get(), parsed.consumed == text.utf8.count else {
      throw HTTPParseError.bareLineFeed
    }
    self = parsed.head
  }
}
