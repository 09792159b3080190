package import Kernel
import Postgres

/// What a key's id is of.
package enum KeyNoun {}

/// The id of a program's key.
package typealias KeyID = Identifier<KeyNoun>

/// What a program's key lets it do, as every request asks for it.
package struct KeyStanding: Sendable, Hashable {
  /// For whom it acts.
  package let organisation: OrganisationID
  /// What it may.
  package let scopes: Set<String>
}

/// A program's key as those who run the organisation see it; never the key itself.
package struct StoredKey: Sendable, Hashable {
  /// Its id.
  package let id: KeyID
  /// For whom it acts.
  package let organisation: OrganisationID
  /// What it is called.
  package let name: String
  /// How it begins.
  package let hint: String
  /// What it may.
  package let scopes: [String]
  /// Since when there is one.
  package let createdAt: Instant
  /// Until when it is good, if that is limited.
  package let expiresAt: Instant?
  /// When it was revoked.
  package let revokedAt: Instant?
}

/// A key that somebody wants.
package struct NewKey: Sendable {
  /// For whom it acts.
  package let organisation: OrganisationID
  /// What it is called.
  package let name: String
  /// How it begins.
  package let hint: String
  /// Its digest.
  package let hash: [UInt8]
  /// What it may.
  package let scopes: [String]
  /// For how many days it is good, if that is limited.
  package let days: Int?

  /// A key.
  package init(organisation: OrganisationID, name: String, hint: String, hash: [UInt8], scopes: [String], days: Int?) {
    self.organisation = organisation
    self.name = name
    self.hint = hint
    self.hash = hash
    self.scopes = scopes
    self.days = days
  }
}

extension AccountStore {
  /// Keys that an organisation has, at most.
  package static let keysMax: Int64 = 100

  /// A key that is good.
  ///
  /// - Throws: `StoreError`.
  package func keyStanding(of hash: [UInt8]) async throws -> KeyStanding? {
    try await translating {
      let row = try await database.query(
        """
        select organisation_id, scopes from api_key
        where key_hash = \(hash) and revoked_at is null and (expires_at is null or expires_at > now())
        """
      ).decodeFirst(OrganisationID.self, [String].self)
      return row.map { KeyStanding(organisation: $0.0, scopes: Set($0.1)) }
    }
  }

  /// Keeps a key, once for each repeated request.
  ///
  /// - Throws: `StoreError`.
  package func add(_ key: NewKey, _ request: MakingRequest?, by actor: Actor) async throws -> Making<StoredKey> {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.making(request, id: \.id) { id in
          let rows = try await transaction.query("select \(AccountStore.keyColumns) from api_key where id = \(id)")
          return try AccountStore.keys(rows).first
        } make: {
          try await insert(key, by: actor, in: transaction)
        }
      }
    }
  }

  private func insert(_ key: NewKey, by actor: Actor, in transaction: Transaction) async throws -> StoredKey? {
    // Keys of one organisation come one after the other, so that the count is right.
    _ = try await transaction.query("select from organisation where id = \(key.organisation) for update")
    let count = try await transaction.query(
      "select count(*) from api_key where organisation_id = \(key.organisation) and revoked_at is null"
    ).decodeOnly(Int64.self)
    guard count < AccountStore.keysMax else { return nil }
    let rows = try await transaction.query(
      """
      insert into api_key (organisation_id, key_hash, hint, name, scopes, created_by, expires_at)
      values (\(key.organisation), \(key.hash), \(key.hint), \(key.name), \(key.scopes), \(actor.user),
        now() + make_interval(days => \(key.days.map { Int32($0) })))
      returning \(AccountStore.keyColumns)
      """)
    let made = try AccountStore.keys(rows).first
    try await record(
      AuditNote(
        "key.made", subject: "\(key.organisation)", details: #"{"key":"\#(made.map { "\($0.id)" } ?? "")"}"#),
      actor, in: transaction)
    return made
  }

  /// An organisation's keys, newest first.
  ///
  /// - Throws: `StoreError`.
  package func keys(of organisation: OrganisationID) async throws -> [StoredKey] {
    try await translating {
      try AccountStore.keys(
        try await database.query(
          """
          select \(AccountStore.keyColumns) from api_key where organisation_id = \(organisation)
          order by created_at desc, id limit 500
          """))
    }
  }

  /// The organisation that a key acts for.
  ///
  /// - Throws: `StoreError`.
  package func organisation(ofKey id: KeyID) async throws -> OrganisationID? {
    try await translating {
      try await database.query("select organisation_id from api_key where id = \(id)").decodeFirst(OrganisationID.self)
    }
  }

  /// Revokes a key; false if there is none such that is good.
  ///
  /// - Throws: `StoreError`.
  package func revoke(_ id: KeyID, by actor: Actor) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let owner = try await transaction.query(
          "update api_key set revoked_at = now() where id = \(id) and revoked_at is null returning organisation_id"
        ).decodeFirst(OrganisationID.self)
        guard let owner else { return false }
        try await record(
          AuditNote("key.revoked", subject: "\(owner)", details: #"{"key":"\#(id)"}"#), actor, in: transaction)
        return true
      }
    }
  }

  private static let keyColumns: SQL =
    "id, organisation_id, name, hint, scopes, created_at, expires_at, revoked_at"

  private static func keys(_ rows: Rows) throws -> [StoredKey] {
    try rows.decode(
      KeyID.self, OrganisationID.self, String.self, String.self, [String].self, PostgresTimestamp.self,
      PostgresTimestamp?.self, PostgresTimestamp?.self
    ).map {
      StoredKey(
        id: $0.0, organisation: $0.1, name: $0.2, hint: $0.3, scopes: $0.4, createdAt: Instant($0.5),
        expiresAt: $0.6.map { Instant($0) }, revokedAt: $0.7.map { Instant($0) })
    }
  }
}
