import Accounts
package import Kernel
import Postgres

/// What became of the wish to change the second factor.
package enum FactorChange: Sendable, Hashable {
  /// It is done.
  case done
  /// Codes are asked for already.
  case alreadyOn
  /// No authenticator was set up, or it is off.
  case off
  /// The code does not fit, or was used before.
  case wrong
}

extension AccountStore {
  /// Keeps an authenticator's secret; nothing is asked for until a first code has been shown.
  ///
  /// - Throws: `StoreError`.
  package func prepareFactor(sealedSecret: [UInt8], of id: UserID, by actor: Actor) async throws -> FactorChange {
    try await translating {
      try await database.transaction { transaction in
        let kept = try await transaction.query(
          """
          insert into second_factor (account_id, sealed_secret) values (\(id), \(sealedSecret))
          on conflict (account_id) do update set sealed_secret = excluded.sealed_secret, last_step = null,
            created_at = now()
          where second_factor.confirmed_at is null returning account_id
          """)
        guard !kept.isEmpty else { return .alreadyOn }
        try await record(AuditNote("second-factor.prepared", subject: "\(id)"), actor, in: transaction)
        return .done
      }
    }
  }

  /// The sealed secret of an authenticator, and whether its codes are asked for.
  ///
  /// - Throws: `StoreError`.
  package func factor(of id: UserID) async throws -> (sealedSecret: [UInt8], isOn: Bool)? {
    try await translating {
      try await database.query(
        "select sealed_secret, confirmed_at is not null from second_factor where account_id = \(id)"
      ).decodeFirst([UInt8].self, Bool.self).map { (sealedSecret: $0.0, isOn: $0.1) }
    }
  }

  /// Has codes asked for from now on, once a first one is right; other sessions end.
  ///
  /// - Parameters:
  ///   - id: whose.
  ///   - sealedSecret: what the code was judged with.
  ///   - session: the session that stays.
  ///   - recoveryHashes: digests of the recovery codes.
  ///   - judge: the step that the code is of, if that is later than the last one used.
  ///   - actor: who does it.
  ///   - seal: seals letters.
  /// - Returns: what became of it.
  /// - Throws: `StoreError`.
  package func confirmFactor(
    of id: UserID, sealedSecret: [UInt8], keeping session: SessionID, recoveryHashes: [[UInt8]],
    judge: (Int64?) -> Int64?, by actor: Actor, _ seal: LetterSeal
  ) async throws -> FactorChange {
    try await translating {
      try await database.transaction { transaction in
        let row = try await transaction.query(
          """
          select last_step, confirmed_at is not null, sealed_secret = \(sealedSecret) from second_factor
          where account_id = \(id) for update
          """
        ).decodeFirst(Int64?.self, Bool.self, Bool.self)
        guard let (last, isOn, isSame) = row, isSame else { return .off }
        if isOn { return .alreadyOn }
        guard let step = judge(last) else { return .wrong }
        try await transaction.execute(
          "update second_factor set confirmed_at = now(), last_step = \(step) where account_id = \(id)")
        try await transaction.execute("delete from recovery_code where account_id = \(id)")
        for hash in recoveryHashes {
          try await transaction.execute(
            "insert into recovery_code (account_id, code_hash) values (\(id), \(hash))")
        }
        try await transaction.execute("update session set has_second_factor = true where id = \(session)")
        try await revokeSessions(of: id, except: session, because: .secondFactor, in: transaction)
        try await tell(.secondFactor(isOn: true), id, seal, actor, in: transaction)
        try await record(AuditNote("second-factor.on", subject: "\(id)"), actor, in: transaction)
        return .done
      }
    }
  }

  /// Has codes asked for no longer, for a code.
  ///
  /// - Throws: `StoreError`.
  package func removeFactor(
    of id: UserID, judge: (Int64?) -> Int64?, by actor: Actor, _ seal: LetterSeal
  ) async throws -> FactorChange {
    try await translating {
      try await database.transaction { transaction in
        let last = try await transaction.query(
          "select last_step from second_factor where account_id = \(id) and confirmed_at is not null for update"
        ).decodeFirst(Int64?.self)
        guard let last else { return .off }
        guard judge(last) != nil else { return .wrong }
        try await transaction.execute("delete from second_factor where account_id = \(id)")
        try await transaction.execute("delete from recovery_code where account_id = \(id)")
        try await tell(.secondFactor(isOn: false), id, seal, actor, in: transaction)
        try await record(AuditNote("second-factor.off", subject: "\(id)"), actor, in: transaction)
        return .done
      }
    }
  }

  private func tell(
    _ letter: AccountLetter, _ id: UserID, _ seal: LetterSeal, _ actor: Actor, in transaction: Transaction
  ) async throws {
    let rows = try await transaction.query("select id, email, name, created_at from account where id = \(id)")
    guard let account = try AccountStore.accounts(rows).first else { return }
    try await send(AddressedLetter(letter, to: account.email, name: account.name), seal, actor, in: transaction)
  }
}
