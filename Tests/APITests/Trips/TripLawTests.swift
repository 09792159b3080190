import HTTP
import JSON
import Kernel
import Store
import TestSupport
import Testing

@testable import API
@testable import Trips
@testable import TripsWire

/// The law of collaboration against the real store: queues that are sent at once, twice, and again after their answer was
/// lost, while roles change and the server is asked by several connections.
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
            _ = try await fixture.ask(TripFixture.owner, .patch, path, #"{"role":"\#(role)"}"#)
          }
          return Sent(user: TripFixture.revoked)
        }
        return try await tasks.reduce(into: [Sent]()) { $0.append($1) }
      }
      try await Self.check(sent, id, fixture)
    }
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
        let answer = try await fixture.ask(user, .post, "/trips/\(trip)/operations", body)
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
    }
    return sent
  }

  private static func batch(_ number: Int, _ random: inout SeededRandom) -> String {
    // A few ids that everybody works on.
    func entry() -> String { EntryID(high: 9, low: UInt64.random(in: 1...12, using: &random)).description }
    let operations = (0..<Int.random(in: 1...5, using: &random)).map { index -> String in
      let what =
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: #""op":"add","id":"\#(entry())","kind":"note","position":"first""#
        case 2: #""op":"set","id":"\#(entry())","fields":{"title":"\#(Int.random(in: 0..<99, using: &random))"}"#
        case 3: #""op":"move","id":"\#(entry())","position":{"after":"\#(entry())"}"#
        case 4: #""op":"delete","id":"\#(entry())""#
        case 5: #""op":"restore","id":"\#(entry())""#
        default: #""op":"set","fields":{"description":"\#(Int.random(in: 0..<99, using: &random))"}"#
        }
      return #"{"mutationId":"\#(number)-\#(index)",\#(what)}"#
    }
    let client = "c\(random.next() % 1_000_000)"
    return #"{"clientId":"\#(client)","operations":[\#(operations.joined(separator: ","))]}"#
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
}
