import Glibc
public import Postgres
import Synchronization

/// A real pgbouncer in transaction mode before the shared server, for tests that must hold behind one too.
public enum TestPooler {
  /// Whether pgbouncer is installed.
  public static let isInstalled = access("/usr/sbin/pgbouncer", X_OK) == 0

  /// Its address for a database; the first caller starts it.
  public static func address(database: String) throws -> ConnectionString {
    let directory = try shared.get()
    return try ConnectionString("host=\(directory) port=6432 user=wayfare dbname=\(database)")
  }

  /// Why it could not be started.
  public struct Failure: Error {
    let reason: String
  }

  private static let process = Mutex<ChildProcess?>(nil)

  private static let shared: Result<String, Failure> = Result { () throws(Failure) in
    do {
      return try start()
    } catch {
      throw Failure(reason: "\(error)")
    }
  }

  private static func start() throws -> String {
    let server = try TestCluster.address()
    let directory = TestCluster.makeDirectory("pooler")
    let account = try Account.forServer()
    guard let host = server.value("host"), chown(directory, account.uid, account.gid) == 0 else {
      throw Failure(reason: "its directory cannot be given to \(account.name)")
    }
    try write("\"wayfare\" \"\"\n", to: directory + "/users")
    try write(
      """
      [databases]
      * = host=\(host) port=5432 user=wayfare
      [pgbouncer]
      listen_addr =
      listen_port = 6432
      unix_socket_dir = \(directory)
      auth_type = trust
      auth_file = \(directory)/users
      pool_mode = transaction
      max_client_conn = 500
      default_pool_size = 12
      server_login_retry = 1
      logfile = \(directory)/log
      pidfile = \(directory)/pid
      """, to: directory + "/pgbouncer.ini")
    let quiet = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(quiet) }
    let child = try account.command("/usr/sbin/pgbouncer", [directory + "/pgbouncer.ini"]).spawn(output: quiet)
    process.withLock { $0 = child }
    let deadline = ContinuousClock.now + .seconds(5)
    while !accepts(directory + "/.s.PGSQL.6432") {
      guard ContinuousClock.now < deadline else { throw Failure(reason: "it made no socket in \(directory)") }
      usleep(5_000)
    }
    return directory
  }

  /// Whether somebody listens there; the socket is in place a moment before that.
  private static func accepts(_ path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private static func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    let bytes = [UInt8](text.utf8)
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Failure(reason: "\(path) cannot be written")
    }
  }

  static func stop() { process.withLock { $0.take() }?.kill() }
}
