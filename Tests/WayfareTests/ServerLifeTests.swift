import Foundation
import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// The life of real server processes, from the first start on an empty directory to the loss of their database.
@Suite("A server's life")
struct ServerLifeTests {
  private let home = TestCluster.makeDirectory("home")
  private var flags: [String] { ["--home", home, "--operator-token", Caller.token] }

  private func postmaster(_ data: String) throws -> pid_t {
    let text = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
    return try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
  }

  /// A child of this very process must be reaped before it is gone.
  private func isAlive(_ process: pid_t) -> Bool {
    waitpid(process, nil, WNOHANG) != process && kill(process, 0) == 0
  }

  @Test("on an empty directory it makes a private database, serves, and takes the database down with it")
  func startsFromNothing() async throws {
    let caller = Caller()
    let server = try await ServerProcess.start("up", flags)
    #expect(try await caller.status(server.url + "/health/ready") == 200)
    let database = try postmaster(home + "/cluster/data")
    #expect(isAlive(database))
    let second = try ServerProcess.run(["up", "--home", home, "--listen", "127.0.0.1:0"])
    #expect(second.status == 2)
    #expect(second.errors.contains("process \(server.identifier)"), "\(second.errors)")
    #expect(try await server.end() == 0)
    try await eventually("the database has ended") { !isAlive(database) }
  }

  @Test("a server killed with -9 leaves its database whole, and the next one takes it over with every change in it")
  func survivesKill() async throws {
    let caller = Caller()
    let first = try await ServerProcess.start("up", flags)
    let tag = try #require(try await caller.settings(first).tag)
    #expect(try await caller.change(first, from: tag, #"{"logLevel":"warning"}"#).status == 200)
    let database = try postmaster(home + "/cluster/data")
    _ = try await first.end(SIGKILL)
    #expect(isAlive(database))
    let second = try await ServerProcess.start("up", flags)
    #expect(try await caller.settings(second).body.find("/logLevel")?.string == "warning")
    // And once more with the database itself killed in the middle.
    _ = try await second.end(SIGKILL)
    kill(database, SIGKILL)
    try await eventually("the database is dead") { !isAlive(database) }
    let third = try await ServerProcess.start("up", flags)
    #expect(try await caller.settings(third).body.find("/logLevel")?.string == "warning")
    #expect(try await third.end() == 0)
  }

  @Test("two servers share a directory's database, hear each other's changes, and the last one out stops it")
  func share() async throws {
    let caller = Caller()
    let one = try await ServerProcess.start("serve", flags)
    let two = try await ServerProcess.start("serve", flags)
    let tag = try #require(try await caller.settings(one).tag)
    let pause = #"{"maintenance":{"message":"Back at noon"}}"#
    #expect(try await caller.change(one, from: tag, pause).status == 200)
    try await eventually("the other server has heard") { try await caller.status(two.url + "/v1/x") == 503 }
    let database = try postmaster(home + "/cluster/data")
    #expect(try await one.end() == 0)
    #expect(isAlive(database))
    #expect(try await caller.status(two.url + "/health/ready") == 200)
    #expect(try await two.end() == 0)
    try await eventually("the database has ended") { !isAlive(database) }
  }

  @Test("while its database is away it answers 503 at once, and goes on by itself when it is back")
  func outlivesDatabase() async throws {
    let caller = Caller()
    let cluster = try PrivateCluster.start(home: home)
    let database = ["--database-url", "\(cluster.address)", "--home", TestCluster.makeDirectory("home")]
    let server = try await ServerProcess.start("up", database + ["--operator-token", Caller.token])
    var tag = try #require(try await caller.settings(server).tag)
    var acknowledged = 0
    for round in 0..<2 {
      let change = try await caller.change(server, from: tag, #"{"logLevel":"\#(round == 0 ? "debug" : "notice")"}"#)
      #expect(change.status == 200)
      tag = try #require(change.tag)
      acknowledged += 1
      // As `pg_ctl stop -m immediate`, which is as good as pulling the plug.
      let process = try postmaster(cluster.dataDirectory)
      kill(process, SIGQUIT)
      try await eventually("it is known to be unready") { try await caller.status(server.url + "/health/ready") == 503 }
      let started = ContinuousClock.now
      #expect(try await caller.settings(server).status == 503)
      #expect(ContinuousClock.now - started < .seconds(3), "the refusal does not wait for the database")
      #expect(try await caller.status(server.url + "/health/live") == 200)
      try await eventually("the old server has ended") { !isAlive(process) }
      _ = try PrivateCluster.start(home: home)
      try await eventually("it is ready again") { try await caller.status(server.url + "/health/ready") == 200 }
      let after = try await caller.settings(server)
      #expect(after.tag == tag, "what was acknowledged is there")
    }
    #expect(acknowledged == 2)
    #expect(try await server.end() == 0)
    kill(try postmaster(cluster.dataDirectory), SIGINT)
  }

  @Test("a server whose connections are all killed has new ones before anybody is refused twice")
  func outlivesBackends() async throws {
    let caller = Caller()
    try await withTestDatabase { database in
      let server = try await ServerProcess.start(
        "up", ["--database-url", "\(database.settings.address)", "--home", home, "--operator-token", Caller.token])
      let connection = try await database.connect()
      for _ in 0..<5 {
        _ = try await connection.query(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """)
        try await eventually("it serves again") { try await caller.settings(server).status == 200 }
      }
      await connection.close()
      #expect(try await server.end() == 0)
    }
  }

  @Test("it starts without its database and is ready once that comes")
  func startsBeforeDatabase() async throws {
    let caller = Caller()
    let cluster = try PrivateCluster.start(home: home)
    let address = "\(cluster.address)"
    cluster.stop()
    let server = try await ServerProcess.start(
      "up", ["--database-url", address, "--home", TestCluster.makeDirectory("home"), "--operator-token", Caller.token])
    #expect(try await caller.status(server.url + "/health/ready") == 503)
    let back = try PrivateCluster.start(home: home)
    try await eventually("it is ready") { try await caller.status(server.url + "/health/ready") == 200 }
    #expect(try await caller.settings(server).status == 200)
    #expect(try await server.end() == 0)
    back.stop()
  }

  @Test("through pgbouncer everything works, and with a direct way for LISTEN changes are heard as well")
  func worksThroughPooler() async throws {
    guard Route.available.contains(.pooler) else { return }
    let caller = Caller()
    try await withTestDatabase(.pooler) { database in
      let direct = try TestCluster.address().with(database: database.name)
      let flags = ["--database-url", "\(database.settings.address)", "--database-listen-url", "\(direct)"]
      let common = flags + ["--operator-token", Caller.token]
      let one = try await ServerProcess.start("up", common + ["--home", TestCluster.makeDirectory("home")])
      let two = try await ServerProcess.start("serve", common + ["--home", TestCluster.makeDirectory("home")])
      let tag = try #require(try await caller.settings(one).tag)
      let pause = #"{"maintenance":{"message":"Back at noon"}}"#
      #expect(try await caller.change(one, from: tag, pause).status == 200)
      try await eventually("the other server has heard") { try await caller.status(two.url + "/v1/x") == 503 }
      #expect(try await one.end() == 0)
      #expect(try await two.end() == 0)
    }
  }

  @Test("a database that is newer than the program, or not migrated, is refused with the mend")
  func refusesOtherSchemas() async throws {
    try await withTestClient { client, database in
      let url = "\(database.settings.address)"
      let common = ["--home", home, "--listen", "127.0.0.1:0", "--database-url", url]
      let pending = try ServerProcess.run(["serve"] + common)
      #expect(pending.status == 2)
      #expect(pending.errors.contains("wayfare migrate"), "\(pending.errors)")
      let migrated = try ServerProcess.run(["migrate", "--home", home, "--database-url", url])
      #expect(migrated.status == 0)
      #expect(migrated.output.contains("runtime_settings"))
      let next = Int32(Schema.migrations.count + 1)
      try await client.execute("insert into schema_migration values (\(next), 'from_the_future', 'x', now(), 1)")
      for command in ["serve", "up"] {
        let newer = try ServerProcess.run([command] + common)
        #expect(newer.status == 2)
        #expect(newer.errors.contains("newer wayfare"), "\(newer.errors)")
      }
      let doctor = try ServerProcess.run(["doctor", "--json"] + common)
      #expect(doctor.status == 1)
      #expect(doctor.output.contains("newer wayfare"))
    }
  }
}
