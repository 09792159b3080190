import EventLoop
import Glibc
import Postgres
import Store
import Telemetry

/// A PostgreSQL server of the benchmark's own, migrated, with durable settings; gone when it is closed.
final class QueueServer: Sendable {
  let home: String
  let cluster: PrivateCluster
  let group: EventLoopGroup
  let client: PostgresClient
  let database: Database
  let logger: Logger

  init() async throws {
    home = "/tmp/wayfare-bench-\(getpid())"
    var settings = ClusterSettings()
    // What a server of this size would be given; the rest, durability above all, is as shipped.
    settings.parameters = [("shared_buffers", "512MB"), ("max_wal_size", "8GB"), ("max_connections", "100")]
    cluster = try PrivateCluster.start(home: home, settings: settings)
    group = try EventLoopGroup(count: 1)
    client = PostgresClient(PostgresSettings(address: cluster.address), on: group)
    database = Database(client)
    logger = Logger("bench", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .error))
  }

  /// What other programs connect to: libpq's URL of the socket.
  var address: String { address(of: cluster.address.value("dbname") ?? "postgres") }

  func address(of database: String) -> String {
    let socket = (cluster.address.value("host") ?? "").replacingSlashes
    return "postgresql:///\(database)?host=\(socket)&user=\(cluster.address.value("user") ?? "")"
  }

  func migrate() async throws { _ = try await Migrations(Schema.migrations, on: client).apply() }

  /// Empties the database, tables that only grow included, and makes it as after the first start.
  func beginAnew() async throws {
    try await client.execute("drop schema public cascade")
    try await client.execute("create schema public")
    try await migrate()
  }

  func close() async {
    await client.close(timeout: .seconds(2))
    _ = cluster.stop()
    ChildProcess.removeTree(home)
  }

  /// Processor seconds that the server's processes have used so far, those that have ended included.
  var processorSeconds: Double {
    guard let text = ProcessFigures.text(of: cluster.dataDirectory + "/postmaster.pid"),
      let postmaster = text.split(separator: "\n").first.flatMap({ Int32($0) })
    else { return 0 }
    var ticks = QueueServer.ticks(of: postmaster, includingEnded: true)
    for process in QueueServer.children(of: postmaster) {
      ticks += QueueServer.ticks(of: process, includingEnded: false)
    }
    return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Where the log of changes is, in bytes.
  func walPosition() async throws -> Int64 {
    try await client.query("select (pg_current_wal_lsn() - '0/0'::pg_lsn)::int8").decodeOnly(Int64.self)
  }

  private static func fields(of process: Int32) -> [Substring] {
    guard let text = ProcessFigures.text(of: "/proc/\(process)/stat"),
      let end = text.utf8.lastIndex(of: UInt8(ascii: ")"))
    else { return [] }
    return text[end...].split(separator: " ")
  }

  private static func ticks(of process: Int32, includingEnded: Bool) -> Int {
    let fields = fields(of: process)
    guard fields.count > 15 else { return 0 }
    return fields[12..<(includingEnded ? 16 : 14)].reduce(0) { $0 + (Int($1) ?? 0) }
  }

  private static func children(of parent: Int32) -> [Int32] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var found: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard let process = Int32(name), fields(of: process).dropFirst(2).first.flatMap({ Int32($0) }) == parent else {
        continue
      }
      found.append(process)
    }
    return found
  }
}

extension ChildProcess {
  /// Removes a directory that the benchmark made.
  static func removeTree(_ path: String) {
    guard let remover = try? ChildProcess("/bin/rm", ["-rf", path]) else { return }
    _ = remover.hasEnded(within: 10_000)
  }
}

extension String {
  /// As it stands in a query of a URL.
  fileprivate var replacingSlashes: String {
    split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
  }
}
