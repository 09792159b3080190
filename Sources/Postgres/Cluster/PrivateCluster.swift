import CPostgres
import Glibc
import Synchronization

/// What a private server is started with.
public struct ClusterSettings: Sendable {
  /// Settings of PostgreSQL, beside or instead of those that this module chooses.
  public var parameters: [(name: String, value: String)] = []
  /// How long starting, with recovery after a crash, may take.
  public var startTimeout = Duration.seconds(60)
  /// Whether initdb waits for the disk; only tests can do without.
  public var isDurable = true

  /// The defaults.
  public init() {}
}

/// A PostgreSQL server of one's own, beside one's data: it listens on a Unix socket in a directory that only its
/// user may enter, and nowhere else.
///
/// Several processes of one home share the server: each holds a shared lock, and the last one out stops it. The
/// server outlives a process that is killed; the next one finds it running or starts it again. Everything here
/// blocks, and is meant for before the loops run or for a `WorkPool`.
///
/// ```swift
/// let cluster = try PrivateCluster.start(home: "/home/me/.local/share/wayfare")
/// defer { cluster.stop() }
/// let settings = PostgresSettings(address: cluster.address)
/// ```
public final class PrivateCluster: Sendable {
  /// Where to connect to the database `wayfare`.
  public let address: ConnectionString
  /// One sentence on where it is and whether it was made, started or joined.
  public let description: String
  /// The data directory.
  public let dataDirectory: String

  let place: ClusterPlace
  private let startLock: FileLock
  private let userLock: FileLock
  private let isStopped = Mutex(false)

  /// The user and the database that the cluster is made with.
  static let name = "wayfare"

  /// Makes, starts or joins the server of a home.
  ///
  /// - Throws: `ClusterError`, which says what to do.
  public static func start(
    home: String, settings: ClusterSettings = ClusterSettings()
  ) throws(ClusterError) -> PrivateCluster {
    let account = try Account.forServer()
    let place = try ClusterPlace(home: home, account: account)
    let startLock = try FileLock(place.home + "/cluster.lock")
    let userLock = try FileLock(place.home + "/cluster.users")
    try startLock.lockExclusively(within: settings.startTimeout + .seconds(30))
    defer { startLock.unlock() }
    // Under the start lock nobody can be leaving, and so nobody holds the only lock.
    guard userLock.tryShared() else { throw .startLockBusy(path: userLock.path, waited: .zero) }
    var server = ClusterServer(place: place, account: account, settings: settings)
    let how = try server.bringUp()
    return PrivateCluster(place: place, how: how, startLock: startLock, userLock: userLock)
  }

  private init(place: ClusterPlace, how: ClusterServer.Beginning, startLock: FileLock, userLock: FileLock) {
    self.place = place
    self.startLock = startLock
    self.userLock = userLock
    dataDirectory = place.data
    address = ConnectionString(parameters: [
      ("host", place.socketDirectory), ("port", "5432"), ("user", PrivateCluster.name), ("dbname", PrivateCluster.name),
    ])
    let reason = place.isElsewhere ? ", because the server's user cannot reach \(place.home)" : ""
    description = "\(how.rawValue) the private PostgreSQL server in \(place.directory)\(reason)"
  }

  /// Leaves the server, which the last one out stops; later calls do nothing.
  ///
  /// - Parameter timeout: how long the server has to end its sessions.
  /// - Returns: whether the server was stopped.
  @discardableResult
  public func stop(timeout: Duration = .seconds(30)) -> Bool {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    guard isFirst else { return false }
    defer {
      userLock.unlock()
      startLock.unlock()
    }
    do {
      try startLock.lockExclusively(within: timeout)
    } catch {
      // Somebody is starting: the server is wanted.
      return false
    }
    guard userLock.tryExclusive() else { return false }
    return ClusterServer.stop(data: place.data, timeout: timeout)
  }
}
