internal import Glibc

/// A head and how many bytes it took.
public struct ParsedHead: Sendable {
  /// The checked head.
  public let head: RequestHead
  /// The bytes to drop from the front before the body or the next request.
  public let consumed: Int
}

/// Reads request heads, strictly (RFC 9112): what two parsers could read differently is refused.
///
/// The idea: lines are read as soon as they are there, and what was read is remembered, so that a head that arrives
/// in pieces is not read again from its start. A line whose end is missing is read once in vain; after that only the
/// new bytes are searched for its end. Every byte is therefore looked at a bounded number of times, however slowly a
/// head drips in.
///
/// The invariant: the outcome depends on the bytes alone, never on how they were cut. Every check looks from left to
/// right, and a limit is a wall at a fixed byte, in front of which everything else is checked first.
///
/// The cost: one pass, eight bytes at a time over values; two allocations per head (its bytes, its field ranges).
public struct RequestParser: Sendable {
  let limits: HTTPLimits
  var draft = Draft()

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
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    if !draft.hasBegun {
      guard try skipLeadingLineEnd(base, count: bytes.count) else { return nil }
    } else if !lineMayBeRead(base, count: bytes.count) {
      return nil
    }
    if !draft.hasRequestLine {
      guard try readRequestLine(base, count: bytes.count) else { return nil }
      draft.fields.reserveCapacity(16)
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
    /// The line that is being read has no LF before here.
    var searched = 0
    var method = HTTPMethod.get
    var version = HTTPVersion.http11
    var form = TargetForm.origin
    var path = ByteRange.empty
    var query = ByteRange.empty
    var authority = ByteRange.empty
    var fields: [FieldRange] = []
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
      draft.searched = 2
    }
    draft.hasBegun = true
    return true
  }

  /// Whether the line that had no end the last time has one now, or has run into its limit.
  private mutating func lineMayBeRead(_ base: UnsafePointer<UInt8>, count: Int) -> Bool {
    let new = count - draft.searched
    if new > 0, memchr(base + draft.searched, Int32(Byte.lineFeed), new) != nil { return true }
    draft.searched = count
    let limit = draft.hasRequestLine ? limits.headBytes : min(limits.headBytes, limits.requestLineBytes)
    return count - draft.origin > limit
  }

  private mutating func finish(_ base: UnsafePointer<UInt8>) throws(HTTPParseError) -> ParsedHead {
    try checkFraming()
    try checkHost(base)
    let end = draft.line
    let start = UInt32(truncatingIfNeeded: draft.origin)
    let head = RequestHead(
      bytes: [UInt8](UnsafeBufferPointer(start: base + draft.origin, count: end - draft.origin)),
      fieldRanges: draft.fields,
      method: draft.method,
      version: draft.version,
      framing: draft.isChunked ? .chunked : draft.contentLength.map { .length($0) } ?? .none,
      keepAlive: !draft.saysClose && (draft.version == .http11 || draft.saysKeepAlive),
      expectsContinue: draft.expectsContinue && draft.version == .http11,
      pathRange: draft.path.moved(back: start),
      queryRange: draft.query.moved(back: start),
      hostRange: (draft.host ?? draft.authority).moved(back: start))
    return ParsedHead(head: head, consumed: end)
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
