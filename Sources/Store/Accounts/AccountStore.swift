package import Accounts
package import Kernel
import Postgres

/// Somebody's account as it is kept.
package struct StoredAccount: Sendable, Hashable {
  /// Its id.
  package let id: UserID
  /// The address, as it was given.
  package let email: String
  /// What its owner is called.
  package let name: String
  /// Since when there is one.
  package let createdAt: Instant
}

/// Where accounts and all that guards them are kept.
///
/// Tokens and codes come as digests, letters and secrets sealed: nothing that is kept here lets anybody in. Each change is
/// one transaction with its entry in the audit log and its letter; the log comes last, because whoever adds to it holds
/// its end.
package struct AccountStore: Sendable {
  /// Seals a letter into the payload of the job that sends it.
  package struct LetterSeal: Sendable {
    let payload: @Sendable (AddressedLetter) -> String

    /// A seal.
    package init(_ payload: @escaping @Sendable (AddressedLetter) -> String) { self.payload = payload }
  }

  /// Who does something, as the log tells it.
  package struct Actor: Sendable {
    /// Who, if that is known.
    package var user: UserID?
    /// From which network, if that is known.
    package var network: String?
    /// The W3C trace context of the request.
    package var trace: String?

    /// An actor.
    package init(_ user: UserID? = nil, network: String? = nil, trace: String? = nil) {
      self.user = user
      self.network = network
      self.trace = trace
    }
  }

  let database: PostgresClient
  let jobs: JobStore

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
  }

  /// The account of an id.
  ///
  /// - Throws: `StoreError`.
  package func findAccount(_ id: UserID) async throws -> StoredAccount? {
    try await translating {
      let rows = try await database.query("select id, email, name, created_at from account where id = \(id)")
      return try AccountStore.accounts(rows).first
    }
  }

  static func accounts(_ rows: Rows) throws -> [StoredAccount] {
    try rows.decode(UserID.self, String.self, String.self, PostgresTimestamp.self).map {
      StoredAccount(id: $0.0, email: $0.1, name: $0.2, createdAt: Instant($0.3))
    }
  }

  /// Has a letter sent once the transaction stands.
  func send(
    _ letter: AddressedLetter, _ seal: LetterSeal, _ actor: Actor, in transaction: Transaction
  ) async throws {
    var job = NewJob(kind: NotificationStore.sendKind, payload: seal.payload(letter))
    job.queue = NotificationStore.queue
    job.attemptsMax = NotificationStore.attemptsMax
    job.trace = actor.trace
    _ = try await jobs.submit([job], in: transaction)
  }

  /// Takes an account away with all that is its own; the log keeps that there was one.
  ///
  /// - Throws: `StoreError`.
  package func remove(_ id: UserID, by actor: Actor) async throws -> Removal {
    try await translating {
      try await database.transaction { transaction in
        let found = try await transaction.query("select id from account where id = \(id) for update")
        guard !found.isEmpty else { return .unknown }
        // Held, so that nobody else stops being an owner in the meantime.
        let orphaned = try await transaction.query(
          """
          select organisation.id, organisation.name from organisation
          join organisation_member mine on mine.organisation_id = organisation.id
          where mine.account_id = \(id) and mine.role = 'owner'
            and exists (select from organisation_member other
              where other.organisation_id = organisation.id and other.account_id <> \(id))
            and not exists (select from organisation_member other
              where other.organisation_id = organisation.id and other.account_id <> \(id) and other.role = 'owner')
          order by organisation.id for update of organisation
          """
        ).decode(OrganisationID.self, String.self)
        if !orphaned.isEmpty { return .ownsAlone(orphaned.map(\.1)) }
        try await transaction.execute(
          """
          delete from organisation where id in (
            select organisation_id from organisation_member where account_id = \(id)
            and not exists (select from organisation_member other
              where other.organisation_id = organisation_member.organisation_id and other.account_id <> \(id)))
          """)
        // What was booked stays with whoever sells it, and with nobody who can look at it.
        try await transaction.execute(
          """
          delete from trip where account_id = \(id)
            and not exists (select from itinerary_selection chosen where chosen.trip_id = trip.id)
          """)
        try await transaction.execute("delete from account where id = \(id)")
        try await record(AuditNote("account.removed", subject: "\(id)"), actor, in: transaction)
        return .removed
      }
    }
  }

  /// What became of the wish to take an account away.
  package enum Removal: Sendable, Hashable {
    /// It is gone.
    case removed
    /// There is none.
    case unknown
    /// Others belong to organisations that it alone owns, of these names.
    case ownsAlone([String])
  }
}
