package import Accounts
package import Kernel
import Postgres

/// What an identity's id is of.
package enum IdentityNoun {}

/// The id of somebody as a provider knows them.
package typealias IdentityID = Identifier<IdentityNoun>

/// Somebody as a provider knows them, to themselves.
package struct StoredIdentity: Sendable, Hashable {
  package let id: IdentityID
  package let issuer: String
  /// The address that it told, when it was linked.
  package let email: String?
  package let createdAt: Instant
  package let usedAt: Instant
}

/// Somebody whom a provider has told of, with a token that was found good.
package struct ProvenIdentity: Sendable {
  package let issuer: String
  package let subject: String
  /// An address that the provider says is theirs; nil where it does not say so.
  package let email: EmailAddress?
  package let name: String
  /// Whether an account with the same address is theirs.
  package let linksByAddress: Bool

  package init(issuer: String, subject: String, email: EmailAddress?, name: String, linksByAddress: Bool) {
    self.issuer = issuer
    self.subject = subject
    self.email = email
    self.name = name
    self.linksByAddress = linksByAddress
  }
}

/// Whose account an identity is.
package enum IdentityOutcome: Sendable {
  case account(Credentials)
  /// It is nobody's, and without a verified address it becomes nobody's.
  case unverified
  /// There is an account with its address, which this provider may not speak for.
  case notLinked
}

extension AccountStore {
  /// Notes that a sign-in was answered; false if it was before.
  ///
  /// - Throws: `StoreError`.
  package func useSignIn(stateHash: [UInt8], lifeSeconds: Int64) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.execute("delete from sign_in_used where expires_at < now()")
        return try await transaction.execute(
          """
          insert into sign_in_used (state_hash, expires_at)
          values (\(stateHash), now() + make_interval(secs => \(Double(lifeSeconds)))) on conflict do nothing
          """) == 1
      }
    }
  }

  /// Finds whose account an identity is; links it to the account of its address, or makes one, where that may be.
  ///
  /// An account is there only once its mail was answered, so that an address that a provider has verified and an account
  /// that has it are one person's.
  /// - Throws: `StoreError`.
  package func credentials(
    of identity: ProvenIdentity, by actor: Actor, _ seal: LetterSeal
  ) async throws -> IdentityOutcome {
    try await translating {
      try await database.transaction { transaction in
        let known = try await transaction.query(
          """
          update account_identity set used_at = now()
          where issuer = \(identity.issuer) and subject = \(identity.subject) returning account_id
          """
        ).decodeFirst(UserID.self)
        if let known { return .account(try await credentials(of: known, in: transaction)) }
        guard let email = identity.email else { return .unverified }
        let found = try await transaction.query(
          "select id from account where lower(email) = lower(\(email.text)) for share"
        ).decodeFirst(UserID.self)
        if found != nil, !identity.linksByAddress { return .notLinked }
        let account = try await owner(found, email, identity, actor, seal, in: transaction)
        let credentials = try await credentials(of: account, in: transaction)
        try await record(
          AuditNote("identity.linked", subject: "\(account)"), Actor(account, network: actor.network), in: transaction)
        return .account(credentials)
      }
    }
  }

  /// The account of an address, linked; made if there is none.
  private func owner(
    _ found: UserID?, _ email: EmailAddress, _ identity: ProvenIdentity, _ actor: Actor, _ seal: LetterSeal,
    in transaction: Transaction
  ) async throws -> UserID {
    var account: UserID
    if let found {
      account = found
      try await send(
        AddressedLetter(.signInLinked, to: email.text, name: identity.name), seal, actor, in: transaction)
    } else {
      // Whoever registered the address just now has been first; the unique index then has this done again.
      account = try await transaction.query(
        "insert into account (email, name) values (\(email.text), \(identity.name)) returning id"
      ).decodeOnly(UserID.self)
      try await transaction.execute("delete from registration where lower(email) = lower(\(email.text))")
    }
    try await transaction.execute(
      """
      insert into account_identity (issuer, subject, account_id, email)
      values (\(identity.issuer), \(identity.subject), \(account), \(email.text))
      """)
    return account
  }

  /// What somebody signs in with.
  ///
  /// - Throws: `StoreError`.
  package func credentials(of account: UserID) async throws -> Credentials? {
    try await translating {
      try await database.transaction { transaction in
        let isThere = try await !transaction.query("select from account where id = \(account)").isEmpty
        return isThere ? try await credentials(of: account, in: transaction) : nil
      }
    }
  }

  private func credentials(of account: UserID, in transaction: Transaction) async throws -> Credentials {
    let row = try await transaction.query(
      """
      select id, email, name, account.created_at, password_hash, sealed_secret from account
      left join second_factor on account_id = id and confirmed_at is not null where id = \(account)
      """
    ).decodeOnly(UserID.self, String.self, String.self, PostgresTimestamp.self, String?.self, [UInt8]?.self)
    return Credentials(
      account: StoredAccount(id: row.0, email: row.1, name: row.2, createdAt: Instant(row.3)), passwordHash: row.4,
      sealedSecret: row.5)
  }

  /// By which providers somebody can sign in.
  ///
  /// - Throws: `StoreError`.
  package func identities(of account: UserID) async throws -> [StoredIdentity] {
    try await translating {
      let rows = try await database.query(
        """
        select id, issuer, email, created_at, used_at from account_identity where account_id = \(account)
        order by created_at, id limit 100
        """)
      return try rows.decode(
        IdentityID.self, String.self, String?.self, PostgresTimestamp.self, PostgresTimestamp.self
      ).map {
        StoredIdentity(id: $0.0, issuer: $0.1, email: $0.2, createdAt: Instant($0.3), usedAt: Instant($0.4))
      }
    }
  }

  /// Ends a provider's say over an account; false if it has none such.
  ///
  /// - Throws: `StoreError`.
  package func unlink(_ identity: IdentityID, of account: UserID, by actor: Actor) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let gone = try await transaction.execute(
          "delete from account_identity where id = \(identity) and account_id = \(account)")
        guard gone == 1 else { return false }
        try await record(AuditNote("identity.unlinked", subject: "\(account)"), actor, in: transaction)
        return true
      }
    }
  }
}
