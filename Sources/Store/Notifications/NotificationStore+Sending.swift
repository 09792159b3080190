import JSON
package import Kernel
package import Notification
import Postgres

/// A message on one channel that a try to send begins with.
package struct Outgoing: Sendable {
  package let id: DeliveryID
  package let kind: String
  package let facts: [Fact: String]
  package let trip: TripID?
  package let reader: Reader
  /// Why mail does not reach the reader, if it does not.
  package let bounce: String?
  /// When it was decided to send it: what is sent again is the same, its date too.
  package let createdAt: Instant
  /// Whether an earlier try has begun, whose end nobody has told.
  package let isRepeated: Bool
  /// What a digest joins.
  package let items: [(kind: String, facts: [Fact: String])]
}

/// How a delivery ended.
package enum DeliveryEnding: Sendable, Hashable {
  /// It was taken.
  case sent(String?)
  /// Nobody will take it.
  case failed(String)
  /// It was not to be sent.
  case skipped(String)

  var state: String {
    switch self {
    case .sent: "sent"
    case .failed: "failed"
    case .skipped: "skipped"
    }
  }

  var result: String? {
    switch self {
    case .sent(let text): text
    case .failed(let text), .skipped(let text): text
    }
  }
}

extension NotificationStore {
  /// Begins a try to send; nil when it is over already.
  ///
  /// - Throws: `StoreError`.
  package func begin(_ id: DeliveryID) async throws -> Outgoing? {
    try await translating {
      try await database.transaction { transaction in
        let begun = try await transaction.query(
          """
          update notification_delivery now set state = 'sending', attempts = now.attempts + 1
          from notification_delivery before
          where now.id = \(id) and before.id = now.id and now.state in ('waiting', 'sending')
          returning now.kind, now.account_id, now.notification_id, now.created_at, before.state = 'sending'
          """
        ).decodeFirst(
          String.self, UserID?.self, NotificationID?.self, PostgresTimestamp.self, Bool.self)
        guard let (kind, account, notification, created, isRepeated) = begun, let account else { return nil }
        let row = try await transaction.query(
          """
          select \(Self.readerColumns), (select reason from mail_bounce where address = lower(account.email)) as bounce,
            (select facts::text from notification where id = \(notification)) as facts,
            (select trip_id from notification where id = \(notification)) as trip_id
          from account left join account_profile on account_profile.account_id = account.id
          where account.id = \(account)
          """
        ).first
        guard let row else { return nil }
        let items = try await transaction.query(
          """
          select notification.kind, facts::text from notification_delivery part
          join notification on notification.id = part.notification_id
          where part.digest_id = \(id) order by notification.seq limit 200
          """
        ).decode(String.self, String.self)
        let facts: String? = try row["facts"]
        return Outgoing(
          id: id, kind: kind, facts: try facts.map(Self.facts) ?? [:], trip: try row["trip_id"],
          reader: try Self.reader(row), bounce: try row["bounce"], createdAt: Instant(created), isRepeated: isRepeated,
          items: try items.map { ($0.0, try Self.facts($0.1)) })
      }
    }
  }

  /// Keeps how a delivery ended, as part of the transaction that ends its job.
  ///
  /// - Parameters:
  ///   - id: which delivery.
  ///   - ending: how it ended.
  ///   - bounced: the address that nobody reads any more, if that is how.
  ///   - transaction: the one that ends the job.
  /// - Throws: `StoreError`.
  package func end(
    _ id: DeliveryID, _ ending: DeliveryEnding, bounced: String? = nil, in transaction: Database.Transaction
  ) async throws {
    try await translating {
      let ended = try await transaction.query(
        """
        update notification_delivery
        set state = \(ending.state), result = \(ending.result.map { String($0.prefix(500)) }), ended_at = now()
        where id = \(id) and ended_at is null returning account_id, channel, kind
        """
      ).decodeFirst(UserID?.self, String.self, String.self)
      if let (user, channel, kind) = ended {
        try await tell(of: id, ending, to: user, by: channel, kind, in: transaction)
      }
      try await transaction.execute(
        """
        update notification_delivery set state = \(ending.state), ended_at = now()
        where digest_id = \(id) and state = 'digested'
        """)
      if let bounced { try await mark(bounced, ending.result ?? "", in: transaction) }
    }
  }

  /// Tells the outside how a delivery ended: neither what it said nor the address.
  private func tell(
    of id: DeliveryID, _ ending: DeliveryEnding, to user: UserID?, by channel: String, _ kind: String,
    in transaction: Database.Transaction
  ) async throws {
    var writer = JSONWriter()
    writer.object { object in
      object.field("delivery", id.description)
      object.field("account", ifPresent: user?.description)
      object.field("channel", channel)
      object.field("kind", kind)
      object.field("state", ending.state)
    }
    let payload = String(decoding: writer.finish(), as: UTF8.self)
    try await Outbox().add(
      StoredEvent(.notifications, key: "delivery/\(id)", kind: "notification.\(ending.state)", payload: payload),
      in: transaction)
  }

  /// Keeps how a letter ended: its kind, and neither what it said nor to whom.
  ///
  /// - Throws: `StoreError`.
  package func endLetter(
    of job: JobID, kind: String, attempts: Int, _ ending: DeliveryEnding, bounced: String? = nil,
    in transaction: Database.Transaction
  ) async throws {
    try await translating {
      try await transaction.execute(
        """
        insert into notification_delivery (job_id, channel, kind, state, attempts, result, ended_at)
        values (\(job.rawValue), 'email', \(kind), \(ending.state), \(Int32(clamping: attempts)),
          \(ending.result.map { String($0.prefix(500)) }), now())
        on conflict (job_id) do nothing
        """)
      if let bounced { try await mark(bounced, ending.result ?? "", in: transaction) }
    }
  }

  /// Keeps that a delivery was given up, outside of any job.
  ///
  /// - Throws: `StoreError`.
  package func giveUp(_ id: DeliveryID, _ reason: String) async throws {
    try await translating { try await database.transaction { try await end(id, .failed(reason), in: $0) } }
  }
}

/// What was sent, when and with what result.
package struct DeliveryRecord: Sendable {
  package let id: DeliveryID
  package let user: UserID?
  package let channel: String
  package let kind: String
  package let state: String
  package let attempts: Int
  package let result: String?
  package let createdAt: Instant
  package let endedAt: Instant?
}

extension NotificationStore {
  /// The newest deliveries.
  ///
  /// - Throws: `StoreError`.
  package func history(limit: Int64 = 200, failedOnly: Bool = false) async throws -> [DeliveryRecord] {
    try await translating {
      try await database.query(
        """
        select id, account_id, channel, kind, state, attempts, result, created_at, ended_at
        from notification_delivery where (not \(failedOnly) or state = 'failed')
        order by created_at desc, id limit \(limit)
        """
      ).map { row in
        DeliveryRecord(
          id: try row["id"], user: try row["account_id"], channel: try row["channel"], kind: try row["kind"],
          state: try row["state"], attempts: Int(try row["attempts", as: Int32.self]), result: try row["result"],
          createdAt: Instant(try row["created_at"]),
          endedAt: try row["ended_at", as: PostgresTimestamp?.self].map { Instant($0) })
      }
    }
  }
}
