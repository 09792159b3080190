package import Kernel
import Postgres

/// A trip that somebody keeps an eye on.
package struct SavedTrip: Sendable {
  package let trip: TripID
  package let title: String
  package let note: String?
  package let savedAt: Instant
}

extension TripStore {
  /// The most that one account saves.
  package static let savedMax = 1000

  /// Saves a trip, or changes its note; false when as many are saved as there may be.
  ///
  /// - Throws: `StoreError`.
  package func save(_ trip: TripID, of account: UserID, note: String?) async throws -> Bool {
    try await translating {
      try await database.execute(
        """
        insert into saved_trip (account_id, trip_id, note)
        select \(account), \(trip), \(note)
        where (select count(*) from saved_trip where account_id = \(account) and trip_id <> \(trip))
          < \(Int64(TripStore.savedMax))
        on conflict (account_id, trip_id) do update set note = excluded.note
        """) == 1
    }
  }

  /// Saves a trip no longer; false when it was not saved.
  ///
  /// - Throws: `StoreError`.
  package func forget(_ trip: TripID, of account: UserID) async throws -> Bool {
    try await translating {
      try await database.execute(
        "delete from saved_trip where account_id = \(account) and trip_id = \(trip)") == 1
    }
  }

  /// The trips that somebody has saved and may still read, saved last first.
  ///
  /// - Throws: `StoreError`.
  package func saved(of account: UserID, before: TripID?, limit: Int) async throws -> [SavedTrip] {
    try await translating {
      let rows = try await database.query(
        """
        select saved.trip_id, coalesce(document ->> 'title', ''), note, saved_at from saved_trip saved
        join trip_state state on state.trip_id = saved.trip_id and trashed_at is null
        where saved.account_id = \(account)
          and (is_public or exists (
            select from trip_member member where member.trip_id = saved.trip_id and member.account_id = \(account)))
          and (\(before)::uuid is null or (saved_at, saved.trip_id) < (
            select saved_at, trip_id from saved_trip where account_id = \(account) and trip_id = \(before)))
        order by saved_at desc, saved.trip_id desc limit \(Int64(limit))
        """)
      return try rows.decode(TripID.self, String.self, String?.self, PostgresTimestamp.self).map {
        SavedTrip(trip: $0.0, title: $0.1, note: $0.2, savedAt: Instant($0.3))
      }
    }
  }
}

/// That somebody has saved a trip, with what they wrote of it.
package struct SavedNote: Sendable {
  package let trip: TripID
  package let note: String?
  package let savedAt: Instant
}

extension AccountStore {
  /// All that somebody has saved, whether or not they may still read it, without what the trips say.
  ///
  /// - Throws: `StoreError`.
  package func savedNotes(of account: UserID) async throws -> [SavedNote] {
    try await translating {
      try await database.query(
        "select trip_id, note, saved_at from saved_trip where account_id = \(account) order by saved_at, trip_id"
      ).decode(TripID.self, String?.self, PostgresTimestamp.self).map {
        SavedNote(trip: $0.0, note: $0.1, savedAt: Instant($0.2))
      }
    }
  }
}
