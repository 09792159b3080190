import Accounts
import Kernel
import Postgres

/// What is counted.
package struct AttemptName: Sendable, Hashable {
  /// By what it is counted.
  package enum Kind: String, Sendable {
    /// Sign-ins to an account, whether or not there is one.
    case account
    /// All that somebody from a network tries.
    case network
    /// Mails to an address.
    case mail
  }

  /// By what.
  package let kind: Kind
  /// Of which name, digested.
  package let digest: [UInt8]

  /// A name.
  package init(_ kind: Kind, digest: [UInt8]) {
    self.kind = kind
    self.digest = digest
  }

  var rule: Throttle {
    switch kind {
    case .account: .account
    case .network: .network
    case .mail: .mail
    }
  }
}

extension AccountStore {
  /// Counts an attempt under each name before it is judged; the seconds to wait if one of them has had enough.
  ///
  /// - Throws: `StoreError`.
  package func admit(_ names: [AttemptName]) async throws -> Int? {
    try await translating {
      try await database.transaction { transaction in
        var admitted: [(AttemptName, Throttle.State)] = []
        for name in names {
          switch try await decide(name, in: transaction) {
          case .admit(let state): admitted.append((name, state))
          case .refuse(let seconds): return seconds
          }
        }
        for (name, state) in admitted {
          try await transaction.execute(
            """
            update attempt set count = \(Int32(clamping: state.count)), last_at = \(PostgresTimestamp(state.lastAt)),
              blocked_until = \(state.blockedUntil.map { PostgresTimestamp($0) })
            where kind = \(name.kind.rawValue) and name = \(name.digest)
            """)
        }
        return nil
      }
    }
  }

  private func decide(_ name: AttemptName, in transaction: Transaction) async throws -> Throttle.Decision {
    // A row is there before it is held, so that two first attempts wait for each other too.
    try await transaction.execute(
      """
      insert into attempt (kind, name, count, last_at) values (\(name.kind.rawValue), \(name.digest), 0, now())
      on conflict do nothing
      """)
    let (count, last, blocked, now) = try await transaction.query(
      """
      select count, last_at, blocked_until, clock_timestamp() from attempt
      where kind = \(name.kind.rawValue) and name = \(name.digest) for update
      """
    ).decodeOnly(Int32.self, PostgresTimestamp.self, PostgresTimestamp?.self, PostgresTimestamp.self)
    let state = Throttle.State(
      count: Int(count), lastAt: Instant(last), blockedUntil: blocked.map { Instant($0) })
    return name.rule.decide(state, at: Instant(now))
  }

  /// Takes back what an attempt that succeeded has counted: all for the account, one for the network.
  func forgive(_ names: [AttemptName], in transaction: Transaction) async throws {
    for name in names {
      switch name.kind {
      case .account:
        try await transaction.execute(
          "delete from attempt where kind = \(name.kind.rawValue) and name = \(name.digest)")
      case .network, .mail:
        try await transaction.execute(
          """
          update attempt set count = greatest(count - 1, 0), blocked_until = null
          where kind = \(name.kind.rawValue) and name = \(name.digest)
          """)
      }
    }
  }

  /// Takes one attempt back that was no guess: the password was right, and only the code is missing.
  ///
  /// - Throws: `StoreError`.
  package func takeBack(_ names: [AttemptName]) async throws {
    try await translating {
      try await database.transaction { transaction in
        for name in names {
          try await transaction.execute(
            """
            update attempt set count = greatest(count - 1, 0), blocked_until = null
            where kind = \(name.kind.rawValue) and name = \(name.digest)
            """)
        }
      }
    }
  }
}
