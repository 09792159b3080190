import EventLoop
import Glibc
import Testing

@testable import HTTP

/// Answers with the method, the path and the body that came.
private let echo: Handler = { request, _ in
  let body = try await request.body.collect(upTo: 16 << 20)
  return .text("\(request.head.method.rawValue) \(request.head.pathString) \(String(decoding: body, as: UTF8.self))")
}

@Suite("Server: requests and answers")
struct ServerTests {
  @Test("a connection serves one request after the other")
  func keepsAlive() async throws {
    try await TestServer.run(handler: echo) { server in
      let client = try server.client()
      for number in 1...3 {
        try client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.receive()
        #expect(answer.status == 200)
        #expect(answer.body == "GET /\(number) ")
        #expect(answer.field("Date")?.hasSuffix(" GMT") == true)
      }
    }
  }

  @Test("requests that follow one another are answered by one task, and those at the same time by several")
  func keepsTasks() async throws {
    let waiting = Tally()
    let handler: Handler = { request, _ in
      let task = withUnsafeCurrentTask { $0.map { "\($0.hashValue)" } ?? "none" }
      if request.path == "/together" {
        waiting.add()
        while waiting.value < 3 { try await EventLoop.current?.sleep(for: .milliseconds(1)) }
      }
      return .text(task)
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      var tasks: Set<String> = []
      for _ in 0..<10 {
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        tasks.insert(try client.receive().body)
      }
      #expect(tasks.count == 1)
      let clients = try (0..<3).map { _ in try server.client() }
      for client in clients { try client.send("GET /together HTTP/1.1\r\nHost: a\r\n\r\n") }
      #expect(Set(try clients.map { try $0.receive().body }).count == 3)
    }
  }

  @Test("an answer too large for the shared memory, and one behind it, arrive whole and in order")
  func mixesSizes() async throws {
    let handler: Handler = { request, _ in
      .text(String(repeating: request.path == "/large" ? "L" : "s", count: request.path == "/large" ? 200_000 : 10))
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      let paths = ["/small", "/large", "/small", "/large", "/large", "/small"]
      try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      for path in paths {
        let body = try client.receive().body
        #expect(body.utf8.count == (path == "/large" ? 200_000 : 10))
        #expect(body.utf8.allSatisfy { $0 == (path == "/large" ? UInt8(ascii: "L") : UInt8(ascii: "s")) })
      }
    }
  }

  @Test("a hundred requests sent at once are answered in order, whether handlers wait or not")
  func pipelines() async throws {
    let handler: Handler = { request, _ in
      let number = Int(request.head.pathString.dropFirst()) ?? 0
      if number % 3 == 0 { try await EventLoop.current?.sleep(for: .milliseconds(1)) }
      return .text("\(number)")
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      try client.send((0..<100).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      for number in 0..<100 { #expect(try client.receive().body == "\(number)") }
    }
  }

  @Test("bodies arrive whole by length and by chunks, in one piece or byte by byte")
  func readsBodies() async throws {
    try await TestServer.run(handler: echo) { server in
      let client = try server.client()
      let requests = [
        "POST /l HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
      ]
      for request in requests {
        try client.send(request)
        #expect(try client.receive().body.hasSuffix(" hello"))
        for byte in Array(request.utf8) {
          try client.send([byte])
          usleep(100)
        }
        #expect(try client.receive().body.hasSuffix(" hello"))
      }
      try client.send(requests.joined() + requests.joined())
      for _ in 0..<4 { #expect(try client.receive().body.hasSuffix(" hello")) }
    }
  }

  @Test("an upload of several megabytes arrives unharmed")
  func readsLargeBodies() async throws {
    let handler: Handler = { request, _ in
      var sum = 0
      var count = 0
      while let bytes = try await request.body.next() {
        count += bytes.count
        for byte in bytes { sum &+= Int(byte) }
      }
      return .text("\(count) \(sum)")
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(bytes.count)\r\n\r\n")
      try client.send(bytes)
      #expect(try client.receive().body == "\(bytes.count) \(bytes.reduce(0) { $0 + Int($1) })")
    }
  }

  @Test("HEAD has the length and no body; 204 and 304 have neither")
  func answersWithoutBodies() async throws {
    let handler: Handler = { request, _ in
      switch request.head.pathString {
      case "/none": Response(status: .noContent)
      case "/same": Response(status: .notModified)
      default: .text("12345")
      }
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive(bodiless: true).field("Content-Length") == "5")
      let none = try client.receive()
      #expect(none.status == 204)
      #expect(none.field("Content-Length") == nil)
      try client.send("GET /same HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive().status == 304)
      #expect(try client.receive().body == "12345")
    }
  }

  @Test("a streamed answer is chunked for HTTP/1.1 and ends with the connection for HTTP/1.0")
  func streams() async throws {
    let handler: Handler = { _, _ in
      Response(
        status: .ok,
        body: .stream(length: nil) { writer in
          for word in ["one ", "", "two ", "three"] { try await writer.write(Array(word.utf8)) }
        })
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      for _ in 1...2 {
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive().body == "one two three")
      }
      let old = try server.client()
      try old.send("GET / HTTP/1.0\r\n\r\n")
      let answer = try old.receive()
      #expect(answer.field("Transfer-Encoding") == nil)
      #expect(answer.body == "one two three")
    }
  }

  @Test("a stream that breaks off, or has another length than promised, never looks complete")
  func brokenStreamsShow() async throws {
    struct Broken: Error {}
    let handler: Handler = { request, _ in
      let isChunked = request.head.pathString == "/chunked"
      return Response(
        status: .ok,
        body: .stream(length: isChunked ? nil : 10) { writer in
          try await writer.write(Array("half ".utf8))
          if isChunked { throw Broken() }
        })
    }
    try await TestServer.run(handler: handler) { server in
      for path in ["/chunked", "/short"] {
        let client = try server.client()
        try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(throws: RawClient.Failure.self) { try client.receive() }
      }
    }
  }

  @Test("100 Continue is sent when the handler wants the body, and not when it does not")
  func continues() async throws {
    let handler: Handler = { request, context in
      if request.head.pathString == "/no" { return .text("no", status: .forbidden) }
      return try await echo(request, context)
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      try client.send("POST /yes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.receive().status == 100)
      try client.send("ok")
      #expect(try client.receive().body == "POST /yes ok")
      try client.send("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      let refused = try client.receive()
      #expect(refused.status == 403)
      #expect(refused.field("Connection") == "close", "whether the body still comes is unknown")
    }
  }

  @Test("a body that nobody read does not become the next request")
  func passesUnreadBodies() async throws {
    let handler: Handler = { request, _ in .text(request.head.pathString) }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
      try client.send("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: \(smuggled.utf8.count + 1)\r\n\r\n")
      #expect(try client.receive().body == "/first")
      try client.send(smuggled + "\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive().body == "/second")
      try client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
      #expect(try client.receive().field("Connection") == "close")
    }
  }

  @Test("a malformed head is answered with 400 and ends the connection; so is a body that does not parse")
  func refuses() async throws {
    try await TestServer.run(handler: echo) { server in
      let client = try server.client()
      try client.send("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = try client.receive()
      #expect(answer.status == 400)
      #expect(answer.field("Content-Type") == "application/problem+json")
      #expect(client.isClosedByServer())
      let second = try server.client()
      try second.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      usleep(2000)
      try second.send("zz\r\n")
      #expect(try second.receive().status == 400)
      #expect(second.isClosedByServer())
    }
  }

  @Test("the peer's half-close after a request still gets its answer")
  func answersHalfClosed() async throws {
    let handler: Handler = { _, _ in
      try await EventLoop.current?.sleep(for: .milliseconds(20))
      return .text("late")
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      client.finishSending()
      #expect(try client.receive().body == "late")
      #expect(client.isClosedByServer())
    }
  }

  @Test("Connection: close is honoured, and an answer may ask for it")
  func closes() async throws {
    let handler: Handler = { request, _ in
      var response = Response.text("x")
      if request.head.pathString == "/close" { response.fields.set("Connection", "close") }
      return response
    }
    try await TestServer.run(handler: handler) { server in
      let first = try server.client()
      try first.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(try first.receive().field("Connection") == "close")
      #expect(first.isClosedByServer())
      let second = try server.client()
      try second.send("GET /close HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try second.receive().field("Connection") == "close")
      #expect(second.isClosedByServer())
    }
  }

  @Test("two loops share one port")
  func sharesPort() async throws {
    try await TestServer.run(loops: 2, handler: echo) { server in
      for _ in 0..<40 {
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive().status == 200)
      }
    }
  }

  @Test("an address that is taken, malformed or unknown is refused with the mend")
  func refusesAddresses() async throws {
    try await TestServer.run(handler: echo) { server in
      let group = try EventLoopGroup(count: 1)
      defer { group.shutdown() }
      let taken = try ListenAddress("127.0.0.1:\(server.port)")
      let error = #expect(throws: ListenError.self) {
        _ = try HTTPServer(
          listen: [taken], group: group, responder: TestServer.Closure(handler: echo), logger: .silent)
      }
      #expect(error?.description.contains("something listens there already") == true)
    }
    for text in ["", "8080", "localhost", "a:b", "1.2.3.4:70000", "::1:80", "unix:"] {
      #expect(throws: ListenError.self, "\(text)") { try ListenAddress(text) }
    }
    #expect(try ListenAddress("[::1]:80") == .tcp(host: "::1", port: 80))
    #expect(try ListenAddress(":80") == .tcp(host: "0.0.0.0", port: 80))
  }

  @Test("a server whose second address is refused lets go of its first")
  func letsGo() async throws {
    try await TestServer.run(handler: echo) { server in
      let group = try EventLoopGroup(count: 1)
      defer { group.shutdown() }
      let path = "/tmp/wayfare-http-\(getpid())-\(server.port).sock"
      defer { unlink(path) }
      let taken = try ListenAddress("127.0.0.1:\(server.port)")
      let responder = TestServer.Closure(handler: echo)
      #expect(throws: ListenError.self) {
        _ = try HTTPServer(listen: [.unix(path: path), taken], group: group, responder: responder, logger: .silent)
      }
      // Were the first still listening, this one would be refused as taken.
      let next = try HTTPServer(listen: [.unix(path: path)], group: group, responder: responder, logger: .silent)
      await next.shutdown(within: .zero)
    }
  }

  @Test("a server that is shut down twice closes no descriptor of others")
  func twice() async throws {
    let group = try EventLoopGroup(count: 1)
    defer { group.shutdown() }
    let responder = TestServer.Closure(handler: echo)
    let server = try HTTPServer(
      listen: [ListenAddress("127.0.0.1:0")], group: group, responder: responder, logger: .silent)
    try await server.start()
    await server.shutdown(within: .zero)
    // The kernel gives out the lowest free number: among these is the one that listened.
    let others = (0..<64).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    await server.shutdown(within: .zero)
    for other in others {
      #expect(fcntl(other, F_GETFD) != -1)
      close(other)
    }
  }
}
