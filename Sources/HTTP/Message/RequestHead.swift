/// How the end of a request's body is told.
public enum BodyFraming: Hashable, Sendable {
  /// No body.
  case none
  /// Exactly that many bytes.
  case length(Int)
  /// Chunks, until one of size zero.
  case chunked
}

/// The versions spoken.
public enum HTTPVersion: UInt8, Hashable, Sendable {
  /// HTTP/1.0
  case http10
  /// HTTP/1.1
  case http11
}

/// Half-open range of indices into a head's bytes.
///
/// Heads are bounded far below 4 GiB.
struct ByteRange: Hashable, Sendable {
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
struct FieldRange: Sendable {
  var name: ByteRange
  var value: ByteRange
}

/// A checked request head: one copy of its bytes and where in them the parts lie.
///
/// Nothing becomes a `String` until it is asked for.
///
/// Only `RequestParser` makes one, so whoever holds a head may rely on everything the parser checks.
public struct RequestHead: Sendable {
  let bytes: [UInt8]
  let fieldRanges: [FieldRange]
  /// The method.
  public let method: HTTPMethod
  /// The version.
  public let version: HTTPVersion
  /// How the body's end is told.
  public let framing: BodyFraming
  /// Whether the connection may be used again after the response.
  public let keepAlive: Bool
  /// Whether the caller waits for `100 Continue` before it sends the body.
  public let expectsContinue: Bool
  let pathRange: ByteRange
  let queryRange: ByteRange
  let hostRange: ByteRange
}

extension RequestHead {
  /// The path as it was sent, not decoded: `/` and what follows, or `*`.
  public var path: ArraySlice<UInt8> { bytes[pathRange.indices] }

  /// The path for people to read: escapes decoded where they can be.
  ///
  /// Routing decodes strictly, segment by segment.
  public var pathString: String { withBytes(pathRange, PercentCoding.displayText) }

  /// What follows `?`, as it was sent; empty if there is no `?`.
  public var rawQuery: ArraySlice<UInt8> { bytes[queryRange.indices] }

  /// The query's parameters, decoded when asked for.
  public var query: QueryParameters { QueryParameters(bytes: bytes, range: queryRange) }

  /// The authority asked for, as it was sent; nil only in HTTP/1.0.
  public var host: String? { hostRange.isEmpty ? nil : text(hostRange) }

  /// How many header fields there are.
  public var headerCount: Int { fieldRanges.count }

  /// The field's value; if it was sent several times, the values joined by `, `.
  ///
  /// Names are compared without regard to case. Bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Complexity: O(number of fields).
  public func header(_ name: String) -> String? {
    var name = name
    return name.withUTF8 { name in
      var result: String?
      for field in fieldRanges where matches(field, name) {
        let value = text(field.value)
        result = result.map { $0 + ", " + value } ?? value
      }
      return result
    }
  }

  /// The values of every field of that name, in order.
  public func headerValues(_ name: String) -> [String] {
    var name = name
    return name.withUTF8 { name in
      fieldRanges.filter { matches($0, name) }.map { text($0.value) }
    }
  }

  /// All fields in order, for logs and for passing on.
  public var headers: [(name: String, value: String)] {
    fieldRanges.map { (text($0.name), text($0.value)) }
  }

  /// Whether there is a field of that name.
  public func hasHeader(_ name: StaticString) -> Bool {
    firstValue(name) != nil
  }

  /// Where the first value of a field lies, without making a string: for what looks at every request.
  func firstValue(_ name: StaticString) -> ByteRange? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return bytes.withUnsafeBufferPointer { bytes in
      fieldRanges.withUnsafeBufferPointer { fields in
        for field in fields where field.name.count == wanted.count {
          if equalIgnoringCase(UnsafeBufferPointer(rebasing: bytes[field.name.indices]), name) { return field.value }
        }
        return nil
      }
    }
  }

  func withBytes<Result>(_ range: ByteRange, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range.indices])) }
  }

  func text(_ range: ByteRange) -> String {
    withBytes(range) { String(decoding: $0, as: UTF8.self) }
  }

  private func matches(_ field: FieldRange, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    guard field.name.count == name.count, let wanted = name.baseAddress else { return false }
    return withBytes(field.name) { bytes in
      guard let base = bytes.baseAddress else { return false }
      return equalIgnoringCase(base, wanted, count: name.count)
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
