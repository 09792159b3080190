/// Puts the chunked coding on a body.
public enum ChunkedEncoder {
  /// Appends one chunk; nothing if `bytes` is empty, because an empty chunk would end the body.
  public static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    appendSizeLine(bytes.count, to: &output)
    output.append(contentsOf: bytes)
    output.append(Byte.carriageReturn)
    output.append(Byte.lineFeed)
  }

  /// Appends what comes before a chunk's data; after the data comes CRLF.
  public static func appendSizeLine(_ size: Int, to output: inout [UInt8]) {
    precondition(size > 0, "a chunk of size zero ends the body: use appendEnd")
    var shift = (Int.bitWidth - 1 - size.leadingZeroBitCount) & ~3
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: size >> shift) & 0xF
      output.append(digit < 10 ? Byte.zero + digit : digit + 0x57)
      shift -= 4
    }
    output.append(Byte.carriageReturn)
    output.append(Byte.lineFeed)
  }

  /// Appends the end of the body.
  public static func appendEnd(to output: inout [UInt8]) {
    output.append(contentsOf: [Byte.zero, Byte.carriageReturn, Byte.lineFeed, Byte.carriageReturn, Byte.lineFeed])
  }
}
