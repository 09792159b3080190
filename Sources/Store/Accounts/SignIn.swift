package import Accounts
import Kernel
import Postgres

/// What somebody signs in with, as it is kept.
package struct Credentials: Sendable {
  /// Whose it is.
  package let account: StoredAccount
  /// The password's hash; nil for who only signs in elsewhere.
  package let passwordHash: String?
  /// The authenticator's secret, sealed, if its codes are asked for.
  package let sealedSecret: [UInt8]?
}

/// What is shown beside the password.
package enum ShownFactor: Sendable {
  /// Nothing.
  case none
  /// A code, and how it is judged: the step that it is of, if that is later than the last one used.
  case code(@Sendable (_ last: Int64?) -> Int64?)
  /// The digest of a recovery code.
  case recovery([UInt8])
}

/// A sign-in whose password was right.
package struct SignIn: Sendable {
  /// What was compared with.
  package let credentials: Credentials
  /// What was shown beside the password.
  package var factor = ShownFactor.none
  /// What is counted.
  package var attempts: [AttemptName]
  /// The digest of the first refresh token.
  package let refreshHash: [UInt8]
  /// What the program calls itself.
  package var userAgent: String?
  /// From which address.
  package var address: String?
  /// How long sessions last.
  package var limits = SessionLimits()

  /// A sign-in.
  package init(_ credentials: Credentials, attempts: [AttemptName], refreshHash: [UInt8]) {
    self.credentials = credentials
    self.attempts = attempts
    self.refreshHash = refreshHash
  }
}

/// What became of a sign-in.
package enum SignInOutcome: Sendable, Hashable {
  /// The session has begun.
  case open(SessionID)
  /// A code of the authenticator is missing.
  case factorMissing
  /// The code does not fit, or was used before.
  case factorWrong
  /// The password was changed, or the account taken away, just now.
  case changed
}

extension AccountStore {
  /// What somebody with an address signs in with.
  ///
  /// - Throws: `StoreError`.
  package func credentials(of email: EmailAddress) async throws -> Credentials? {
    try await translating {
      let rows = try await database.query(
        """
        select id, email, name, account.created_at, password_hash, sealed_secret from account
        left join second_factor on account_id = id and confirmed_at is not null
        where lower(email) = lower(\(email.text))
        """)
      let row = try rows.decodeFirst(
        UserID.self, String.self, String.self, PostgresTimestamp.self, String?.self, [UInt8]?.self)
      return row.map {
        Credentials(
          account: StoredAccount(id: $0.0, email: $0.1, name: $0.2, createdAt: Instant($0.3)), passwordHash: $0.4,
          sealedSecret: $0.5)
      }
    }
  }

  /// Begins a session, if what is shown beside the password is good.
  ///
  /// - Throws: `StoreError`.
  package func signIn(_ signIn: SignIn, by actor: Actor) async throws -> SignInOutcome {
    try await translating {
      try await database.transaction { transaction in
        let id = signIn.credentials.account.id
        // Held against a new password, and compared with the one that was looked at.
        let isSame = try await !transaction.query(
          """
          select from account where id = \(id) and password_hash is not distinct from \(signIn.credentials.passwordHash)
          for share
          """
        ).isEmpty
        guard isSame else { return .changed }
        let standing = try await judge(signIn.factor, of: id, in: transaction)
        switch standing {
        case .absent, .good: break
        case .missing: return .factorMissing
        case .wrong: return .factorWrong
        }
        let session = try await begin(signIn, hasFactor: standing == .good, in: transaction)
        try await forgive(signIn.attempts, in: transaction)
        try await record(
          AuditNote("session.began", subject: "\(id)", details: #"{"session":"\#(session)"}"#),
          Actor(id, network: actor.network), in: transaction)
        return .open(session)
      }
    }
  }

  private enum FactorStanding { case absent, good, missing, wrong }

  private func judge(
    _ shown: ShownFactor, of id: UserID, in transaction: Transaction
  ) async throws -> FactorStanding {
    let factor = try await transaction.query(
      "select last_step from second_factor where account_id = \(id) and confirmed_at is not null for update"
    ).decodeFirst(Int64?.self)
    guard let last = factor else { return .absent }
    switch shown {
    case .none: return .missing
    case .code(let judge):
      guard let step = judge(last) else { return .wrong }
      try await transaction.execute("update second_factor set last_step = \(step) where account_id = \(id)")
      return .good
    case .recovery(let hash):
      let isUsed = try await transaction.query(
        """
        update recovery_code set used_at = now() where account_id = \(id) and code_hash = \(hash) and used_at is null
        returning account_id
        """
      ).isEmpty
      return isUsed ? .wrong : .good
    }
  }

  private func begin(_ signIn: SignIn, hasFactor: Bool, in transaction: Transaction) async throws -> SessionID {
    let account = signIn.credentials.account.id
    let limits = signIn.limits
    let session = try await transaction.query(
      """
      insert into session (account_id, has_second_factor, user_agent, address)
      values (\(account), \(hasFactor), \(signIn.userAgent), \(signIn.address)) returning id
      """
    ).decodeOnly(SessionID.self)
    try await transaction.execute(
      "insert into refresh_token (token_hash, session_id, number) values (\(signIn.refreshHash), \(session), 1)")
    // What is long forgotten goes, a little at a time and past what others hold.
    try await transaction.execute(
      """
      delete from attempt where ctid = any (array(
        select ctid from attempt where last_at < now() - interval '2 days' limit 100 for update skip locked))
      """)
    try await transaction.execute(
      """
      delete from session where account_id = \(account) and (
        created_at < now() - make_interval(secs => \(Double(limits.wholeSeconds)))
        or used_at < now() - make_interval(secs => \(Double(limits.idleSeconds))))
      """)
    try await transaction.execute(
      """
      update session set revoked_at = now(), revoked_because = 'displaced' where id in (
        select id from session where account_id = \(account) and revoked_at is null and id <> \(session)
        order by used_at desc offset \(Int64(limits.sessionsMax - 1)))
      """)
    return session
  }
}
