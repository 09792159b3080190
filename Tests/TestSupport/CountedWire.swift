import Foundation
public import Postgres
import Synchronization

/// A wire to the shared server that counts what goes over it, so that what a call costs is told by neither of its ends.
///
///     client ──TCP──▶ CountedWire ──socket──▶ PostgreSQL
public final class CountedWire: Sendable {
  /// What has gone over the wire.
  public struct Count: Sendable, Equatable {
    /// Statements that were run, BEGIN and COMMIT among them: messages `Execute`.
    public var statements = 0
    /// Statements that the server had to take in first: messages `Parse`.
    public var prepared = 0
    /// How often the client spoke after the server had: round trips.
    public var turns = 0
    /// Bytes from the client.
    public var bytes = 0
  }

  private let listening: Int32
  private let server: String
  private let port: UInt16
  private let state = Mutex(Count())

  /// Begins to listen on a free port.
  public init() throws {
    guard let host = try TestCluster.address().value("host") else { throw Failure(what: "the server has no socket") }
    server = "\(host)/.s.PGSQL.5432"
    listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listening
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound, listen(descriptor, 16) == 0 else { throw Failure(what: "no port to listen on") }
    Thread.detachNewThread { [weak self] in
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        guard let self else {
          close(client)
          return
        }
        Thread.detachNewThread { self.carry(client) }
      }
    }
  }

  /// What could not be had.
  public struct Failure: Error {
    let what: String
  }

  /// The way to a database over this wire.
  public func settings(database: String) throws -> PostgresSettings {
    PostgresSettings(
      address: try ConnectionString(
        "host=127.0.0.1 port=\(port) user=wayfare dbname=\(database) sslmode=disable gssencmode=disable"))
  }

  /// What goes over the wire while something is done; nobody else may use it meanwhile.
  public func counting(_ body: () async throws -> Void) async rethrows -> Count {
    state.withLock { $0 = Count() }
    try await body()
    return state.withLock { $0 }
  }

  /// Takes no more clients; those that are there stay until they go.
  public func stop() { shutdown(listening, Int32(SHUT_RDWR)) }

  private func carry(_ client: Int32) {
    let other = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer {
      close(client)
      close(other)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(server.utf8)) }
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(other, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isConnected else { return }
    var messages = ClientMessages()
    var hasServerSpoken = true
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var ends = [client, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&ends, 2, -1) > 0 else {
        if errno == EINTR { continue }
        return
      }
      for end in ends where end.revents != 0 {
        let count = read(end.fd, &buffer, buffer.count)
        guard count > 0 else { return }
        if end.fd == client {
          note(messages.take(buffer[..<count]), count, isTurn: hasServerSpoken)
        }
        hasServerSpoken = end.fd == other
        guard send(buffer[..<count], to: end.fd == client ? other : client) else { return }
      }
    }
  }

  private func note(_ kinds: [UInt8], _ bytes: Int, isTurn: Bool) {
    state.withLock { count in
      count.statements += kinds.count(where: { $0 == UInt8(ascii: "E") })
      count.prepared += kinds.count(where: { $0 == UInt8(ascii: "P") })
      count.turns += isTurn ? 1 : 0
      count.bytes += bytes
    }
  }

  private func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// The beginnings of a client's messages in a stream that comes in pieces of any size.
private struct ClientMessages {
  private var head: [UInt8] = []
  /// What is left of a message whose beginning was seen.
  private var rest = 0
  /// The first message has no kind before its length.
  private var hasBegun = false

  /// The kinds of the messages that begin in the next piece.
  mutating func take(_ piece: ArraySlice<UInt8>) -> [UInt8] {
    var piece = piece
    var kinds: [UInt8] = []
    while !piece.isEmpty {
      if rest > 0 {
        let count = min(rest, piece.count)
        piece = piece.dropFirst(count)
        rest -= count
        continue
      }
      head.append(piece.removeFirst())
      let size = hasBegun ? 5 : 4
      guard head.count == size else { continue }
      rest = head.suffix(4).reduce(0) { $0 << 8 | Int($1) } - 4
      if hasBegun { kinds.append(head[0]) }
      hasBegun = true
      head = []
    }
    return kinds
  }
}
