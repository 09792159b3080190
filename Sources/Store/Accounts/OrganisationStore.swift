package import Accounts
package import Kernel
import Postgres

/// A company or group as it is kept.
package struct StoredOrganisation: Sendable, Hashable {
  /// Its id.
  package let id: OrganisationID
  /// What it is called.
  package let name: String
  /// Since when there is one.
  package let createdAt: Instant
}

/// What somebody is in an organisation.
package struct Membership: Sendable, Hashable {
  /// In which.
  package let organisation: StoredOrganisation
  /// What.
  package let role: OrganisationRole

  /// A membership.
  package init(organisation: StoredOrganisation, role: OrganisationRole) {
    self.organisation = organisation
    self.role = role
  }
}

/// Somebody who belongs to an organisation.
package struct StoredMember: Sendable, Hashable {
  /// Who.
  package let account: UserID
  /// Their name.
  package let name: String
  /// Their address.
  package let email: String
  /// What they are in it.
  package let role: OrganisationRole
  /// Since when.
  package let joinedAt: Instant
}

extension AccountStore {
  /// Where somebody belongs, and as what.
  ///
  /// - Throws: `StoreError`.
  package func memberships(of id: UserID) async throws -> [Membership] {
    try await translating {
      let rows = try await database.query(
        """
        select organisation.id, organisation.name, organisation.created_at, role from organisation_member
        join organisation on organisation.id = organisation_id where account_id = \(id)
        order by organisation.name, organisation.id limit 1000
        """)
      return try rows.decode(OrganisationID.self, String.self, PostgresTimestamp.self, String.self).map {
        Membership(
          organisation: StoredOrganisation(id: $0.0, name: $0.1, createdAt: Instant($0.2)),
          role: try AccountStore.role($0.3))
      }
    }
  }

  /// What somebody is in an organisation; nil for nothing, or when there is none.
  ///
  /// - Throws: `StoreError`.
  package func membership(of id: UserID, in organisation: OrganisationID) async throws -> Membership? {
    try await memberships(of: id).first { $0.organisation.id == organisation }
  }

  static func role(_ word: String) throws(StoreError) -> OrganisationRole {
    guard let role = OrganisationRole(rawValue: word) else {
      throw StoreError.faulty(reason: "organisation_member has a role \(word) that this program does not know")
    }
    return role
  }
}
