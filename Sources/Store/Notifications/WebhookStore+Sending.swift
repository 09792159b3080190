import JSON
package import Kernel
import Notification
import Postgres

/// An event on its way to an endpoint.
package struct WebhookOutgoing: Sendable {
  package let id: WebhookDeliveryID
  package let endpoint: StoredEndpoint
  package let body: String
  /// What the database's clock shows.
  package let now: Instant
}

/// What became of a try to hand an event over.
package struct WebhookTry: Sendable {
  package let status: Int?
  package let error: String?

  /// Whether the event has arrived.
  package var hasArrived: Bool { status.map { (200..<300).contains($0) } ?? false }

  /// A try.
  package init(status: Int?, error: String?) {
    self.status = status
    self.error = error
  }
}

/// An event in an endpoint's log.
package struct WebhookRecord: Sendable {
  package let id: WebhookDeliveryID
  package let seq: Int64
  package let kind: String
  package let state: String
  package let attempts: Int
  package let status: Int?
  package let error: String?
  package let createdAt: Instant
  package let endedAt: Instant?
}

extension WebhookStore {
  /// The kind of the jobs that send, and how often each is tried: over about a day.
  package static let sendJob = (kind: "notification.webhook", attemptsMax: 16)
  /// Events that are taken from the outbox at a time.
  static let relayBatch: Int64 = 200

  static func job(sending id: WebhookDeliveryID) -> NewJob {
    var job = NewJob(kind: sendJob.kind, payload: #"{"delivery":"\#(id)"}"#)
    job.queue = NotificationStore.queue
    job.attemptsMax = sendJob.attemptsMax
    // However often a line is started, one job sends its head.
    job.uniqueness = NewJob.Uniqueness(key: "webhook:\(id)")
    return job
  }

  /// Takes events from the outbox, in their order, and puts each into the line of every endpoint that may hear of it.
  ///
  /// Only one process does so at a time; whoever comes second finds nothing to do.
  ///
  /// - Returns: how many events were taken.
  /// - Throws: `StoreError`.
  package func relay() async throws -> Int {
    try await translating {
      let hasNews = try await database.query("select exists (select from outbox where webhooks_at is null)")
        .decodeOnly(Bool.self)
      guard hasNews else { return 0 }
      return try await database.transaction { transaction in
        let isMine = try await transaction.query("select pg_try_advisory_xact_lock(7246003)").decodeOnly(Bool.self)
        guard isMine else { return 0 }
        let taken = try await transaction.query(
          """
          update outbox set webhooks_at = now()
          where id in (select id from outbox where webhooks_at is null order by id limit \(Self.relayBatch))
          returning id, key, kind, payload::text as payload, created_at
          """
        ).decode(Int64.self, String.self, String.self, String.self, PostgresTimestamp.self).sorted { $0.0 < $1.0 }
        for (id, key, kind, payload, created) in taken {
          guard let trip = TripID(key) else { continue }
          let body = try Self.body(id: id, kind: kind, payload: payload, at: Instant(created))
          try await enter(trip, key, kind, body, transaction)
        }
        return taken.count
      }
    }
  }

  /// Has lines sent on whose job died with its worker at the last try, so that nobody has told the end.
  ///
  /// - Throws: `StoreError`.
  package func restartLost() async throws {
    _ = try await translating {
      try await database.transaction { transaction in
        let heads = try await transaction.query(
          """
          select id from (
            select distinct on (endpoint_id, key) delivery.id, coalesce(tried_at, delivery.created_at) as moved_at
            from webhook_delivery delivery join webhook_endpoint on webhook_endpoint.id = endpoint_id
            where state = 'waiting' and disabled_at is null order by endpoint_id, key, seq
          ) head where moved_at < now() - interval '9 hours' limit 1000
          """
        ).decode(WebhookDeliveryID.self)
        _ = try await jobs.submit(heads.map { Self.job(sending: $0) }, in: transaction)
      }
    }
  }

  /// An event's trip says who may hear of it: whoever takes part.
  private func enter(
    _ trip: TripID, _ key: String, _ kind: String, _ body: String, _ transaction: Transaction
  ) async throws {
    let entered = try await transaction.query(
      """
      insert into webhook_delivery (endpoint_id, key, kind, body)
      select endpoint.id, \(key), \(kind), \(body) from webhook_endpoint endpoint
      join trip_member member on member.account_id = endpoint.account_id and member.trip_id = \(trip)
      where disabled_at is null and (cardinality(events) = 0 or \(kind) = any(events))
      order by endpoint.created_at, endpoint.id
      returning id, endpoint_id
      """
    ).decode(WebhookDeliveryID.self, WebhookEndpointID.self)
    for (id, endpoint) in entered {
      let isHead = try await transaction.query(
        """
        select not exists (select from webhook_delivery other where other.endpoint_id = \(endpoint)
          and other.key = \(key) and other.state = 'waiting' and other.id <> \(id))
        """
      ).decodeOnly(Bool.self)
      if isHead { _ = try await jobs.submit([Self.job(sending: id)], in: transaction) }
    }
  }

  private static func body(id: Int64, kind: String, payload: String, at moment: Instant) throws -> String {
    let data = try JSONDocument(text: payload).root
    var writer = JSONWriter()
    writer.object { object in
      object.field("type", kind)
      object.field("timestamp", moment.description)
      object.field("data", data)
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  /// What is to be sent; nil when that is over, or the endpoint is switched off, where it waits.
  ///
  /// - Throws: `StoreError`.
  package func begin(_ id: WebhookDeliveryID) async throws -> WebhookOutgoing? {
    try await translating {
      let row = try await database.query(
        """
        select \(Self.prefixed), body, now() as now
        from webhook_delivery delivery join webhook_endpoint on webhook_endpoint.id = delivery.endpoint_id
        where delivery.id = \(id) and delivery.state = 'waiting' and disabled_at is null
        """
      ).first
      return try row.map {
        WebhookOutgoing(id: id, endpoint: try Self.endpoint($0), body: try $0["body"], now: Instant(try $0["now"]))
      }
    }
  }

  private static let prefixed: SQL = """
    webhook_endpoint.id, account_id, url, description, events, sealed_secret,
    case when previous_until > now() then sealed_previous end as sealed_previous,
    case when previous_until > now() then previous_until end as previous_until, failing_since, disabled_because,
    webhook_endpoint.created_at
    """

  /// Keeps what became of a try; where that is the end, the next of the line is sent.
  ///
  /// - Parameters:
  ///   - attempt: what became of the try.
  ///   - id: which event.
  ///   - isOver: whether it is not tried again.
  ///   - transaction: the one that ends the job, or one of its own.
  /// - Throws: `StoreError`.
  package func keep(
    _ attempt: WebhookTry, of id: WebhookDeliveryID, isOver: Bool, in transaction: Database.Transaction
  ) async throws {
    let state = attempt.hasArrived ? "delivered" : isOver ? "failed" : "waiting"
    try await translating {
      let row = try await transaction.query(
        """
        update webhook_delivery set attempts = attempts + 1, status = \(attempt.status.map { Int16(clamping: $0) }),
          error = \(attempt.error.map { String($0.prefix(500)) }), tried_at = now(), state = \(state),
          ended_at = case when \(state) = 'waiting' then null else now() end
        where id = \(id) and state = 'waiting' returning endpoint_id, key
        """
      ).decodeFirst(WebhookEndpointID.self, String.self)
      guard let (endpoint, key) = row else { return }
      try await judge(endpoint, attempt, transaction)
      guard state != "waiting" else { return }
      let next = try await transaction.query(
        """
        select id from webhook_delivery where endpoint_id = \(endpoint) and key = \(key) and state = 'waiting'
        order by seq limit 1
        """
      ).decodeFirst(WebhookDeliveryID.self)
      if let next { _ = try await jobs.submit([Self.job(sending: next)], in: transaction) }
    }
  }

  /// The same in a transaction of its own, for a try that failed and is not the last.
  ///
  /// - Throws: `StoreError`.
  package func keep(_ attempt: WebhookTry, of id: WebhookDeliveryID) async throws {
    try await translating {
      try await database.transaction { try await keep(attempt, of: id, isOver: false, in: $0) }
    }
  }

  /// Switches off what has failed for too long, and has its owner told.
  private func judge(_ id: WebhookEndpointID, _ attempt: WebhookTry, _ transaction: Transaction) async throws {
    let row = try await transaction.query(
      """
      select failing_since, failures, now() from webhook_endpoint where id = \(id) and disabled_at is null for update
      """
    ).decodeFirst(PostgresTimestamp?.self, Int32.self, PostgresTimestamp.self)
    guard let (since, failures, now) = row else { return }
    var health = EndpointHealth(failingSince: since.map { Instant($0) }, failures: Int(failures))
    let reason = health.hear(status: attempt.status, at: Instant(now))
    try await transaction.execute(
      """
      update webhook_endpoint set failures = \(Int32(clamping: health.failures)),
        failing_since = to_timestamp(\(health.failingSince.map { Double($0.secondsSinceEpoch) })),
        disabled_at = case when \(reason) is null then null else now() end, disabled_because = \(reason)
      where id = \(id)
      """)
    guard reason != nil else { return }
    _ = try await jobs.submit([TellOrder.webhookDisabled(id, at: Instant(now)).newJob()], in: transaction)
  }

  /// The log of an endpoint before a place, the newest first.
  ///
  /// - Throws: `StoreError`.
  package func log(of id: WebhookEndpointID, before place: Int64, limit: Int) async throws -> [WebhookRecord] {
    try await translating {
      try await database.query(
        """
        select id, seq, kind, state, attempts, status, error, created_at, ended_at from webhook_delivery
        where endpoint_id = \(id) and seq < \(place) order by seq desc limit \(limit)
        """
      ).map { row in
        WebhookRecord(
          id: try row["id"], seq: try row["seq"], kind: try row["kind"], state: try row["state"],
          attempts: Int(try row["attempts", as: Int32.self]),
          status: try row["status", as: Int16?.self].map { Int($0) },
          error: try row["error"], createdAt: Instant(try row["created_at"]),
          endedAt: try row["ended_at", as: PostgresTimestamp?.self].map { Instant($0) })
      }
    }
  }

  /// Sends an event that is over once more, under the same id; false when there is none, or it still waits.
  ///
  /// - Throws: `StoreError`.
  package func resend(_ id: WebhookDeliveryID, of endpoint: WebhookEndpointID) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let again = try await transaction.execute(
          """
          update webhook_delivery set state = 'waiting', ended_at = null, attempts = 0
          where id = \(id) and endpoint_id = \(endpoint) and state <> 'waiting'
          """)
        guard again > 0 else { return false }
        _ = try await jobs.submit([Self.job(sending: id)], in: transaction)
        return true
      }
    }
  }
}
