import Kernel
import Postgres

/// A pair of keys that signs access tokens, its secret half sealed.
package struct StoredSigningKey: Sendable, Hashable {
  /// What it is called.
  package let id: String
  /// The half that checks.
  package let publicKey: [UInt8]
  /// The half that signs, sealed.
  package let sealedSeed: [UInt8]
  /// How old it is, in seconds.
  package let ageSeconds: Int64

  /// A key that is new.
  package init(id: String, publicKey: [UInt8], sealedSeed: [UInt8]) {
    self.init(id: id, publicKey: publicKey, sealedSeed: sealedSeed, ageSeconds: 0)
  }

  fileprivate init(id: String, publicKey: [UInt8], sealedSeed: [UInt8], ageSeconds: Int64) {
    self.id = id
    self.publicKey = publicKey
    self.sealedSeed = sealedSeed
    self.ageSeconds = ageSeconds
  }
}

extension AccountStore {
  /// The keys that tokens in use may be signed with, newest first; a new one is added when the newest is too old.
  ///
  /// - Parameters:
  ///   - rotateSeconds: after how long a new key signs.
  ///   - lifeSeconds: how long a token is good for at most: as long is a key kept after the next has come.
  ///   - make: makes a key.
  /// - Returns: the keys, at least one.
  /// - Throws: `StoreError`.
  package func signingKeys(
    rotateSeconds: Int64, lifeSeconds: Int64, make: () -> StoredSigningKey
  ) async throws -> [StoredSigningKey] {
    let known = try await translating { try await AccountStore.keys(database.query(AccountStore.allKeys)) }
    if let newest = known.first, newest.ageSeconds < rotateSeconds { return known }
    return try await translating {
      try await database.transaction { transaction in
        // One process makes the key, the others wait and find it.
        _ = try await transaction.query("select pg_advisory_xact_lock(7246010)")
        let keys = try AccountStore.keys(try await transaction.query(AccountStore.allKeys))
        if let newest = keys.first, newest.ageSeconds < rotateSeconds { return keys }
        // What was signed by a key that the newest has replaced is over once a token's life has passed since then.
        if let newest = keys.first, newest.ageSeconds > 2 * lifeSeconds {
          try await transaction.execute("delete from signing_key where id <> \(newest.id)")
        }
        let made = make()
        try await transaction.execute(
          """
          insert into signing_key (id, public_key, sealed_seed)
          values (\(made.id), \(made.publicKey), \(made.sealedSeed))
          """)
        return try AccountStore.keys(try await transaction.query(AccountStore.allKeys))
      }
    }
  }

  private static let allKeys: SQL = """
    select id, public_key, sealed_seed, extract(epoch from clock_timestamp() - created_at)::bigint from signing_key
    order by created_at desc, id limit 10
    """

  private static func keys(_ rows: Rows) throws -> [StoredSigningKey] {
    try rows.decode(String.self, [UInt8].self, [UInt8].self, Int64.self).map {
      StoredSigningKey(id: $0.0, publicKey: $0.1, sealedSeed: $0.2, ageSeconds: $0.3)
    }
  }
}
