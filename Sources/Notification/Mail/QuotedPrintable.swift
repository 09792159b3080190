/// Quoted-printable (RFC 2045, section 6.7): text of any language in lines of 76 characters of ASCII.
enum QuotedPrintable {
  private static let lineMax = 76
  private static let hexadecimal = Array("0123456789ABCDEF".utf8)

  /// Text with line feeds as lines that end with CR and LF.
  static func encode(_ text: String) -> [UInt8] {
    var out: [UInt8] = []
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if index > 0 { out += [13, 10] }
      append(Array(line.last == 13 ? line.dropLast() : line), to: &out)
    }
    return out
  }

  private static func append(_ line: [UInt8], to out: inout [UInt8]) {
    var column = 0
    for (index, byte) in line.enumerated() {
      let isLast = index == line.count - 1
      let piece = isWritten(byte, isFirst: column == 0, isLast: isLast) ? [byte] : code(byte)
      // A soft break needs a place for its sign; UTF-8 may be cut, because what is decoded is bytes.
      if column + piece.count > (isLast ? lineMax : lineMax - 1) {
        out += [UInt8(ascii: "="), 13, 10]
        column = 0
      }
      out += piece
      column += piece.count
    }
  }

  private static func isWritten(_ byte: UInt8, isFirst: Bool, isLast: Bool) -> Bool {
    switch byte {
    case 9, 32: !isLast
    // What SMTP and mailbox files give a meaning at the start of a line.
    case UInt8(ascii: "."), UInt8(ascii: "F"): !isFirst
    case UInt8(ascii: "="): false
    default: byte > 32 && byte < 127
    }
  }

  private static func code(_ byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "="), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
  }
}
