import EventLoop
import TestSupport
import Testing

@testable import Postgres

@Suite("Listener")
struct ListenerTests {
  private func listener(_ settings: PostgresSettings, buffer: Int = 256) -> Listener {
    var limits = Listener.Limits()
    limits.buffer = buffer
    limits.keepaliveInterval = .milliseconds(100)
    return Listener(settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool, limits: limits)
  }

  private func payload(_ event: ListenerEvent?) -> String? {
    guard case .notification(let payload, _) = event else { return nil }
    return payload
  }

  @Test("a subscriber hears what is notified on its channel, in order, and with its sender")
  func hears() async throws {
    try await withTestDatabase { database in
      let listener = listener(database.settings)
      let connection = try await database.connect()
      let jobs = try await listener.subscribe("jobs")
      let trips = try await listener.subscribe("trips")
      let more = try await listener.subscribe("jobs")
      _ = try await connection.query("SELECT pg_notify('jobs', 'one')")
      _ = try await connection.query("SELECT pg_notify('trips', 'two')")
      _ = try await connection.query("SELECT pg_notify('jobs', 'three')")
      var iterator = jobs.makeAsyncIterator()
      let pid = try await connection.query("SELECT pg_backend_pid()").decodeOnly(Int32.self)
      #expect(await iterator.next() == .notification(payload: "one", pid: pid))
      #expect(payload(await iterator.next()) == "three")
      var others = trips.makeAsyncIterator()
      #expect(payload(await others.next()) == "two")
      var third = more.makeAsyncIterator()
      #expect(payload(await third.next()) == "one")
      await connection.close()
      await listener.close()
      #expect(await iterator.next() == nil)
    }
  }

  @Test("after the connection was lost the subscriber hears a gap, and then what comes")
  func gapAfterLoss() async throws {
    try await withTestDatabase { database in
      let listener = listener(database.settings)
      let connection = try await database.connect()
      let events = try await listener.subscribe("jobs")
      _ = try await connection.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wayfare listener' AND datname = current_database()"
      )
      var iterator = events.makeAsyncIterator()
      #expect(await iterator.next() == .gap)
      _ = try await connection.query("SELECT pg_notify('jobs', 'again')")
      #expect(payload(await iterator.next()) == "again")
      await connection.close()
      await listener.close()
    }
  }

  @Test("a restart of the server is a gap, and so is a start after the subscription")
  func gapAfterRestart() async throws {
    let cluster = try OwnCluster()
    defer { cluster.remove() }
    var settings = PostgresSettings(address: cluster.address)
    settings.connectTimeout = .seconds(30)
    let listener = listener(settings)
    let events = try await listener.subscribe("jobs")
    try cluster.crash()
    let isAway = await eventually { await !listener.isConnected }
    #expect(isAway)
    let late = try await listener.subscribe("late")
    try cluster.start()
    var iterator = events.makeAsyncIterator()
    var lateIterator = late.makeAsyncIterator()
    #expect(await iterator.next() == .gap)
    #expect(await lateIterator.next() == .gap)
    let connection = try await PostgresConnection.connect(
      settings, on: TestCluster.loops.loops[0], workPool: TestCluster.workPool)
    _ = try await connection.query("SELECT pg_notify('late', 'on time')")
    #expect(payload(await lateIterator.next()) == "on time")
    await connection.close()
    await listener.close()
  }

  @Test("more than a subscriber keeps unread becomes one gap")
  func overflow() async throws {
    try await withTestDatabase { database in
      let listener = listener(database.settings, buffer: 10)
      let connection = try await database.connect()
      let flood = try await listener.subscribe("flood")
      let marker = try await listener.subscribe("marker")
      _ = try await connection.query("SELECT pg_notify('flood', g::text) FROM generate_series(1, 15) g")
      _ = try await connection.query("SELECT pg_notify('marker', '')")
      var markers = marker.makeAsyncIterator()
      _ = await markers.next()
      var iterator = flood.makeAsyncIterator()
      #expect(await iterator.next() == .gap)
      #expect(payload(await iterator.next()) == "11")
      await connection.close()
      await listener.close()
    }
  }

  @Test(
    "through a pooler, and for a channel that is no plain name, subscribing is refused",
    .enabled(if: TestPooler.isInstalled))
  func refuses() async throws {
    try await withTestDatabase(.pooler) { database in
      let listener = listener(database.settings)
      await #expect(throws: PostgresError.self) { _ = try await listener.subscribe("jobs\"; DROP TABLE x; --") }
      let error = await #expect(throws: PostgresError.self) { _ = try await listener.subscribe("jobs") }
      let reason = try #require(error).description
      #expect(reason.contains("pooler"))
      await listener.close()
    }
  }

  @Test("a reader that is cancelled hears nothing more, and keeps nobody waiting")
  func cancelledReader() async throws {
    try await withTestDatabase { database in
      let listener = listener(database.settings)
      let events = try await listener.subscribe("jobs")
      let task = Task {
        var count = 0
        for await _ in events { count += 1 }
        return count
      }
      task.cancel()
      #expect(await task.value == 0)
      await listener.close()
      await #expect(throws: PostgresError.self) { _ = try await listener.subscribe("jobs") }
    }
  }

  @Test("a gap swallows what is before it, and so does overflow")
  func buffer() {
    var buffer = NotificationBuffer(limit: 3)
    func note(_ payload: String) -> ListenerEvent { .notification(payload: payload, pid: 1) }
    buffer.append(note("a"))
    buffer.append(.gap)
    buffer.append(note("b"))
    #expect([buffer.popFirst(), buffer.popFirst(), buffer.popFirst()] == [.gap, note("b"), nil])
    for payload in ["a", "b", "c", "d"] { buffer.append(note(payload)) }
    #expect([buffer.popFirst(), buffer.popFirst(), buffer.popFirst()] == [.gap, note("d"), nil])
  }
}
