import CLinux
import Glibc

/// Sockets to and from 127.0.0.1, which is all that this program talks to.
enum Loopback {
  /// A connected socket; it is waited for at most five seconds, and so is each later send or receive that may block.
  ///
  /// - Throws: `BenchmarkError.system`, with `ECONNREFUSED` where nobody listens.
  static func connect(port: UInt16) throws(BenchmarkError) -> Int32 {
    let descriptor = wayfare_socket(AF_INET, wayfare_stream_type(), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    let result = withAddress(port: port) { Glibc.connect(descriptor, $0, $1) }
    guard result == 0 else {
      let code = errno
      close(descriptor)
      throw .system(call: "connect to 127.0.0.1:\(port)", code: code)
    }
    return descriptor
  }

  /// A port that was free a moment ago, for a program that cannot let the kernel choose.
  ///
  /// - Throws: `BenchmarkError.system`.
  static func freePort() throws(BenchmarkError) -> UInt16 {
    let descriptor = wayfare_socket(AF_INET, wayfare_stream_type(), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
    defer { close(descriptor) }
    guard withAddress(port: 0, { bind(descriptor, $0, $1) }) == 0 else { throw .system(call: "bind", code: errno) }
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw .system(call: "getsockname", code: errno) }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func withAddress<Result>(
    port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
