import Postgres

/// Something that has happened, for whoever listens outside.
package struct StoredEvent: Sendable, Hashable {
  /// The topics that events are told under.
  package enum Topic: String, Sendable, CaseIterable {
    /// What users did, and what was done for them.
    case userEvents = "user-events"
    /// How bookings go on.
    case bookings
    /// Prices that have changed.
    case priceUpdates = "price-updates"
    /// What became of messages to people; neither what they said nor their addresses.
    case notifications
  }

  /// Under which topic.
  package let topic: Topic
  /// Events of one key leave in the order in which they happened.
  package let key: String
  /// What has happened, in a word such as `itinerary.planned`.
  package let kind: String
  /// What there is to know: JSON text.
  package let payload: String
  /// The W3C trace context of whoever caused it.
  package let trace: String?

  /// An event.
  package init(_ topic: Topic, key: String, kind: String, payload: String, trace: String? = nil) {
    self.topic = topic
    self.key = key
    self.kind = kind
    self.payload = payload
    self.trace = trace
  }
}

/// Where events wait for the outside; stored with the change that they tell of, or not at all.
package struct Outbox: Sendable {
  /// Announces that an event has come; the payload is its topic.
  package static let channel = "outbox_ready"

  /// Stores an event as part of the caller's transaction, which holds the row that the key stands for.
  ///
  /// - Throws: `StoreError`; what the caller did is then rolled back with it.
  package func add(_ event: StoredEvent, in transaction: Database.Transaction) async throws {
    try await add([event], in: transaction)
  }

  /// Stores several events of one topic as part of the caller's transaction, in one statement.
  ///
  /// - Throws: `StoreError`; what the caller did is then rolled back with them.
  package func add(_ events: [StoredEvent], in transaction: Database.Transaction) async throws {
    _ = try await translating { try await transaction.pipeline(statements(adding: events)) }
  }

  /// What stores events of one topic, for a transaction that sends it with others.
  func statements(adding events: [StoredEvent]) -> [SQL] {
    guard let topic = events.first?.topic else { return [] }
    precondition(events.allSatisfy { $0.topic == topic }, "events of several topics are stored one by one")
    return [
      """
      insert into outbox (topic, key, kind, payload, trace)
      select \(topic.rawValue), key, kind, payload::json, trace
      from unnest(\(events.map(\.key)), \(events.map(\.kind)), \(events.map(\.payload)), \(events.map(\.trace)))
        with ordinality as event (key, kind, payload, trace, place)
      order by place
      """,
      "select pg_notify(\(Outbox.channel), \(topic.rawValue))",
    ]
  }
}
