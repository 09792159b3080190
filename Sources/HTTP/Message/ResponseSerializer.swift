/// Writes response heads.
public enum ResponseSerializer {
  /// Appends status line, fields and empty line.
  ///
  /// - Parameters:
  ///   - response: the answer; its body is not looked at.
  ///   - output: where the bytes go.
  ///   - date: the value of `Date`, which the server keeps and renews once a second; empty leaves the field out.
  ///   - keepAlive: whether the connection stays open; if not, `Connection: close` is said.
  ///   - chunked: whether the body is sent in chunks; then `contentLength` does not count.
  ///   - contentLength: the length of the body, also where it is not sent (HEAD); nil writes no `Content-Length`.
  ///   - version: the caller's version: an HTTP/1.0 caller has to be told that the connection stays open.
  /// - Complexity: O(bytes written).
  public static func appendHead(
    _ response: Response, to output: inout [UInt8], date: [UInt8], keepAlive: Bool, chunked: Bool,
    contentLength: Int?, version: HTTPVersion = .http11
  ) {
    appendStatusLine(response.status, to: &output)
    if !date.isEmpty {
      append("Date: ", to: &output)
      output.append(contentsOf: date)
      append("\r\n", to: &output)
    }
    if response.fields.mayHoldServerFields {
      appendWithoutServerFields(response.fields.wire, to: &output)
    } else {
      output.append(contentsOf: response.fields.wire)
    }
    if chunked {
      append("Transfer-Encoding: chunked\r\n", to: &output)
    } else if let contentLength, !(response.status.forbidsBody && contentLength == 0) {
      append("Content-Length: ", to: &output)
      appendDecimal(contentLength, to: &output)
      append("\r\n", to: &output)
    }
    if !keepAlive {
      append("Connection: close\r\n\r\n", to: &output)
    } else if version == .http10 {
      append("Connection: keep-alive\r\n\r\n", to: &output)
    } else {
      append("\r\n", to: &output)
    }
  }

  private static func appendStatusLine(_ status: HTTPStatus, to output: inout [UInt8]) {
    if status == .ok { return append("HTTP/1.1 200 OK\r\n", to: &output) }
    append("HTTP/1.1 ", to: &output)
    appendDecimal(status.code, to: &output)
    // The space stays even where there is no phrase: RFC 9112 asks for it.
    append(" ", to: &output)
    append(status.staticReason, to: &output)
    append("\r\n", to: &output)
  }

  private static func appendWithoutServerFields(_ wire: [UInt8], to output: inout [UInt8]) {
    HTTPFields.forEachLine(of: wire) { line, colon in
      let isServerField = wire.withUnsafeBufferPointer {
        HTTPFields.isServerField(UnsafeBufferPointer(rebasing: $0[line.lowerBound..<colon]))
      }
      if !isServerField { output.append(contentsOf: wire[line]) }
    }
  }

  @inline(__always)
  static func append(_ text: StaticString, to output: inout [UInt8]) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a number that is not negative.
  static func appendDecimal(_ number: Int, to output: inout [UInt8]) {
    precondition(number >= 0, "a length is never negative")
    if number < 10 { return output.append(Byte.zero + UInt8(number)) }
    // Twenty digits are the most that 64 bits spell.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      var rest = UInt64(number)
      while rest > 0 {
        start &-= 1
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        digits[start] = Byte.zero &+ UInt8(truncatingIfNeeded: digit)
        rest = quotient
      }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }
}
