import EventLoop
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@testable import API
@testable import Trips
@testable import TripsWire

/// The law of collaboration against the real store: queues that are sent at once, twice, and again after their answer was
/// lost or with another content, while roles change, connections to the database break, and listeners come and go.
@Suite("Trips keep the law")
struct TripLawTests {
  private struct Sent: Sendable {
    let user: UserID
    var applied: [Int64] = []
  }

  @Test(
    "whatever is lost or repeated, replaying the log gives the stored trip, and nothing acknowledged is missing",
    arguments: 1...4)
  func law(seed: UInt64) async throws {
    print("seed \(seed)")
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let id = try #require(TripID(trip))
      let people = [TripFixture.owner, TripFixture.editor, TripFixture.commenter, TripFixture.stranger]
      let start = try #require(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").int("/seq"))
      let listeners = [TripFixture.owner, TripFixture.viewer].map { ComingListener($0, trip, after: start) }
      let listening = listeners.enumerated().map { number, listener in
        Task(executorPreference: fixture.loop) { try await listener.listen(fixture, seed &* 10 &+ UInt64(number)) }
      }
      let sent = try await withThrowingTaskGroup(of: Sent.self) { tasks in
        for (number, user) in people.enumerated() {
          tasks.addTask(executorPreference: fixture.loop) {
            try await Self.work(user, seed &* 100 &+ UInt64(number), trip, fixture)
          }
        }
        // Meanwhile the editor's role comes and goes.
        tasks.addTask(executorPreference: fixture.loop) {
          for role in ["viewer", "editor", "commenter", "editor"] {
            let path = "/trips/\(trip)/collaborators/\(TripFixture.editor)"
            _ = try await Self.insist(fixture, TripFixture.owner, .patch, path, #"{"role":"\#(role)"}"#)
          }
          return Sent(user: TripFixture.revoked)
        }
        tasks.addTask(executorPreference: fixture.loop) {
          try await Self.breakConnections(fixture)
          return Sent(user: TripFixture.revoked)
        }
        return try await tasks.reduce(into: [Sent]()) { $0.append($1) }
      }
      let end = try #require(try await fixture.ask(TripFixture.owner, .get, "/trips/\(trip)").int("/seq"))
      for (listener, task) in zip(listeners, listening) {
        listener.expect(end)
        try await task.value
        #expect(listener.heard == Array(start + 1...end), "a listener heard something twice, or never")
      }
      try await Self.check(sent, id, fixture)
    }
  }

  /// Has the database hang up on everybody, listeners included, a few times.
  private static func breakConnections(_ fixture: TripFixture) async throws {
    for _ in 0..<4 {
      try await fixture.loop.sleep(for: .milliseconds(60))
      // The connection that asks may be one of those that the client finds broken.
      _ = try? await fixture.client.execute(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        """)
    }
  }

  /// Asks until the server has an answer: one that is lost is asked for again.
  private static func insist(
    _ fixture: TripFixture, _ user: UserID, _ method: HTTPMethod, _ path: String, _ body: String
  ) async throws -> TripFixture.Answer {
    for _ in 0..<200 {
      let answer = try await fixture.ask(user, method, path, body)
      if answer.status < 500 { return answer }
      try await fixture.loop.sleep(for: .milliseconds(5))
    }
    throw TripFixture.Failure(text: "no answer to \(method) \(path)")
  }

  /// Sends batches, each up to three times, as if answers had been lost.
  private static func work(
    _ user: UserID, _ seed: UInt64, _ trip: String, _ fixture: TripFixture
  ) async throws -> Sent {
    var random = SeededRandom(seed: seed)
    var sent = Sent(user: user)
    for batch in 0..<24 {
      let body = Self.batch(batch, &random)
      var answers: [[Int64]] = []
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let answer = try await insist(fixture, user, .post, "/trips/\(trip)/operations", body.text)
        guard answer.status == 200 else {
          #expect(answer.status == 403 || answer.status == 404, "\(answer.text)")
          continue
        }
        let results = try JSONDocument(text: answer.text).root.find("/results")?.array
        answers.append(
          try (results.map(Array.init) ?? []).compactMap { try $0.find("/result/seq")?.integer(as: Int64.self) })
      }
      for other in answers.dropFirst() { #expect(other == answers[0]) }
      sent.applied += answers.first ?? []
      // What was answered before keeps its answer, and no other content comes in under its name.
      if !answers.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
        let others = (0..<body.count).map {
          #"{"mutationId":"\#(batch)-\#($0)","op":"set","fields":{"description":"changed \#(batch)"}}"#
        }
        let changed = #"{"clientId":"\#(body.client)","operations":[\#(others.joined(separator: ","))]}"#
        let answer = try await insist(fixture, user, .post, "/trips/\(trip)/operations", changed)
        #expect(!answer.text.contains("applied"), "\(answer.text)")
      }
    }
    return sent
  }

  /// What is sent at once, by which client, and how many operations it has.
  private struct Batch {
    let text: String
    let client: String
    let count: Int
  }

  private static func batch(_ number: Int, _ random: inout SeededRandom) -> Batch {
    // A few ids that everybody works on.
    func entry() -> String { EntryID(high: 9, low: UInt64.random(in: 1...12, using: &random)).description }
    let operations = (0..<Int.random(in: 1...5, using: &random)).map { index -> String in
      let what =
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: #""op":"add","id":"\#(entry())","kind":"note","position":"first""#
        case 2: #""op":"set","id":"\#(entry())","fields":{"title":"\#(Int.random(in: 0..<99, using: &random))"}"#
        case 3: #""op":"move","id":"\#(entry())","position":{"after":"\#(entry())"}"#
        case 4: #""op":"delete","id":"\#(entry())""#
        case 5: #""op":"restore","id":"\#(entry())""#
        case 6: #""op":"undo","seq":\#(Int.random(in: 2...120, using: &random))"#
        default: #""op":"set","fields":{"description":"\#(Int.random(in: 0..<99, using: &random))"}"#
        }
      return #"{"mutationId":"\#(number)-\#(index)",\#(what)}"#
    }
    let client = "c\(random.next() % 1_000_000)"
    let text = #"{"clientId":"\#(client)","operations":[\#(operations.joined(separator: ","))]}"#
    return Batch(text: text, client: client, count: operations.count)
  }

  private static func check(_ sent: [Sent], _ id: TripID, _ fixture: TripFixture) async throws {
    let entries = try await fixture.database.trips.log(of: id, after: 0, limit: 5000)
    #expect(entries.map(\.seq) == (1...Int64(entries.count)).map { $0 })
    var document = TripDocument()
    for entry in entries {
      let root = try JSONDocument(text: entry.body).root
      guard let node = entry.kind == "trip.made" ? root.find("/edit") : entry.kind == "edit" ? root : nil else {
        continue
      }
      document.replay(try EditBody(json: node).effects, Stamp(seq: entry.seq, author: entry.author))
    }
    let stored = try await fixture.database.trips.write(id, TripVisitor(user: nil)) { try await $0.stored() }
    #expect(try StoredTrip(json: JSONDocument(text: try #require(stored)).root).document == document)
    let found = try #require(try await fixture.database.trips.find(id, TripVisitor(user: TripFixture.owner)))
    #expect(found.document == TripEditing.text(TripJSON(document)))
    let edits = entries.filter { $0.kind == "edit" }
    for one in sent {
      #expect(Set(edits.filter { $0.author == one.user }.map(\.seq)) == Set(one.applied))
      #expect(Set(one.applied).count == one.applied.count)
    }
    // Nobody without the right has written anything, and the editor only while being one.
    #expect(!edits.contains { [TripFixture.commenter, TripFixture.stranger].contains($0.author) })
    var isEditor = true
    for entry in entries {
      if entry.kind == "member.role" { isEditor = entry.body.contains("\"editor\"") }
      if entry.kind == "edit" && entry.author == TripFixture.editor { #expect(isEditor) }
    }
    #expect(edits.count > 20)
  }

  @Test("an edit that was let in while its author still was an editor is refused when it comes to be written")
  func overtaken() async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let id = try #require(TripID(trip))
      let before = try await fixture.database.trips.access(id, TripVisitor(user: nil))?.seq
      let (demoted, edited) = try await fixture.client.transaction { transaction in
        // Whoever writes waits for this lock, in the order in which they came.
        _ = try await transaction.query("select from trip_state where trip_id = \(id) for update")
        let demoting = Task(executorPreference: fixture.loop) {
          try await fixture.ask(
            TripFixture.owner, .patch, "/trips/\(trip)/collaborators/\(TripFixture.editor)", #"{"role":"viewer"}"#)
        }
        try await Self.wait(for: 1, transaction, fixture)
        let editing = Task(executorPreference: fixture.loop) {
          try await fixture.ask(TripFixture.editor, .post, "/trips/\(trip)/items", #"{"kind":"note"}"#)
        }
        try await Self.wait(for: 2, transaction, fixture)
        return (demoting, editing)
      }
      let (role, edit) = (try await demoted.value, try await edited.value)
      #expect(role.status == 200 && edit.status == 403, "\(edit.text)")
      let after = try await fixture.database.trips.access(id, TripVisitor(user: nil))?.seq
      #expect(after == before.map { $0 + 1 }, "only the role has changed")
    }
  }

  /// Waits until so many wait for a lock.
  private static func wait(for count: Int64, _ transaction: Transaction, _ fixture: TripFixture) async throws {
    for _ in 0..<2000 {
      let waiting = try await transaction.query(
        """
        select count(*) from pg_locks where not granted
        """
      ).decodeOnly(Int64.self)
      if waiting >= count { return }
      try await fixture.loop.sleep(for: .milliseconds(5))
    }
    throw TripFixture.Failure(text: "nobody waits for the lock")
  }
}

/// Watches a trip, goes away and comes back where it was, and notes what it has heard.
private final class ComingListener: Sendable {
  private struct State {
    var heard: [Int64] = []
    var end: Int64?
  }

  private let user: UserID
  private let trip: String
  private let start: Int64
  private let state = Mutex(State())

  init(_ user: UserID, _ trip: String, after start: Int64) {
    self.user = user
    self.trip = trip
    self.start = start
  }

  /// The places of the log that were heard of, in the order in which they came.
  var heard: [Int64] { state.withLock { $0.heard } }

  /// Says where the log has ended: there the listener may stop.
  func expect(_ end: Int64) { state.withLock { $0.end = end } }

  func listen(_ fixture: TripFixture, _ seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      let last = heard.last ?? start
      if let end = state.withLock({ $0.end }), last >= end { return }
      // A database that hangs up just now refuses; the listener comes again.
      guard let stream = try? await fixture.watchTrip(user, trip, after: last) else { continue }
      try await fixture.loop.sleep(for: .milliseconds(Int.random(in: 1...60, using: &random)))
      stream.cancel()
      let events = stream.events
      if events.contains(where: { $0.name == "snapshot" }) {
        throw TripFixture.Failure(text: "all of the trip was sent to who only missed \(last)")
      }
      state.withLock { $0.heard += events.filter { $0.name == "entry" }.compactMap(\.id) }
    }
    throw TripFixture.Failure(text: "\(user) never heard all")
  }
}
