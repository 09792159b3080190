import Kernel
import Postgres

/// Takes trips away for good.
enum TripRemoval {
  /// Trips that are taken away at once, at most.
  static let roundMax = 500

  /// Takes trips away that people planned together, with everything of them but what is booked.
  ///
  /// What is booked stays its owner's, so that it does not become open to whoever knows its id.
  static func remove(_ trips: [TripID], in transaction: Transaction) async throws {
    guard !trips.isEmpty else { return }
    _ = try await transaction.pipeline([
      """
      update trip set account_id = (
        select account_id from trip_member where trip_id = trip.id and role = 'owner' order by account_id limit 1)
      where id = any(\(trips)) and account_id is null and organisation_id is null
      """,
      "delete from trip_state where trip_id = any(\(trips))",
      """
      delete from trip where id = any(\(trips))
        and not exists (select from itinerary_selection chosen where chosen.trip_id = trip.id)
      """,
    ])
  }
}

/// For how long what is over is kept.
package struct TripRetention: Sendable, Hashable {
  /// Days that plans stay which nobody who said who they are has made, and nobody selected or changed.
  package var planDays = 90
  /// Days that trips stay in the trash.
  package var trashDays = 30

  /// Three months and a month.
  package init() {}
}

/// How many trips were cleared away.
package struct ClearedTrips: Sendable, Hashable {
  /// Plans of nobody.
  package var plans = 0
  /// Trips from the trash.
  package var trash = 0

  /// None.
  package init() {}
}

extension TripStore {
  /// Takes away what is over; a round of each at a time, and what others hold the next time.
  ///
  /// - Throws: `StoreError`.
  package func clearAway(_ retention: TripRetention = TripRetention()) async throws -> ClearedTrips {
    try await translating {
      var cleared = ClearedTrips()
      cleared.trash = try await database.transaction { transaction in
        try await emptyTrash(days: retention.trashDays, in: transaction)
      }
      cleared.plans = try await database.transaction { transaction in
        try await forgetPlans(days: retention.planDays, in: transaction)
      }
      return cleared
    }
  }

  private func emptyTrash(days: Int, in transaction: Transaction) async throws -> Int {
    let trips = try await transaction.query(
      """
      select trip_id from trip_state where trashed_at < now() - make_interval(days => \(Int32(clamping: days)))
      order by trashed_at limit \(Int64(TripRemoval.roundMax)) for update skip locked
      """
    ).map { try $0["trip_id", as: TripID.self] }
    try await TripRemoval.remove(trips, in: transaction)
    return trips.count
  }

  private func forgetPlans(days: Int, in transaction: Transaction) async throws -> Int {
    let since: SQL = "now() - make_interval(days => \(Int32(clamping: days)))"
    let isForgotten: SQL = """
      account_id is null and organisation_id is null and created_at < \(since)
        and not exists (select from trip_state where trip_id = trip.id)
        and not exists (select from itinerary_selection where trip_id = trip.id)
        and not exists (select from itinerary where trip_id = trip.id and changed_at >= \(since))
      """
    let trips = try await transaction.query(
      """
      select id from trip where \(isForgotten)
      order by created_at limit \(Int64(TripRemoval.roundMax)) for update skip locked
      """
    ).map { try $0["id", as: TripID.self] }
    // Asked again now that nobody can plan for them or select any more: somebody may have, up to the lock.
    return try await transaction.execute("delete from trip where id = any(\(trips)) and \(isForgotten)")
  }
}
