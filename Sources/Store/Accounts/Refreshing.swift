package import Accounts
package import Kernel
import Postgres

/// A refresh token that was shown, and the one that would follow it.
package struct Refreshing: Sendable {
  /// The shown token's digest.
  package let tokenHash: [UInt8]
  /// The next token's digest.
  package let nextHash: [UInt8]
  /// The next token, sealed under the shown one.
  package let nextSealed: [UInt8]
  /// How long sessions last.
  package var limits = SessionLimits()

  /// A refresh.
  package init(tokenHash: [UInt8], nextHash: [UInt8], nextSealed: [UInt8]) {
    self.tokenHash = tokenHash
    self.nextHash = nextHash
    self.nextSealed = nextSealed
  }
}

/// What became of a shown refresh token.
package enum RefreshOutcome: Sendable, Hashable {
  /// It is spent; the next one holds.
  case rotated(SessionID, UserID)
  /// It was spent a moment ago; this is the next one, as it was sealed then.
  case repeated(SessionID, UserID, nextSealed: [UInt8])
  /// It was spent before: its session has been ended.
  case reused
  /// Its session is over.
  case over
  /// Nobody was ever given it, or it is long gone.
  case unknown
}

extension AccountStore {
  /// Spent tokens of a session that are remembered; older ones are refused all the same, but end nothing.
  private static let spentMax: Int64 = 500

  /// Judges a shown refresh token and does what follows.
  ///
  /// - Throws: `StoreError`.
  package func refresh(
    _ refreshing: Refreshing, by actor: Actor, _ seal: LetterSeal
  ) async throws -> RefreshOutcome {
    try await translating {
      try await database.transaction { transaction in
        let owner = try await transaction.query(
          "select session_id from refresh_token where token_hash = \(refreshing.tokenHash)"
        ).decodeFirst(SessionID.self)
        guard let id = owner else { return .unknown }
        // The session is held first; what is read of the token after that does not change any more.
        let row = try await transaction.query(
          """
          select account_id, present_number, used_at, created_at, revoked_at is not null, clock_timestamp()
          from session where id = \(id) for update
          """
        ).decodeFirst(
          UserID.self, Int64.self, PostgresTimestamp.self, PostgresTimestamp.self, Bool.self, PostgresTimestamp.self)
        let shown = try await transaction.query(
          "select number, spent_at, next_sealed from refresh_token where token_hash = \(refreshing.tokenHash)"
        ).decodeFirst(Int64.self, PostgresTimestamp?.self, [UInt8]?.self)
        guard let (account, present, used, created, isRevoked, now) = row, let (number, spent, sealed) = shown else {
          return .unknown
        }
        let standing = RefreshStanding(
          of: RefreshStanding.Token(number: number, spentAt: spent.map { Instant($0) }),
          in: RefreshStanding.Session(
            presentNumber: present, usedAt: Instant(used), createdAt: Instant(created), isRevoked: isRevoked),
          at: Instant(now), refreshing.limits)
        switch standing {
        case .rotate:
          try await rotate(refreshing, id, from: number, in: transaction)
          return .rotated(id, account)
        case .repeat:
          guard let sealed else { throw StoreError.faulty(reason: "a spent token of session \(id) has no next one") }
          return .repeated(id, account, nextSealed: sealed)
        case .reused:
          try await end(id, of: account, by: actor, seal, in: transaction)
          return .reused
        case .over: return .over
        }
      }
    }
  }

  private func rotate(
    _ refreshing: Refreshing, _ id: SessionID, from number: Int64, in transaction: Transaction
  ) async throws {
    try await transaction.execute(
      """
      update refresh_token set spent_at = clock_timestamp(), next_sealed = \(refreshing.nextSealed)
      where token_hash = \(refreshing.tokenHash)
      """)
    // The one before needs its next no longer.
    try await transaction.execute(
      "update refresh_token set next_sealed = null where session_id = \(id) and number = \(number - 1)")
    try await transaction.execute(
      "insert into refresh_token (token_hash, session_id, number) values (\(refreshing.nextHash), \(id), \(number + 1))"
    )
    try await transaction.execute(
      "update session set present_number = \(number + 1), used_at = clock_timestamp() where id = \(id)")
    try await transaction.execute(
      "delete from refresh_token where session_id = \(id) and number < \(number - Self.spentMax)")
  }

  private func end(
    _ id: SessionID, of account: UserID, by actor: Actor, _ seal: LetterSeal, in transaction: Transaction
  ) async throws {
    try await transaction.execute(
      "update session set revoked_at = now(), revoked_because = 'reuse' where id = \(id)")
    let owner = try await transaction.query("select id, email, name, created_at from account where id = \(account)")
    if let owner = try AccountStore.accounts(owner).first {
      try await send(AddressedLetter(.sessionReused, to: owner.email, name: owner.name), seal, actor, in: transaction)
    }
    try await record(
      AuditNote("session.reused", subject: "\(account)", details: #"{"session":"\#(id)"}"#), actor, in: transaction)
  }
}
