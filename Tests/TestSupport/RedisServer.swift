import Foundation
import Glibc

/// A redis-server of its own on the loopback, which keeps nothing.
public final class RedisServer: @unchecked Sendable {  // Sendable: one test at a time starts and kills it.
  /// Whether there is one on this machine.
  public static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

  private static let program = "/usr/bin/redis-server"
  /// Where it listens.
  public let port: UInt16
  private let password: String?
  private var process: Process?

  /// Starts one on a free port.
  ///
  /// - Throws: what keeps it from starting.
  public init(password: String? = nil) throws {
    port = RedisServer.freePort()
    self.password = password
    try start()
  }

  deinit { kill() }

  /// Starts it, again where it was killed, and waits until it takes connections.
  ///
  /// - Throws: what keeps it from starting.
  public func start() throws {
    let process = Process()
    process.executableURL = URL(filePath: RedisServer.program)
    process.arguments =
      ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
      + (password.map { ["--requirepass", $0] } ?? [])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    process.currentDirectoryURL = URL(filePath: "/tmp")
    try process.run()
    self.process = process
    for _ in 0..<500 where !takesConnections { usleep(10_000) }
  }

  /// Kills it, as a machine does that loses its power.
  public func kill() {
    guard let process else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  private var takesConnections: Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = RedisServer.loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    } == 0
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func freePort() -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0, "no free port")
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
  }
}
