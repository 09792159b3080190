import Testing

@testable import HTTP

/// A request, and what must be read from it.
struct AcceptedRequest: Sendable, CustomTestStringConvertible {
  let wire: String
  var method = "GET"
  var path = "/"
  var query = ""
  var version = HTTPVersion.http11
  var framing = BodyFraming.none
  var keepAlive = true
  var expectsContinue = false
  var host: String? = "h"
  /// What the fields must be, names included.
  var headers: [String] = ["Host: h"]
  /// How many bytes follow the head.
  var behind = 0

  var testDescription: String { wire.prefix(100).debugDescription }

  /// A request with these fields besides `Host`.
  static func fields(
    _ lines: [String], read headers: [String]? = nil, framing: BodyFraming = .none, keepAlive: Bool = true,
    expectsContinue: Bool = false, version: HTTPVersion = .http11
  ) -> AcceptedRequest {
    let text = version == .http11 ? "HTTP/1.1" : "HTTP/1.0"
    return AcceptedRequest(
      wire: "GET / \(text)\r\nHost: h\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n", version: version,
      framing: framing, keepAlive: keepAlive, expectsContinue: expectsContinue,
      headers: ["Host: h"] + (headers ?? lines))
  }

  static func host(_ host: String) -> AcceptedRequest {
    AcceptedRequest(wire: "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", host: host, headers: ["Host: \(host)"])
  }

  static func target(_ target: String, path: String, query: String = "") -> AcceptedRequest {
    AcceptedRequest(wire: "GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n", path: path, query: query)
  }

  static let all = plain + targets + hosts + fields + framings

  static let plain: [AcceptedRequest] = [
    AcceptedRequest(wire: "GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    AcceptedRequest(wire: "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
    AcceptedRequest(wire: "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", method: "HEAD"),
    AcceptedRequest(wire: "POST / HTTP/1.1\r\nHost: h\r\n\r\n", method: "POST"),
    AcceptedRequest(wire: "PUT / HTTP/1.1\r\nHost: h\r\n\r\n", method: "PUT"),
    AcceptedRequest(wire: "PATCH / HTTP/1.1\r\nHost: h\r\n\r\n", method: "PATCH"),
    AcceptedRequest(wire: "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", method: "DELETE"),
    AcceptedRequest(wire: "OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n", method: "OPTIONS"),
    AcceptedRequest(wire: "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", method: "OPTIONS", path: "*"),
    AcceptedRequest(wire: "get / HTTP/1.1\r\nHost: h\r\n\r\n", method: "get"),
    AcceptedRequest(wire: "PROPPATCH / HTTP/1.1\r\nHost: h\r\n\r\n", method: "PROPPATCH"),
    AcceptedRequest(wire: "BASELINE-CONTROL / HTTP/1.1\r\nHost: h\r\n\r\n", method: "BASELINE-CONTROL"),
    AcceptedRequest(wire: "!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: h\r\n\r\n", method: "!#$%&'*+-.^_`|~9"),
    AcceptedRequest(
      wire: "GET / HTTP/1.0\r\n\r\n", version: .http10, keepAlive: false, host: nil, headers: []),
    AcceptedRequest(wire: "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\n", behind: 20),
    AcceptedRequest(wire: "GET / HTTP/1.1\r\nHost: h\r\n\r\n\u{0}\n\r", behind: 3),
  ]

  static let targets: [AcceptedRequest] = [
    .target("/v1/trips/17", path: "/v1/trips/17"),
    .target("/v1/trips?limit=5&cursor=a", path: "/v1/trips", query: "limit=5&cursor=a"),
    .target("/?", path: "/"),
    .target("/??", path: "/", query: "?"),
    .target("/a?b?c=/d", path: "/a", query: "b?c=/d"),
    .target("//", path: "//"),
    .target("/%00", path: "/%00"),
    .target("/%zz", path: "/%zz"),
    .target("/..", path: "/.."),
    .target("/a;b=c:d@e!$&'()*+,~", path: "/a;b=c:d@e!$&'()*+,~"),
    .target("/?filter[a]={b}|^`", path: "/", query: "filter[a]={b}|^`"),
    .target("http://h", path: "/"),
    .target("http://h/", path: "/"),
    .target("HTTP://H/x?y", path: "/x", query: "y"),
    .target("https://h/x", path: "/x"),
    .target("http://h?y", path: "/", query: "y"),
    .target("http://h?y=/z", path: "/", query: "y=/z"),
    AcceptedRequest(
      wire: "GET http://h/a HTTP/1.0\r\n\r\n", path: "/a", version: .http10, keepAlive: false, headers: []),
    .target("/" + String(repeating: "a", count: 8000), path: "/" + String(repeating: "a", count: 8000)),
  ]

  static let hosts: [AcceptedRequest] = [
    .host("example.org"), .host("example.org:8080"), .host("127.0.0.1"), .host("127.0.0.1:1"), .host("[::1]"),
    .host("[2001:db8::1]:65535"), .host("[::ffff:192.0.2.1]"), .host("h:"), .host("a_b-c.~d!$&'()*+,;="),
    .host("EXAMPLE.ORG."),
  ]

  static let fields: [AcceptedRequest] = [
    .fields(["A:b"], read: ["A: b"]),
    .fields(["A:  \t b \t "], read: ["A: b"]),
    .fields(["A:"], read: ["A: "]),
    .fields(["A:   "], read: ["A: "]),
    .fields(["A: b c\td"]),
    .fields(["A: ünïcode"]),
    .fields(["A: ::"]),
    .fields(["A: b", "a: c", "A: d"]),
    .fields(["!#$%&'*+-.^_`|~9aZ: x"]),
    .fields(
      ["A: 1234567", "B: 12345678", "C: 123456789", "D: 1234567\t"],
      read: ["A: 1234567", "B: 12345678", "C: 123456789", "D: 1234567"]),
    .fields((0..<99).map { "A\($0): b" }),
    .fields(["A: " + String(repeating: "b", count: 16_000)]),
    .fields(["Upgrade: websocket", "Connection: Upgrade"]),
    .fields(["Trailer: Content-Length"]),
    .fields(["Hostess: x", "Expected: y", "Content-Lengths: z"]),
  ]

  static let framings: [AcceptedRequest] = [
    .fields(["Content-Length: 0"], framing: .length(0)),
    .fields(["Content-Length: 12"], framing: .length(12)),
    .fields(["CONTENT-LENGTH:007"], read: ["CONTENT-LENGTH: 007"], framing: .length(7)),
    .fields(["Content-Length: 9223372036854775807"], framing: .length(.max)),
    .fields(["Transfer-Encoding: chunked"], framing: .chunked),
    .fields(["transfer-encoding:\tCHUNKED "], read: ["transfer-encoding: CHUNKED"], framing: .chunked),
    .fields(["Connection: close"], keepAlive: false),
    .fields(["Connection: Close"], keepAlive: false),
    .fields(["Connection: keep-alive"]),
    .fields(["Connection: te , close"], keepAlive: false),
    .fields(["Connection: keep-alive", "Connection: close"], keepAlive: false),
    .fields(["Connection: ,,"]),
    .fields(["Connection: closed"]),
    .fields(["Connection: close"], keepAlive: false, version: .http10),
    .fields(["Connection: Keep-Alive"], keepAlive: true, version: .http10),
    .fields(["Connection: x, keep-alive"], keepAlive: true, version: .http10),
    .fields(["Connection: keep-alive, close"], keepAlive: false, version: .http10),
    .fields(["Expect: 100-continue", "Content-Length: 1"], framing: .length(1), expectsContinue: true),
    .fields(["Expect: 100-Continue"], expectsContinue: true),
    .fields(["Expect: 100-continue"], keepAlive: false, version: .http10),
  ]
}
