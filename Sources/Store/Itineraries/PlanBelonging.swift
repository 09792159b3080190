package import Kernel
import Postgres

/// Who had something planned.
package enum PlanOwner: Hashable, Sendable {
  /// Nobody who said who they are.
  case nobody
  case account(UserID)
  case organisation(OrganisationID)

  init(_ account: UserID?, _ organisation: OrganisationID?) {
    self = account.map { .account($0) } ?? organisation.map { .organisation($0) } ?? .nobody
  }

  var account: UserID? { if case .account(let id) = self { id } else { nil } }
  var organisation: OrganisationID? { if case .organisation(let id) = self { id } else { nil } }
}

/// To whom it belongs what is planned for a trip.
package struct PlanBelonging: Sendable {
  /// The trip.
  package let trip: TripID
  /// Who had it planned first.
  package let owner: PlanOwner
  /// How the visitor stands to it, where it is a trip that people plan together; then that alone counts.
  package let access: TripAccess?
}

extension ItineraryStore {
  /// To whom it belongs what is planned for a trip; nil where there is no such trip.
  ///
  /// - Throws: `StoreError`.
  package func belonging(of trip: TripID, _ visitor: TripVisitor) async throws -> PlanBelonging? {
    try await translating {
      try await database.query(BelongingRows.of("trip.id = \(trip)", visitor)).first.map { try BelongingRows.read($0) }
    }
  }

  /// To whom an itinerary belongs; nil where there is none.
  ///
  /// - Throws: `StoreError`.
  package func belonging(of itinerary: ItineraryID, _ visitor: TripVisitor) async throws -> PlanBelonging? {
    try await translating {
      let condition: SQL = "trip.id = (select trip_id from itinerary where id = \(itinerary))"
      return try await database.query(BelongingRows.of(condition, visitor)).first.map { try BelongingRows.read($0) }
    }
  }

  /// To whom it belongs what jobs plan; jobs that no trip has ordered, or not yet, are left out.
  ///
  /// - Throws: `StoreError`.
  package func belongings(ofJobs ids: [JobID], _ visitor: TripVisitor) async throws -> [JobID: PlanBelonging] {
    try await translating {
      let rows = try await database.query(
        """
        select planned.job_id, \(BelongingRows.columns(visitor))
        from itinerary planned join trip on trip.id = planned.trip_id
        left join trip_state state on state.trip_id = trip.id
        where planned.job_id = any(\(ids.map(\.rawValue)))
        """)
      var found: [JobID: PlanBelonging] = [:]
      for row in rows { found[JobID(try row["job_id", as: Int64.self])] = try BelongingRows.read(row) }
      return found
    }
  }

  /// The same of a trip under whose lock a transaction writes; its members keep their roles until that ends.
  func belonging(
    of trip: TripID, _ visitor: TripVisitor, in transaction: Transaction
  ) async throws -> PlanBelonging? {
    _ = try await transaction.query("select from trip_state where trip_id = \(trip) for share")
    return try await transaction.query(BelongingRows.of("trip.id = \(trip)", visitor)).first.map {
      try BelongingRows.read($0)
    }
  }
}

/// Who writes to what is planned, and what is asked once more under the lock.
package struct PlanWriting {
  /// Who a trip belongs to that is made by this.
  package let owner: PlanOwner
  let visitor: TripVisitor
  let check: (PlanBelonging) throws -> Void

  /// Somebody who writes; `check` throws what they may not.
  package init(_ owner: PlanOwner, _ visitor: TripVisitor, check: @escaping (PlanBelonging) throws -> Void) {
    self.owner = owner
    self.visitor = visitor
    self.check = check
  }
}

private enum BelongingRows {
  static func columns(_ visitor: TripVisitor) -> SQL {
    "trip.id as planned_trip, trip.account_id, trip.organisation_id, \(TripRows.visitorColumns(visitor))"
  }

  static func of(_ condition: SQL, _ visitor: TripVisitor) -> SQL {
    """
    select \(columns(visitor)) from trip left join trip_state state on state.trip_id = trip.id where \(condition)
    """
  }

  static func read(_ row: Row) throws -> PlanBelonging {
    let isPlannedTogether = try row["trip_id", as: TripID?.self] != nil
    return PlanBelonging(
      trip: try row["planned_trip"], owner: PlanOwner(try row["account_id"], try row["organisation_id"]),
      access: isPlannedTogether ? try TripRows.access(row) : nil)
  }
}
