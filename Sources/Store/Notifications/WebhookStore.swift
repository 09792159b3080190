package import Kernel
import Postgres

/// What a webhook delivery's id is of.
package enum WebhookDeliveryNoun {}
/// The id of an event on its way to an endpoint.
package typealias WebhookDeliveryID = Identifier<WebhookDeliveryNoun>

/// Where somebody's programs want to hear of events.
package struct StoredEndpoint: Sendable {
  package let id: WebhookEndpointID
  package let owner: UserID
  package let url: String
  package let description: String
  /// Kinds of events; empty for all.
  package let events: [String]
  package let sealedSecret: [UInt8]
  /// The secret before, while it is signed with too.
  package let sealedPrevious: [UInt8]?
  package let previousUntil: Instant?
  package let failingSince: Instant?
  package let disabledBecause: String?
  package let createdAt: Instant
}

/// What can be changed of an endpoint.
package struct EndpointChange: Sendable {
  package var url: String?
  package var description: String?
  package var events: [String]?
  package var isEnabled: Bool?

  package init() {}
}

/// Endpoints of webhooks, and what goes to them.
package struct WebhookStore: Sendable {
  /// Endpoints of one account, at most.
  package static let endpointsMax: Int64 = 20
  /// Seconds for which is signed with the secret before, too.
  package static let previousSeconds: Int64 = 86_400

  let database: PostgresClient
  let jobs: JobStore

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
  }

  static let columns: SQL = """
    id, account_id, url, description, events, sealed_secret,
    case when previous_until > now() then sealed_previous end as sealed_previous,
    case when previous_until > now() then previous_until end as previous_until, failing_since, disabled_because, created_at
    """

  static func endpoint(_ row: Row) throws -> StoredEndpoint {
    StoredEndpoint(
      id: try row["id"], owner: try row["account_id"], url: try row["url"], description: try row["description"],
      events: try row["events"], sealedSecret: try row["sealed_secret"], sealedPrevious: try row["sealed_previous"],
      previousUntil: try row["previous_until", as: PostgresTimestamp?.self].map { Instant($0) },
      failingSince: try row["failing_since", as: PostgresTimestamp?.self].map { Instant($0) },
      disabledBecause: try row["disabled_because"], createdAt: Instant(try row["created_at"]))
  }

  /// Somebody's endpoints, the oldest first.
  ///
  /// - Throws: `StoreError`.
  package func endpoints(of user: UserID) async throws -> [StoredEndpoint] {
    try await translating {
      try await database.query(
        "select \(Self.columns) from webhook_endpoint where account_id = \(user) order by created_at, id"
      ).map { try Self.endpoint($0) }
    }
  }

  /// One of somebody's endpoints.
  ///
  /// - Throws: `StoreError`.
  package func endpoint(_ id: WebhookEndpointID, of user: UserID) async throws -> StoredEndpoint? {
    try await translating {
      try await database.query(
        "select \(Self.columns) from webhook_endpoint where id = \(id) and account_id = \(user)"
      ).first.map { try Self.endpoint($0) }
    }
  }

  /// Makes an endpoint.
  ///
  /// - Throws: `StoreError`.
  package func add(
    _ url: String, description: String, events: [String], sealedSecret: [UInt8], of user: UserID,
    _ request: MakingRequest? = nil
  ) async throws -> Making<StoredEndpoint> {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.making(request, id: \.id) { known in
          try await transaction.query(
            "select \(Self.columns) from webhook_endpoint where id = \(known) and account_id = \(user)"
          ).first.map { try Self.endpoint($0) }
        } make: {
          // Held, so that two at once do not make one too many.
          _ = try await transaction.query("select from account where id = \(user) for no key update")
          return try await transaction.query(
            """
            insert into webhook_endpoint (account_id, url, description, events, sealed_secret)
            select id, \(url), \(description), \(events), \(sealedSecret) from account
            where id = \(user)
              and (select count(*) from webhook_endpoint where account_id = \(user)) < \(Self.endpointsMax)
            returning \(Self.columns)
            """
          ).first.map { try Self.endpoint($0) }
        }
      }
    }
  }

  /// Changes an endpoint; nil when there is none.
  ///
  /// One that is switched on again begins anew.
  ///
  /// - Throws: `StoreError`.
  package func change(
    _ id: WebhookEndpointID, _ change: EndpointChange, of user: UserID
  ) async throws -> StoredEndpoint? {
    let isOn = change.isEnabled == true
    let isOff = change.isEnabled == false
    return try await translating {
      try await database.transaction { transaction in
        let changed = try await transaction.query(
          """
          update webhook_endpoint set url = coalesce(\(change.url), url),
            description = coalesce(\(change.description), description), events = coalesce(\(change.events), events),
            disabled_at = case when \(isOn) then null when \(isOff) then coalesce(disabled_at, now()) else disabled_at end,
            disabled_because = case when \(isOn) then null when \(isOff) then coalesce(disabled_because, 'its owner')
              else disabled_because end,
            failing_since = case when \(isOn) then null else failing_since end,
            failures = case when \(isOn) then 0 else failures end
          where id = \(id) and account_id = \(user) returning \(Self.columns)
          """
        ).first.map { try Self.endpoint($0) }
        if changed != nil, isOn { try await startLines(of: id, transaction) }
        return changed
      }
    }
  }

  /// Gives an endpoint another secret; with the one before is signed too for a day.
  ///
  /// Nil when there is no such endpoint.
  ///
  /// - Throws: `StoreError`.
  package func rotate(_ id: WebhookEndpointID, to sealed: [UInt8], of user: UserID) async throws -> StoredEndpoint? {
    try await translating {
      try await database.query(
        """
        update webhook_endpoint set sealed_previous = sealed_secret, sealed_secret = \(sealed),
          previous_until = now() + make_interval(secs => \(Double(Self.previousSeconds)))
        where id = \(id) and account_id = \(user) returning \(Self.columns)
        """
      ).first.map { try Self.endpoint($0) }
    }
  }

  /// Takes an endpoint away, with all that waits for it; false when there is none.
  ///
  /// - Throws: `StoreError`.
  package func remove(_ id: WebhookEndpointID, of user: UserID) async throws -> Bool {
    try await translating {
      try await database.execute("delete from webhook_endpoint where id = \(id) and account_id = \(user)") > 0
    }
  }

  /// Has the first of every line sent that waits for an endpoint.
  private func startLines(of id: WebhookEndpointID, _ transaction: Transaction) async throws {
    let heads = try await transaction.query(
      """
      select distinct on (key) id from webhook_delivery where endpoint_id = \(id) and state = 'waiting' order by key, seq
      """
    ).decode(WebhookDeliveryID.self)
    _ = try await jobs.submit(heads.map { Self.job(sending: $0) }, in: transaction)
  }
}
