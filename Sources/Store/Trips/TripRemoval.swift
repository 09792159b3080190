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

  /// Takes away what has been in the trash for so many days; a round at a time.
  ///
  /// - Returns: how many.
  static func emptyTrash(days: Int, in transaction: Transaction) async throws -> Int {
    let rows = try await transaction.query(
      """
      select trip_id from trip_state where trashed_at < now() - make_interval(days => \(Int32(clamping: days)))
      order by trashed_at limit \(Int64(roundMax)) for update skip locked
      """)
    let trips = try rows.map { try $0["trip_id", as: TripID.self] }
    try await remove(trips, in: transaction)
    return trips.count
  }

  /// Takes away what was planned for nobody who said who they are, was not selected, and was not touched for so many days;
  /// a round at a time.
  ///
  /// - Returns: how many trips.
  static func forgetPlans(days: Int, in transaction: Transaction) async throws -> Int {
    let since: SQL = "now() - make_interval(days => \(Int32(clamping: days)))"
    return try await transaction.execute(
      """
      delete from trip where id in (
        select id from trip one
        where account_id is null and organisation_id is null and created_at < \(since)
          and not exists (select from trip_state where trip_id = one.id)
          and not exists (select from itinerary_selection where trip_id = one.id)
          and not exists (select from itinerary where trip_id = one.id and changed_at >= \(since))
        order by created_at limit \(Int64(roundMax)))
      """)
  }
}
