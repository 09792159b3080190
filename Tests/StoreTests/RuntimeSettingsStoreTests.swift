import EventLoop
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite("Runtime settings in the database")
struct RuntimeSettingsStoreTests {
  private func withStore(_ body: (RuntimeSettingsStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { database, _ in
      try await body(RuntimeSettingsStore(database), database)
    }
  }

  @Test("a fresh installation has the defaults at revision 1")
  func startsWithDefaults() async throws {
    try await withStore { store, _ in
      let settings = try await store.settings()
      #expect(settings.logLevel == "info")
      #expect(settings.maintenance == nil)
      #expect(settings.revision == 1)
    }
  }

  @Test("a change takes effect only from the revision that it was made for, and leaves the rest alone")
  func changesFromRevision() async throws {
    try await withStore { store, _ in
      var change = RuntimeSettingsChange()
      change.logLevel = "debug"
      let first = try #require(try await store.change(change, from: 1))
      #expect(first.logLevel == "debug")
      #expect(first.revision == 2)
      let late = try await store.change(change, from: 1)
      #expect(late == nil)
      var pause = RuntimeSettingsChange()
      pause.maintenance = .some(RuntimeSettings.Maintenance(message: "Back soon", retrySeconds: 30))
      let paused = try #require(try await store.change(pause, from: 2))
      #expect(paused.logLevel == "debug")
      #expect(paused.maintenance?.message == "Back soon")
      var resume = RuntimeSettingsChange()
      resume.maintenance = .some(nil)
      let resumed = try #require(try await store.change(resume, from: 3))
      #expect(resumed.maintenance == nil)
    }
  }

  @Test("of twenty changes made for one revision, exactly one is made")
  func oneWins() async throws {
    try await withStore { store, _ in
      var change = RuntimeSettingsChange()
      change.logLevel = "error"
      let wanted = change
      let made = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<20 { group.addTask { try await store.change(wanted, from: 1) != nil } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(made == 1)
      let settings = try await store.settings()
      #expect(settings.revision == 2)
    }
  }

  @Test("a change made with psql is counted and announced like any other")
  func announces() async throws {
    try await withStore { _, database in
      let name = try await database.query("select current_database()").decodeOnly(String.self)
      let settings = PostgresSettings(address: try TestCluster.address().with(database: name))
      let listener = Listener(settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
      var events = try await listener.subscribe(RuntimeSettingsStore.channel).makeAsyncIterator()
      // A subscription may begin with a gap; the announcement must come in any case.
      try await database.execute("update runtime_settings set log_level = 'warning'")
      var payload: String?
      while payload == nil, let event = await events.next() {
        if case .notification(let text, _) = event { payload = text }
      }
      #expect(payload == "2")
      await listener.close()
    }
  }

  @Test("the database refuses what no rule above it should let through")
  func databaseHoldsTheRules() async throws {
    try await withStore { _, database in
      let forbidden: [SQL] = [
        "insert into runtime_settings default values",
        "insert into runtime_settings (singleton) values (false)",
        "update runtime_settings set log_level = 'loud'",
        "update runtime_settings set maintenance_message = 'x'",
        "update runtime_settings set maintenance_message = '', maintenance_retry_seconds = 5",
        "update runtime_settings set maintenance_message = 'x', maintenance_retry_seconds = 0",
      ]
      for statement in forbidden {
        await #expect(throws: PostgresError.self, "\(statement.text)") { try await database.execute(statement) }
      }
    }
  }
}
