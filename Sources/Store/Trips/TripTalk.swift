package import Kernel
import Postgres
package import Trips

/// What a comment's id is of.
package enum TripCommentNoun {}
/// The id of a comment.
package typealias TripCommentID = Identifier<TripCommentNoun>

/// Something that was said about a trip.
package struct TripComment: Sendable {
  package let id: TripCommentID
  package let parent: TripCommentID?
  package let entry: EntryID?
  package let author: UserID?
  /// Nil when it was deleted.
  package let text: String?
  package let mentions: [UserID]
  package let createdAt: Instant
  package let editedAt: Instant?

  package init(
    id: TripCommentID, parent: TripCommentID?, entry: EntryID?, author: UserID?, text: String?, mentions: [UserID],
    createdAt: Instant = Instant(secondsSinceEpoch: 0), editedAt: Instant? = nil
  ) {
    self.id = id
    self.parent = parent
    self.entry = entry
    self.author = author
    self.text = text
    self.mentions = mentions
    self.createdAt = createdAt
    self.editedAt = editedAt
  }
}

/// How people voted on something.
package struct TripTally: Sendable {
  package let subject: String
  package let up: Int
  package let down: Int
  /// What who asks voted: 1, -1 or 0.
  package let own: Int
}

/// Who looks where.
package struct TripPresence: Sendable, Hashable {
  package let user: UserID
  package let client: String
  package let entry: EntryID?

  package init(user: UserID, client: String, entry: EntryID?) {
    self.user = user
    self.client = client
    self.entry = entry
  }
}

extension TripStore {
  /// Seconds after which somebody who is not heard of no longer counts as looking.
  package static let presenceSeconds = 45

  /// Comments in the order in which they were made.
  ///
  /// - Throws: `StoreError`.
  package func comments(
    of id: TripID, after: TripCommentID?, limit: Int
  ) async throws -> [TripComment] {
    let rest: SQL =
      after.map {
        "(created_at, id) > (select created_at, id from trip_comment where id = \($0) and trip_id = \(id))"
      } ?? "true"
    return try await translating {
      try await database.query(
        """
        select id, parent_id, entry_id, author, text, mentions, created_at, edited_at from trip_comment
        where trip_id = \(id) and \(rest) order by created_at, id limit \(limit)
        """
      ).map { try TripStore.comment($0) }
    }
  }

  static func comment(_ row: Row) throws -> TripComment {
    TripComment(
      id: try row["id"], parent: try row["parent_id"], entry: try row["entry_id"], author: try row["author"],
      text: try row["text"], mentions: try row["mentions"], createdAt: Instant(try row["created_at"]),
      editedAt: try row["edited_at", as: PostgresTimestamp?.self].map { Instant($0) })
  }

  /// How people voted, by what they voted on.
  ///
  /// - Throws: `StoreError`.
  package func tallies(of id: TripID, for user: UserID?) async throws -> [TripTally] {
    try await translating {
      try await database.query(
        """
        select subject, count(*) filter (where value = 1), count(*) filter (where value = -1),
          coalesce(sum(value) filter (where account_id = \(user)), 0)
        from trip_vote where trip_id = \(id) group by subject order by subject
        """
      ).decode(String.self, Int64.self, Int64.self, Int64.self).map {
        TripTally(subject: $0.0, up: Int($0.1), down: Int($0.2), own: Int($0.3))
      }
    }
  }

  /// Who looks where right now.
  ///
  /// - Throws: `StoreError`.
  package func presence(of id: TripID) async throws -> [TripPresence] {
    try await translating {
      try await database.query(
        """
        select account_id, client_id, entry_id from trip_presence
        where trip_id = \(id) and seen_at > now() - make_interval(secs => \(Double(TripStore.presenceSeconds)))
        order by account_id, client_id limit 200
        """
      ).decode(UserID.self, String.self, EntryID?.self).map { TripPresence(user: $0.0, client: $0.1, entry: $0.2) }
    }
  }

  /// Tells where somebody looks, or that they have gone.
  ///
  /// - Throws: `StoreError`.
  package func setPresence(_ presence: TripPresence, of id: TripID, isHere: Bool) async throws {
    let statement: SQL =
      isHere
      ? """
      insert into trip_presence (trip_id, account_id, client_id, entry_id)
      values (\(id), \(presence.user), \(presence.client), \(presence.entry))
      on conflict (trip_id, account_id, client_id) do update set entry_id = excluded.entry_id, seen_at = now()
      """
      : """
      delete from trip_presence
      where trip_id = \(id) and account_id = \(presence.user) and client_id = \(presence.client)
      """
    try await translating {
      _ = try await database.atomically([
        statement,
        "delete from trip_presence where trip_id = \(id) and seen_at < now() - interval '10 minutes'",
        "select pg_notify(\(TripStore.presenceChannel), \(id.description))",
      ])
    }
  }
}

extension TripWriter {
  /// A comment of the trip.
  package func comment(_ comment: TripCommentID) async throws -> TripComment? {
    try await translating {
      try await transaction.query(
        """
        select id, parent_id, entry_id, author, text, mentions, created_at, edited_at from trip_comment
        where trip_id = \(id) and id = \(comment)
        """
      ).first.map { try TripStore.comment($0) }
    }
  }

  /// Adds a comment; false when there are too many.
  package func add(_ comment: TripComment) async throws -> Bool {
    try await translating {
      try await transaction.execute(
        """
        insert into trip_comment (id, trip_id, parent_id, entry_id, author, text, mentions)
        select \(comment.id), \(id), \(comment.parent), \(comment.entry), \(comment.author), \(comment.text),
          \(comment.mentions)
        where (select count(*) from trip_comment where trip_id = \(id)) < \(Int64(TripLimits.commentsMax))
        """) > 0
    }
  }

  /// Gives a comment another text, or takes it away.
  package func change(_ comment: TripCommentID, text: String?, mentions: [UserID]) async throws {
    _ = try await translating {
      try await transaction.execute(
        """
        update trip_comment set text = \(text), mentions = \(mentions),
          edited_at = case when \(text == nil) then edited_at else now() end,
          deleted_at = case when \(text == nil) then now() end
        where trip_id = \(id) and id = \(comment)
        """)
    }
  }

  /// Which of some people take part.
  package func members(among users: [UserID]) async throws -> Set<UserID> {
    try await translating {
      Set(
        try await transaction.query(
          "select account_id from trip_member where trip_id = \(id) and account_id = any(\(users))"
        ).decode(UserID.self))
    }
  }

  /// Votes, or takes a vote back with 0; whether that changed anything.
  package func vote(_ value: Int, on subject: String, by user: UserID) async throws -> Bool {
    try await translating {
      if value == 0 {
        return try await transaction.execute(
          "delete from trip_vote where trip_id = \(id) and subject = \(subject) and account_id = \(user)") > 0
      }
      return try await transaction.execute(
        """
        insert into trip_vote (trip_id, subject, account_id, value)
        values (\(id), \(subject), \(user), \(Int16(clamping: value)))
        on conflict (trip_id, subject, account_id) do update set value = excluded.value, at = now()
        where trip_vote.value <> excluded.value
        """) > 0
    }
  }
}
