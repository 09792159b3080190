package import Kernel
import Postgres
import Trips

/// Where trips are kept that people plan together.
package struct TripStore: Sendable {
  /// Announces that a trip's log has grown: the payload is its id and the last place.
  static let changedChannel = "trip_changed"
  /// Announces that somebody looks elsewhere: the payload is the trip's id.
  static let presenceChannel = "trip_presence"

  let database: PostgresClient
  let jobs: JobStore
  private let glances: Gathering<TripQuestion, TripGlance?>

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
    glances = Gathering { questions in
      try TripGlance.read(try await database.query(TripQuestion.statement(questions)), questions.count)
    }
  }

  // MARK: Reading

  /// How somebody stands to a trip; nil when there is none.
  ///
  /// - Throws: `StoreError`.
  package func access(_ id: TripID, _ visitor: TripVisitor) async throws -> TripAccess? {
    try await translating {
      try await database.query(
        "select \(TripRows.visitorColumns(visitor)) from trip_state state where state.trip_id = \(id)"
      ).first.map { try TripRows.access($0) }
    }
  }

  /// A trip with what it says; nil when there is none.
  ///
  /// - Throws: `StoreError`.
  package func find(_ id: TripID, _ visitor: TripVisitor) async throws -> StoredTripText? {
    try await translating {
      let rows = try await database.query(
        """
        select \(TripRows.visitorColumns(visitor)), document::text as document
        from trip_state state where state.trip_id = \(id)
        """)
      guard let row = rows.first else { return nil }
      return StoredTripText(access: try TripRows.access(row), document: try row["document"])
    }
  }

  /// What a request begins with: how somebody stands to a trip, whether their session lasts, and what the trip says if that
  /// is wanted; nil when there is no such trip.
  ///
  /// - Throws: `StoreError`.
  package func glance(_ question: TripQuestion) async throws -> TripGlance? {
    try await translating { try await glances.answer(to: question) }
  }

  /// Where the logs of trips end; trips that are gone are left out.
  ///
  /// - Throws: `StoreError`.
  package func ends(of trips: [TripID]) async throws -> [TripID: Int64] {
    try await translating {
      let rows = try await database.query("select trip_id, seq from trip_state where trip_id = any(\(trips))")
      return Dictionary(uniqueKeysWithValues: try rows.decode(TripID.self, Int64.self).map { ($0.0, $0.1) })
    }
  }

  /// Entries of the log after a place, oldest first.
  ///
  /// - Throws: `StoreError`.
  package func log(of id: TripID, after seq: Int64, limit: Int) async throws -> [TripLogEntry] {
    try await entries("trip_id = \(id) and seq > \(seq) order by seq limit \(limit)")
  }

  /// Entries of the log before a place, newest first.
  ///
  /// - Throws: `StoreError`.
  package func feed(of id: TripID, before seq: Int64, limit: Int) async throws -> [TripLogEntry] {
    try await entries("trip_id = \(id) and seq < \(seq) order by seq desc limit \(limit)")
  }

  private func entries(_ condition: SQL) async throws -> [TripLogEntry] {
    try await translating {
      try await database.query(
        """
        select seq, kind, author, client_id, mutation_id, at, body::text as body from trip_op where \(condition)
        """
      ).map { try TripRows.entry($0) }
    }
  }

  /// Somebody's trips, or their trash, newest first.
  ///
  /// - Throws: `StoreError`.
  package func list(
    of user: UserID, inTrash: Bool, before: TripID?, limit: Int
  ) async throws -> [TripSummary] {
    let trash: SQL = inTrash ? "trashed_at is not null and role = 'owner'" : "trashed_at is null"
    return try await summaries(
      "join trip_member member on member.trip_id = state.trip_id and account_id = \(user)", role: "role", trash, before,
      limit)
  }

  /// Public templates, newest first.
  ///
  /// - Throws: `StoreError`.
  package func templates(before: TripID?, limit: Int) async throws -> [TripSummary] {
    try await summaries(
      "", role: "null::text", "is_template and is_public and trashed_at is null", before, limit)
  }

  private func summaries(
    _ join: SQL, role: SQL, _ condition: SQL, _ before: TripID?, _ limit: Int
  ) async throws -> [TripSummary] {
    let rest: SQL =
      before.map {
        """
        (state.created_at, state.trip_id)
          < (select created_at, trip_id from trip_state where trip_id = \($0))
        """
      } ?? "true"
    return try await translating {
      try await database.query(
        """
        select state.trip_id, \(role) as role, revision, is_public, is_template, state.created_at, changed_at,
          trashed_at, headline::text as fields
        from trip_state state \(join) where \(condition) and \(rest)
        order by state.created_at desc, state.trip_id desc limit \(limit)
        """
      ).map { row in
        TripSummary(
          id: try row["trip_id"], role: try row["role", as: String?.self].flatMap { TripRole(rawValue: $0) },
          fields: try row["fields"], revision: try row["revision"], isPublic: try row["is_public"],
          isTemplate: try row["is_template"], createdAt: Instant(try row["created_at"]),
          changedAt: Instant(try row["changed_at"]),
          trashedAt: try row["trashed_at", as: PostgresTimestamp?.self].map { Instant($0) })
      }
    }
  }

  // MARK: Making

  /// A trip to be made.
  package struct NewTrip: Sendable {
    package let id: TripID
    package let owner: UserID
    package let texts: TripTexts
    /// The log's first entry: JSON text.
    package let entry: String

    package init(id: TripID, owner: UserID, texts: TripTexts, entry: String) {
      self.id = id
      self.owner = owner
      self.texts = texts
      self.entry = entry
    }
  }

  /// What became of a wish for a trip.
  package enum Making: Sendable, Hashable {
    case made(TripID)
    /// The same request made this one before.
    case again(TripID)
    /// The key came with another request before.
    case different
    case tooMany
  }

  /// Makes a trip, once for each key of its owner.
  ///
  /// - Throws: `StoreError`.
  package func make(_ new: NewTrip, key: String?, request: [UInt8]) async throws -> Making {
    try await translating {
      try await database.transaction { transaction in
        if let key, let known = try await known(key, new.owner, request, transaction) { return known }
        let owned = try await transaction.query(
          "select count(*) from trip_member where account_id = \(new.owner) and role = 'owner'"
        ).decodeOnly(Int64.self)
        guard owned < Int64(TripLimits.tripsOfOwnerMax) else { return .tooMany }
        try await insert(new, transaction)
        if let key {
          try await transaction.execute(
            """
            insert into trip_creation (account_id, key, digest, trip_id)
            values (\(new.owner), \(key), sha256(\(request)), \(new.id))
            """)
        }
        return .made(new.id)
      }
    }
  }

  private func known(
    _ key: String, _ owner: UserID, _ request: [UInt8], _ transaction: Transaction
  ) async throws -> Making? {
    try await transaction.execute(
      "select pg_advisory_xact_lock(hashtextextended(\(owner.description) || chr(10) || \(key), 7246009))")
    let known = try await transaction.query(
      """
      select digest = sha256(\(request)), trip_id from trip_creation where account_id = \(owner) and key = \(key)
      """
    ).decodeFirst(Bool.self, TripID.self)
    return known.map { $0.0 ? .again($0.1) : .different }
  }

  private func insert(_ new: NewTrip, _ transaction: Transaction) async throws {
    _ = try await transaction.pipeline([
      "insert into trip (id) values (\(new.id))",
      """
      insert into trip_state (trip_id, seq, revision, document, stored, headline, created_by)
      values (\(new.id), 1, 1, \(new.texts.document)::text::json, \(new.texts.stored)::text::json,
        \(new.texts.headline)::text::json, \(new.owner))
      """,
      "insert into trip_member (trip_id, account_id, role) values (\(new.id), \(new.owner), 'owner')",
      """
      insert into trip_op (trip_id, seq, kind, author, body)
      values (\(new.id), 1, 'trip.made', \(new.owner), \(new.entry)::text::json)
      """,
    ])
  }
}
