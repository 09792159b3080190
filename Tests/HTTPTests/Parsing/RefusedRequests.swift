import Testing

@testable import HTTP

/// Bytes that are no request, and why.
struct RefusedRequest: Sendable, CustomTestStringConvertible {
  let wire: String
  let error: HTTPParseError

  init(_ wire: String, _ error: HTTPParseError) {
    self.wire = wire
    self.error = error
  }

  var testDescription: String { "\(error): \(wire.prefix(80).debugDescription)" }

  /// A request with one bad field line between good ones.
  static func field(_ line: String, _ error: HTTPParseError) -> RefusedRequest {
    RefusedRequest("GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\nAccept: */*\r\n\r\n", error)
  }

  /// A request with a bad target.
  static func target(_ target: String, _ error: HTTPParseError) -> RefusedRequest {
    RefusedRequest("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n", error)
  }

  /// A request with a bad `Host`.
  static func host(_ host: String) -> RefusedRequest {
    RefusedRequest("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", .hostMalformed)
  }

  /// A request with a bad version.
  static func version(_ version: String, _ error: HTTPParseError) -> RefusedRequest {
    RefusedRequest("GET / \(version)\r\nHost: h\r\n\r\n", error)
  }

  static let limits = HTTPLimits()

  static let all = requestLines + lineEnds + targets + fields + hosts + lengths + transferEncodings + tooLong

  static let requestLines: [RefusedRequest] = [
    RefusedRequest(" / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest(" GET / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", .notARequest),
    RefusedRequest("\u{0}GET / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest("(GET) / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", .methodNotAToken),
    RefusedRequest("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", .methodNotAToken),
    RefusedRequest("GET,POST / HTTP/1.1\r\nHost: h\r\n\r\n", .methodNotAToken),
    RefusedRequest("GÉT / HTTP/1.1\r\nHost: h\r\n\r\n", .methodNotAToken),
    RefusedRequest("GET\r\nHost: h\r\n\r\n", .methodNotAToken),
    RefusedRequest("AMETHODOFSEVENTEEN / HTTP/1.1\r\nHost: h\r\n\r\n", .methodTooLong),
    RefusedRequest("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .targetMissing),
    RefusedRequest("GET  HTTP/1.1\r\nHost: h\r\n\r\n", .targetMissing),
    RefusedRequest("GET /\r\n\r\n", .versionMalformed),
    RefusedRequest("GET /\r\nHost: h\r\n\r\n", .versionMalformed),
    RefusedRequest("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .versionMalformed),
    RefusedRequest("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", .versionMalformed),
    RefusedRequest("GET / a HTTP/1.1\r\nHost: h\r\n\r\n", .versionMalformed),
    .version("http/1.1", .versionMalformed),
    .version("Http/1.1", .versionMalformed),
    .version("HTTP 1.1", .versionMalformed),
    .version("HTTPS/1.1", .versionMalformed),
    .version("HTTP/11", .versionUnsupported),
    .version("HTTP/1.11", .versionMalformed),
    .version("HTTP/1,1", .versionMalformed),
    .version("HTTP/0.9", .versionUnsupported),
    .version("HTTP/1.2", .versionUnsupported),
    .version("HTTP/2.0", .versionUnsupported),
    .version("HTTP/3", .versionUnsupported),
    RefusedRequest("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionUnsupported),
    RefusedRequest("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", .connectUnsupported),
    RefusedRequest("CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n", .connectUnsupported),
  ]

  static let lineEnds: [RefusedRequest] = [
    RefusedRequest("\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .notARequest),
    RefusedRequest("\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", .bareCarriageReturn),
    RefusedRequest("\r\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", .bareCarriageReturn),
    RefusedRequest("GET / HTTP/1.1\nHost: h\r\n\r\n", .bareLineFeed),
    RefusedRequest("GET / HTTP/1.1\rHost: h\r\n\r\n", .bareCarriageReturn),
    RefusedRequest("GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", .bareCarriageReturn),
    RefusedRequest("GET /\nHost: h\n\n", .bareLineFeed),
    RefusedRequest("GET\n/ HTTP/1.1\r\nHost: h\r\n\r\n", .bareLineFeed),
    RefusedRequest("GET / HTTP\nHost: h\r\n\r\n", .bareLineFeed),
    RefusedRequest("GET / HTTP/1.1\r\nHost: h\n\r\n", .bareLineFeed),
    RefusedRequest("GET / HTTP/1.1\r\nHost: h\r\n\n", .bareLineFeed),
    RefusedRequest("GET / HTTP/1.1\r\nHost: h\r\n\rX", .bareCarriageReturn),
    RefusedRequest("GET / HTTP/1.1\r\nHost: h\r\n\r\rX", .bareCarriageReturn),
    .field("A: b\rc", .bareCarriageReturn),
    .field("A: b\r\r", .bareCarriageReturn),
    .field("A: b\nX: c", .bareLineFeed),
    .field("A\nX: c", .bareLineFeed),
    .field("A:\n", .bareLineFeed),
  ]

  static let targets: [RefusedRequest] = [
    .target("/#top", .targetHasFragment),
    .target("/a?b#c", .targetHasFragment),
    .target("/a\u{0}b", .targetCharacter),
    .target("/a\u{1}b", .targetCharacter),
    .target("/a\tb", .targetCharacter),
    .target("/a\u{7F}b", .targetCharacter),
    .target("/ä", .targetCharacter),
    .target("/a?q=ä", .targetCharacter),
    .target("/<script>", .targetCharacter),
    .target("/\"", .targetCharacter),
    .target("/a\\..\\b", .targetCharacter),
    .target("a", .targetForm),
    .target("?a", .targetForm),
    .target("*", .targetForm),
    .target("h:80", .targetForm),
    .target("ftp://h/", .targetForm),
    .target("http:/h/", .targetForm),
    .target("http://", .hostMalformed),
    .target("http:///a", .hostMalformed),
    .target("http://user@h/", .hostMalformed),
    .target("http://h:x/", .hostMalformed),
    .target("http://other/", .hostDisagrees),
    .target("http://h:80/", .hostDisagrees),
    .target("http://other?h", .hostDisagrees),
    RefusedRequest("OPTIONS ** HTTP/1.1\r\nHost: h\r\n\r\n", .targetForm),
    RefusedRequest("POST * HTTP/1.1\r\nHost: h\r\n\r\n", .targetForm),
  ]

  static let fields: [RefusedRequest] = [
    .field(": b", .fieldNameEmpty),
    .field("A : b", .spaceBeforeColon),
    .field("A\t: b", .spaceBeforeColon),
    .field("A b: c", .spaceBeforeColon),
    .field(" A: b", .foldedLine),
    .field("\tA: b", .foldedLine),
    .field("A: b\r\n c", .foldedLine),
    .field("A: b\r\n\tc", .foldedLine),
    .field("A", .fieldNameNotAToken),
    .field("A=b", .fieldNameNotAToken),
    .field("A@: b", .fieldNameNotAToken),
    .field("Ä: b", .fieldNameNotAToken),
    .field("A\u{0}: b", .fieldNameNotAToken),
    .field("\"A\": b", .fieldNameNotAToken),
    .field("A[0]: b", .fieldNameNotAToken),
    .field("A: b\u{0}", .fieldValueControl),
    .field("A: \u{0}", .fieldValueControl),
    .field("A: b\u{B}c", .fieldValueControl),
    .field("A: b\u{1B}[31m", .fieldValueControl),
    .field("A: b\u{7F}", .fieldValueControl),
    .field("A: a value of more than eight bytes, then\u{8}", .fieldValueControl),
    .field("A: a value of more than eight bytes, then\u{7F}", .fieldValueControl),
    .field("Expect: 200-ok", .expectationUnsupported),
    .field("Expect: 100-continue, more", .expectationUnsupported),
    RefusedRequest("GET / HTTP/1.1\r\n Host: h\r\n\r\n", .foldedLine),
  ]

  static let hosts: [RefusedRequest] = [
    RefusedRequest("GET / HTTP/1.1\r\n\r\n", .hostMissing),
    RefusedRequest("GET / HTTP/1.1\r\nHosts: h\r\n\r\n", .hostMissing),
    RefusedRequest("GET http://h/ HTTP/1.1\r\n\r\n", .hostMissing),
    .field("Host: h", .hostRepeated),
    .field("host: other", .hostRepeated),
    RefusedRequest("GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", .hostRepeated),
    .host(""), .host(" "), .host("a b"), .host("a,b" + "/"), .host("a/b"), .host("user@h"), .host("h:" + "x"),
    .host("h:123456"), .host("h:80:80"), .host("[::1"), .host("[]"), .host("[::1]x"), .host("[::1]:x"), .host("[g::1]"),
    .host("ä"), .host("a%2Fb"), .host("a?b"), .host(":80"), .host("http://h"),
  ]

  static let lengths: [RefusedRequest] = [
    .field("Content-Length: ", .contentLengthMalformed),
    .field("Content-Length: +3", .contentLengthMalformed),
    .field("Content-Length: -1", .contentLengthMalformed),
    .field("Content-Length: 0x10", .contentLengthMalformed),
    .field("Content-Length: 1 2", .contentLengthMalformed),
    .field("Content-Length: 3, 3", .contentLengthMalformed),
    .field("Content-Length: 3;", .contentLengthMalformed),
    .field("Content-Length: 1e3", .contentLengthMalformed),
    .field("Content-Length: ٣", .contentLengthMalformed),
    .field("Content-Length: 9223372036854775808", .contentLengthTooLarge),
    .field("Content-Length: 99999999999999999999999999", .contentLengthTooLarge),
    .field("Content-Length: 3\r\nContent-Length: 3", .contentLengthRepeated),
    .field("Content-Length: 3\r\ncontent-length: 4", .contentLengthRepeated),
    .field("Content-Length: 3\r\nTransfer-Encoding: chunked", .lengthAndTransferEncoding),
    .field("Transfer-Encoding: chunked\r\nContent-Length: 0", .lengthAndTransferEncoding),
  ]

  static let transferEncodings: [RefusedRequest] = [
    .field("Transfer-Encoding: ", .transferEncodingUnsupported),
    .field("Transfer-Encoding: identity", .transferEncodingUnsupported),
    .field("Transfer-Encoding: gzip, chunked", .transferEncodingUnsupported),
    .field("Transfer-Encoding: chunked, chunked", .transferEncodingUnsupported),
    .field("Transfer-Encoding: chunked, identity", .transferEncodingUnsupported),
    .field("Transfer-Encoding: xchunked", .transferEncodingUnsupported),
    .field("Transfer-Encoding: \"chunked\"", .transferEncodingUnsupported),
    .field("Transfer-Encoding: chunked;q=1", .transferEncodingUnsupported),
    .field("Transfer-Encoding: \u{B}chunked", .fieldValueControl),
    .field("Transfer-Encoding : chunked", .spaceBeforeColon),
    .field("Transfer-Encoding\u{0}: chunked", .fieldNameNotAToken),
    .field("X: y\r\n Transfer-Encoding: chunked", .foldedLine),
    .field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .transferEncodingRepeated),
    .field("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", .transferEncodingRepeated),
    RefusedRequest(
      "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInOldVersion),
  ]

  static let tooLong: [RefusedRequest] = [
    .target("/" + String(repeating: "a", count: 8 * 1024), .requestLineTooLong(limit: 8 * 1024)),
    .target("/?" + String(repeating: "a", count: 20 * 1024), .requestLineTooLong(limit: 8 * 1024)),
    .field("A: " + String(repeating: "b", count: 16 * 1024), .headTooLarge(limit: 16 * 1024)),
    .field(String(repeating: "A", count: 16 * 1024) + ": b", .headTooLarge(limit: 16 * 1024)),
    .field(
      (0..<17).map { "A\($0): " + String(repeating: "b", count: 1000) }.joined(separator: "\r\n"),
      .headTooLarge(limit: 16 * 1024)),
    .field((0..<100).map { "A\($0): b" }.joined(separator: "\r\n"), .tooManyFields(limit: 100)),
  ]
}
