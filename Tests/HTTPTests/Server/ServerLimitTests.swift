import EventLoop
import Glibc
import Testing

@testable import HTTP

@Suite("Server: limits and deadlines")
struct ServerLimitTests {
  private func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
    var settings = ServerSettings()
    change(&settings)
    return settings
  }

  @Test("a head that does not come to its end in time is answered with 408")
  func slowHeads() async throws {
    let quick = settings { $0.timeouts.head = .milliseconds(50) }
    try await TestServer.run(quick, handler: { _, _ in .text("x") }) { server in
      let client = try server.client()
      try client.send("GET / HTTP/1.1\r\nHo")
      #expect(try client.receive().status == 408)
      #expect(client.isClosedByServer())
      let silent = try server.client()
      #expect(silent.isClosedByServer(), "one that says nothing is closed without a word")
    }
  }

  @Test("a body that drips is answered with 408, however often a byte comes")
  func slowBodies() async throws {
    let quick = settings {
      $0.timeouts.body = .milliseconds(60)
      $0.slowestBytesPerSecond = 1_000_000
    }
    let handler: Handler = { request, _ in .text("\(try await request.body.collect(upTo: 100).count)") }
    try await TestServer.run(quick, handler: handler) { server in
      let client = try server.client()
      try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n")
      for _ in 0..<20 {
        // The server may have hung up already: that is what is awaited.
        _ = try? client.send("x")
        usleep(10_000)
      }
      #expect(try client.receive().status == 408)
    }
  }

  @Test("an idle connection is closed, one that is used is not")
  func idleConnections() async throws {
    let quick = settings { $0.timeouts.idle = .milliseconds(120) }
    try await TestServer.run(quick, handler: { _, _ in .text("x") }) { server in
      let client = try server.client()
      for _ in 0..<6 {
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive().status == 200)
        usleep(40_000)
      }
      #expect(client.isClosedByServer())
    }
  }

  @Test("a handler that takes too long is cancelled, and its connection lives on")
  func slowHandlers() async throws {
    let quick = settings { $0.timeouts.handler = .milliseconds(40) }
    let handler: Handler = { request, _ in
      if request.head.pathString == "/slow" { try await EventLoop.current?.sleep(for: .seconds(60)) }
      return .text(Task.isCancelled ? "cancelled" : "done")
    }
    try await TestServer.run(quick, handler: handler) { server in
      let client = try server.client()
      try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive().status == 503)
      try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.receive().body == "done")
    }
  }

  @Test("a client that does not read holds back the handler that writes, and is cut off in the end")
  func slowReaders() async throws {
    let quick = settings {
      $0.timeouts.write = .milliseconds(150)
      $0.slowestBytesPerSecond = 1 << 40
    }
    let written = Tally()
    let ended = Tally()
    let handler: Handler = { _, _ in
      Response(
        status: .ok,
        body: .stream(length: nil) { writer in
          defer { ended.add() }
          for _ in 0..<10_000 {
            try await writer.write([UInt8](repeating: 120, count: 64 * 1024))
            written.add()
          }
        })
    }
    try await TestServer.run(quick, handler: handler) { server in
      let client = try server.client(receiveBuffer: 4096)
      try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await ended.reaches(1))
      #expect(written.value < 400, "at most what kernel and server buffer, not 640 MB: \(written.value)")
    }
  }

  @Test("a handler that does not read holds back the client that sends")
  func slowHandlersHoldBack() async throws {
    let gate = Tally()
    let handler: Handler = { request, _ in
      while gate.value == 0 { try await EventLoop.current?.sleep(for: .milliseconds(5)) }
      var count = 0
      while let bytes = try await request.body.next() { count += bytes.count }
      return .text("\(count)")
    }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client()
      let total = 64 << 20
      try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(total)\r\n\r\n")
      var sent = 0
      let chunk = [UInt8](repeating: 65, count: 256 * 1024)
      // Without waiting: what the kernel and the server take before somebody reads.
      while sent < total {
        let count = chunk.withUnsafeBytes {
          Glibc.send(client.descriptor, $0.baseAddress, min($0.count, total - sent), 0x4040)
        }
        if count > 0 { sent += count } else { usleep(20_000) }
        if count <= 0 && gate.value == 0 {
          #expect(sent < 32 << 20, "the client was held back")
          gate.add()
        }
      }
      #expect(try client.receive().body == "\(total)")
    }
  }

  @Test("a stream's handler is cancelled when its client leaves")
  func abandonedStreams() async throws {
    let cancelled = Tally()
    let handler: Handler = { _, _ in
      guard let loop = EventLoop.current else { return .text("off the loop") }
      return .events(on: loop) { stream in
        try await stream.send(ServerSentEvent(id: "1", name: "tick", data: "a\nb"))
        do {
          try await loop.sleep(for: .seconds(60))
        } catch {
          cancelled.add()
          throw error
        }
      }
    }
    try await TestServer.run(handler: handler) { server in
      do {
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive(through: "\r\n\r\n").contains("text/event-stream"))
        #expect(try client.receive(through: "data: b\n\n").contains("id: 1\nevent: tick\ndata: a\n"))
      }
      #expect(try await cancelled.reaches(1))
    }
  }

  @Test("past the most connections, further ones wait until one ends")
  func connectionLimit() async throws {
    let few = settings { $0.connectionsMax = 2 }
    try await TestServer.run(few, handler: { _, _ in .text("x") }) { server in
      var clients = try (0..<3).map { _ in try server.client() }
      for client in clients[..<2] {
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive().status == 200)
      }
      try clients[2].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      var byte: UInt8 = 0
      #expect(recv(clients[2].descriptor, &byte, 1, 0x40) < 0, "nobody has answered yet")
      clients.removeFirst()
      #expect(try clients[1].receive().status == 200)
    }
  }

  @Test("two hundred connections that drip do not hold up another")
  func slowLoris() async throws {
    try await TestServer.run(handler: { _, _ in .text("x") }) { server in
      let slow = try (0..<200).map { _ in try server.client() }
      let client = try server.client()
      for round in 0..<20 {
        for drip in slow { try drip.send(round == 0 ? "GET / HTTP/1.1\r\n" : "a") }
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.receive().status == 200)
      }
    }
  }

  @Test("a server that drains finishes what runs, refuses what is new, and cuts off what does not end")
  func drains() async throws {
    let started = Tally()
    let gate = Tally()
    let handler: Handler = { request, _ in
      started.add()
      switch request.head.pathString {
      case "/running": while gate.value == 0 { try await EventLoop.current?.sleep(for: .milliseconds(2)) }
      case "/endless": try await EventLoop.current?.sleep(for: .seconds(60))
      default: break
      }
      return .text("finished")
    }
    try await TestServer.run(handler: handler) { server in
      let idle = try server.client()
      try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try idle.receive().status == 200)
      let running = try server.client()
      try running.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
      let endless = try server.client()
      try endless.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await started.reaches(3))
      async let drained: Void = server.server.shutdown(within: .milliseconds(500))
      #expect(idle.isClosedByServer())
      gate.add()
      let answer = try running.receive()
      #expect(answer.body == "finished")
      #expect(answer.field("Connection") == "close")
      await drained
      #expect(endless.isClosedByServer())
      #expect(throws: RawClient.Failure.self) { try server.client() }
    }
  }
}
