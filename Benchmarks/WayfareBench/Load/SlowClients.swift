import CLinux
import EventLoop
import Glibc

/// Slow-loris clients: each sends one byte of a request's head a second and never ends it.
///
/// A server that answers 408 or hangs up has defended itself; the client then comes back at its next byte, so that
/// there are always as many.
final class SlowClients {
  private let server: ServerUnderTest
  private var clients: [Client]
  private var nextClient = 0
  private let start: UInt64
  private var dripCount: UInt64 = 0
  /// How many connections the server has ended.
  private(set) var endedByServer = 0

  private struct Client {
    var descriptor: Int32
    var sent = 0
  }

  private static let head = Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".utf8)

  /// Opens the connections.
  ///
  /// - Throws: `BenchmarkError.system` when the kernel or the server refuses one.
  init(server: ServerUnderTest, count: Int) throws(BenchmarkError) {
    precondition(count > 0, "slow clients are at least one")
    self.server = server
    clients = []
    start = EventLoop.nanoseconds
    for _ in 0..<count { clients.append(Client(descriptor: try Loopback.connect(port: server.port))) }
  }

  deinit { for client in clients { close(client.descriptor) } }

  /// Sends the bytes that are due and returns when the next one is: the clients take turns, spread over the second.
  ///
  /// - Throws: `BenchmarkError.system` when the server does not accept a client that comes back.
  func drip(at now: UInt64) throws(BenchmarkError) -> UInt64 {
    while nextDue <= now {
      try send(from: nextClient)
      nextClient = nextClient + 1 == clients.count ? 0 : nextClient + 1
      dripCount += 1
    }
    return nextDue
  }

  private var nextDue: UInt64 { start + dripCount * 1_000_000_000 / UInt64(clients.count) }

  private func send(from index: Int) throws(BenchmarkError) {
    var byte: UInt8 = 0
    let descriptor = clients[index].descriptor
    let received = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
    let isOpen = received < 0 && (errno == EAGAIN || errno == EINTR)
    byte = clients[index].sent < Self.head.count ? Self.head[clients[index].sent] : UInt8(ascii: "a")
    if isOpen, Glibc.send(descriptor, &byte, 1, sendFlags) == 1 {
      clients[index].sent += 1
      return
    }
    endedByServer += 1
    let fresh = try Loopback.connect(port: server.port)
    close(descriptor)
    clients[index] = Client(descriptor: fresh)
  }
}
