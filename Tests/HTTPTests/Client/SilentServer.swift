import Foundation
import Synchronization

/// A server that answers the first request of a connection, and ends the connection at the second without a word.
///
/// Whoever sent the second cannot know whether it was acted on.
final class SilentServer: Sendable {
  struct Failure: Error {}

  let port: UInt16
  private let descriptor: Int32
  private let requests = Mutex(0)

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listening = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, length) == 0 && getsockname(listening, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound, listen(listening, 16) == 0 else { throw Failure() }
    Thread.detachNewThread {
      while case let client = accept(listening, nil, nil), client >= 0 {
        Thread.detachNewThread { self.serve(client) }
      }
      close(listening)
    }
  }

  /// Requests that have come whole.
  var requestCount: Int { requests.withLock { $0 } }

  /// Takes no more connections.
  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private func serve(_ client: Int32) {
    defer { close(client) }
    guard takesRequest(client) else { return }
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
    guard write(client, answer, answer.count) == answer.count else { return }
    _ = takesRequest(client)
  }

  /// Reads a request whose body ends with `.`; whether one came.
  private func takesRequest(_ client: Int32) -> Bool {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while text.last != UInt8(ascii: ".") {
      let count = read(client, &buffer, buffer.count)
      guard count > 0 else { return false }
      text += buffer[..<count]
    }
    requests.withLock { $0 += 1 }
    return true
  }
}
