/// Takes the chunked coding off a body, strictly: sizes are hexadecimal digits alone, lines end in CRLF, extensions
/// are checked and passed over.
///
/// Trailer fields are checked and dropped. Nothing in Wayfare reads a trailer, so that one that must not be there
/// (`Content-Length`, `Authorization`) cannot do anything either.
///
/// A state machine over bytes; chunk data is copied whole. Its outcome does not depend on how the bytes were cut.
public struct ChunkedDecoder: Sendable {
  private let limits: HTTPLimits
  private var state = State.sizeStart
  /// Bytes still missing from the chunk, or its size while that is being read.
  private var remaining = 0
  /// Bytes of the size line so far, or of all trailer lines.
  private var lineBytes = 0

  /// What the next byte must be.
  private enum State: Sendable {
    case sizeStart, size, `extension`, sizeLineFeed
    case data, dataCarriageReturn, dataLineFeed
    case trailerStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
    case finished
  }

  /// A decoder for one body.
  public init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// Appends the data found in `bytes` to `output`.
  ///
  /// - Returns: how many bytes were used, and whether the body has ended; if not, all were used.
  /// - Throws: why the bytes are refused; the decoder is of no use afterwards.
  /// - Complexity: O(bytes used).
  public mutating func decode(
    _ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]
  ) throws(HTTPParseError) -> (consumed: Int, finished: Bool) {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return (0, state == .finished) }
    var index = 0
    while index < bytes.count, state != .finished {
      if state == .data {
        let count = min(remaining, bytes.count - index)
        output.append(contentsOf: UnsafeBufferPointer(start: base + index, count: count))
        index += count
        remaining -= count
        if remaining == 0 { state = .dataCarriageReturn }
      } else {
        try step(base[index])
        index += 1
      }
    }
    return (index, state == .finished)
  }

  private mutating func step(_ byte: UInt8) throws(HTTPParseError) {
    switch state {
    case .sizeStart, .size, .extension, .sizeLineFeed: try stepSizeLine(byte)
    case .dataCarriageReturn:
      guard byte == Byte.carriageReturn else { throw .chunkEndMissing }
      state = .dataLineFeed
    case .dataLineFeed:
      guard byte == Byte.lineFeed else { throw .chunkEndMissing }
      state = .sizeStart
    case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .lastLineFeed: try stepTrailer(byte)
    case .data, .finished: return
    }
  }

  private mutating func stepSizeLine(_ byte: UInt8) throws(HTTPParseError) {
    lineBytes += 1
    guard lineBytes <= limits.chunkLineBytes else { throw .chunkLineTooLong(limit: limits.chunkLineBytes) }
    switch (state, byte) {
    case (.sizeStart, _):
      guard let digit = Byte.hexValue(byte) else { throw .chunkSizeMalformed }
      remaining = Int(digit)
      state = .size
    case (.size, Byte.semicolon): state = .extension
    case (.size, Byte.carriageReturn), (.extension, Byte.carriageReturn): state = .sizeLineFeed
    case (.size, _):
      guard let digit = Byte.hexValue(byte) else { throw .chunkSizeMalformed }
      // Sixteen digits are the most; already 0x0800… times sixteen is more than an Int holds.
      guard lineBytes <= 16, remaining < 1 << 59 else { throw .chunkSizeTooLarge }
      remaining = remaining << 4 | Int(digit)
    case (.extension, _):
      guard (byte >= 0x20 && byte != Byte.delete) || byte == Byte.tab else { throw .chunkExtensionCharacter }
    default:
      guard byte == Byte.lineFeed else { throw .bareCarriageReturn }
      lineBytes = 0
      state = remaining == 0 ? .trailerStart : .data
    }
  }

  private mutating func stepTrailer(_ byte: UInt8) throws(HTTPParseError) {
    lineBytes += 1
    guard lineBytes <= limits.trailerBytes else { throw .trailersTooLarge(limit: limits.trailerBytes) }
    switch (state, byte) {
    case (_, Byte.lineFeed) where state != .trailerLineFeed && state != .lastLineFeed: throw .bareLineFeed
    case (.trailerStart, Byte.carriageReturn): state = .lastLineFeed
    case (.trailerStart, Byte.colon): throw .fieldNameEmpty
    case (.trailerStart, Byte.space), (.trailerStart, Byte.tab): throw .foldedLine
    case (.trailerName, Byte.colon): state = .trailerValue
    case (.trailerName, Byte.space), (.trailerName, Byte.tab): throw .spaceBeforeColon
    case (.trailerStart, _), (.trailerName, _):
      guard ByteSet.token.contains(byte) else { throw .fieldNameNotAToken }
      state = .trailerName
    case (.trailerValue, Byte.carriageReturn): state = .trailerLineFeed
    case (.trailerValue, _):
      guard byte >= 0x20 && byte != Byte.delete || byte == Byte.tab else { throw .fieldValueControl }
    default:
      guard byte == Byte.lineFeed else { throw .bareCarriageReturn }
      state = state == .trailerLineFeed ? .trailerStart : .finished
    }
  }
}
