public import EventLoop
import Glibc
public import Postgres
import Synchronization

/// The private PostgreSQL server that all tests of a process share; stopped and removed when the process exits.
///
/// Each test has a database of its own in it, see ``withTestDatabase(_:)``. It does without fsync, which only a
/// test may.
public enum TestCluster {
  /// The server's address, with the database `wayfare`; the first caller starts it.
  public static func address() throws -> ConnectionString { try shared.get().address }

  /// One loop for everything.
  public static let loops: EventLoopGroup = {
    do { return try EventLoopGroup(count: 1) } catch { preconditionFailure("no event loop for tests: \(error)") }
  }()

  /// What tests need who connect by hand.
  public static let workPool = WorkPool(threads: 4, queueLimit: 4096)

  /// A directory for this process that the server's user may pass through; removed at exit.
  public static let directory: String = {
    sweep()
    let path = makeTemporaryDirectory()
    atexit { TestCluster.cleanUp() }
    return path
  }()

  /// Settings that make a server fast and forgetful.
  public static var settings: ClusterSettings {
    var settings = ClusterSettings()
    settings.isDurable = false
    settings.parameters = [
      ("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off"), ("max_wal_size", "128MB"),
    ]
    return settings
  }

  /// An empty directory below ``directory``.
  public static func makeDirectory(_ name: String, mode: UInt32 = 0o755) -> String {
    let path = "\(directory)/\(name)-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    precondition(mkdir(path, mode) == 0, "\(path) cannot be made")
    return path
  }

  private static let counter = Atomic<Int>(0)

  private static let shared: Result<PrivateCluster, ClusterError> = Result { () throws(ClusterError) in
    var settings = TestCluster.settings
    settings.parameters.append(("max_connections", "200"))
    return try PrivateCluster.start(home: makeDirectory("shared"), settings: settings)
  }

  private static func makeTemporaryDirectory() -> String {
    // Short, because the server's sockets lie below it.
    var template = Array("\(prefix)\(getpid())-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "no temporary directory for tests")
    let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(path, 0o755)
    return path
  }

  /// In memory where there is room: file systems of disks spend half of the tests' time on finding names for new files, when
  /// hundreds are made and removed for each database.
  private static let prefix: String = {
    var room = statvfs()
    let isRoomy = statvfs("/dev/shm", &room) == 0 && UInt64(room.f_bavail) * UInt64(room.f_frsize) >= 4 << 30
    return "\(isRoomy ? "/dev/shm" : "/tmp")/wayfare-tests-"
  }()

  /// Clears away what test processes that crashed have left: their servers and their files.
  private static func sweep() {
    let script = """
      for directory in \(prefix)*; do
        [ -d "$directory" ] || continue
        owner=${directory#\(prefix)}
        kill -0 "${owner%%-*}" 2>/dev/null && continue
        for file in "$directory"/*/cluster/data/postmaster.pid "$directory"/pooler-*/pid; do
          [ -f "$file" ] && kill -QUIT "$(head -n 1 "$file")" 2>/dev/null
        done
        rm -rf -- "$directory"
      done
      """
    _ = try? Subprocess(program: "sh", arguments: ["-c", script]).run(timeout: .seconds(30))
  }

  private static func cleanUp() {
    TestPooler.stop()
    if case .success(let cluster) = shared { cluster.stop() }
    _ = try? Subprocess(program: "rm", arguments: ["-rf", "--", directory]).run(timeout: .seconds(30))
  }
}
