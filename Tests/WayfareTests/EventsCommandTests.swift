import CKafka
import EventLoop
import Foundation
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// What operators type about events, and what they are told.
@Suite("Events on the command line", .serialized)
struct EventsCommandTests {
  @Test(
    "what is typed wrongly ends with exit 2 and one sentence that names it",
    arguments: [
      (["events"], "ACTION"), (["events", "stop"], "\"stop\""), (["events", "retry"], "retry NUMBER"),
      (["events", "retry", "x"], "\"x\" is no event"), (["events", "retry", "0"], "\"0\" is no event"),
      (["events", "retry", "-1"], "-1"), (["events", "status", "1"], "retry NUMBER"),
      (["events", "refused", "1"], "retry NUMBER"), (["events", "status", "--jsn"], "--jsn"),
      (["doctor", "--kafka", "broker"], "HOST:PORT"), (["doctor", "--kafka", "broker:0"], "HOST:PORT"),
      (["doctor", "--kafka", ","], "HOST:PORT"),
      (["doctor", "--kafka", "127.0.0.1:9", "--kafka-properties", "/nowhere.json"], "/nowhere.json"),
    ])
  func refuses(_ words: [String], _ hint: String) throws {
    let home = TestCluster.makeDirectory("home")
    let result = try ServerProcess.run(words, environment: ["WAYFARE_HOME": home])
    #expect(result.status == 2, "\(result)")
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("properties that the relay rests on, or that nobody knows, are named, and so is a file that others may read")
  func properties() throws {
    let file = URL(filePath: TestCluster.makeDirectory("kafka")).appending(path: "properties.json")
    func doctor(_ text: String, mode: Int = 0o600) throws -> (status: Int32, output: String, errors: String) {
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
      return try ServerProcess.run(
        ["doctor", "--kafka", "127.0.0.1:9", "--kafka-properties", file.path],
        environment: ["WAYFARE_HOME": TestCluster.makeDirectory("home")])
    }
    for (text, hint) in [
      (#"{"acks":"1"}"#, "acks is the relay's own"), (#"{"no.such.thing":"1"}"#, "no.such.thing"), ("[]", file.path),
      ("{", file.path), (#"{"security.protocol":"shouting"}"#, "security.protocol"),
    ] {
      let result = try doctor(text)
      #expect(result.status == 2 && result.errors.contains(hint), "\(text): \(result)")
    }
    let open = try doctor("{}", mode: 0o644)
    #expect(open.status == 2 && open.errors.contains(file.path), "\(open)")
  }

  @Test("the doctor finds brokers that answer well, names a topic that is not there, and brokers that do not answer")
  func examines() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let flags = [
        "doctor", "--home", TestCluster.makeDirectory("home"), "--listen", "127.0.0.1:0", "--database-url",
        "\(database.settings.address)",
      ]
      let brokers = MockBrokers(topics: StoredEvent.Topic.allCases.map(\.rawValue))
      let sound = try ServerProcess.run(flags + ["--kafka", brokers.addresses])
      #expect(sound.status == 0 && sound.output.contains("has every topic"), "\(sound)")
      brokers.spoil("bookings", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
      let lacking = try ServerProcess.run(flags + ["--kafka", brokers.addresses])
      #expect(lacking.output.contains("note  events") && lacking.output.contains("topic bookings"), "\(lacking)")
      let nowhere = try ServerProcess.run(flags + ["--kafka", "127.0.0.1:1"])
      #expect(
        nowhere.output.contains("note  events          127.0.0.1:1: ") && nowhere.output.contains("WAYFARE_KAFKA"),
        "\(nowhere)")
      await client.close()
    }
  }

  @Test("an event that no broker will have is listed with the reason, and tried again when somebody says so")
  func refused() async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client()
      let store = Database(client)
      let flags = [
        "--home", TestCluster.makeDirectory("home", mode: 0o700), "--database-url", "\(database.settings.address)",
      ]
      func events(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
        try ServerProcess.run(["events"] + words + flags)
      }
      #expect(try events("status").output.contains("Nobody has ever relayed"))
      let none = try events("refused")
      #expect(none.status == 1 && none.output.contains("No event is set aside."), "\(none)")
      let missing = try events("retry", "7")
      #expect(missing.status == 1 && missing.output.contains("Event 7 was not set aside."), "\(missing)")
      let brokers = MockBrokers(topics: ["bookings"])
      let long = String(repeating: "x", count: 1_100_000)
      try await store.transaction { transaction in
        try await Outbox().add(
          StoredEvent(.bookings, key: "k", kind: "test.large", payload: #"{"text":"\#(long)"}"#), in: transaction)
      }
      let worker = try await ServerProcess.startWorker(flags + ["--kafka", brokers.addresses])
      try await eventually("it is set aside") { try await store.relay.standing().refused == 1 }
      let listed = try events("refused")
      #expect(listed.status == 0 && listed.output.contains("test.large"), "\(listed)")
      let number = try #require(listed.output.split(separator: " ").first)
      #expect(try events("status").output.hasPrefix("Events "))
      let again = try events("retry", String(number))
      #expect(again.status == 0 && again.output.contains("Event \(number) is tried again."), "\(again)")
      // It is as large as before.
      try await eventually("it is set aside again") { try await store.relay.standing().refused == 1 }
      #expect(try await worker.end() == 0)
      await client.close()
    }
  }
}
