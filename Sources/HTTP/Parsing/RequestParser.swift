/// A head and how many bytes it took.
public struct ParsedHead: Sendable {
  /// The checked head.
  public let head: RequestHead
  /// The bytes to drop from the front before the body or the next request.
  public let consumed: Int
}

/// Reads request heads, strictly (RFC 9112): what two parsers could read differently is refused.
///
/// The idea: the place within the line where the bytes ran out is remembered, so that reading goes on there when
/// more have come. Every byte is therefore looked at a bounded number of times, however slowly a head drips in.
///
/// The invariant: the outcome depends on the bytes alone, never on how they were cut. Every check looks from left to
/// right, and a limit is a wall at a fixed byte, in front of which everything else is checked first.
///
/// The cost: one pass, eight bytes at a time over values; one allocation per head.
public struct RequestParser: Sendable {
  let limits: HTTPLimits
  var draft = Draft()
  /// The first `draft.fieldCount` are the fields of the head that is being read; the memory serves the next head.
  var fields: [FieldRange] = []

  /// A parser for one connection.
  public init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// Reads one head from the front of `bytes`, which begin with the first byte not consumed yet: after nil, call
  /// again with the same bytes and more behind them.
  ///
  /// - Returns: nil if the head is not complete.
  /// - Throws: why the bytes are refused; the parser is of no use afterwards.
  /// - Complexity: O(new bytes), summed over all calls.
  public mutating func parseHead(_ bytes: UnsafeRawBufferPointer) throws(HTTPParseError) -> ParsedHead? {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0 else { return nil }
    if !draft.hasBegun {
      guard try skipLeadingLineEnd(base, count: bytes.count) else { return nil }
    }
    if !draft.hasRequestLine {
      guard try readRequestLine(base, count: bytes.count) else { return nil }
    }
    guard try readFields(base, count: bytes.count) else { return nil }
    let parsed = try finish(base)
    draft = Draft()
    return parsed
  }

  /// What is known of the head that is being read.
  ///
  /// Indices count from the first byte given to `parseHead`.
  struct Draft: Sendable {
    var hasBegun = false
    var hasRequestLine = false
    /// Where the head begins: 0, or 2 after an empty line.
    var origin = 0
    /// Where the line that is being read begins.
    var line = 0
    /// Where reading goes on.
    var position = 0
    /// Where the target begins, once the method is read; until then 0.
    ///
    /// The same holds for the next three.
    var target = 0
    /// Where the first `?` of the target is.
    var question = 0
    /// Where the version begins.
    var versionStart = 0
    /// Where the colon of the field line that is being read is.
    var colon = 0
    var method = HTTPMethod.get
    var version = HTTPVersion.http11
    var form = TargetForm.origin
    var path = ByteRange.empty
    var query = ByteRange.empty
    var authority = ByteRange.empty
    var fieldCount = 0
    var host: ByteRange?
    var contentLength: Int?
    var isChunked = false
    var saysClose = false
    var saysKeepAlive = false
    var expectsContinue = false
  }

  /// The forms of RFC 9112, section 3.2, but for CONNECT's.
  enum TargetForm: Sendable {
    case origin, absolute, asterisk
  }

  /// RFC 9112, section 2.2: one empty line in front of a request is passed over; a second is not.
  private mutating func skipLeadingLineEnd(
    _ base: UnsafePointer<UInt8>, count: Int
  ) throws(HTTPParseError) -> Bool {
    if base[0] == Byte.carriageReturn {
      guard count > 1 else { return false }
      guard base[1] == Byte.lineFeed else { throw .bareCarriageReturn }
      draft.origin = 2
      draft.line = 2
      draft.position = 2
    }
    draft.hasBegun = true
    return true
  }

  private func finish(_ base: UnsafePointer<UInt8>) throws(HTTPParseError) -> ParsedHead {
    try checkFraming()
    try checkHost(base)
    let start = UInt32(truncatingIfNeeded: draft.origin)
    let facts = HeadFacts(
      method: draft.method,
      version: draft.version,
      framing: draft.isChunked ? .chunked : draft.contentLength.map { .length($0) } ?? .none,
      keepAlive: !draft.saysClose && (draft.version == .http11 || draft.saysKeepAlive),
      expectsContinue: draft.expectsContinue && draft.version == .http11,
      path: draft.path.moved(back: start),
      query: draft.query.moved(back: start),
      host: (draft.host ?? draft.authority).moved(back: start),
      byteCount: draft.line - draft.origin,
      fieldCount: draft.fieldCount)
    let storage = fields.withUnsafeBufferPointer { HeadStorage.make(facts, bytes: base + draft.origin, fields: $0) }
    return ParsedHead(head: RequestHead(storage: storage), consumed: draft.line)
  }

  private func checkFraming() throws(HTTPParseError) {
    guard draft.isChunked else { return }
    if draft.contentLength != nil { throw .lengthAndTransferEncoding }
    if draft.version == .http10 { throw .transferEncodingInOldVersion }
  }

  private func checkHost(_ base: UnsafePointer<UInt8>) throws(HTTPParseError) {
    guard let host = draft.host else {
      if draft.version == .http11 { throw .hostMissing }
      return
    }
    guard draft.form == .absolute else { return }
    let authority = draft.authority
    guard authority.count == host.count,
      equalIgnoringCase(base + Int(authority.start), base + Int(host.start), count: host.count)
    else { throw .hostDisagrees }
  }
}

extension ByteRange {
  /// The same bytes after `count` were dropped from the front; the empty range stays where it is.
  @inline(__always)
  func moved(back count: UInt32) -> ByteRange {
    isEmpty ? .empty : ByteRange(start: start &- count, end: end &- count)
  }
}
