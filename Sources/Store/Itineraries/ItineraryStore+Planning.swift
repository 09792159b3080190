package import Kernel
import Postgres

/// What became of a wish to have a trip planned.
package enum PlanOrdering: Sendable, Hashable {
  /// The job is stored, and the itinerary that it will fill.
  case ordered(ItineraryID, JobID)
  /// The trip is booked from this option already.
  case booked(ItineraryID, option: Int)
  /// The `Idempotency-Key` belongs to another request.
  case different
  /// A request with this key is being carried out right now.
  case inFlight
}

extension ItineraryStore {
  /// Has a trip planned: stores the job and the itinerary that it will fill, and makes the trip if it is new.
  ///
  /// - Parameters:
  ///   - trip: for which trip.
  ///   - job: what plans it; its payload is the request.
  ///   - request: tells a request that is sent again; nil where nobody wants that.
  ///   - writing: who asks; a trip that is new belongs to them.
  /// - Returns: what became of it.
  /// - Throws: what is thrown where they may not; `JobRefusal` or `StoreError`.
  package func order(
    _ trip: TripID, _ job: NewJob, _ request: RepeatableRequest?, by writing: PlanWriting
  ) async throws -> PlanOrdering {
    try await translating {
      try await database.transaction { transaction in
        if let request {
          switch try await jobs.standing(of: request, in: transaction) {
          case .known(let id): return try await ordered(by: id, transaction)
          case .different: return .different
          case .inFlight: return .inFlight
          case .new: break
          }
        }
        try await make(trip, for: writing.owner, transaction)
        try await lock(trip, by: writing, transaction)
        let booked = try await transaction.query(
          "select itinerary_id, option_number from itinerary_selection where trip_id = \(trip)"
        ).decodeFirst(ItineraryID.self, Int16.self)
        if let (itinerary, option) = booked { return .booked(itinerary, option: Int(option)) }
        guard let stored = try await jobs.submit([job], in: transaction).first else {
          throw StoreError.faulty(reason: "a job got no answer")
        }
        let id = try await transaction.query(
          """
          insert into itinerary (trip_id, number, job_id, request)
          select \(trip), coalesce(max(number), 0) + 1, \(stored.id.rawValue), \(job.payload)::text::json
          from itinerary where trip_id = \(trip) returning id
          """
        ).decodeOnly(ItineraryID.self)
        try await clearAway(trip, transaction)
        if let request { try await jobs.remember(request, made: stored.id, in: transaction) }
        return .ordered(id, stored.id)
      }
    }
  }

  private func make(_ trip: TripID, for owner: PlanOwner, _ transaction: Transaction) async throws {
    try await transaction.execute(
      """
      insert into trip (id, account_id, organisation_id) values (\(trip), \(owner.account), \(owner.organisation))
      on conflict (id) do nothing
      """)
  }

  /// Stores a job that plans on a trip of its own, which belongs to whoever asks.
  ///
  /// - Parameters:
  ///   - job: what plans it; its payload is the request.
  ///   - owner: who asks.
  ///   - trip: the trip's id, where one is made.
  ///   - request: tells a request that is sent again; nil where nobody wants that.
  /// - Returns: what became of it.
  /// - Throws: `JobRefusal` or `StoreError`.
  package func submit(
    _ job: NewJob, for owner: PlanOwner, on trip: TripID, _ request: RepeatableRequest?
  ) async throws -> IdempotentSubmission {
    try await translating {
      try await database.transaction { transaction in
        if let request {
          switch try await jobs.standing(of: request, in: transaction) {
          case .known(let id): return .again(id)
          case .different: return .different
          case .inFlight: return .inFlight
          case .new: break
          }
        }
        guard let submission = try await jobs.submit([job], in: transaction).first else {
          throw StoreError.faulty(reason: "a job got no answer")
        }
        if case .stored(let id) = submission {
          try await make(trip, for: owner, transaction)
          try await transaction.execute(
            """
            insert into itinerary (trip_id, number, job_id, request)
            values (\(trip), 1, \(id.rawValue), \(job.payload)::text::json)
            """)
        }
        if let request { try await jobs.remember(request, made: submission.id, in: transaction) }
        return .first(submission)
      }
    }
  }

  private func ordered(by job: JobID, _ transaction: Transaction) async throws -> PlanOrdering {
    let id = try await transaction.query("select id from itinerary where job_id = \(job.rawValue)").decodeFirst(
      ItineraryID.self)
    // The key came with another kind of request, or its itinerary has been cleared away.
    return id.map { .ordered($0, job) } ?? .different
  }

  /// Removes what is far behind; what is being planned stays, because its job looks for it.
  private func clearAway(_ trip: TripID, _ transaction: Transaction) async throws {
    try await transaction.execute(
      """
      delete from itinerary where trip_id = \(trip)
        and (planned_at is not null or created_at < now() - interval '1 day')
        and number <= (select max(number) from itinerary where trip_id = \(trip)) - \(Int32(Self.countMax))
      """)
  }

  /// Shows a first trip while better ones are looked for, where a trip has ordered them.
  ///
  /// - Throws: `StoreError`.
  package func show(_ first: String, of job: ClaimedJob) async throws {
    _ = try await translating {
      try await database.execute(
        """
        update itinerary set first_option = \(first)::text::json
        where job_id = \(job.run.id.rawValue) and planned_at is null
        """)
    }
  }

  /// Keeps what a job has planned as part of the transaction that ends it: where the trip has ordered it, and on a trip of
  /// its own where nobody has.
  ///
  /// - Parameters:
  ///   - planned: what the plan came to.
  ///   - job: what planned it.
  ///   - transaction: the one that ends the job.
  /// - Returns: the trip and the itinerary.
  /// - Throws: `StoreError`; everything is then rolled back.
  package func keep(
    _ planned: PlannedItinerary, of job: ClaimedJob, in transaction: Database.Transaction
  ) async throws -> (trip: TripID, itinerary: ItineraryID) {
    try await translating {
      try await makeTrip(for: job.run.id, planned.request, transaction)
      let trip = try await transaction.query("select trip_id from itinerary where job_id = \(job.run.id.rawValue)")
        .decodeOnly(TripID.self)
      try await lock(trip, transaction)
      let id = try await transaction.query(
        """
        update itinerary set planned_at = now(), changed_at = now(), first_option = null, summary = \(planned.summary)::text::json,
          travellers = \(planned.travellers)::text::json
        where job_id = \(job.run.id.rawValue) returning id
        """
      ).decodeOnly(ItineraryID.self)
      try await transaction.execute("delete from itinerary_option where itinerary_id = \(id)")
      try await transaction.execute(
        """
        insert into itinerary_option (itinerary_id, number, document, activity_count)
        select \(id), number, document::json, activities
        from unnest(\(planned.options.map { Int16(clamping: $0.number) }), \(planned.options.map(\.document)),
          \(planned.options.map { Int32(clamping: $0.activityCount) })) as option (number, document, activities)
        """)
      let payload = #"{"trip":"\#(trip)","itinerary":"\#(id)","options":\#(planned.options.count)}"#
      try await outbox.add(
        StoredEvent(.userEvents, key: "\(trip)", kind: "itinerary.planned", payload: payload, trace: job.trace),
        in: transaction)
      // Most plans are of trips that nobody takes part in yet.
      let hasReaders = try await transaction.query(
        "select exists (select from trip_member where trip_id = \(trip))"
      ).decodeOnly(Bool.self)
      if hasReaders {
        _ = try await jobs.submit([TellOrder.itineraryPlanned(trip, id).newJob(trace: job.trace)], in: transaction)
      }
      return (trip, id)
    }
  }

  private func makeTrip(for job: JobID, _ request: String, _ transaction: Transaction) async throws {
    try await transaction.execute(
      """
      with made as (
        insert into trip (id) select gen_random_uuid()
        where not exists (select from itinerary where job_id = \(job.rawValue)) returning id
      )
      insert into itinerary (trip_id, number, job_id, request)
      select id, 1, \(job.rawValue), \(request)::text::json from made
      """)
  }
}
