package import Accounts
package import Kernel
import Postgres

/// What became of the wish to change who belongs to an organisation.
package enum MemberChange: Sendable, Hashable {
  /// It is done.
  case done
  /// Who wishes it may not.
  case forbidden
  /// There is no such organisation, or no such member.
  case unknown
  /// The last owner would be gone.
  case lastOwner
}

extension AccountStore {
  /// How long an invitation is good for.
  package static let invitationSeconds: Int64 = 14 * 86_400

  /// Organisations that somebody belongs to, at most.
  package static let organisationsMax: Int64 = 100

  /// Makes an organisation that somebody owns, once for each repeated request.
  ///
  /// - Throws: `StoreError`.
  package func makeOrganisation(
    _ name: String, owner: UserID, _ request: MakingRequest?, by actor: Actor
  ) async throws -> Making<StoredOrganisation> {
    try await translating {
      try await database.transaction { transaction in
        try await transaction.making(request, id: \.id) { id in
          try Self.organisation(try await transaction.query(Self.organisation(id)))
        } make: {
          _ = try await transaction.query("select from account where id = \(owner) for no key update")
          let count = try await transaction.query(
            "select count(*) from organisation_member where account_id = \(owner)"
          ).decodeOnly(Int64.self)
          guard count < AccountStore.organisationsMax else { return nil }
          let row = try await transaction.query(
            "insert into organisation (name) values (\(name)) returning id, created_at"
          ).decodeOnly(OrganisationID.self, PostgresTimestamp.self)
          try await transaction.execute(
            """
            insert into organisation_member (organisation_id, account_id, role)
            values (\(row.0), \(owner), 'owner')
            """)
          try await record(AuditNote("organisation.made", subject: "\(row.0)"), actor, in: transaction)
          return StoredOrganisation(id: row.0, name: name, createdAt: Instant(row.1))
        }
      }
    }
  }

  /// An organisation; nil if there is none.
  ///
  /// - Throws: `StoreError`.
  package func organisation(_ id: OrganisationID) async throws -> StoredOrganisation? {
    try await translating { try Self.organisation(try await database.query(Self.organisation(id))) }
  }

  private static func organisation(_ id: OrganisationID) -> SQL {
    "select id, name, created_at from organisation where id = \(id)"
  }

  private static func organisation(_ rows: Rows) throws -> StoredOrganisation? {
    try rows.decodeFirst(OrganisationID.self, String.self, PostgresTimestamp.self).map {
      StoredOrganisation(id: $0.0, name: $0.1, createdAt: Instant($0.2))
    }
  }

  /// Renames an organisation; false if there is none.
  ///
  /// - Throws: `StoreError`.
  package func rename(_ id: OrganisationID, to name: String, by actor: Actor) async throws -> Bool {
    try await change(id, "organisation.renamed", "update organisation set name = \(name) where id = \(id)", actor)
  }

  /// Takes an organisation away; false if there is none.
  ///
  /// - Throws: `StoreError`.
  package func remove(_ id: OrganisationID, by actor: Actor) async throws -> Bool {
    try await change(id, "organisation.removed", "delete from organisation where id = \(id)", actor)
  }

  private func change(_ id: OrganisationID, _ action: String, _ sql: SQL, _ actor: Actor) async throws -> Bool {
    try await translating {
      try await database.transaction { transaction in
        guard try await transaction.execute(sql) == 1 else { return false }
        try await record(AuditNote(action, subject: "\(id)"), actor, in: transaction)
        return true
      }
    }
  }

  /// Who belongs to an organisation, owners first.
  ///
  /// - Throws: `StoreError`.
  package func members(of id: OrganisationID) async throws -> [StoredMember] {
    try await translating {
      try await database.query(
        """
        select account.id, account.name, account.email, role, joined_at from organisation_member
        join account on account.id = account_id where organisation_id = \(id)
        order by array_position(array['owner', 'admin', 'member'], role), account.name, account.id limit 1000
        """
      ).decode(UserID.self, String.self, String.self, String.self, PostgresTimestamp.self).map {
        StoredMember(
          account: $0.0, name: $0.1, email: $0.2, role: try AccountStore.role($0.3), joinedAt: Instant($0.4))
      }
    }
  }

  /// Asks an address to join; a later invitation of the same address replaces the earlier one.
  ///
  /// - Throws: `StoreError`.
  package func invite(
    _ email: EmailAddress, to organisation: StoredOrganisation, as role: OrganisationRole, token: String,
    tokenHash: [UInt8], _ request: MakingRequest?, by actor: Actor, _ seal: LetterSeal
  ) async throws -> Making<OrganisationID> {
    try await translating {
      try await database.transaction { transaction in
        // An invitation is told by nothing of its own: what a repeated request finds is the organisation.
        try await transaction.making(request, id: { $0 }, find: { $0 }) {
          try await transaction.execute(
            """
            insert into organisation_invitation (token_hash, organisation_id, email, role, invited_by, expires_at)
            values (\(tokenHash), \(organisation.id), \(email.text), \(role.rawValue), \(actor.user),
              now() + make_interval(secs => \(Double(AccountStore.invitationSeconds))))
            on conflict (organisation_id, lower(email)) do update set token_hash = excluded.token_hash,
              role = excluded.role, invited_by = excluded.invited_by, expires_at = excluded.expires_at
            """)
          try await send(
            AddressedLetter(.invitation(organisation: organisation.name, token: token), to: email.text), seal, actor,
            in: transaction)
          try await record(
            AuditNote("member.invited", subject: "\(organisation.id)", details: #"{"role":"\#(role.rawValue)"}"#),
            actor,
            in: transaction)
          return organisation.id
        }
      }
    }
  }

  /// Joins by an invitation that came to one's own address, as long as whoever sent it may still give the role.
  ///
  /// - Throws: `StoreError`.
  package func join(tokenHash: [UInt8], as id: UserID, by actor: Actor) async throws -> OrganisationID? {
    try await translating {
      try await database.transaction { transaction in
        let row = try await transaction.query(
          """
          delete from organisation_invitation where token_hash = \(tokenHash) and expires_at > now()
            and lower(email) = (select lower(email) from account where id = \(id))
          returning organisation_id, role, invited_by
          """
        ).decodeFirst(OrganisationID.self, String.self, UserID?.self)
        guard let (organisation, word, inviter) = row else { return nil }
        let role = try AccountStore.role(word)
        guard let inviter, let giver = try await self.role(of: inviter, in: organisation, transaction),
          giver.mayGive(role)
        else { return nil }
        try await transaction.execute(
          """
          insert into organisation_member (organisation_id, account_id, role)
          values (\(organisation), \(id), \(word)) on conflict do nothing
          """)
        try await record(
          AuditNote("member.joined", subject: "\(organisation)", details: #"{"user":"\#(id)","role":"\#(word)"}"#),
          actor, in: transaction)
        return organisation
      }
    }
  }

  /// Gives a member another role, or none: who may is judged here, with the members held.
  ///
  /// - Throws: `StoreError`.
  package func setRole(
    of member: UserID, in organisation: OrganisationID, to role: OrganisationRole?, by giver: UserID, _ actor: Actor
  ) async throws -> MemberChange {
    try await translating {
      try await database.transaction { transaction in
        _ = try await transaction.query("select from organisation where id = \(organisation) for update")
        guard let giving = try await self.role(of: giver, in: organisation, transaction) else { return .unknown }
        guard let current = try await self.role(of: member, in: organisation, transaction) else { return .unknown }
        // Everybody may go; else both the old and the new role must be one's own to give.
        let isLeaving = giver == member && role == nil
        guard isLeaving || (giving.mayGive(current) && role.map { giving.mayGive($0) } ?? true) else {
          return .forbidden
        }
        if current == .owner, role != .owner {
          let owners = try await transaction.query(
            "select count(*) from organisation_member where organisation_id = \(organisation) and role = 'owner'"
          ).decodeOnly(Int64.self)
          guard owners > 1 else { return .lastOwner }
        }
        if let role {
          try await transaction.execute(
            """
            update organisation_member set role = \(role.rawValue)
            where organisation_id = \(organisation) and account_id = \(member)
            """)
        } else {
          try await transaction.execute(
            "delete from organisation_member where organisation_id = \(organisation) and account_id = \(member)")
        }
        try await record(
          AuditNote(
            role == nil ? "member.removed" : "member.changed", subject: "\(organisation)",
            details: #"{"user":"\#(member)","role":"\#(role?.rawValue ?? "none")"}"#), actor, in: transaction)
        return .done
      }
    }
  }

  private func role(
    of id: UserID, in organisation: OrganisationID, _ transaction: Transaction
  ) async throws -> OrganisationRole? {
    let word = try await transaction.query(
      "select role from organisation_member where organisation_id = \(organisation) and account_id = \(id)"
    ).decodeFirst(String.self)
    return try word.map { try AccountStore.role($0) }
  }
}
