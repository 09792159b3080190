import EventLoop
import Postgres

/// What the database alone can do: one connection that takes a batch of rows and deletes them, over and over, and
/// dispatches nothing, fences nothing and keeps nothing.
struct BareLoop {
  let server: QueueServer
  let jobs: Int
  let batch: Int

  init(_ server: QueueServer, jobs: Int, batch: Int) {
    self.server = server
    self.jobs = jobs
    self.batch = batch
  }

  /// Jobs a second.
  func run() async throws -> Double {
    let client = server.client
    try await client.execute("drop table if exists bare")
    try await client.execute("create table bare (id bigint primary key, payload json not null)")
    try await client.execute("insert into bare select number, '{}' from generate_series(1, \(Int64(jobs))) number")
    try await client.executeBare("vacuum analyze bare")
    try await client.executeBare("checkpoint")
    let started = EventLoop.nanoseconds
    var done = 0
    while done < jobs {
      let rows = try await client.query(
        """
        delete from bare where id = any(array(
          select id from bare order by id limit \(Int32(batch)) for update skip locked
        )) returning id, payload
        """)
      for row in rows { _ = try row.decode(Int64.self, String.self) }
      done += rows.count
    }
    return Double(jobs) / (Double(EventLoop.nanoseconds - started) / 1e9)
  }
}

/// Somebody who began a transaction and looked, and goes on holding what he saw.
struct SnapshotHolder {
  private let client: PostgresClient
  private let task: Task<Void, any Error>

  init(_ server: QueueServer) async throws {
    let group = server.group
    let client = PostgresClient(PostgresSettings(address: server.cluster.address), on: group)
    self.client = client
    _ = try await client.query("select 1")
    let long = Timeouts(statement: .seconds(600), lock: .seconds(600), idleInTransaction: .seconds(600))
    task = Task(executorPreference: group.loops[0]) {
      try await client.transaction(isolation: .repeatableRead, timeouts: long) { transaction in
        _ = try await transaction.query("select count(*) from job")
        while !Task.isCancelled { try? await group.loops[0].sleep(for: .seconds(1)) }
      }
    }
    try await group.loops[0].sleep(for: .milliseconds(500))
  }

  func release() async {
    task.cancel()
    _ = try? await task.value
    await client.close(timeout: .seconds(2))
  }
}
