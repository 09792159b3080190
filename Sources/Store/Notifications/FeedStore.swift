package import Kernel
package import Notification
import Postgres

/// An entry of somebody's feed.
package struct FeedEntry: Sendable {
  package let id: NotificationID
  /// Its place in the feed.
  package let seq: Int64
  package let kind: String
  package let facts: [Fact: String]
  package let trip: TripID?
  package let createdAt: Instant
  package let readAt: Instant?
}

extension NotificationStore {
  /// Entries of somebody's feed before a place, the newest first.
  ///
  /// - Throws: `StoreError`.
  package func feed(
    of user: UserID, before place: Int64, unreadOnly: Bool, limit: Int
  ) async throws -> [FeedEntry] {
    try await translating {
      try await database.query(
        """
        select id, seq, kind, facts::text as facts, trip_id, created_at, read_at from notification
        where account_id = \(user) and seq < \(place) and (not \(unreadOnly) or read_at is null)
        order by seq desc limit \(limit)
        """
      ).map { row in
        FeedEntry(
          id: try row["id"], seq: try row["seq"], kind: try row["kind"], facts: try Self.facts(try row["facts"]),
          trip: try row["trip_id"], createdAt: Instant(try row["created_at"]),
          readAt: try row["read_at", as: PostgresTimestamp?.self].map { Instant($0) })
      }
    }
  }

  /// How many entries somebody has not read, and the language that their profile names.
  ///
  /// - Throws: `StoreError`.
  package func unread(of user: UserID) async throws -> (count: Int, language: String?) {
    try await translating {
      let row = try await database.query(
        """
        select (select count(*) from notification where account_id = \(user) and read_at is null),
          (select profile ->> 'language' from account_profile where account_id = \(user))
        """
      ).decodeOnly(Int64.self, String?.self)
      return (Int(row.0), row.1)
    }
  }

  /// Marks entries as read, these or all up to a place; how many were not before.
  ///
  /// - Throws: `StoreError`.
  package func markRead(_ ids: [NotificationID], through place: Int64?, of user: UserID) async throws -> Int {
    try await translating {
      try await database.execute(
        """
        update notification set read_at = now()
        where account_id = \(user) and read_at is null and (id = any(\(ids)) or seq <= \(place))
        """)
    }
  }
}
