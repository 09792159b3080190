import HTTP
import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import API

/// What an edit costs PostgreSQL, counted on the wire: it is what most of a server's work with trips goes into.
@Suite("What edits of trips cost")
struct TripEditCostTests {
  /// One that says who asks and how they stand to the trip; then one trip to take the lock and read under it, and one
  /// to write and commit.
  private static let turns = 3
  /// The glance; BEGIN, the lock and what is read under it; what is written, and COMMIT.
  private static let statements = 6

  @Test("an edit takes six statements in three round trips; under a key by which it may be sent again eight")
  func one() async throws {
    try await run { server, wire, trip, item in
      let path = "/trips/\(trip)/items/\(item)"
      for number in 0..<3 {
        let answer = try await server.ask(TripFixture.owner, .patch, path, #"{"title":"Before \#(number)"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        let keyed = try await server.ask(
          TripFixture.owner, .patch, path, #"{"note":"\#(number)"}"#, ["Idempotency-Key": "before-\(number)"])
        #expect(keyed.status == 200, "\(keyed.text)")
      }
      let bare = try await wire.counting {
        _ = try await server.ask(TripFixture.owner, .patch, path, #"{"title":"Palatine"}"#)
      }
      #expect(bare.statements == Self.statements && bare.turns == Self.turns && bare.prepared == 0, "\(bare)")
      let keyed = try await wire.counting {
        _ = try await server.ask(
          TripFixture.owner, .patch, path, #"{"title":"Capitol"}"#, ["Idempotency-Key": "capitol"])
      }
      #expect(keyed.statements == Self.statements + 2 && keyed.turns == Self.turns && keyed.prepared == 0, "\(keyed)")
      let again = try await wire.counting {
        let answer = try await server.ask(
          TripFixture.owner, .patch, path, #"{"title":"Capitol"}"#, ["Idempotency-Key": "capitol"])
        #expect(answer.status == 200, "\(answer.text)")
      }
      #expect(again.statements == Self.statements && again.turns == Self.turns, "\(again)")
      let shown = try await server.ask(TripFixture.owner, .get, "/trips/\(trip)")
      #expect(shown.text.contains("Capitol"))
    }
  }

  @Test("what another server has written is read with the lock, and a queue costs what an edit does")
  func coldAndMany() async throws {
    try await run { server, wire, trip, item in
      let path = "/trips/\(trip)/items/\(item)"
      _ = try await server.ask(TripFixture.owner, .post, "/trips/\(trip)/operations", Self.queue("before", item))
      // A server of its own has the document on its own shelf, and this one's is of before.
      _ = try await server.anotherServer.ask(TripFixture.editor, .patch, path, #"{"title":"Theirs"}"#)
      let cold = try await wire.counting {
        _ = try await server.ask(TripFixture.owner, .patch, path, #"{"note":"mine"}"#)
      }
      #expect(cold.statements == Self.statements && cold.turns == Self.turns, "\(cold)")
      let shown = try await server.ask(TripFixture.owner, .get, "\(path)")
      #expect(try shown.string("/title") == "Theirs" && shown.string("/note") == "mine", "\(shown.text)")
      let queue = try await wire.counting {
        let answer = try await server.ask(
          TripFixture.owner, .post, "/trips/\(trip)/operations", Self.queue("now", item))
        #expect(try answer.count("/results") == 20, "\(answer.text)")
      }
      #expect(queue.statements == Self.statements + 2 && queue.turns == Self.turns, "\(queue)")
    }
  }

  private static func queue(_ client: String, _ item: String) -> String {
    let operations = (0..<20).map {
      #"{"mutationId":"m\#($0)","op":"set","id":"\#(item)","fields":{"note":"\#(client) \#($0)"}}"#
    }
    return #"{"clientId":"\#(client)","operations":[\#(operations.joined(separator: ","))]}"#
  }

  /// Runs a test with a server that reaches its database over a counted wire, by one connection.
  private func run(
    _ body: @escaping @Sendable (TripFixture, CountedWire, _ trip: String, _ item: String) async throws -> Void
  ) async throws {
    try await TripFixture.run { fixture in
      let trip = try await fixture.makeTrip()
      let item = try await fixture.addItem(trip)
      let wire = try CountedWire()
      defer { wire.stop() }
      let database = try await fixture.client.query("select current_database()::text").decodeOnly(String.self)
      var pool = PoolSettings()
      pool.connectionsMax = 1
      let client = PostgresClient(try wire.settings(database: database), pool: pool, on: TestCluster.loops, seed: 42)
      do {
        try await body(fixture.server(through: client), wire, trip, item)
      } catch {
        await client.close(timeout: .seconds(1))
        throw error
      }
      await client.close(timeout: .seconds(1))
    }
  }
}
