package import Accounts
package import Kernel
import Postgres

/// Somebody who wants an account.
package struct NewRegistration: Sendable {
  /// Their address.
  package let email: EmailAddress
  /// What they are called.
  package let name: String
  /// Their password's hash.
  package let passwordHash: String
  /// The token that their mail has.
  package let token: String
  /// Its digest.
  package let tokenHash: [UInt8]

  /// A registration.
  package init(email: EmailAddress, name: String, passwordHash: String, token: String, tokenHash: [UInt8]) {
    self.email = email
    self.name = name
    self.passwordHash = passwordHash
    self.token = token
    self.tokenHash = tokenHash
  }
}

extension AccountStore {
  /// How long a mail to confirm an address is good for.
  package static let registrationSeconds: Int64 = 86_400
  /// How long a mail to set a new password is good for.
  package static let resetSeconds: Int64 = 3600

  /// Keeps a registration and has it confirmed by mail; who has an account already is told by mail.
  ///
  /// Both do the same: a row, a job, and no answer that differs.
  /// - Throws: `StoreError`.
  package func register(_ new: NewRegistration, by actor: Actor, _ seal: LetterSeal) async throws {
    try await translating {
      try await database.transaction { transaction in
        let email = new.email.text
        let known = try await transaction.query("select name from account where lower(email) = lower(\(email))")
          .decodeFirst(String.self)
        try await transaction.execute("delete from registration where expires_at < now()")
        try await transaction.execute(
          """
          insert into registration (token_hash, email, name, password_hash, expires_at)
          values (\(new.tokenHash), \(email), \(new.name), \(new.passwordHash),
            now() + make_interval(secs => \(known == nil ? Double(AccountStore.registrationSeconds) : 0)))
          """)
        let letter: AccountLetter = known == nil ? .confirm(token: new.token) : .alreadyRegistered
        try await send(AddressedLetter(letter, to: email, name: known ?? new.name), seal, actor, in: transaction)
      }
    }
  }

  /// The hash of the password that somebody registered with, by the token of their mail.
  ///
  /// - Throws: `StoreError`.
  package func passwordHashOfRegistration(tokenHash: [UInt8]) async throws -> String? {
    try await translating {
      try await database.query(
        "select password_hash from registration where token_hash = \(tokenHash) and expires_at > now()"
      ).decodeFirst(String.self)
    }
  }

  /// Makes the account of a registration whose mail was read; nil if there is none, or none any more.
  ///
  /// Other registrations of the address end with it.
  /// - Throws: `StoreError`.
  package func confirm(tokenHash: [UInt8], by actor: Actor) async throws -> StoredAccount? {
    try await translating {
      try await database.transaction { transaction in
        let row = try await transaction.query(
          """
          delete from registration where token_hash = \(tokenHash) and expires_at > now()
          returning email, name, password_hash
          """
        ).decodeFirst(String.self, String.self, String.self)
        guard let (email, name, hash) = row else { return nil }
        let made = try await transaction.query(
          """
          insert into account (email, name, password_hash) values (\(email), \(name), \(hash))
          on conflict (lower(email)) do nothing returning id, email, name, created_at
          """)
        guard let account = try AccountStore.accounts(made).first else { return nil }
        try await transaction.execute("delete from registration where lower(email) = lower(\(email))")
        try await record(
          AuditNote("account.made", subject: "\(account.id)"),
          Actor(account.id, network: actor.network), in: transaction)
        return account
      }
    }
  }

  // MARK: Passwords

  /// Has somebody sent what leads to a new password; who has no account is told so, by mail alone.
  ///
  /// - Throws: `StoreError`.
  package func requestReset(
    of email: EmailAddress, token: String, tokenHash: [UInt8], by actor: Actor, _ seal: LetterSeal
  ) async throws {
    try await translating {
      try await database.transaction { transaction in
        let known = try await transaction.query(
          "select id, email, name from account where lower(email) = lower(\(email.text))"
        ).decodeFirst(UserID.self, String.self, String.self)
        try await transaction.execute("delete from password_reset where expires_at < now()")
        // Without an account the statement is the same and finds nobody.
        try await transaction.execute(
          """
          insert into password_reset (token_hash, account_id, expires_at)
          select \(tokenHash), id, now() + make_interval(secs => \(Double(AccountStore.resetSeconds)))
          from account where id = \(known?.0)
          """)
        let letter: AccountLetter = known == nil ? .resetWithoutAccount : .reset(token: token)
        try await send(
          AddressedLetter(letter, to: known?.1 ?? email.text, name: known?.2), seal, actor, in: transaction)
      }
    }
  }

  /// Whose password a token sets, if it is still good.
  ///
  /// - Throws: `StoreError`.
  package func accountOfReset(tokenHash: [UInt8]) async throws -> StoredAccount? {
    try await translating {
      let rows = try await database.query(
        """
        select account.id, email, name, account.created_at from password_reset
        join account on account.id = account_id where token_hash = \(tokenHash) and expires_at > now()
        """)
      return try AccountStore.accounts(rows).first
    }
  }

  /// Sets a password by a token that serves once: all sessions end, all other tokens too.
  ///
  /// - Throws: `StoreError`.
  package func reset(
    tokenHash: [UInt8], passwordHash: String, attempts: [AttemptName], by actor: Actor, _ seal: LetterSeal
  ) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let owner = try await transaction.query(
          "delete from password_reset where token_hash = \(tokenHash) and expires_at > now() returning account_id"
        ).decodeFirst(UserID.self)
        guard let owner else { return false }
        try await transaction.execute("delete from password_reset where account_id = \(owner)")
        let changed = try await transaction.query(
          "update account set password_hash = \(passwordHash) where id = \(owner) returning id, email, name, created_at"
        )
        guard let account = try AccountStore.accounts(changed).first else { return false }
        try await revokeSessions(of: owner, except: nil, because: .password, in: transaction)
        try await forgive(attempts, in: transaction)
        try await send(
          AddressedLetter(.passwordChanged, to: account.email, name: account.name), seal, actor, in: transaction)
        try await record(
          AuditNote("password.reset", subject: "\(owner)"), Actor(owner, network: actor.network), in: transaction)
        return true
      }
    }
  }

  /// Keeps a hash of a new cost for the same password, unless the password was changed in the meantime.
  ///
  /// - Throws: `StoreError`.
  package func renew(_ hash: String, to newHash: String, of id: UserID) async throws {
    try await translating {
      _ = try await database.execute(
        "update account set password_hash = \(newHash) where id = \(id) and password_hash = \(hash)")
    }
  }
}
