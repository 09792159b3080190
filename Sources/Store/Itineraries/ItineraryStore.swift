package import Kernel
import Postgres

/// Where trips' itineraries are kept: what was asked, what came of it, what was selected.
package struct ItineraryStore: Sendable {
  /// Itineraries that are kept of a trip; older ones that nobody selected go.
  package static let countMax = 10

  let database: PostgresClient
  let jobs: JobStore
  let bookings: BookingStore
  let outbox = Outbox()

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
    bookings = BookingStore(database, jobs)
  }

  // MARK: Reading

  /// An itinerary with all its options; nil when there is none.
  ///
  /// - Throws: `StoreError`.
  package func find(_ id: ItineraryID) async throws -> StoredItinerary? {
    try await translating { try await read("itinerary.id = \(id)", options: "true") }
  }

  /// An itinerary with one of its options, if it has that one; nil when there is no such itinerary.
  ///
  /// - Throws: `StoreError`.
  package func find(_ id: ItineraryID, option: Int) async throws -> StoredItinerary? {
    try await translating {
      try await read("itinerary.id = \(id)", options: "number = \(Int32(clamping: option))")
    }
  }

  /// What stands for a trip: the itinerary that is selected, else the newest that is planned, else the newest; and the
  /// newest where that one is not planned yet.
  ///
  /// - Throws: `StoreError`.
  package func itineraries(
    of trip: TripID
  ) async throws -> (current: StoredItinerary, next: StoredItinerary?)? {
    try await translating {
      let current = try await read(
        """
        itinerary.id = (
          select id from itinerary one left join itinerary_selection chosen on chosen.itinerary_id = one.id
          where one.trip_id = \(trip)
          order by chosen.itinerary_id is not null desc, planned_at is not null desc, number desc limit 1)
        """, options: "true")
      guard let current else { return nil }
      let newest = try await read(
        """
        itinerary.id = (
          select id from itinerary one where one.trip_id = \(trip) order by number desc limit 1)
          and planned_at is null
        """, options: "false")
      return (current, newest?.id == current.id ? nil : newest)
    }
  }

  private func read(_ condition: SQL, options: SQL) async throws -> StoredItinerary? {
    let rows = try await database.query(
      """
      select itinerary.id, trip_id, number, job_id, request::text as request, created_at, planned_at,
        summary::text as summary, travellers::text as travellers, first_option::text as first_option, revision,
        changed_at
      from itinerary where \(condition)
      """)
    guard let row = rows.first else { return nil }
    let id = try row["id", as: ItineraryID.self]
    let trip = try row["trip_id", as: TripID.self]
    // After the revision: what came between belongs to a later one, and whoever changes the older is told so.
    let answers = try await database.pipeline([
      """
      select number, document::text, activity_count from itinerary_option
      where itinerary_id = \(id) and \(options) order by number
      """,
      SelectionRows.selection(of: trip), SelectionRows.items(of: trip),
    ])
    let found = try answers[0].get().decode(Int16.self, String.self, Int32.self).map {
      StoredOption(number: Int($0.0), document: $0.1, activityCount: Int($0.2))
    }
    let selection = try SelectionRows.read(answers[1].get(), answers[2].get())
    return try ItineraryStore.itinerary(row, id, trip, found, selection)
  }

  private static func itinerary(
    _ row: Row, _ id: ItineraryID, _ trip: TripID, _ options: [StoredOption], _ selection: StoredSelection?
  ) throws -> StoredItinerary {
    var plan: StoredItinerary.Plan?
    if let at = try row["planned_at", as: PostgresTimestamp?.self] {
      plan = StoredItinerary.Plan(
        plannedAt: Instant(at), summary: try row["summary"], travellers: try row["travellers"], options: options)
    }
    return StoredItinerary(
      id: id, trip: trip, number: Int(try row["number", as: Int32.self]), job: JobID(try row["job_id"]),
      request: try row["request"], createdAt: Instant(try row["created_at"]), revision: try row["revision"],
      changedAt: Instant(try row["changed_at"]), first: try row["first_option"], plan: plan, selection: selection)
  }

  // MARK: Changing

  /// Replaces an option if nobody has changed the itinerary since `revision`; the new revision, or nil if somebody has.
  ///
  /// - Throws: what `writing` throws for who may not; `StoreError`.
  package func replace(
    _ option: StoredOption, of id: ItineraryID, from revision: Int64, trace: String?, by writing: PlanWriting
  ) async throws -> Int64? {
    try await translating {
      try await database.transaction { transaction in
        let owner = try await transaction.query("select trip_id from itinerary where id = \(id)")
          .decodeFirst(TripID.self)
        guard let owner else { return nil }
        try await lock(owner, by: writing, transaction)
        let changed = try await transaction.query(
          """
          update itinerary set revision = revision + 1, changed_at = now()
          where id = \(id) and revision = \(revision) returning revision
          """
        ).decodeFirst(Int64.self)
        guard let next = changed else { return nil }
        try await transaction.execute(
          """
          update itinerary_option set document = \(option.document)::text::json,
            activity_count = \(Int32(clamping: option.activityCount))
          where itinerary_id = \(id) and number = \(Int16(clamping: option.number))
          """)
        let payload =
          #"{"trip":"\#(owner)","itinerary":"\#(id)","option":\#(option.number),"revision":\#(next)}"#
        try await outbox.add(
          StoredEvent(.userEvents, key: "\(owner)", kind: "itinerary.changed", payload: payload, trace: trace),
          in: transaction)
        return next
      }
    }
  }

  /// Has whoever writes of the same trip wait until the transaction ends, so that its events have the order of commits.
  func lock(_ trip: TripID, _ transaction: Transaction) async throws {
    _ = try await transaction.query("select from trip where id = \(trip) for no key update")
  }

  /// The same for who must still be allowed to write then.
  func lock(_ trip: TripID, by writing: PlanWriting, _ transaction: Transaction) async throws {
    try await lock(trip, transaction)
    guard let found = try await belonging(of: trip, writing.visitor, in: transaction) else { return }
    try writing.check(found)
  }
}
