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
    let ending = Ending(keepAlive: keepAlive, chunked: chunked, contentLength: contentLength, version: version)
    output += [UInt8](unsafeUninitializedCapacity: headBytesMax(response, date: date)) { memory, count in
      var writer = ByteWriter(memory)
      writeHead(response, date: date, ending, to: &writer)
      count = writer.count
    }
  }

  /// What a head says of the bytes behind it.
  struct Ending {
    let keepAlive: Bool
    let chunked: Bool
    let contentLength: Int?
    let version: HTTPVersion
  }

  /// More bytes than the head of this answer has.
  static func headBytesMax(_ response: Response, date: [UInt8]) -> Int {
    // The longest phrase and the fields below stay far below 200 bytes; a test holds this against every status.
    response.fields.wire.count + date.count + 200
  }

  /// Writes a head; there must be room for `headBytesMax`.
  static func writeHead(_ response: Response, date: [UInt8], _ ending: Ending, to output: inout ByteWriter) {
    writeStatusLine(response.status, to: &output)
    if !date.isEmpty {
      output.put("Date: ")
      output.put(date)
      output.put("\r\n")
    }
    if response.fields.mayHoldServerFields {
      writeWithoutServerFields(response.fields.wire, to: &output)
    } else {
      output.put(response.fields.wire)
    }
    if ending.chunked {
      output.put("Transfer-Encoding: chunked\r\n")
    } else if let length = ending.contentLength, !(response.status.forbidsBody && length == 0) {
      output.put("Content-Length: ")
      output.putDecimal(length)
      output.put("\r\n")
    }
    if !ending.keepAlive {
      output.put("Connection: close\r\n\r\n")
    } else if ending.version == .http10 {
      output.put("Connection: keep-alive\r\n\r\n")
    } else {
      output.put("\r\n")
    }
  }

  private static func writeStatusLine(_ status: HTTPStatus, to output: inout ByteWriter) {
    if status == .ok { return output.put("HTTP/1.1 200 OK\r\n") }
    output.put("HTTP/1.1 ")
    output.putDecimal(status.code)
    // The space stays even where there is no phrase: RFC 9112 asks for it.
    output.put(" ")
    output.put(status.staticReason)
    output.put("\r\n")
  }

  private static func writeWithoutServerFields(_ wire: [UInt8], to output: inout ByteWriter) {
    HTTPFields.forEachLine(of: wire) { line, colon in
      wire.withUnsafeBufferPointer { wire in
        if HTTPFields.isServerField(UnsafeBufferPointer(rebasing: wire[line.lowerBound..<colon])) { return }
        output.put(UnsafeBufferPointer(rebasing: wire[line]))
      }
    }
  }

  @inline(__always)
  static func append(_ text: StaticString, to output: inout [UInt8]) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
