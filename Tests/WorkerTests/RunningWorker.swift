import BudgetWire
import EventLoop
import JSON
import Kernel
import Postgres
import Store
import Telemetry
import TestSupport

@testable import Worker

struct TookTooLong: Error {}

/// Looks again and again until something is so, for half a minute at most.
func until(_ loop: EventLoop, _ isSo: () async throws -> Bool) async throws {
  for _ in 0..<1500 {
    if try await isSo() { return }
    try await loop.sleep(for: .milliseconds(20))
  }
  throw TookTooLong()
}

func withWorker(_ body: @escaping (JobStore, EventLoop) async throws -> Void) async throws {
  try await withWorker { jobs, loop, _ in try await body(jobs, loop) }
}

func withWorker(
  preparing prepare: @escaping (PostgresClient) async throws -> Void = { _ in },
  _ body: @escaping (JobStore, EventLoop, Database) async throws -> Void
) async throws {
  do {
    try await withTestClient(holding: .schema, connections: 8) { client in
      try await prepare(client)
      let loop = TestCluster.loops.loops[0]
      let database = Database(client)
      let pool = WorkPool(threads: 1, queueLimit: 16)
      defer { pool.shutdown() }
      let budget = JobHandler.budgetCompute(BudgetLibrary(), defaults: database.ownDefaults, on: pool)
      let worker = Worker(
        database: database, handlers: JobHandlers([.probe(on: loop), budget]), settings: WorkerSettings(), loop: loop,
        signals: nil, zones: .system,
        logger: Logger("test", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .critical)),
        metrics: MetricRegistry())
      worker.start()
      do {
        try await body(database.jobs, loop, database)
      } catch {
        await worker.stop(within: .seconds(1))
        throw error
      }
      await worker.stop(within: .seconds(5))
    }
  }
}
