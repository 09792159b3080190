package import Accounts
package import Kernel
import Postgres

/// What a session's id is of.
package enum SessionNoun {}

/// The id of a session.
package typealias SessionID = Identifier<SessionNoun>

/// A session as its owner sees it.
package struct StoredSession: Sendable, Hashable {
  /// Its id.
  package let id: SessionID
  /// Whose it is.
  package let account: UserID
  /// What the program that has it calls itself.
  package let userAgent: String?
  /// From where it was begun.
  package let address: String?
  /// Whether a second factor was shown.
  package let hasSecondFactor: Bool
  /// When it began.
  package let createdAt: Instant
  /// When it was used last.
  package let usedAt: Instant
}

/// A session that is good, as every request asks for it.
package struct SessionStanding: Sendable, Hashable {
  /// Whose it is.
  package let account: UserID
  /// Whether password and second factor were shown a short while ago.
  package let isFresh: Bool
}

/// What an access token shows: a session, whose it is said to be, and how long sessions last.
package struct SessionProof: Sendable {
  package let session: SessionID
  package let account: UserID
  package let limits: SessionLimits

  package init(session: SessionID, account: UserID, limits: SessionLimits) {
    self.session = session
    self.account = account
    self.limits = limits
  }
}

/// Why a session ends.
package enum RevocationReason: String, Sendable {
  /// Its owner signed out.
  case logout
  /// Its owner ended it from another.
  case owner
  /// One of its tokens was shown twice.
  case reuse
  /// The password was changed.
  case password
  /// The second factor was changed.
  case secondFactor = "second-factor"
  /// There are too many others.
  case displaced
}

extension AccountStore {
  /// A session, unless it is over.
  ///
  /// - Throws: `StoreError`.
  package func standing(of id: SessionID, _ limits: SessionLimits) async throws -> SessionStanding? {
    try await translating {
      let row = try await database.query(
        """
        select account_id, authenticated_at > now() - make_interval(secs => \(Double(limits.freshSeconds))) from session
        where id = \(id) and \(AccountStore.isGood(limits))
        """
      ).decodeFirst(UserID.self, Bool.self)
      return row.map { SessionStanding(account: $0.0, isFresh: $0.1) }
    }
  }

  static func isGood(_ limits: SessionLimits) -> SQL {
    isGood(idleSeconds: "\(Double(limits.idleSeconds))", wholeSeconds: "\(Double(limits.wholeSeconds))")
  }

  static func isGood(idleSeconds: SQL, wholeSeconds: SQL) -> SQL {
    """
    revoked_at is null and used_at > now() - make_interval(secs => \(idleSeconds))
      and created_at > now() - make_interval(secs => \(wholeSeconds))
    """
  }

  /// The sessions of an account that are not over, the one used last first.
  ///
  /// - Throws: `StoreError`.
  package func sessions(of account: UserID, _ limits: SessionLimits) async throws -> [StoredSession] {
    try await translating {
      let rows = try await database.query(
        """
        select id, account_id, user_agent, address, has_second_factor, created_at, used_at from session
        where account_id = \(account) and \(AccountStore.isGood(limits))
        order by used_at desc, id limit \(Int64(limits.sessionsMax))
        """)
      return try rows.decode(
        SessionID.self, UserID.self, String?.self, String?.self, Bool.self, PostgresTimestamp.self,
        PostgresTimestamp.self
      ).map {
        StoredSession(
          id: $0.0, account: $0.1, userAgent: $0.2, address: $0.3, hasSecondFactor: $0.4, createdAt: Instant($0.5),
          usedAt: Instant($0.6))
      }
    }
  }

  /// Ends a session of an account; false if it has none such that lasts.
  ///
  /// - Throws: `StoreError`.
  package func revoke(
    _ session: SessionID, of account: UserID, because reason: RevocationReason, by actor: Actor
  ) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let ended = try await transaction.query(
          """
          update session set revoked_at = now(), revoked_because = \(reason.rawValue)
          where id = \(session) and account_id = \(account) and revoked_at is null returning id
          """)
        guard !ended.isEmpty else { return false }
        try await record(
          AuditNote(
            "session.revoked", subject: "\(account)",
            details: #"{"session":"\#(session)","because":"\#(reason.rawValue)"}"#), actor, in: transaction)
        return true
      }
    }
  }

  /// Ends all sessions of an account.
  ///
  /// - Throws: `StoreError`.
  package func revokeAll(of account: UserID, because reason: RevocationReason, by actor: Actor) async throws {
    try await translating {
      try await database.transaction { transaction in
        try await revokeSessions(of: account, except: nil, because: reason, in: transaction)
        try await record(
          AuditNote("session.revoked-all", subject: "\(account)", details: #"{"because":"\#(reason.rawValue)"}"#),
          actor, in: transaction)
      }
    }
  }

  /// Ends an account's sessions as part of something else.
  func revokeSessions(
    of account: UserID, except kept: SessionID?, because reason: RevocationReason, in transaction: Transaction
  ) async throws {
    try await transaction.execute(
      """
      update session set revoked_at = now(), revoked_because = \(reason.rawValue)
      where account_id = \(account) and revoked_at is null and id is distinct from \(kept)
      """)
  }

  /// The session of a refresh token, whether or not it is over.
  ///
  /// - Throws: `StoreError`.
  package func session(ofRefresh tokenHash: [UInt8]) async throws -> (id: SessionID, account: UserID)? {
    try await translating {
      let row = try await database.query(
        """
        select session.id, account_id from refresh_token join session on session.id = session_id
        where token_hash = \(tokenHash)
        """
      ).decodeFirst(SessionID.self, UserID.self)
      return row.map { (id: $0.0, account: $0.1) }
    }
  }
}
