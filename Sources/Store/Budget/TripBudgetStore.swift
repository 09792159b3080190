package import Kernel
import Postgres

/// What is asked about a trip's money, as it is kept.
package struct TripBudget: Sendable, Hashable {
  /// The trip's id, the caller's own.
  package let tripID: String
  /// The request with its scenarios: JSON text.
  package let request: String
  /// Grows by one with every change.
  package let revision: Int64
  /// When it was changed last.
  package let changedAt: Instant
}

/// Where trips' budgets and their scenarios are kept.
package struct TripBudgetStore: Sendable {
  private let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  /// A trip's budget; nil when there is none.
  ///
  /// - Throws: `StoreError`.
  package func find(_ tripID: String) async throws -> TripBudget? {
    try await translating {
      let rows = try await database.query(
        "select trip_id, request::text, revision, changed_at from trip_budget where trip_id = \(tripID)")
      return try rows.first.map(TripBudgetStore.budget)
    }
  }

  /// Keeps a trip's first budget; nil when it has one already.
  ///
  /// - Throws: `StoreError`.
  package func create(_ tripID: String, request: String) async throws -> TripBudget? {
    try await translating {
      let rows = try await database.query(
        """
        insert into trip_budget (trip_id, request) values (\(tripID), \(request)::text::json)
        on conflict (trip_id) do nothing
        returning trip_id, request::text, revision, changed_at
        """)
      return try rows.first.map(TripBudgetStore.budget)
    }
  }

  /// Replaces a trip's budget if nobody has changed it since `revision`; nil if somebody has.
  ///
  /// - Throws: `StoreError`.
  package func replace(_ tripID: String, request: String, from revision: Int64) async throws -> TripBudget? {
    try await translating {
      let rows = try await database.query(
        """
        update trip_budget set request = \(request)::text::json where trip_id = \(tripID) and revision = \(revision)
        returning trip_id, request::text, revision, changed_at
        """)
      return try rows.first.map(TripBudgetStore.budget)
    }
  }

  /// Takes a trip's budget away if nobody has changed it since `revision`; false if somebody has.
  ///
  /// - Throws: `StoreError`.
  package func remove(_ tripID: String, from revision: Int64) async throws -> Bool {
    try await translating {
      try await !database.query(
        "delete from trip_budget where trip_id = \(tripID) and revision = \(revision) returning trip_id"
      ).isEmpty
    }
  }

  private static func budget(_ row: Row) throws -> TripBudget {
    let (id, request, revision, changed) = try row.decode(
      String.self, String.self, Int64.self, PostgresTimestamp.self)
    return TripBudget(
      tripID: id, request: request, revision: revision,
      changedAt: Instant(secondsSinceEpoch: changed.microseconds / 1_000_000))
  }
}
