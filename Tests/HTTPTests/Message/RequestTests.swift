import Testing

@testable import HTTP

@Suite("A request head")
struct RequestHeadTests {
  @Test("finds fields whatever the case of their names, and joins repeated ones")
  func headers() throws {
    let head = try RequestHead(
      method: .get, target: "/", headers: [("Accept", "a"), ("X", "1"), ("ACCEPT", "b, c"), ("Empty", "")])
    #expect(head.header("accept") == "a, b, c")
    #expect(head.headerValues("Accept") == ["a", "b, c"])
    #expect(head.header("empty") == "")
    #expect(head.header("acc") == nil)
    #expect(head.header("") == nil)
    #expect(head.hasHeader("x"))
    #expect(!head.hasHeader("y"))
    #expect(head.host == "localhost")
  }

  @Test("decodes its path for people, and leaves alone what cannot be decoded")
  func paths() throws {
    #expect(try RequestHead(method: .get, target: "/caf%C3%A9?x").pathString == "/café")
    #expect(try RequestHead(method: .get, target: "/100%").pathString == "/100%")
    #expect(try RequestHead(method: .get, target: "/%ff").pathString == "/\u{FFFD}")
  }

  @Test("made in the process is as strict as one from the wire")
  func inProcess() {
    #expect(throws: HTTPParseError.targetCharacter) { try RequestHead(method: .get, target: "/a\"") }
    #expect(throws: HTTPParseError.self) {
      try RequestHead(method: .get, target: "/", headers: [("A", "b\r\nC: d\r\n\r\n")])
    }
  }
}

@Suite("A request body")
struct RequestBodyTests {
  /// Gives out pieces one after another.
  private actor Pieces {
    private var rest: [[UInt8]]
    private(set) var given = 0

    init(_ pieces: [[UInt8]]) { rest = pieces }

    func next() -> [UInt8]? {
      guard !rest.isEmpty else { return nil }
      given += 1
      return rest.removeFirst()
    }
  }

  private func body(_ pieces: Pieces, length: Int?) -> RequestBody {
    RequestBody(length: length) { await pieces.next() }
  }

  @Test("is collected up to its limit and not a byte beyond")
  func limits() async throws {
    let pieces: [[UInt8]] = [[1, 2], [3], [4, 5]]
    #expect(try await body(Pieces(pieces), length: nil).collect(upTo: 5) == [1, 2, 3, 4, 5])
    let refusal = await #expect(throws: Problem.self) { try await body(Pieces(pieces), length: nil).collect(upTo: 4) }
    #expect(refusal?.status == .contentTooLarge)
    #expect(refusal?.detail?.contains("4 bytes") == true)
  }

  @Test("is refused before it is read if its length says that it is too long")
  func announced() async {
    let pieces = Pieces([[1, 2, 3]])
    await #expect(throws: Problem.self) { try await body(pieces, length: 3).collect(upTo: 2) }
    #expect(await pieces.given == 0)
  }

  @Test("that never ends is given up at the limit")
  func endless() async {
    let endless = RequestBody(length: nil) { [UInt8](repeating: 0, count: 1000) }
    await #expect(throws: Problem.self) { try await endless.collect(upTo: 10_000) }
  }

  @Test("that is there already can be collected twice, but read once")
  func inMemory() async throws {
    let body = RequestBody(bytes: [1, 2])
    #expect(try await body.collect(upTo: 2) == [1, 2])
    #expect(try await body.collect(upTo: 2) == [1, 2])
    #expect(try await body.next() == [1, 2])
    #expect(try await body.next() == nil)
    #expect(body.length == 2)
    await #expect(throws: Problem.self) { try await body.collect(upTo: 1) }
    #expect(try await RequestBody.empty.next() == nil)
    #expect(RequestBody(bytes: []).length == 0)
  }
}

@Suite("A peer's address")
struct PeerAddressTests {
  @Test(
    "is written as RFC 5952 recommends, and read again",
    arguments: [
      "192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1", "1::", "2001:db8:0:1:1:1:1:1",
      "2001:0:0:1::1", "fe80::1:0:0:1", "1:2:3:4:5:6:7:8",
    ])
  func text(_ text: String) throws {
    let address = try #require(PeerAddress(host: text))
    #expect(address.host == text)
    #expect(PeerAddress(host: address.host) == address)
  }

  @Test("with a port has brackets if it is IPv6")
  func ports() {
    #expect(PeerAddress.ipv4(0x0102_0304, port: 80).description == "1.2.3.4:80")
    #expect(PeerAddress.ipv6(high: 0, low: 1, port: 80).description == "[::1]:80")
    #expect(PeerAddress.unix.description == "unix")
  }

  @Test("counts IPv6 by its /64, and IPv4 in IPv6 as IPv4")
  func networks() throws {
    let a = try #require(PeerAddress(host: "2001:db8:1:2:3::4"))
    let b = try #require(PeerAddress(host: "2001:db8:1:2::"))
    #expect(a.network == b)
    let wrapped = try #require(PeerAddress(host: "::ffff:192.0.2.1"))
    #expect(wrapped.network == PeerAddress(host: "192.0.2.1"))
  }

  @Test(
    "that is none is not read",
    arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "::g", "h", "1.2.3.4:80"])
  func malformed(_ text: String) {
    #expect(PeerAddress(host: text) == nil)
  }

  @Test("lies in a range or does not")
  func ranges() throws {
    func range(_ text: String, _ address: String) throws -> Bool {
      try #require(AddressRange(text)).contains(try #require(PeerAddress(host: address)))
    }
    #expect(try range("10.0.0.0/8", "10.255.0.1"))
    #expect(try !range("10.0.0.0/8", "11.0.0.1"))
    #expect(try range("0.0.0.0/0", "1.2.3.4"))
    #expect(try range("1.2.3.4", "1.2.3.4"))
    #expect(try !range("1.2.3.4/31", "1.2.3.6"))
    #expect(try range("2001:db8::/33", "2001:db8:7fff::1"))
    #expect(try !range("2001:db8::/33", "2001:db8:8000::1"))
    #expect(try range("2001:db8::8/125", "2001:db8::f"))
    #expect(try !range("2001:db8::8/125", "2001:db8::10"))
    #expect(try !range("::/0", "1.2.3.4"))
    #expect(AddressRange("unix")?.contains(.unix) == true)
    for text in ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "x", ""] {
      #expect(AddressRange(text) == nil)
    }
  }
}

@Suite("A request's id")
struct RequestIDTests {
  @Test(
    "is the caller's if it is reasonable",
    arguments: ["a", "0198c0de-7a11", "A/b+c=", String(repeating: "x", count: 128)])
  func given(_ id: String) throws {
    #expect(RequestID(try RequestHead(method: .get, target: "/", headers: [("x-request-id", id)])).description == id)
  }

  @Test("is our own if not", arguments: ["", "a b", "<script>", "é", String(repeating: "x", count: 129), "a\"b"])
  func unreasonable(_ id: String) throws {
    let own = RequestID(try RequestHead(method: .get, target: "/", headers: [("X-Request-Id", id)])).description
    #expect(own != id)
    #expect(own.utf8.count == 32)
    #expect(own.allSatisfy { $0.isHexDigit })
  }

  @Test("is another for every request")
  func distinct() {
    #expect(Set((0..<10_000).map { _ in RequestID().description }).count == 10_000)
  }
}
