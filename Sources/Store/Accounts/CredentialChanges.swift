package import Accounts
package import Kernel
import Postgres

extension AccountStore {
  /// For how long a new address may be confirmed.
  static let addressChangeSeconds: Int64 = 86_400

  /// Changes a password that was compared with; false when it was changed in the meantime.
  ///
  /// Everybody who was signed in is signed out but for `session`, and the owner is told.
  /// - Throws: `StoreError`.
  package func changePassword(
    of account: UserID, from old: String?, to new: String, keeping session: SessionID, by actor: Actor,
    _ seal: LetterSeal
  ) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let changed = try await transaction.query(
          """
          update account set password_hash = \(new)
          where id = \(account) and password_hash is not distinct from \(old) returning id, email, name, created_at
          """)
        guard let owner = try AccountStore.accounts(changed).first else { return false }
        try await transaction.execute("delete from password_reset where account_id = \(account)")
        try await revokeSessions(of: account, except: session, because: .password, in: transaction)
        try await send(
          AddressedLetter(.passwordChanged, to: owner.email, name: owner.name), seal, actor, in: transaction)
        try await record(AuditNote("password.changed", subject: "\(account)"), actor, in: transaction)
        return true
      }
    }
  }

  /// Has a new address asked whether it is theirs; whose address it is already, if it is somebody's, hears so by mail.
  ///
  /// - Throws: `StoreError`.
  package func requestAddress(
    _ email: EmailAddress, of account: UserID, token: String, tokenHash: [UInt8], by actor: Actor, _ seal: LetterSeal
  ) async throws {
    try await translating {
      try await database.transaction { transaction in
        let other = try await transaction.query(
          "select email, name from account where lower(email) = lower(\(email.text)) and id <> \(account)"
        ).decodeFirst(String.self, String.self)
        try await transaction.execute("delete from address_change where expires_at < now() or account_id = \(account)")
        try await transaction.execute(
          """
          insert into address_change (token_hash, account_id, email, expires_at)
          select \(tokenHash), \(account), \(email.text),
            now() + make_interval(secs => \(Double(AccountStore.addressChangeSeconds))) where \(other == nil)
          """)
        let letter: AccountLetter = other == nil ? .confirmAddress(token: token) : .alreadyRegistered
        try await send(
          AddressedLetter(letter, to: other?.0 ?? email.text, name: other?.1), seal, actor, in: transaction)
        try await record(AuditNote("address.asked", subject: "\(account)"), actor, in: transaction)
      }
    }
  }

  /// Makes a confirmed address that of its account, and tells the old one; false when the token is not, or no longer,
  /// good, or the address has become somebody else's.
  ///
  /// - Throws: `StoreError`.
  package func confirmAddress(tokenHash: [UInt8], by actor: Actor, _ seal: LetterSeal) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        let change = try await transaction.query(
          "delete from address_change where token_hash = \(tokenHash) and expires_at > now() returning account_id, email"
        ).decodeFirst(UserID.self, String.self)
        guard let (account, email) = change else { return false }
        let found = try await transaction.query(
          "select id, email, name, created_at from account where id = \(account) for update")
        guard let owner = try AccountStore.accounts(found).first else { return false }
        let changed = try await transaction.execute(
          """
          update account set email = \(email) where id = \(account)
            and not exists (select from account other where lower(other.email) = lower(\(email)) and other.id <> \(account))
          """)
        guard changed == 1 else { return false }
        // Who reads the old address's mail has no more say.
        try await transaction.execute("delete from password_reset where account_id = \(account)")
        try await transaction.execute("delete from registration where lower(email) = lower(\(email))")
        try await send(
          AddressedLetter(.addressChanged, to: owner.email, name: owner.name), seal, actor, in: transaction)
        try await record(
          AuditNote("address.changed", subject: "\(account)"), Actor(account, network: actor.network), in: transaction)
        return true
      }
    }
  }
}
