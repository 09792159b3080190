package import Kernel
import Postgres
package import Trips

/// Who asks for a trip, and with what.
package struct TripVisitor: Sendable, Hashable {
  /// The account, if they have said who they are.
  package let user: UserID?
  /// The token of a link, if they show one.
  package let link: String?

  package init(user: UserID?, link: String? = nil) {
    self.user = user
    self.link = link
  }
}

/// A trip as the gate sees it: where its log is, and how somebody stands to it.
package struct TripAccess: Sendable {
  package let id: TripID
  /// The last place of the log.
  package let seq: Int64
  /// The last place of the log that changed the document.
  package let revision: Int64
  /// Places up to this one are no longer in the log.
  package let logStart: Int64
  package let standing: TripStanding
  package let isPublic: Bool
  package let isTemplate: Bool
  package let createdAt: Instant
  package let changedAt: Instant
  package let trashedAt: Instant?
}

/// A trip with what it says.
package struct StoredTripText: Sendable {
  package let access: TripAccess
  /// The document as people see it: JSON text.
  package let document: String
}

/// A trip in a list.
package struct TripSummary: Sendable {
  package let id: TripID
  package let role: TripRole?
  /// Title, dates and cover: JSON text.
  package let fields: String
  package let revision: Int64
  package let isPublic: Bool
  package let isTemplate: Bool
  package let createdAt: Instant
  package let changedAt: Instant
  package let trashedAt: Instant?
}

/// An entry of the log.
package struct TripLogEntry: Sendable {
  package let seq: Int64
  /// What it is: `edit`, `member.joined`, `comment.added` and so on.
  package let kind: String
  package let author: UserID?
  package let client: String?
  package let mutation: String?
  package let at: Instant
  /// What there is to know: JSON text.
  package let body: String
}

/// What became of a mutation that was sent before.
package struct KnownMutation: Sendable {
  package let author: UserID
  /// Whether it asked the same.
  package let isSame: Bool
  /// JSON text.
  package let result: String
}

enum TripRows {
  static func visitorColumns(_ visitor: TripVisitor) -> SQL {
    """
    state.trip_id, state.seq, state.revision, state.log_start, state.is_public, state.is_template, state.created_at,
    state.changed_at, state.trashed_at,
    (select role from trip_member where trip_id = state.trip_id and account_id = \(visitor.user)) as role,
    exists (
      select from trip_link where trip_id = state.trip_id
        and digest = sha256(convert_to(\(visitor.link), 'UTF8')) and (expires_at is null or expires_at > now())
    ) as is_linked
    """
  }

  static func access(_ row: Row) throws -> TripAccess {
    let role = try row["role", as: String?.self].flatMap { TripRole(rawValue: $0) }
    let isPublic = try row["is_public", as: Bool.self]
    let standing: TripStanding =
      if let role {
        .member(role)
      } else if try row["is_linked", as: Bool.self] {
        .linked
      } else {
        isPublic ? .visitor : .none
      }
    return TripAccess(
      id: try row["trip_id"], seq: try row["seq"], revision: try row["revision"], logStart: try row["log_start"],
      standing: standing, isPublic: isPublic, isTemplate: try row["is_template"],
      createdAt: Instant(try row["created_at"]), changedAt: Instant(try row["changed_at"]),
      trashedAt: try row["trashed_at", as: PostgresTimestamp?.self].map { Instant($0) })
  }

  static func entry(_ row: Row) throws -> TripLogEntry {
    TripLogEntry(
      seq: try row["seq"], kind: try row["kind"], author: try row["author"], client: try row["client_id"],
      mutation: try row["mutation_id"], at: Instant(try row["at"]), body: try row["body"])
  }
}
