import Glibc

/// A client that says exactly what a test wants, over a real socket; every wait ends after five seconds.
final class RawClient {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// An answer as it came.
  struct Answer {
    let head: String
    let body: String

    var status: Int { Int(head.split(separator: " ")[1]) ?? 0 }

    func field(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts[0].lowercased() == name.lowercased() { return String(parts.last?.drop { $0 == " " } ?? "") }
      }
      return nil
    }
  }

  let descriptor: Int32
  private var buffer: [UInt8] = []

  init(port: UInt16, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, 1, 0)
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Breaks a connection off, so that the server's next use of it fails; the descriptor stays open.
  static func reset(_ descriptor: Int32) {
    var nobody = sockaddr()
    nobody.sa_family = sa_family_t(AF_UNSPEC)
    connect(descriptor, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, 0x4000)
      }
      guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
      sent += count
    }
  }

  func finishSending() { shutdown(descriptor, 1) }

  /// One whole answer: by length, by chunks, or up to the end; `bodiless` for answers to HEAD.
  func receive(bodiless: Bool = false) throws -> Answer {
    let head = try receive(through: "\r\n\r\n")
    let answer = Answer(head: head, body: "")
    if bodiless || answer.status == 304 || answer.status == 204 || answer.status < 200 { return answer }
    if answer.field("Transfer-Encoding") == "chunked" { return Answer(head: head, body: try receiveChunks()) }
    if let length = answer.field("Content-Length").flatMap({ Int($0) }) {
      while buffer.count < length { guard try fill() else { throw Failure(description: "the body is cut short") } }
      defer { buffer.removeFirst(length) }
      return Answer(head: head, body: String(decoding: buffer[..<length], as: UTF8.self))
    }
    while try fill() {}
    defer { buffer = [] }
    return Answer(head: head, body: String(decoding: buffer, as: UTF8.self))
  }

  /// Everything up to and with a mark.
  func receive(through mark: String) throws -> String {
    let wanted = Array(mark.utf8)
    var from = 0
    while true {
      if buffer.count >= wanted.count {
        for start in from...(buffer.count - wanted.count) where Array(buffer[start..<start + wanted.count]) == wanted {
          defer { buffer.removeFirst(start + wanted.count) }
          return String(decoding: buffer[..<(start + wanted.count)], as: UTF8.self)
        }
        from = max(0, buffer.count - wanted.count)
      }
      guard try fill() else {
        throw Failure(description: "ended before \(mark.debugDescription): \(String(decoding: buffer, as: UTF8.self))")
      }
    }
  }

  /// Whether the server has closed; waits for it.
  func isClosedByServer() -> Bool {
    guard buffer.isEmpty else { return false }
    return (try? fill()) == false
  }

  private func receiveChunks() throws -> String {
    var body = ""
    while true {
      let size = try receive(through: "\r\n").dropLast()
      if size == "0" {
        _ = try receive(through: "\r\n")
        return body
      }
      guard let count = Int(size, radix: 16) else { throw Failure(description: "chunk size \(size)") }
      while buffer.count < count + 2 { guard try fill() else { throw Failure(description: "the chunk is cut short") } }
      body += String(decoding: buffer[..<count], as: UTF8.self)
      buffer.removeFirst(count + 2)
    }
  }

  /// False at the end; a reset counts as an end.
  private func fill() throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    if count < 0 && errno != ECONNRESET { throw Failure(description: "recv: \(String(cString: strerror(errno)))") }
    guard count > 0 else { return false }
    buffer.append(contentsOf: bytes[..<count])
    return true
  }
}
