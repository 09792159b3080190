import Glibc

/// What a load generator must know of an answer: the status, and where it ends.
struct Answer: Equatable {
  let status: Int
  let bodyStart: Int
  let bodyLength: Int

  var end: Int { bodyStart + bodyLength }

  /// Why bytes are no answer that can be followed.
  enum Fault: Error {
    case noStatusLine
    case noContentLength
  }

  /// Reads the head of an answer; nil while it is incomplete.
  ///
  /// - Complexity: O(bytes of the head).
  /// - Throws: `Fault`.
  init?(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    var line = 0
    var status = 0
    var length: Int?
    while let end = Self.lineEnd(bytes, from: line) {
      // A carriage return ends the text of each line.
      let text = UnsafeRawBufferPointer(rebasing: bytes[line..<max(line, end - 1)])
      if line == 0 {
        status = try Self.status(text)
      } else if text.isEmpty {
        guard let length else { throw .noContentLength }
        self.status = status
        bodyStart = end + 1
        bodyLength = length
        return
      } else if text.count > Self.lengthName.utf8CodeUnitCount {
        length = Self.contentLength(text) ?? length
      }
      line = end + 1
    }
    return nil
  }

  private static let lengthName: StaticString = "content-length:"

  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, 0x0A, bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// `HTTP/1.1 200 OK` is 200.
  private static func status(_ line: UnsafeRawBufferPointer) throws(Fault) -> Int {
    guard line.count >= 12, line[0] == UInt8(ascii: "H"), line[8] == UInt8(ascii: " ") else { throw .noStatusLine }
    return (9..<12).reduce(0) { $0 * 10 + Int(line[$1]) - 48 }
  }

  private static func contentLength(_ line: UnsafeRawBufferPointer) -> Int? {
    let name = lengthName.utf8Start
    for index in 0..<lengthName.utf8CodeUnitCount where line[index] | 0x20 != name[index] | 0x20 { return nil }
    var value = 0
    var hasDigit = false
    for byte in line[lengthName.utf8CodeUnitCount...] where byte != UInt8(ascii: " ") {
      // Nine digits are a gigabyte: more is no answer of ours.
      guard (48...57).contains(byte), value < 100_000_000 else { return nil }
      value = value * 10 + Int(byte) - 48
      hasDigit = true
    }
    return hasDigit ? value : nil
  }
}
