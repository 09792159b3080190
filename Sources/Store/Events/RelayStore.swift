package import Kernel
import Postgres

/// What a holder of the line is.
package enum RelayHolderNoun {}
/// The id of a process that relays events.
package typealias RelayHolderID = Identifier<RelayHolderNoun>

/// An event that waits to leave.
package struct WaitingEvent: Sendable, Hashable {
  package let id: Int64
  package let topic: String
  package let key: String
  package let kind: String
  /// JSON, as it was stored.
  package let payload: String
  package let trace: String?
  package let createdAt: Instant

  /// An event.
  package init(
    id: Int64, topic: String, key: String, kind: String, payload: String, trace: String?, createdAt: Instant
  ) {
    self.id = id
    self.topic = topic
    self.key = key
    self.kind = kind
    self.payload = payload
    self.trace = trace
    self.createdAt = createdAt
  }
}

/// How the relay of events stands.
package struct RelayStanding: Sendable, Hashable {
  /// Events that wait, counted up to ``RelayStore/countMax``.
  package let waiting: Int64
  /// For how long the oldest of them has.
  package let oldestSeconds: Int64
  /// Events that no broker will have.
  package let refused: Int64
  /// Whether somebody relays now.
  package let isHeld: Bool
  /// When somebody last did; nil where nobody ever has.
  package let workedAt: Instant?
  /// What stands in the way, and since when.
  package let trouble: String?
  package let troubleSince: Instant?
  /// What the database's clock shows.
  package let now: Instant
}

extension RelayStanding {
  /// A sentence for people.
  package var note: String {
    let backlog = waiting == 0 ? "none wait" : "\(waiting) wait, the oldest for \(oldestSeconds) s"
    let aside = refused == 0 ? "" : "; \(refused) are set aside"
    let hindrance = trouble.map { "; " + $0 + (troubleSince.map { " since \($0)" } ?? "") } ?? ""
    return (isHeld ? "are relayed" : "are relayed by nobody now") + ": " + backlog + aside + hindrance
  }
}

/// An event that was set aside.
package struct RefusedEvent: Sendable, Hashable {
  package let id: Int64
  package let topic: String
  package let key: String
  package let kind: String
  package let reason: String
  package let createdAt: Instant
}

/// The line by which events leave for the outside: who carries them, what waits, what was set aside.
///
/// One process holds it at a time, by a lease that runs out when nothing is heard of that process. Marks are kept whoever
/// holds the line: what a broker has acknowledged has arrived.
package struct RelayStore: Sendable {
  /// How far waiting events are counted.
  package static let countMax: Int64 = 100_000
  /// Events read at once, at most.
  private static let batchMax = 1000
  private static let listMax: Int64 = 200

  private let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  /// Takes or holds the line for so many seconds.
  ///
  /// - Returns: what this installation calls itself to others; nil where somebody else has the line.
  /// - Throws: `StoreError`.
  package func hold(as holder: RelayHolderID, seconds: Int64) async throws -> RelayHolderID? {
    try await translating {
      try await database.query(
        """
        update event_relay set holder = \(holder), held_until = now() + make_interval(secs => \(Double(seconds))),
          worked_at = now()
        where holder is null or holder = \(holder) or held_until < now() returning source
        """
      ).decodeFirst(RelayHolderID.self)
    }
  }

  /// Leaves the line to others at once.
  ///
  /// - Throws: `StoreError`.
  package func letGo(as holder: RelayHolderID) async throws {
    _ = try await translating {
      try await database.execute("update event_relay set holder = null, held_until = null where holder = \(holder)")
    }
  }

  /// The next events that wait, in their order.
  ///
  /// Of one key the order of numbers is the order in which things happened, and none becomes visible after a later one.
  ///
  /// - Parameters:
  ///   - count: how many at most.
  ///   - topics: those that are left alone.
  ///   - others: events that are under way.
  /// - Returns: those that were found.
  /// - Throws: `StoreError`.
  package func next(
    _ count: Int, without topics: [String], besides others: [Int64]
  ) async throws -> [WaitingEvent] {
    try await translating {
      try await database.query(
        """
        select id, topic, key, kind, payload::text as payload, trace, created_at from outbox
        where relayed_at is null and relay_refusal is null and topic <> all(\(topics)) and id <> all(\(others))
        order by id limit \(Int64(min(count, Self.batchMax)))
        """
      ).map { row in
        WaitingEvent(
          id: try row["id"], topic: try row["topic"], key: try row["key"], kind: try row["kind"],
          payload: try row["payload"], trace: try row["trace"], createdAt: Instant(try row["created_at"]))
      }
    }
  }

  /// Keeps that brokers have acknowledged events.
  ///
  /// - Returns: how many of each topic were not marked before.
  /// - Throws: `StoreError`.
  package func markRelayed(_ ids: [Int64]) async throws -> [(topic: String, count: Int)] {
    try await translating {
      try await database.query(
        """
        with marked as (
          update outbox set relayed_at = now() where id = any(\(ids)) and relayed_at is null returning topic
        ) select topic, count(*) from marked group by topic order by topic
        """
      ).decode(String.self, Int64.self).map { ($0.0, Int($0.1)) }
    }
  }

  /// Sets an event aside that no broker will ever have.
  ///
  /// - Throws: `StoreError`.
  package func refuse(_ id: Int64, _ reason: String) async throws {
    _ = try await translating {
      try await database.execute(
        "update outbox set relay_refusal = \(String(reason.prefix(500))) where id = \(id) and relayed_at is null")
    }
  }

  /// Has an event that was set aside tried again; false where there is none.
  ///
  /// - Throws: `StoreError`.
  package func retry(_ id: Int64) async throws -> Bool {
    try await translating {
      try await database.execute(
        "update outbox set relay_refusal = null where id = \(id) and relay_refusal is not null and relayed_at is null")
        > 0
    }
  }

  /// Keeps what stands in the way; nil where nothing does.
  ///
  /// - Throws: `StoreError`.
  package func note(_ trouble: String?) async throws {
    let words = trouble.map { String($0.prefix(500)) }
    _ = try await translating {
      try await database.execute(
        """
        update event_relay set trouble = \(words),
          trouble_since = case when \(words) is null then null else coalesce(trouble_since, now()) end
        where trouble is distinct from \(words)
        """)
    }
  }

  /// Whether somebody relayed within so many seconds; counts nothing, where ``standing()`` counts what waits.
  ///
  /// - Throws: `StoreError`.
  package func hasWorked(withinSeconds seconds: Int64) async throws -> Bool {
    try await translating {
      try await database.query(
        """
        select coalesce(worked_at > now() - make_interval(secs => \(Double(seconds))), false) from event_relay
        """
      ).decodeFirst(Bool.self) ?? false
    }
  }

  /// How it stands.
  ///
  /// - Throws: `StoreError`.
  package func standing() async throws -> RelayStanding {
    try await translating {
      let row = try await database.query(
        """
        select (select count(*) from (select from outbox where relayed_at is null and relay_refusal is null
            limit \(Self.countMax)) waiting) as waiting,
          coalesce((select extract(epoch from now() - created_at)::int8 from outbox
            where relayed_at is null and relay_refusal is null order by id limit 1), 0) as oldest,
          (select count(*) from (select from outbox where relay_refusal is not null limit \(Self.countMax)) refused)
            as refused,
          coalesce(held_until > now(), false) as is_held, worked_at, trouble, trouble_since, now() as now
        from event_relay
        """
      ).first
      guard let row else { throw StoreError.rowMissing(table: "event_relay") }
      return RelayStanding(
        waiting: try row["waiting"], oldestSeconds: max(0, try row["oldest", as: Int64.self]),
        refused: try row["refused"], isHeld: try row["is_held"],
        workedAt: try row["worked_at", as: PostgresTimestamp?.self].map { Instant($0) }, trouble: try row["trouble"],
        troubleSince: try row["trouble_since", as: PostgresTimestamp?.self].map { Instant($0) },
        now: Instant(try row["now"]))
    }
  }

  /// Events that were set aside, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func refused() async throws -> [RefusedEvent] {
    try await translating {
      try await database.query(
        """
        select id, topic, key, kind, relay_refusal, created_at from outbox where relay_refusal is not null
        order by id limit \(Self.listMax)
        """
      ).map { row in
        RefusedEvent(
          id: try row["id"], topic: try row["topic"], key: try row["key"], kind: try row["kind"],
          reason: try row["relay_refusal"], createdAt: Instant(try row["created_at"]))
      }
    }
  }
}
