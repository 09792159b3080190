import Booking
import JSON
import Kernel
import Postgres

/// A wish to book an option.
package struct SelectionWish: Sendable {
  /// Of which itinerary.
  package let itinerary: ItineraryID
  /// Which option.
  package let option: Int
  /// The revision of the itinerary that was looked at; nil where that does not matter.
  package let revision: Int64?
  /// Tells a request that is sent again; nil where nobody wants that.
  package let request: RepeatableRequest?
  /// The W3C trace context of whoever asked.
  package let trace: String?
  /// Who travels, and how it is paid; nil where that is to be said later.
  package let naming: TravellerNaming?

  /// A wish.
  package init(
    _ itinerary: ItineraryID, option: Int, revision: Int64? = nil, request: RepeatableRequest?, trace: String?,
    naming: TravellerNaming? = nil
  ) {
    self.itinerary = itinerary
    self.option = option
    self.revision = revision
    self.request = request
    self.trace = trace
    self.naming = naming
  }
}

/// What became of a wish to book an option.
package enum Selecting: Sendable, Hashable {
  /// It is selected by this request.
  case selected(StoredSelection)
  /// It was selected before: this is the first selection.
  case already(StoredSelection)
  /// The trip is booked from another option.
  case other(StoredSelection)
  /// There is no such itinerary.
  case noItinerary
  /// It is not planned, or not yet.
  case notPlanned(JobID)
  /// It has so many options, and not this one.
  case noOption(count: Int)
  /// It has been changed since it was looked at.
  case stale
  /// The `Idempotency-Key` belongs to another request.
  case different
  /// A request with this key is being carried out right now.
  case inFlight
}

extension ItineraryStore {
  /// The kind and the queue of jobs that book.
  package static let bookingKind = (kind: "booking.book", queue: "booking")

  /// Selects an option: the selection, a job for each thing to book, the notification and the event are stored together.
  ///
  /// - Parameters:
  ///   - wish: which option.
  ///   - writing: who selects.
  ///   - orders: reads what is to be booked from the option's document and the itinerary's summary.
  /// - Returns: what became of it.
  /// - Throws: what `orders` throws, and `writing` for who may not; `NamingFault`, with nothing selected; `StoreError`.
  package func select(
    _ wish: SelectionWish, by writing: PlanWriting,
    orders: (_ document: String, _ summary: String) throws -> [BookingOrder]
  ) async throws -> Selecting {
    try await translating {
      try await database.transaction { transaction in
        var newRequest: RepeatableRequest?
        if let request = wish.request {
          switch try await jobs.standing(of: request, in: transaction) {
          case .new: newRequest = request
          // What was selected says all; the key has only to belong to the same request.
          case .known: break
          case .different: return .different
          case .inFlight: return .inFlight
          }
        }
        let trip = try await transaction.query("select trip_id from itinerary where id = \(wish.itinerary)")
          .decodeFirst(TripID.self)
        guard let trip else { return .noItinerary }
        try await lock(trip, by: writing, transaction)
        if let known = try await selection(of: trip, transaction) {
          guard known.itinerary == wish.itinerary, known.option == wish.option else { return .other(known) }
          if let naming = wish.naming { try await name(naming, trip, transaction) }
          return .already(known)
        }
        let itinerary = try await transaction.query(
          """
          select job_id, revision, summary::text, travellers::text from itinerary where id = \(wish.itinerary)
          """
        ).decodeFirst(Int64.self, Int64.self, String?.self, String?.self)
        guard let (job, revision, summary, travellers) = itinerary else { return .noItinerary }
        guard let summary, let travellers else { return .notPlanned(JobID(job)) }
        if let wanted = wish.revision, wanted != revision { return .stale }
        let documents = try await transaction.query(
          """
          select document::text from itinerary_option where itinerary_id = \(wish.itinerary) order by number
          """
        ).decode(String.self)
        guard documents.indices.contains(wish.option - 1) else { return .noOption(count: documents.count) }
        let writing = SelectionWriting(
          store: self, wish: wish, trip: trip, travellers: travellers, transaction: transaction)
        try await writing.write(try orders(documents[wish.option - 1], summary))
        if let naming = wish.naming { try await name(naming, trip, transaction) }
        guard let made = try await selection(of: trip, transaction) else {
          throw StoreError.rowMissing(table: "itinerary_selection")
        }
        if let newRequest { try await jobs.remember(newRequest, made: made.notification, in: transaction) }
        return .selected(made)
      }
    }
  }

  private func selection(of trip: TripID, _ transaction: Transaction) async throws -> StoredSelection? {
    let rows = try await transaction.query(SelectionRows.selection(of: trip))
    return try SelectionRows.read(rows, try await transaction.query(SelectionRows.items(of: trip)))
  }
}

/// Writes a selection with all that follows from it.
private struct SelectionWriting {
  let store: ItineraryStore
  let wish: SelectionWish
  let trip: TripID
  let travellers: String
  let transaction: Transaction

  private struct Item {
    let reference: String
    let order: BookingOrder
  }

  func write(_ orders: [BookingOrder]) async throws {
    var random = SystemRandomNumberGenerator()
    let items = orders.map { Item(reference: BookingReference(using: &random).text, order: $0) }
    let notification = try await submit([notification(items)])[0]
    try await transaction.execute(
      """
      insert into itinerary_selection (trip_id, itinerary_id, option_number, notification_job_id)
      values (\(trip), \(wish.itinerary), \(Int16(clamping: wish.option)), \(notification.rawValue))
      """)
    let jobs = try await submit(items.map { try booking($0) })
    for (number, (item, job)) in zip(items, jobs).enumerated() {
      try await transaction.execute(
        """
        insert into booking_item (reference, trip_id, number, kind, job_id, details)
        values (\(item.reference), \(trip), \(Int16(clamping: number + 1)), \(item.order.kind.rawValue),
          \(job.rawValue), \(item.order.details)::text::json)
        """)
    }
    try await transaction.execute(
      "update itinerary set revision = revision + 1, changed_at = now() where id = \(wish.itinerary)")
    try await store.outbox.add(
      StoredEvent(
        .userEvents, key: trip.description, kind: "itinerary.selected", payload: payload(items),
        trace: wish.trace), in: transaction)
  }

  private func submit(_ jobs: [NewJob]) async throws -> [JobID] {
    if jobs.isEmpty { return [] }
    return try await store.jobs.submit(jobs, in: transaction).map(\.id)
  }

  private func notification(_ items: [Item]) -> NewJob {
    TellOrder.itinerarySelected(trip, wish.itinerary, bookings: items.count).newJob(trace: wish.trace)
  }

  private func booking(_ item: Item) throws -> NewJob {
    var job = try BookingJob(
      reference: item.reference, trip: trip, itinerary: wish.itinerary, option: wish.option, kind: item.order.kind,
      details: item.order.details, travellers: travellers
    ).newJob()
    job.trace = wish.trace
    return job
  }

  private func payload(_ items: [Item]) -> String {
    var writer = JSONWriter()
    writer.object { object in
      write(to: &object)
      object.field("bookings", items.map(\.reference))
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private func write(to object: inout JSONObjectWriter) {
    object.field("trip", trip.description)
    object.field("itinerary", wish.itinerary.description)
    object.field("option", wish.option)
  }
}

/// The job that looks for what sellers have for a thing to be booked.
struct BookingJob {
  let reference: String
  let trip: TripID
  let itinerary: ItineraryID
  let option: Int
  let kind: BookingOrder.Kind
  /// What, when and at which price: JSON text.
  let details: String
  /// Who travels, and in how many rooms: JSON text.
  let travellers: String

  func newJob() throws -> NewJob {
    let (item, people) = (try JSONDocument(text: details).root, try JSONDocument(text: travellers).root)
    var writer = JSONWriter()
    writer.object { object in
      object.field("reference", reference)
      object.field("trip", trip.description)
      object.field("itinerary", itinerary.description)
      object.field("option", option)
      object.field("kind", kind.rawValue)
      object.field("item", item)
      object.field("travellers", people)
    }
    var job = NewJob(
      kind: ItineraryStore.bookingKind.kind, payload: String(decoding: writer.finish(), as: UTF8.self))
    job.queue = ItineraryStore.bookingKind.queue
    job.uniqueness = NewJob.Uniqueness(key: reference)
    return job
  }
}

/// How selections are read.
enum SelectionRows {
  static func selection(of trip: TripID) -> SQL {
    """
    select itinerary_id, option_number, selected_at, notification_job_id from itinerary_selection
    where trip_id = \(trip)
    """
  }

  static func items(of trip: TripID) -> SQL {
    "select reference, kind, job_id, details::text from booking_item where trip_id = \(trip) order by number"
  }

  static func read(_ selection: Rows, _ items: Rows) throws -> StoredSelection? {
    let row = try selection.decodeFirst(ItineraryID.self, Int16.self, PostgresTimestamp.self, Int64.self)
    guard let (itinerary, option, at, notification) = row else { return nil }
    let read = try items.decode(String.self, String.self, Int64.self, String.self).map {
      reference, word, job, details in
      guard let kind = BookingOrder.Kind(rawValue: word) else {
        throw StoreError.faulty(reason: "booking_item \(reference) is of a kind that this program does not know")
      }
      return StoredSelection.Item(reference: reference, kind: kind, job: JobID(job), details: details)
    }
    return StoredSelection(
      itinerary: itinerary, option: Int(option), selectedAt: Instant(at),
      notification: JobID(notification), items: read)
  }
}
