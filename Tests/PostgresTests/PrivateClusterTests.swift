import EventLoop
import Glibc
import TestSupport
import Testing

@testable import Postgres

@Suite("Private cluster", .serialized)
struct PrivateClusterTests {
  /// One value, over a connection of its own that blocks.
  private func answers(_ cluster: PrivateCluster) async throws -> Bool {
    let connection = try await PostgresConnection.connect(
      patient(cluster.address), on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    let rows = try await connection.query(
      "SELECT current_setting('server_encoding'), current_setting('data_checksums')")
    await connection.close()
    return try rows.decodeOnly(String.self, String.self) == ("UTF8", "on")
  }

  /// Making clusters blocks the threads that the tests run on, and so each other's connections.
  private func patient(_ address: ConnectionString) -> PostgresSettings {
    var settings = PostgresSettings(address: address)
    settings.connectTimeout = .seconds(30)
    return settings
  }

  private func permissions(_ path: String) -> mode_t? { Directory.status(path).map { $0.st_mode & 0o777 } }

  @Test("the first start makes it, private to its user; later ones keep the data; the last one out stops it")
  func life() async throws {
    let home = TestCluster.makeDirectory("life")
    let first = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(first.description.hasPrefix("made and started"))
    #expect(try await answers(first))
    for directory in ["", "/data", "/socket"] { #expect(permissions(home + "/cluster" + directory) == 0o700) }
    let owner = try Account.forServer()
    #expect(Directory.status(home + "/cluster/data")?.st_uid == owner.uid)
    let data = try #require(Directory.real(first.dataDirectory))
    let pid = try #require(PostmasterFile(data: data)?.pid)

    // A second one joins, and the first may go.
    let second = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(second.description.hasPrefix("joined"))
    #expect(!first.stop())
    #expect(try await answers(second))
    #expect(second.stop())
    #expect(!second.stop())
    #expect(kill(pid, 0) != 0 && errno == ESRCH)

    let third = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(third.description.hasPrefix("started"))
    #expect(try await answers(third))
    third.stop()
  }

  @Test("it listens to no network")
  func isDeaf() async throws {
    let own = try OwnCluster()
    defer { own.remove() }
    let connection = try await PostgresConnection.connect(
      patient(own.address), on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    let rows = try await connection.query(
      "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')")
    #expect(try rows.decodeOnly(String.self, String.self) == ("", "0700"))
    await connection.close()
  }

  @Test("after kill -9 of the server it starts again with what was written")
  func killedServer() async throws {
    let own = try OwnCluster()
    defer { own.remove() }
    try own.kill(with: SIGKILL)
    try own.start()
    #expect(own.cluster.description.hasPrefix("started"))
    #expect(try await answers(own.cluster))
    // The number in the file that the dead server left may be anybody's now.
    try own.kill(with: SIGKILL)
    try Directory.write("\(getpid())\n\(own.data)\n", to: own.data + "/postmaster.pid", owner: try Account.forServer())
    try own.start()
    #expect(try await answers(own.cluster))
  }

  @Test("a process that dies without stopping leaves the server for the next one to join")
  func killedOwner() async throws {
    let home = TestCluster.makeDirectory("owner")
    // A lock that goes without `stop` is what the kernel makes of kill -9.
    var first: PrivateCluster? = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(first != nil)
    first = nil
    let next = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(next.description.hasPrefix("joined"))
    #expect(next.stop())
  }

  @Test("half an initdb is thrown away, and a directory with something else in it is not")
  func halfInitialised() async throws {
    let home = TestCluster.makeDirectory("half")
    let account = try Account.forServer()
    try Directory.makePrivate(home + "/cluster", owner: account)
    try Directory.makePrivate(home + "/cluster/data.new", owner: account)
    try Directory.write("15\n", to: home + "/cluster/data.new/PG_VERSION", owner: account)
    let cluster = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(try await answers(cluster))
    cluster.stop()

    let other = TestCluster.makeDirectory("other")
    try Directory.makePrivate(other + "/cluster", owner: account)
    try Directory.makePrivate(other + "/cluster/data", owner: account)
    try Directory.write("precious", to: other + "/cluster/data/notes", owner: account)
    #expect(throws: ClusterError.self) { try PrivateCluster.start(home: other, settings: TestCluster.settings) }
    #expect(Directory.read(other + "/cluster/data/notes") == "precious")
  }

  @Test("data of another major version is refused with both versions named")
  func otherVersion() throws {
    let installed = [Installation(directory: "/x", major: 17), Installation(directory: "/y", major: 15)]
    func choose(_ version: String?, _ installed: [Installation]) throws(ClusterError) -> Int {
      try Installation.choose(from: installed, dataVersion: version, directory: "/home/data", lookedIn: ["/bin"]).major
    }
    #expect(try choose(nil, installed) == 17)
    #expect(try choose("15", installed) == 15)
    let error = #expect(throws: ClusterError.self) { try choose("16", installed) }
    #expect("\(try #require(error))".contains("belongs to PostgreSQL 16 but only 17, 15"))
    let none = #expect(throws: ClusterError.self) { try choose(nil, []) }
    #expect("\(try #require(none))".contains("apt-get install postgresql-15"))
  }

  @Test("a cluster directory that belongs to somebody else is refused", .enabled(if: geteuid() == 0))
  func foreignOwner() throws {
    let home = TestCluster.makeDirectory("foreign")
    try Directory.makePrivate(home + "/cluster", owner: Account(name: "daemon", uid: 1, gid: 1))
    let error = #expect(throws: ClusterError.self) {
      try PrivateCluster.start(home: home, settings: TestCluster.settings)
    }
    guard case .directory(path: home + "/cluster", let reason) = error else {
      Issue.record("the directory was not named: \(String(describing: error))")
      return
    }
    #expect(reason.contains("belongs to user 1"))
  }

  @Test("a server that somebody else runs on the data is named and left alone")
  func foreignServer() throws {
    let own = try OwnCluster()
    defer { own.remove() }
    let pid = try #require(own.pid)
    // Out of sight: the server is alive and does not answer where it should.
    let socket = own.home + "/cluster/socket/.s.PGSQL.5432"
    #expect(rename(socket, socket + ".hidden") == 0)
    var hasty = TestCluster.settings
    hasty.startTimeout = .milliseconds(200)
    #expect(throws: ClusterError.self) { try PrivateCluster.start(home: own.home, settings: hasty) }
    #expect(kill(pid, 0) == 0)
    #expect(rename(socket + ".hidden", socket) == 0)
  }

  @Test("a bad setting shows with the server's own words")
  func badSetting() throws {
    var settings = TestCluster.settings
    settings.parameters.append(("shared_buffers", "plenty"))
    let error = #expect(throws: ClusterError.self) {
      try PrivateCluster.start(home: TestCluster.makeDirectory("bad"), settings: settings)
    }
    let text = "\(try #require(error))"
    #expect(text.contains("shared_buffers") && text.contains("plenty"), "\(text)")
  }

  @Test("a home with a long path keeps its sockets in a short directory")
  func longPath() async throws {
    let home = TestCluster.makeDirectory("long") + "/" + String(repeating: "d", count: 100)
    #expect(mkdir(home, 0o755) == 0)
    let cluster = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    defer { _ = rmdir(cluster.place.socketDirectory) }
    #expect(cluster.place.socketDirectory.hasPrefix("/tmp/wayfare-"))
    #expect(permissions(cluster.place.socketDirectory) == 0o700)
    #expect(try await answers(cluster))
    cluster.stop()
  }

  @Test(
    "a home that the server's user cannot reach has its cluster elsewhere, behind a link", .enabled(if: geteuid() == 0))
  func unreachableHome() async throws {
    let home = TestCluster.makeDirectory("root-only", mode: 0o700)
    let hadShelter = Directory.exists(ClusterPlace.shelter)
    let cluster = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    defer {
      _ = try? Subprocess(program: "rm", arguments: ["-rf", cluster.place.directory]).run(timeout: .seconds(10))
      if !hadShelter { rmdir(ClusterPlace.shelter) }
    }
    #expect(cluster.place.directory.hasPrefix("/var/lib/wayfare/"))
    #expect(Directory.real(home + "/cluster") == cluster.place.directory)
    #expect(permissions(cluster.place.directory) == 0o700)
    #expect(cluster.description.contains("cannot reach"))
    #expect(try await answers(cluster))
    cluster.stop()
    let again = try PrivateCluster.start(home: home, settings: TestCluster.settings)
    #expect(again.description.hasPrefix("started"))
    again.stop()
  }

  @Test("a child's output is gathered up to a limit, and one that takes too long is ended")
  func subprocesses() throws {
    let outcome = try Subprocess(program: "sh", arguments: ["-c", "echo out; echo err >&2; pwd; exit 3"]).run(
      timeout: .seconds(5))
    #expect(outcome.status == 3)
    #expect(outcome.output == "out\nerr\n/\n")
    let flood = try Subprocess(program: "head", arguments: ["-c", "1000000", "/dev/zero"]).run(timeout: .seconds(5))
    #expect(flood.output.utf8.count < Subprocess.outputLimit + 10_000)
    #expect(throws: Subprocess.Failure.self) {
      try Subprocess(program: "sleep", arguments: ["60"]).run(timeout: .milliseconds(50))
    }
    #expect(throws: Subprocess.Failure.self) {
      try Subprocess(program: "/no/such/program", arguments: []).run(timeout: .seconds(1))
    }
    let killed = try Subprocess(program: "sh", arguments: ["-c", "kill -9 $$"]).run(timeout: .seconds(5))
    #expect(killed.status == 128 + SIGKILL)
  }
}
