import EventLoop
import Testing

@testable import HTTP

@Suite("HTTP client")
struct HTTPClientTests {
  /// A client on the server's loop, closed when the body returns.
  private func with(
    _ server: TestServer, retries: RetryRules = RetryRules(), inFlightMax: Int = 512,
    _ body: (HTTPClient, String) async throws -> Void
  ) async throws {
    let client = try HTTPClient(loop: server.loop, retries: retries, inFlightMax: inFlightMax)
    try await body(client, "http://127.0.0.1:\(server.port)")
    await client.close()
  }

  private func expect(
    _ status: Int, from client: HTTPClient, _ request: ClientRequest, at location: SourceLocation = #_sourceLocation
  ) async throws {
    let response = try await client.send(request)
    #expect(response.status == status, sourceLocation: location)
  }

  private var quick: RetryRules {
    var rules = RetryRules()
    rules.firstWait = .milliseconds(1)
    rules.waitMax = .milliseconds(2)
    return rules
  }

  @Test("method, fields and body arrive, and the answer comes back, over one connection used again")
  func sends() async throws {
    let handler: Handler = { request, _ in
      let body = try await request.body.collect(upTo: 1 << 20)
      var response = Response.text("\(request.head.method.rawValue) \(request.header("X-Mark") ?? "-") \(body.count)")
      response.fields.set("X-Back", "b")
      return response
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server) { client, url in
        for method in [HTTPMethod.get, .post, .put, .patch, .delete] {
          var request = ClientRequest(method, url + "/x?y=z")
          request.fields.set("X-Mark", "m")
          if method != .get { request.body = [UInt8](repeating: 1, count: 5000) }
          let response = try await client.send(request)
          #expect(response.status == 200)
          #expect(response.field("x-back") == "b")
          let count = method == .get ? 0 : 5000
          #expect(String(decoding: response.body, as: UTF8.self) == "\(method.rawValue) m \(count)")
        }
        let head = try await client.send(ClientRequest(.head, url))
        #expect(head.body.isEmpty)
        #expect(server.server.acceptedCount == 1, "the connection was used again")
      }
    }
  }

  @Test("many requests at once all come back, each with its own answer")
  func sendsConcurrently() async throws {
    let handler: Handler = { request, _ in
      try await EventLoop.current?.sleep(for: .milliseconds(2))
      return .text(request.head.pathString)
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server) { client, url in
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<200 {
            group.addTask {
              let response = try await client.send(ClientRequest(.get, "\(url)/\(number)"))
              return String(decoding: response.body, as: UTF8.self) == "/\(number)"
            }
          }
          for try await isRight in group { #expect(isRight) }
        }
      }
    }
  }

  @Test("503 is tried again for GET and not for POST, and the last answer stands")
  func retries() async throws {
    let calls = Tally()
    let handler: Handler = { request, _ in
      calls.add()
      return .text("x", status: calls.value % 3 == 0 ? .ok : .serviceUnavailable)
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server, retries: quick) { client, url in
        try await expect(200, from: client, ClientRequest(.get, url))
        #expect(calls.value == 3)
        try await expect(503, from: client, ClientRequest(.post, url))
        #expect(calls.value == 4)
        var repeatable = ClientRequest(.post, url)
        repeatable.isIdempotent = true
        try await expect(200, from: client, repeatable)
        #expect(calls.value == 6)
      }
    }
  }

  @Test("what is to be sent once is, even where a connection that was used before ends without an answer")
  func sentOnce() async throws {
    let server = try SilentServer()
    defer { server.stop() }
    let group = try EventLoopGroup(count: 1)
    let client = try HTTPClient(loop: group.loops[0], retries: quick)
    var request = ClientRequest(.post, "http://127.0.0.1:\(server.port)/")
    request.body = Array("a body.".utf8)
    try await expect(200, from: client, request)
    request.isSentOnce = true
    // Each comes over a connection of its own, though one is open: that one would end without an answer.
    for _ in 0..<3 { try await expect(200, from: client, request) }
    #expect(server.requestCount == 4)
    await client.close()
  }

  @Test("retries stay within their budget, and a host that only fails is left alone")
  func budgetAndBreaker() async throws {
    let calls = Tally()
    let handler: Handler = { _, _ in
      calls.add()
      return .text("x", status: .badGateway)
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server, retries: quick) { client, url in
        var open = 0
        for _ in 0..<40 {
          do {
            let status = try await client.send(ClientRequest(.get, url)).status
            #expect(status == 502)
          } catch ClientError.circuitOpen {
            open += 1
          }
        }
        #expect(open > 25, "the breaker opened after ten failures")
        #expect(calls.value < 15)
      }
    }
  }

  @Test("an answer that is too long, too late or not HTTP at all ends with its own error")
  func limits() async throws {
    let handler: Handler = { request, _ in
      if request.head.pathString == "/late" { try await EventLoop.current?.sleep(for: .seconds(30)) }
      return .text(String(repeating: "x", count: 100_000))
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server, retries: quick) { client, url in
        let host = String(url.dropFirst(7))
        var long = ClientRequest(.get, url)
        long.responseBytesMax = 99_999
        await #expect(throws: ClientError.tooLarge(host: host, limit: 99_999)) { try await client.send(long) }
        var late = ClientRequest(.get, url + "/late")
        late.timeout = .milliseconds(50)
        await #expect(throws: ClientError.timedOut(host: host)) { try await client.send(late) }
        for text in ["ftp://127.0.0.1/", "127.0.0.1", "http://", "file:///etc/passwd"] {
          await #expect(throws: ClientError.malformedURL(text)) { try await client.send(ClientRequest(.get, text)) }
        }
        let error = await #expect(throws: ClientError.self) {
          try await client.send(ClientRequest(.get, "http://127.0.0.1:1/"))
        }
        #expect(error?.wasNotSent == true)
      }
    }
  }

  @Test("redirects are followed as far as allowed")
  func redirects() async throws {
    let handler: Handler = { request, _ in
      let step = Int(request.head.pathString.dropFirst()) ?? 0
      guard step > 0 else { return .text("arrived") }
      var response = Response(status: .found)
      response.fields.set("Location", "/\(step - 1)")
      return response
    }
    try await TestServer.run(handler: handler) { server in
      try await with(server) { client, url in
        var request = ClientRequest(.get, url + "/3")
        try await expect(302, from: client, request)
        request.redirectsMax = 3
        let arrived = try await client.send(request)
        #expect(String(decoding: arrived.body, as: UTF8.self) == "arrived")
        request.redirectsMax = 2
        await #expect(throws: ClientError.self) { try await client.send(request) }
      }
    }
  }

  @Test("a URL given by a user reaches no private address, by name, by number or by redirect")
  func privateAddresses() async throws {
    try await TestServer.run(handler: { _, _ in .text("secret") }) { server in
      try await with(server, retries: quick) { client, url in
        // A connection to the same server is open and idle: it must not be used for this.
        try await expect(200, from: client, ClientRequest(.get, url))
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
          var request = ClientRequest(.get, "http://\(host):\(server.port)/")
          request.reach = .publicAddresses
          request.connectTimeout = .seconds(2)
          let error = await #expect(throws: ClientError.self, "\(host)") { try await client.send(request) }
          guard case .privateAddress = error else {
            Issue.record("\(host): \(String(describing: error))")
            continue
          }
        }
      }
    }
  }

  @Test("cancelling the task ends the request; closing the client ends them all")
  func cancels() async throws {
    let started = Tally()
    let handler: Handler = { _, _ in
      started.add()
      try await EventLoop.current?.sleep(for: .seconds(60))
      return .text("x")
    }
    try await TestServer.run(handler: handler) { server in
      let client = try HTTPClient(loop: server.loop, inFlightMax: 2)
      let url = "http://127.0.0.1:\(server.port)/"
      let first = Task { try await client.send(ClientRequest(.get, url)) }
      let second = Task { try await client.send(ClientRequest(.get, url)) }
      #expect(try await started.reaches(2))
      await #expect(throws: ClientError.overloaded(limit: 2)) { try await client.send(ClientRequest(.get, url)) }
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
      await client.close()
      await #expect(throws: ClientError.closed) { try await second.value }
      await #expect(throws: ClientError.closed) { try await client.send(ClientRequest(.get, url)) }
    }
  }
}

@Suite("Address rules")
struct AddressRulesTests {
  private func ipv4(_ text: String) -> UInt32 { text.split(separator: ".").reduce(0) { $0 << 8 | (UInt32($1) ?? 0) } }

  private func ipv6(_ groups: [UInt16]) -> [UInt8] { groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }

  @Test("IPv4: the special blocks are private to their last address, and their neighbours are not")
  func judgesIPv4() {
    for text in [
      "0.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254", "172.16.0.1",
      "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
      "203.0.113.9", "224.0.0.1", "255.255.255.255",
    ] {
      #expect(!AddressRules.isPublic(ipv4: ipv4(text)), "\(text)")
    }
    for text in [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1", "169.253.255.255",
      "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
      "223.255.255.255",
    ] {
      #expect(AddressRules.isPublic(ipv4: ipv4(text)), "\(text)")
    }
  }

  @Test("IPv6: only global unicast is public, and an embedded IPv4 address decides for itself")
  func judgesIPv6() {
    let secret: [[UInt16]] = [
      [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1], [0xFE80, 0, 0, 0, 0, 0, 0, 1], [0xFD00, 0, 0, 0, 0, 0, 0, 1],
      [0xFF02, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0xFFFF, 0x7F00, 1], [0, 0, 0, 0, 0, 0xFFFF, 0xC0A8, 1],
      [0x64, 0xFF9B, 0, 0, 0, 0, 0x0A00, 1], [0x2002, 0x7F00, 1, 0, 0, 0, 0, 0], [0x2001, 0xDB8, 0, 0, 0, 0, 0, 1],
      [0x2001, 0, 0, 0, 0, 0, 0, 1], [0x100, 0, 0, 0, 0, 0, 0, 1], [0x3FFF, 0x0FFF, 0, 0, 0, 0, 0, 1],
    ]
    for groups in secret { #expect(!AddressRules.isPublic(ipv6: ipv6(groups)), "\(groups)") }
    let open: [[UInt16]] = [
      [0x2606, 0x4700, 0, 0, 0, 0, 0, 0x1111], [0x2A00, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0xFFFF, 0x0101, 0x0101],
      [0x64, 0xFF9B, 0, 0, 0, 0, 0x0808, 0x0808], [0x2002, 0x0101, 0x0101, 0, 0, 0, 0, 0],
    ]
    for groups in open { #expect(AddressRules.isPublic(ipv6: ipv6(groups)), "\(groups)") }
  }
}

@Suite("Circuit breaker and retry budget")
struct CircuitBreakerTests {
  private let second: UInt64 = 1_000_000_000

  @Test("it opens at the threshold, lets one probe through after the rest, and closes when that succeeds")
  func opensAndCloses() {
    var breaker = CircuitBreaker()
    for _ in 0..<5 { breaker.record(success: true, at: second) }
    for _ in 0..<4 { breaker.record(success: false, at: second) }
    #expect(breaker.state == .closed, "nine requests are too few to judge")
    breaker.record(success: false, at: second)
    #expect(breaker.state == .open(until: 3 * second))
    let early = breaker.admit(at: 3 * second - 1)
    let probe = breaker.admit(at: 3 * second)
    let third = breaker.admit(at: 3 * second)
    #expect([early, probe, third] == [false, true, false])
    breaker.record(success: false, at: 4 * second)
    #expect(breaker.state == .open(until: 8 * second), "the rest doubles")
    let next = breaker.admit(at: 8 * second)
    #expect(next)
    breaker.record(success: true, at: 8 * second)
    #expect(breaker.state == .closed)
  }

  @Test("failures that are long ago do not count, and an abandoned probe gives way to another")
  func forgets() {
    var breaker = CircuitBreaker()
    for step in 0..<30 as Range<UInt64> { breaker.record(success: false, at: step * 2 * second) }
    #expect(breaker.state == .closed, "never ten within ten seconds")
    for _ in 0..<10 { breaker.record(success: false, at: 100 * second) }
    let probe = breaker.admit(at: 103 * second)
    breaker.abandon(at: 103 * second)
    let another = breaker.admit(at: 103 * second)
    #expect(probe && another)
  }

  @Test("retries are a tenth of the requests, beside a small stock")
  func budget() {
    var budget = RetryBudget(share: 0.1, stock: 2)
    var granted = 0
    for _ in 0..<100 {
      budget.requestSent()
      if budget.takeRetry() { granted += 1 }
    }
    #expect((10...12).contains(granted), "\(granted)")
  }
}
