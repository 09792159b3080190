import EventLoop
import Postgres

/// What the database alone can do: one connection that takes a batch of rows and deletes them, over and over, and
/// dispatches nothing, fences nothing and keeps nothing.
struct BareLoop {
  /// How it takes rows.
  enum Way {
    /// It deletes them as it takes them: whoever dies then has lost them.
    case deleting
    /// It marks them, commits, and deletes them later: the least by which a row outlives who took it.
    case claiming
  }

  let server: QueueServer
  let jobs: Int
  let batch: Int
  let way: Way

  init(_ server: QueueServer, jobs: Int, batch: Int, _ way: Way) {
    self.way = way
    self.server = server
    self.jobs = jobs
    self.batch = batch
  }

  /// Jobs a second.
  func run() async throws -> Double {
    let client = server.client
    try await client.execute("drop table if exists bare")
    switch way {
    case .deleting:
      try await client.execute("create table bare (id bigint primary key, payload json not null)")
      try await client.execute("insert into bare select number, '{}' from generate_series(1, \(Int64(jobs))) number")
    case .claiming:
      // Room on each page for the marked rows, and no index that knows of marks: a mark then writes no index.
      try await client.execute(
        "create table bare (id bigint primary key, payload json not null, taken boolean not null) with (fillfactor = 50)"
      )
      try await client.execute(
        "insert into bare select number, '{}', false from generate_series(1, \(Int64(jobs))) number")
    }
    try await client.executeBare("vacuum analyze bare")
    try await client.executeBare("checkpoint")
    let started = EventLoop.nanoseconds
    var done = 0
    var last: Int64 = 0
    while done < jobs {
      switch way {
      case .deleting: done += try await take(delete).count
      case .claiming:
        let ids = try await take(claim(after: last))
        last = ids.max() ?? last
        done += try await client.query("delete from bare where id = any(\(ids)) returning id").count
      }
    }
    return Double(jobs) / (Double(EventLoop.nanoseconds - started) / 1e9)
  }
}

extension BareLoop {
  private func take(_ statement: SQL) async throws -> [Int64] {
    try await server.client.query(statement).map { try $0.decode(Int64.self, String.self).0 }
  }

  private var delete: SQL {
    """
    delete from bare where id = any(array(
      select id from bare order by id limit \(Int32(batch)) for update skip locked
    )) returning id, payload
    """
  }

  private func claim(after last: Int64) -> SQL {
    """
    update bare set taken = true where id = any(array(
      select id from bare where not taken and id > \(last) order by id limit \(Int32(batch)) for update skip locked
    )) returning id, payload
    """
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
