package import Kernel
import Postgres
package import Trips

/// Somebody who takes part.
package struct TripMember: Sendable {
  package let user: UserID
  package let name: String
  package let role: TripRole
  package let joinedAt: Instant
}

/// An invitation that is open.
package struct TripInvite: Sendable {
  package let id: TripPassID
  package let role: TripRole
  package let email: String?
  package let createdAt: Instant
  package let expiresAt: Instant
}

/// A link through which anybody may read.
package struct TripLink: Sendable {
  package let id: TripPassID
  package let createdAt: Instant
  package let expiresAt: Instant?
}

/// What an invite's or link's id is of.
package enum TripPassNoun {}

/// The id of an invite or link.
package typealias TripPassID = Identifier<TripPassNoun>

/// What became of a wish to join.
package enum TripJoining: Sendable, Hashable {
  case joined(TripID, TripRole)
  /// Was a member already; nothing changed.
  case already(TripID, TripRole)
  /// There is no such invite, or none any more, or it is for somebody else.
  case unknown
  case tooMany
}

extension TripStore {
  /// Who takes part, owners first.
  ///
  /// - Throws: `StoreError`.
  package func members(of id: TripID) async throws -> [TripMember] {
    try await translating {
      try await database.query(
        """
        select account_id, name, role, joined_at from trip_member join account on account.id = account_id
        where trip_id = \(id) order by array_position(array['owner', 'editor', 'commenter', 'viewer'], role), joined_at
        """
      ).map { row in
        TripMember(
          user: try row["account_id"], name: try row["name"],
          role: TripRole(rawValue: try row["role"]) ?? .viewer, joinedAt: Instant(try row["joined_at"]))
      }
    }
  }

  /// Invitations that can be accepted.
  ///
  /// - Throws: `StoreError`.
  package func invites(of id: TripID) async throws -> [TripInvite] {
    try await translating {
      try await database.query(
        """
        select id, role, email, created_at, expires_at from trip_invite
        where trip_id = \(id) and expires_at > now() order by created_at, id
        """
      ).map { row in
        TripInvite(
          id: try row["id"], role: TripRole(rawValue: try row["role"]) ?? .viewer, email: try row["email"],
          createdAt: Instant(try row["created_at"]), expiresAt: Instant(try row["expires_at"]))
      }
    }
  }

  /// Links that lead to the trip.
  ///
  /// - Throws: `StoreError`.
  package func links(of id: TripID) async throws -> [TripLink] {
    try await translating {
      try await database.query(
        """
        select id, created_at, expires_at from trip_link
        where trip_id = \(id) and (expires_at is null or expires_at > now()) order by created_at, id
        """
      ).map { row in
        TripLink(
          id: try row["id"], createdAt: Instant(try row["created_at"]),
          expiresAt: try row["expires_at", as: PostgresTimestamp?.self].map { Instant($0) })
      }
    }
  }

  /// The trip that an invite leads to, for who may accept it.
  ///
  /// - Throws: `StoreError`.
  package func trip(ofInvite token: String, for user: UserID) async throws -> TripID? {
    try await translating {
      try await database.query(
        """
        select invite.trip_id from trip_invite invite join trip_state state on state.trip_id = invite.trip_id
        where digest = sha256(convert_to(\(token), 'UTF8')) and expires_at > now() and trashed_at is null
          and (email is null or lower(email) = (select lower(email) from account where id = \(user)))
        """
      ).decodeFirst(TripID.self)
    }
  }
}

extension TripWriter {
  /// A member's role; nil for who is none.
  package func role(of user: UserID) async throws -> TripRole? {
    try await translating {
      try await transaction.query(
        "select role from trip_member where trip_id = \(id) and account_id = \(user)"
      ).decodeFirst(String.self).flatMap { TripRole(rawValue: $0) }
    }
  }

  /// How many take part, and how many of them are owners.
  package func memberCounts() async throws -> (all: Int, owners: Int) {
    try await translating {
      let counts = try await transaction.query(
        "select count(*), count(*) filter (where role = 'owner') from trip_member where trip_id = \(id)"
      ).decodeOnly(Int64.self, Int64.self)
      return (Int(counts.0), Int(counts.1))
    }
  }

  /// The account of an address, or of an id; nil when there is none.
  package func account(email: String) async throws -> UserID? {
    try await translating {
      try await transaction.query("select id from account where lower(email) = lower(\(email))").decodeFirst(
        UserID.self)
    }
  }

  /// Whether there is such an account.
  package func hasAccount(_ user: UserID) async throws -> Bool {
    try await translating {
      try await transaction.query("select exists (select from account where id = \(user))").decodeOnly(Bool.self)
    }
  }

  /// Lets somebody take part, or gives them another role.
  package func setRole(_ role: TripRole, of user: UserID) async throws {
    _ = try await translating {
      try await transaction.execute(
        """
        insert into trip_member (trip_id, account_id, role) values (\(id), \(user), \(role.rawValue))
        on conflict (trip_id, account_id) do update set role = excluded.role
        """)
    }
  }

  /// Ends somebody's part.
  package func remove(_ user: UserID) async throws {
    try await translating {
      _ = try await transaction.pipeline([
        "delete from trip_member where trip_id = \(id) and account_id = \(user)",
        "delete from trip_presence where trip_id = \(id) and account_id = \(user)",
      ])
    }
  }

  /// Makes an invitation; nil when too many are open.
  package func invite(
    _ role: TripRole, email: String?, token: String, days: Int, by user: UserID?
  ) async throws -> TripPassID? {
    try await translating {
      try await transaction.execute("delete from trip_invite where trip_id = \(id) and expires_at <= now()")
      return try await transaction.query(
        """
        insert into trip_invite (trip_id, role, digest, email, created_by, expires_at)
        select \(id), \(role.rawValue), sha256(convert_to(\(token), 'UTF8')), \(email), \(user),
          now() + make_interval(days => \(Int32(clamping: days)))
        where (select count(*) from trip_invite where trip_id = \(id)) < \(Int64(TripLimits.invitesMax))
        returning id
        """
      ).decodeFirst(TripPassID.self)
    }
  }

  /// The role that an invite gives to who may accept it; an invite by address is used up by that.
  package func accept(_ token: String, as user: UserID) async throws -> TripRole? {
    try await translating {
      let found = try await transaction.query(
        """
        select id, role, email is not null from trip_invite
        where trip_id = \(id) and digest = sha256(convert_to(\(token), 'UTF8')) and expires_at > now()
          and (email is null or lower(email) = (select lower(email) from account where id = \(user)))
        """
      ).decodeFirst(TripPassID.self, String.self, Bool.self)
      guard let (invite, role, isPersonal) = found else { return nil }
      if isPersonal { try await transaction.execute("delete from trip_invite where id = \(invite)") }
      return TripRole(rawValue: role)
    }
  }

  /// Makes a link; nil when there are too many.
  package func link(token: String, days: Int?, by user: UserID?) async throws -> TripPassID? {
    try await translating {
      try await transaction.query(
        """
        insert into trip_link (trip_id, digest, created_by, expires_at)
        select \(id), sha256(convert_to(\(token), 'UTF8')), \(user),
          now() + make_interval(days => \(days.map { Int32(clamping: $0) }))
        where (select count(*) from trip_link where trip_id = \(id)) < \(Int64(TripLimits.linksMax))
        returning id
        """
      ).decodeFirst(TripPassID.self)
    }
  }

  /// Ends an invite or a link; false when there is none.
  package func revoke(_ pass: TripPassID, isLink: Bool) async throws -> Bool {
    let table: SQL = isLink ? "trip_link" : "trip_invite"
    return try await translating {
      try await transaction.execute("delete from \(table) where trip_id = \(id) and id = \(pass)") > 0
    }
  }

  /// Makes the trip public or private, a template or none, puts it into the trash or takes it out; nil leaves as is.
  package func set(isPublic: Bool? = nil, isTemplate: Bool? = nil, isTrashed: Bool? = nil) async throws {
    _ = try await translating {
      try await transaction.execute(
        """
        update trip_state set is_public = coalesce(\(isPublic), is_public),
          is_template = coalesce(\(isTemplate), is_template),
          trashed_at = case \(isTrashed) when true then coalesce(trashed_at, now()) when false then null
            else trashed_at end
        where trip_id = \(id)
        """)
    }
  }

  /// Takes the trip away for good; nothing can be appended after.
  package func deleteForGood() async throws {
    try await translating { try await TripRemoval.remove([id], in: transaction) }
  }
}
