import Glibc
import Synchronization
import TestSupport

@testable import Postgres

/// A server that a test may break.
final class OwnCluster: Sendable {
  let home: String
  private let settings: ClusterSettings
  private let running: Mutex<PrivateCluster>

  init(parameters: [(name: String, value: String)] = [], home: String? = nil) throws {
    self.home = home ?? TestCluster.makeDirectory("own")
    var settings = TestCluster.settings
    settings.parameters += parameters
    self.settings = settings
    running = Mutex(try PrivateCluster.start(home: self.home, settings: settings))
  }

  var cluster: PrivateCluster { running.withLock { $0 } }
  var address: ConnectionString { cluster.address }
  var data: String { cluster.dataDirectory }

  var pid: pid_t? { Directory.real(data).flatMap { PostmasterFile(data: $0) }?.pid }

  /// Stops the server as `pg_ctl stop -m immediate` does.
  func crash() throws { try kill(with: SIGQUIT) }

  func kill(with signal: Int32) throws {
    guard let pid else { return }
    _ = Glibc.kill(pid, signal)
    guard waitForEnd(ofProcess: pid, before: .now + .seconds(10)) else { throw NotStopped() }
    _ = ChildProcess(pid: pid).reap()
  }

  struct NotStopped: Error {}

  /// Starts it again; the old holder lets go.
  func start() throws {
    let fresh = try PrivateCluster.start(home: home, settings: settings)
    let old = running.withLock { running in
      defer { running = fresh }
      return running
    }
    old.stop()
  }

  func remove() { cluster.stop() }
}

/// A socket that takes connections and never says a word.
struct SilentServer {
  let directory: String
  private let descriptor: Int32

  init() throws {
    directory = TestCluster.makeDirectory("silent")
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(directory)/.s.PGSQL.5432".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0, listen(descriptor, 8) == 0 else { throw OwnCluster.NotStopped() }
  }

  func close() { Glibc.close(descriptor) }
}
