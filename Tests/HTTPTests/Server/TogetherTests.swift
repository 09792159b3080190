import EventLoop
import Glibc
import Synchronization
import Testing

@testable import HTTP

/// The server, for its own handler.
private final class Known: Sendable {
  private let place = Mutex<HTTPServer?>(nil)
  var server: HTTPServer? { place.withLock { $0 } }
  func learn(_ server: HTTPServer) { place.withLock { $0 = server } }
}

@Suite("Server: requests that come together")
struct TogetherTests {
  /// Has clients send while the loop is held up, so that it finds all that they sent at once.
  private static func send(_ requests: [(client: RawClient, path: String)], to server: TestServer) throws {
    let holder = try server.client()
    try holder.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
    usleep(50_000)
    for (client, path) in requests { try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n") }
    #expect(try holder.receive().body == "held")
  }

  /// Answers by a closure, but holds up the loop for whoever asks for that.
  private static func holding(_ handler: @escaping Handler) -> Handler {
    { request, context in
      guard request.path == "/hold" else { return try await handler(request, context) }
      usleep(150_000)
      return .text("held")
    }
  }

  @Test("wait for no handler but their own")
  func waitForNobody() async throws {
    let answered = Tally()
    let handler = Self.holding { request, _ in
      // Who waits does so until all are answered who do not.
      if request.path == "/wait" {
        while answered.value < 20 { try await EventLoop.current?.sleep(for: .milliseconds(1)) }
      }
      answered.add()
      return .text(request.path)
    }
    try await TestServer.run(handler: handler) { server in
      let clients = try (0..<40).map { _ in try server.client() }
      try Self.send(clients.enumerated().map { ($1, $0.isMultiple(of: 2) ? "/wait" : "/go") }, to: server)
      for (number, client) in clients.enumerated() {
        #expect(try client.receive().body == (number.isMultiple(of: 2) ? "/wait" : "/go"))
      }
    }
  }

  @Test("are all answered whole, though the answers do not fit into the shared memory together")
  func outgrowSharedMemory() async throws {
    let handler = Self.holding { request, _ in .text(String(repeating: String(request.path.dropFirst()), count: 9000)) }
    try await TestServer.run(handler: handler) { server in
      let clients = try (0..<40).map { _ in try server.client() }
      try Self.send(clients.enumerated().map { ($1, "/\($0 + 10)") }, to: server)
      for (number, client) in clients.enumerated() {
        #expect(try client.receive().body == String(repeating: "\(number + 10)", count: 9000))
      }
    }
  }

  @Test("arrive at a client that takes its answers late, whole and in order")
  func lateTaker() async throws {
    let handler: Handler = { request, _ in .text(request.path + String(repeating: "x", count: 28_000)) }
    try await TestServer.run(handler: handler) { server in
      let client = try server.client(receiveBuffer: 4096)
      try client.send((0..<300).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      // Long enough for the kernel's memory to be full.
      usleep(400_000)
      for number in 0..<300 {
        let body = try client.receive().body
        #expect(body.hasPrefix("/\(number)x") && body.utf8.count == 28_001 + "\(number)".utf8.count)
      }
    }
  }

  @Test("are answered, though one of those whose answers leave with theirs is gone")
  func oneIsGone() async throws {
    let victim = Tally()
    let handler = Self.holding { request, _ in
      // The victim's answer is written and waits for those of the others.
      if request.path == "/cut" { RawClient.reset(Int32(victim.value)) }
      return .text(request.path)
    }
    try await TestServer.run(handler: handler) { server in
      let gone = try server.client()
      victim.add(Int(gone.descriptor))
      let clients = try (0..<4).map { _ in try server.client() }
      try Self.send([(gone, "/"), (clients[0], "/cut")] + clients.dropFirst().map { ($0, "/") }, to: server)
      #expect(try clients.map { try $0.receive().body } == ["/cut", "/", "/", "/"])
      #expect(gone.isClosedByServer())
      try clients[0].send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try clients[0].receive().body == "/again")
    }
  }

  @Test("do not hold up a server that begins to drain before their answers leave")
  func drainsBetween() async throws {
    let known = Known()
    let handler = Self.holding { request, _ in
      if request.path == "/stop", let server = known.server, let loop = EventLoop.current {
        Task(executorPreference: loop) { await server.shutdown(within: .seconds(8)) }
      }
      return .text(request.path)
    }
    try await TestServer.run(handler: handler) { server in
      known.learn(server.server)
      var clients = try (0..<10).map { _ in try server.client() }
      try Self.send(clients.enumerated().map { ($1, $0 == 5 ? "/stop" : "/") }, to: server)
      let start = EventLoop.nanoseconds
      for client in clients {
        #expect(try client.receive().status == 200)
        #expect(client.isClosedByServer())
      }
      // Whoever has gone is not waited for to say farewell.
      clients = []
      await server.server.shutdown(within: .seconds(8))
      #expect(EventLoop.nanoseconds - start < 4_000_000_000, "it waited for connections that nobody closes")
    }
  }
}
