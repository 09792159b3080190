import Testing

@testable import HTTP

@Suite("Request smuggling")
struct SmugglingTests {
  /// Requests whose end two servers in a row might see at different places: the bytes behind the first request would
  /// then be somebody else's.
  ///
  /// Each begins with a harmless-looking head.
  static let attempts: [(String, String)] = [
    ("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"),
    ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n"),
    ("two lengths", "Content-Length: 0\r\nContent-Length: 44\r\n\r\nGET /admin HTTP/1.1\r\nHost: h\r\n\r\n"),
    ("two equal lengths", "Content-Length: 44\r\nContent-Length: 44\r\n\r\n"),
    ("a list of lengths", "Content-Length: 0, 44\r\n\r\n"),
    ("a signed length", "Content-Length: +44\r\n\r\n"),
    ("a length with a vertical tab", "Content-Length:\u{B}44\r\n\r\n"),
    ("a length with a space before its colon", "Content-Length : 44\r\n\r\n"),
    ("a length behind a bare LF", "X: y\nContent-Length: 44\r\n\r\n"),
    ("a length behind a bare CR", "X: y\rContent-Length: 44\r\n\r\n"),
    ("a length in a folded line", "X: y\r\n\tContent-Length: 44\r\n\r\n"),
    ("a length behind a NUL", "X: y\u{0}\r\nContent-Length: 44\r\n\r\n"),
    ("TE.TE by a second coding", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n"),
    ("TE.TE by a list", "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
    ("TE.TE by a parameter", "Transfer-Encoding: chunked; q=1\r\n\r\n0\r\n\r\n"),
    ("TE with a vertical tab", "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n"),
    ("TE with a space before its colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    ("TE in a folded line", "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("TE folded into its value", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    ("TE with a byte above 127", "Transfer-Encoding: chunked\u{A0}\r\n\r\n0\r\n\r\n"),
    ("a second host", "Host: admin.internal\r\n\r\n"),
  ]

  @Test("is refused at the head", arguments: attempts)
  func refused(_ name: String, _ rest: String) {
    let outcome = HeadOutcome.parsing(Array(("POST / HTTP/1.1\r\nHost: h\r\n" + rest).utf8))
    guard case .refused = outcome else {
      Issue.record("\(name): \(outcome)")
      return
    }
  }

  @Test(
    "within a chunked body is refused there",
    arguments: [
      "5;\n\r\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n",
      "+5\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "10000000000000005\r\nhello\r\n0\r\n\r\n",
      "0\r\n\nGET / HTTP/1.1",
      "0\r\nContent-Length : 5\r\n\r\n", "0\n\n",
    ])
  func chunked(_ wire: String) {
    let outcome = BodyOutcome.decoding(Array(wire.utf8))
    guard case .refused = outcome else {
      Issue.record("\(wire.debugDescription): \(outcome)")
      return
    }
  }

  @Test("does not come from fields that nobody may take for framing")
  func harmless() throws {
    let head = try RequestHead(
      method: .post, target: "/", headers: [("X-Content-Length", "5"), ("TE", "trailers"), ("Content_Length", "7")])
    #expect(head.framing == .none)
  }
}
