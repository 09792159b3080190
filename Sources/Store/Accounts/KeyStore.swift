package import Kernel
import Postgres

/// What a program's key lets it do, as every request asks for it.
package struct KeyStanding: Sendable, Hashable {
  /// For whom it acts.
  package let organisation: OrganisationID
  /// What it may.
  package let scopes: Set<String>
}

extension AccountStore {
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
}
