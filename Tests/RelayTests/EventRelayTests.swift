import CKafka
import EventLoop
import Kernel
import Postgres
import Telemetry
import TestSupport
import Testing

@testable import Relay
@testable import Store

/// Events of a real database on their way to librdkafka's own mock brokers, over real sockets.
@Suite("The relay of events to Kafka")
struct EventRelayTests {
  private static let topics = StoredEvent.Topic.allCases.map(\.rawValue)

  /// A database, brokers, and what makes relays between them.
  private struct World: Sendable {
    let database: Database
    let client: PostgresClient
    let brokers: MockBrokers
    let metrics = MetricRegistry()

    func relay(
      _ properties: [(name: String, value: String)] = [], hold: Int64 = 15, requestsAtOnce: Int = 5
    ) throws -> EventRelay {
      var kafka = try KafkaSettings(brokers: brokers.addresses, properties: properties)
      kafka.requestsAtOnce = requestsAtOnce
      var settings = EventRelay.Settings()
      settings.holdSeconds = hold
      settings.idle = .milliseconds(20)
      return EventRelay(
        database.relay, to: kafka, settings: settings,
        on: TestCluster.loops.loops[0], pool: TestCluster.workPool,
        logger: Logger("test", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .critical)),
        metrics: metrics)
    }

    /// Stores events of some keys, one transaction each, in turns.
    func store(_ count: Int, keys: Int = 7, _ topic: StoredEvent.Topic = .bookings, from first: Int = 0) async throws {
      for number in first..<first + count {
        let event = StoredEvent(
          topic, key: "key\(number % keys)", kind: "test.happened", payload: #"{ "number" : \#(number)}"#)
        try await database.transaction { try await Outbox().add(event, in: $0) }
      }
    }

    func waiting() async throws -> Int64 { try await database.relay.standing().waiting }

    func allLeave(within limit: Duration = .seconds(30)) async throws {
      let deadline = ContinuousClock.now + limit
      while try await waiting() > 0 {
        guard ContinuousClock.now < deadline else { throw Late(standing: try await database.relay.standing()) }
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
      }
    }

    func ids(_ topic: StoredEvent.Topic = .bookings) async throws -> [Int64] {
      try await client.query("select id from outbox where topic = \(topic.rawValue) order by id").decode(Int64.self)
    }
  }

  private struct Late: Error { let standing: RelayStanding }

  private func withWorld(_ body: (World) async throws -> Void) async throws {
    try await withTestClient(holding: .schema, connections: 6) { client in
      try await body(
        World(database: Database(client), client: client, brokers: MockBrokers(topics: Self.topics)))
    }
  }

  /// The ids of each key in the order in which they first came.
  private func firsts(_ messages: [MockBrokers.Message]) -> [String: [Int64]] {
    var (seen, firsts) = (Set<Int64>(), [String: [Int64]]())
    for message in messages where seen.insert(message.id).inserted {
      firsts[message.key, default: []].append(message.id)
    }
    return firsts
  }

  private func isOrdered(_ messages: [MockBrokers.Message]) -> Bool {
    firsts(messages).values.allSatisfy { $0 == $0.sorted() }
  }

  @Test(
    "events of every topic arrive once, in the order of their keys, each key in one place, with all that CloudEvents wants"
  )
  func arrive() async throws {
    try await withWorld { world in
      for topic in StoredEvent.Topic.allCases { try await world.store(60, topic) }
      let relay = try world.relay()
      relay.start()
      try await world.allLeave()
      await relay.stop()
      let source = try await world.client.query("select source from event_relay").decodeOnly(RelayHolderID.self)
      for topic in StoredEvent.Topic.allCases {
        let messages = world.brokers.messages(in: topic.rawValue)
        let ids = try await world.ids(topic)
        #expect(messages.map(\.id).sorted() == ids)
        #expect(isOrdered(messages))
        #expect(Set(messages.map { "\($0.key) \($0.partition)" }).count == 7)
        #expect(Set(messages.map(\.partition)).count > 1, "keys are spread")
        let first = try #require(messages.first { $0.id == ids[0] })
        #expect(first.value == #"{ "number" : 0}"#, "as it was stored, to the byte")
        var headers = first.headers
        #expect(headers.removeValue(forKey: "ce_time")?.hasSuffix("Z") == true)
        let digits = "\(ids[0])"
        #expect(
          headers == [
            "content-type": "application/json", "ce_specversion": "1.0", "ce_id": digits,
            "ce_source": "urn:uuid:\(source)", "ce_type": "test.happened", "ce_subject": "key0",
            "ce_partitionkey": "key0", "ce_sequence": String(repeating: "0", count: 19 - digits.count) + digits,
          ])
      }
      let standing = try await world.database.relay.standing()
      #expect(standing.isHeld == false && standing.waiting == 0 && standing.refused == 0)
    }
  }

  @Test("brokers that go away and come back lose nothing, and each key keeps its order; meanwhile the reason is told")
  func brokersGoAway() async throws {
    try await withWorld { world in
      // One request at a time: of several that are cut off the mock would take the later without the earlier, which no
      // broker does; see "what the mock takes".
      let relay = try world.relay([("reconnect.backoff.max.ms", "500")], hold: 3, requestsAtOnce: 1)
      relay.start()
      try await world.store(100)
      world.brokers.goDown()
      try await world.store(200, from: 100)
      let isTold = try await eventually { try await world.database.relay.standing().trouble != nil }
      #expect(isTold)
      let waiting = try await world.waiting()
      #expect(waiting > 0, "nothing counts as relayed that no broker has acknowledged")
      world.brokers.comeUp()
      try await world.store(50, from: 300)
      try await world.allLeave(within: .seconds(60))
      let messages = world.brokers.messages(in: "bookings")
      let ids = try await world.ids()
      #expect(Set(messages.map(\.id)).sorted() == ids)
      #expect(isOrdered(messages))
      let isOver = try await eventually { try await world.database.relay.standing().trouble == nil }
      #expect(isOver)
      await relay.stop()
    }
  }

  /// The mock looks at sequence numbers of transactions alone.
  ///
  /// `rd_kafka_mock_validate_records` passes whatever has no transaction's name. A broker refuses what follows a message that it does not have (`OUT_OF_ORDER_SEQUENCE_NUMBER`);
  /// so librdkafka takes the acknowledgement of a later message for that of all before it (`rd_kafka_dr_implicit_ack`).
  /// Together they lose what no broker would: the day that this test fails the mock has learnt it, and relays may be
  /// tested with more requests at once.
  @Test(
    "what the mock takes after a message that it has refused counts as both, which brokers see to and the mock does not"
  )
  func mockKeepsNoSequence() async throws {
    try await withWorld { world in
      try await world.store(5, keys: 1)
      world.brokers.slowDown(milliseconds: 100)
      world.brokers.refuse([RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS])
      let relay = try world.relay()
      relay.start()
      try await world.allLeave()
      await relay.stop()
      let ids = try await world.ids()
      #expect(world.brokers.messages(in: "bookings").map(\.id) == Array(ids.dropFirst()))
    }
    // With one request at a time the refused message comes again before any other.
    try await withWorld { world in
      try await world.store(5, keys: 1)
      world.brokers.slowDown(milliseconds: 100)
      world.brokers.refuse([RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS])
      let relay = try world.relay(requestsAtOnce: 1)
      relay.start()
      try await world.allLeave()
      await relay.stop()
      let ids = try await world.ids()
      #expect(world.brokers.messages(in: "bookings").map(\.id) == ids)
    }
  }

  /// One at a time: the mock keeps no sequence numbers, so that it would take what follows a message that it has refused,
  /// which no broker does of an idempotent producer.
  @Test(
    "a broker that refuses for a while, in ways that pass, gets what it refused",
    arguments: [
      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
      RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
    ].map(\.rawValue))
  func passingFaults(_ fault: rd_kafka_resp_err_t.RawValue) async throws {
    try await withWorld { world in
      try await world.store(1)
      let refusal = rd_kafka_resp_err_t(rawValue: fault)
      world.brokers.refuse([refusal, refusal])
      let relay = try world.relay()
      relay.start()
      try await world.allLeave()
      await relay.stop()
      let messages = world.brokers.messages(in: "bookings")
      let ids = try await world.ids()
      #expect(messages.map(\.id) == ids)
    }
  }

  @Test("while one holds the line nobody else relays; when its hold runs out, or it lets go, the next does")
  func oneAtATime() async throws {
    try await withWorld { world in
      let line = world.database.relay
      let stranger = RelayHolderID(high: 1, low: 1)
      let begun = ContinuousClock.now
      let held = try await line.hold(as: stranger, seconds: 4)
      #expect(held != nil)
      try await world.store(10)
      let (first, second) = (try world.relay(hold: 120), try world.relay(hold: 120))
      first.start()
      second.start()
      try await TestCluster.loops.loops[0].sleep(for: .milliseconds(1200))
      let isEmpty = world.brokers.messages(in: "bookings").isEmpty
      // On a machine that is busy elsewhere the hold may have run out by now.
      #expect(isEmpty || .now - begun > .seconds(4))
      try await world.allLeave()
      // Both run and one of them relays: what comes arrives once.
      try await world.store(100, from: 10)
      try await world.allLeave()
      await first.stop()
      try await world.store(10, from: 110)
      // Long before its hold would have run out.
      try await world.allLeave()
      await second.stop()
      let messages = world.brokers.messages(in: "bookings")
      let ids = try await world.ids()
      #expect(messages.map(\.id).sorted() == ids)
      #expect(isOrdered(messages))
    }
  }

  @Test("an event that no broker will have is set aside with the reason, its key goes on, and it can be tried again")
  func setAside() async throws {
    try await withWorld { world in
      try await world.store(5, keys: 1)
      let large = StoredEvent(
        .bookings, key: "key0", kind: "test.large", payload: #""\#(String(repeating: "x", count: 5000))""#)
      try await world.database.transaction { try await Outbox().add(large, in: $0) }
      try await world.store(5, keys: 1, from: 5)
      let narrow = try world.relay([("message.max.bytes", "2000")])
      narrow.start()
      try await world.allLeave()
      await narrow.stop()
      let aside = try await world.database.relay.refused()
      #expect(aside.map(\.kind) == ["test.large"])
      #expect(aside.first?.reason.contains("too large") == true)
      #expect(world.brokers.messages(in: "bookings").count == 10)
      let isAgain = try await world.database.relay.retry(try #require(aside.first?.id))
      #expect(isAgain)
      let wide = try world.relay()
      wide.start()
      try await world.allLeave()
      await wide.stop()
      #expect(world.brokers.messages(in: "bookings").count == 11)
      // And one that the broker itself refuses.
      try await world.store(1, from: 20)
      world.brokers.refuse([RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
      let third = try world.relay()
      third.start()
      try await world.allLeave()
      await third.stop()
      let refused = try await world.database.relay.refused()
      #expect(refused.map(\.key) == ["key6"])
    }
  }

  @Test("a topic that brokers do not have waits by itself, and its events leave once they have it")
  func missingTopic() async throws {
    try await withWorld { world in
      world.brokers.spoil("bookings", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
      try await world.store(5)
      try await world.store(20, .userEvents, from: 5)
      let relay = try world.relay([("topic.metadata.propagation.max.ms", "300")], hold: 3)
      relay.start()
      let isWaiting = try await eventually { try await world.waiting() == 5 }
      #expect(isWaiting)
      let isTold = try await eventually {
        try await world.database.relay.standing().trouble?.hasPrefix("bookings: ") == true
      }
      #expect(isTold)
      try await world.store(20, .userEvents, from: 25)
      let hasPassed = try await eventually { try await world.waiting() == 5 }
      #expect(hasPassed, "others go on")
      world.brokers.spoil("bookings", nil)
      try await world.allLeave()
      await relay.stop()
      #expect(world.brokers.messages(in: "bookings").count == 5)
      #expect(world.brokers.messages(in: "user-events").count == 40)
    }
  }

  @Test("events that wait for brokers stay where old ones are cleared away, as long as somebody relays")
  func kept() async throws {
    try await withWorld { world in
      try await world.store(3)
      _ = try await world.client.execute("update outbox set created_at = now() - interval '40 days'")
      let ids = try await world.ids()
      _ = try await world.database.relay.hold(as: RelayHolderID(high: 1, low: 1), seconds: 1)
      _ = try await world.database.relay.markRelayed([ids[0]])
      _ = try await world.database.jobs.keepArchive(JobRetention())
      let left = try await world.ids()
      #expect(left == Array(ids.dropFirst()))
      _ = try await world.client.execute("update event_relay set worked_at = now() - interval '31 days'")
      _ = try await world.database.jobs.keepArchive(JobRetention())
      let after = try await world.ids()
      #expect(after.isEmpty)
    }
  }
}

@Suite("What a relay knows of what is under way")
struct RelayWindowTests {
  @Test("a topic that fails is left alone for twice as long each time, up to a minute, until something of it arrives")
  func pauses() {
    var (window, now) = (RelayWindow(), ContinuousClock.now)
    var pauses: [Int] = []
    for id in Int64(1)...9 {
      window.enter(id, topic: "bookings")
      window.enter(id + 100, topic: "bookings")
      _ = window.settle([.failed(id, reason: "no"), .failed(id + 100, reason: "no")], at: now)
      var seconds = 0
      while window.resting(at: now + .seconds(seconds)) == ["bookings"] { seconds += 1 }
      pauses.append(seconds)
      now += .seconds(seconds)
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    window.enter(50, topic: "bookings")
    let outcome = window.settle([.arrived(50), .arrived(51)], at: now)
    #expect(outcome.arrived == [50], "of what was not under way nothing is kept")
    #expect(!window.hasTrouble && window.underWay.isEmpty)
  }

  @Test("what order and safety rest on is nobody else's to set")
  func ownProperties() {
    #expect(throws: KafkaSettings.Fault.self) {
      try KafkaSettings(brokers: "127.0.0.1:1", properties: [("acks", "1")])
    }
    #expect(throws: Never.self) {
      try KafkaSettings(brokers: "127.0.0.1:1", properties: [("security.protocol", "ssl")])
    }
  }
}
