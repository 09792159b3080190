/// What somebody may do in an organisation; one place says which role or scope gives what.
package enum Permission: String, Sendable, Hashable, CaseIterable {
  /// See the organisation and who belongs to it.
  case readOrganisation = "organisation.read"
  /// Rename it.
  case changeOrganisation = "organisation.change"
  /// Take it away with all that belongs to it.
  case deleteOrganisation = "organisation.delete"
  /// Add, change and remove members below oneself.
  case manageMembers = "members.manage"
  /// Make, see and revoke keys for programs.
  case manageKeys = "keys.manage"
  /// Read what was done in it.
  case readAudit = "audit.read"
}

/// What somebody is in an organisation.
package enum OrganisationRole: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Belongs to it.
  case member
  /// Runs it.
  case admin
  /// Answers for it.
  case owner

  /// What it lets do.
  package var permissions: Set<Permission> {
    switch self {
    case .member: [.readOrganisation]
    case .admin: [.readOrganisation, .changeOrganisation, .manageMembers, .manageKeys, .readAudit]
    case .owner: Set(Permission.allCases)
    }
  }

  /// Whether it lets something be done.
  package func may(_ permission: Permission) -> Bool { permissions.contains(permission) }

  /// Whether somebody of this role may give or take another one: owners all, others what is below them.
  package func mayGive(_ other: OrganisationRole) -> Bool {
    may(.manageMembers) && (self == .owner || other < self)
  }

  /// By how much they let do.
  package static func < (one: OrganisationRole, other: OrganisationRole) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .member: 0
    case .admin: 1
    case .owner: 2
    }
  }
}

/// What a program's key lets it do.
package enum KeyScope: String, Sendable, Hashable, CaseIterable {
  /// Read trips that the organisation may see.
  case readTrips = "trips:read"
  /// Make and change trips.
  case writeTrips = "trips:write"
  /// Ask for plans, journeys and budgets.
  case plan
  /// Find places, and what sellers ask for what they sell.
  case search
  /// Have offers booked in the organisation's name, pay for them and give them back.
  case book
  /// See the organisation.
  case readOrganisation = "organisation:read"

  /// Why a text is no set of scopes.
  package enum Fault: Error, Sendable, Hashable {
    /// There is none.
    case none
    /// One is not known.
    case unknown(String)
  }

  /// Reads scopes by their names.
  ///
  /// - Throws: what is wrong with them.
  package static func scopes(_ names: [String]) throws(Fault) -> Set<KeyScope> {
    var scopes: Set<KeyScope> = []
    for name in names {
      guard let scope = KeyScope(rawValue: name) else { throw .unknown(name) }
      scopes.insert(scope)
    }
    guard !scopes.isEmpty else { throw .none }
    return scopes
  }
}
