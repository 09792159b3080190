import EventLoop
import Foundation
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// Relays in processes of their own that die in the middle.
@Suite("What the relay of events survives")
struct RelayProcessTests {
  @Test("relays that are killed one after the other lose no event; what comes twice has the id that it had")
  func killed() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client(connections: 6)
      let store = Database(client)
      let brokers = MockBrokers(topics: ["bookings"])
      brokers.slowDown(milliseconds: 20)
      let address = try TestCluster.address().with(database: database.name)
      func worker() throws -> ServerProcess {
        try ServerProcess.beginWorker([
          "--home", TestCluster.makeDirectory("home", mode: 0o700), "--database-url", "\(address)", "--kafka",
          brokers.addresses,
        ])
      }
      func relayed() async throws -> Int64 {
        try await client.query("select count(*) from outbox where relayed_at is not null").decodeOnly(Int64.self)
      }
      func add(_ numbers: Range<Int>) async throws {
        try await store.transaction { transaction in
          let events = numbers.map {
            StoredEvent(.bookings, key: "key\($0 % 5)", kind: "test.happened", payload: "{\"number\":\($0)}")
          }
          try await Outbox().add(events, in: transaction)
        }
      }
      try await add(0..<2000)
      var heir = try worker()
      for round in 1...2 {
        let before = try await relayed()
        try await eventually("the relay of round \(round) is in the middle", within: .seconds(40)) {
          try await relayed() > before + 100
        }
        let doomed = heir
        heir = try worker()
        doomed.send(SIGKILL)
        try await add(round * 2000..<round * 2000 + 500)
      }
      brokers.slowDown(milliseconds: 0)
      try await eventually("everything has left", within: .seconds(60)) {
        try await store.relay.standing().waiting == 0
      }
      #expect(try await heir.end() == 0)
      let messages = brokers.messages(in: "bookings")
      let ids = try await client.query("select id from outbox order by id").decode(Int64.self)
      #expect(Set(messages.map(\.id)).sorted() == ids)
      var seen: [String: Int64] = [:]
      var values: [Int64: String] = [:]
      for message in messages {
        // What is new to a key is newer than all before it; what comes again is word for word what it was.
        if values[message.id] == nil {
          #expect(message.id > seen[message.key] ?? 0)
          seen[message.key] = message.id
        }
        #expect(values[message.id] ?? message.value == message.value)
        values[message.id] = message.value
      }
      let standing = try await store.relay.standing()
      #expect(!standing.isHeld, "whoever ends in peace lets go")
      await client.close()
    }
  }
}
