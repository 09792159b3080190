package import Booking
import JSON
package import Kernel
import Postgres

/// What a booking's id is of.
package enum BookingNoun {}
/// The id of a booking.
package typealias BookingID = Identifier<BookingNoun>

/// A booking that is to be made.
package struct NewBooking: Sendable {
  /// Whose keys its requests have, what this one is called, and all that it says.
  package let request: RepeatableRequest
  package let trip: TripID?
  package let currency: Currency
  package let policy: BookingPolicy
  package let collector: String
  package let items: [SagaItem]
  /// What makes the items a package; nil where each is sold by itself.
  package let package: SagaPackage?
  package let travellers: [SaleTraveller]

  package init(
    _ request: RepeatableRequest, trip: TripID?, currency: Currency, policy: BookingPolicy, collector: String,
    items: [SagaItem], package: SagaPackage? = nil, travellers: [SaleTraveller]
  ) {
    self.request = request
    self.trip = trip
    self.currency = currency
    self.policy = policy
    self.collector = collector
    self.items = items
    self.package = package
    self.travellers = travellers
  }
}

/// A booking as it is stored.
package struct StoredBooking: Sendable {
  package let id: BookingID
  package let trip: TripID?
  package let caller: String
  package let saga: Saga
  package let travellers: [SaleTraveller]
  package let revision: Int64
  package let createdAt: Instant
}

/// What became of a wish to make a booking.
package enum BookingMaking: Sendable {
  case made(StoredBooking)
  /// The same request made it before.
  case again(StoredBooking)
  /// The key belongs to another request.
  case different
  /// That reference is being booked already.
  case taken(BookingReference)
}

/// Bookings, their journals and the ledger.
///
/// Every change goes through the saga in one transaction that holds the booking's row: the new state, the journal, the
/// ledger's entries, the payment and the invoice are stored together or not at all.
package struct BookingStore: Sendable {
  let database: PostgresClient

  let jobs: JobStore

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
  }

  /// The id of a booking that is about to be made.
  static func newID() -> BookingID {
    var generator = SystemRandomNumberGenerator()
    return BookingID(using: &generator)
  }

  static let columns: SQL = "id, trip_id, caller, saga::text, travellers::text, revision, created_at"

  /// Makes a booking, once for each key of a caller, however often and by how many at a time it is asked to.
  ///
  /// - Throws: `SagaFault` for what cannot be booked together; `StoreError`.
  package func make(_ new: NewBooking, _ id: BookingID, at now: Instant) async throws -> BookingMaking {
    try await translating {
      try await database.transaction { transaction in try await insert(new, id, at: now, transaction) }
    } catching: {
      .taken($0.reference)
    }
  }

  /// The same as part of a transaction whose caller has seen to it that nobody else orders under these references.
  ///
  /// - Throws: `SagaFault`; `StoreError` where a reference is another booking's.
  func make(_ new: NewBooking, _ id: BookingID, at now: Instant, in transaction: Transaction) async throws {
    do {
      guard case .made = try await insert(new, id, at: now, transaction) else {
        throw StoreError.faulty(reason: "a booking that nobody has made before is there")
      }
    } catch let taken as ReferenceTaken {
      throw StoreError.faulty(reason: "\(taken.reference) is ordered under another booking")
    }
  }

  private func insert(
    _ new: NewBooking, _ id: BookingID, at now: Instant, _ transaction: Transaction
  ) async throws -> BookingMaking {
    var saga = try Saga(
      id.description, new.items.map { (item: $0, currency: new.currency) }, policy: new.policy,
      collector: new.collector, begun: now, package: new.package)
    let effects = try saga.handle(.tick, at: now)
    let document = String(decoding: SagaJSON(saga).jsonBytes(), as: UTF8.self)
    let isNew = try await transaction.query(
      """
      insert into booking (id, trip_id, caller, request_key, fingerprint, phase, currency, saga, travellers)
      values (\(id), \(new.trip), \(new.request.caller), \(new.request.key), sha256(\(new.request.content)),
        'begun', \(new.currency.code), \(document)::text::json, \(TravellerJSON.text(new.travellers))::text::json)
      on conflict (caller, request_key) do nothing returning true
      """
    ).decodeFirst(Bool.self)
    guard isNew == true else {
      let isSame = try await transaction.query(
        """
        select fingerprint = sha256(\(new.request.content)), id from booking
        where caller = \(new.request.caller) and request_key = \(new.request.key)
        """
      ).decodeFirst(Bool.self, BookingID.self)
      guard let (isSame, known) = isSame, isSame else { return .different }
      guard let found = try await find(known, transaction) else { return .different }
      return .again(found)
    }
    for (number, item) in saga.items.enumerated() {
      let isFree = try await transaction.query(
        """
        insert into booking_part (reference, booking_id, number, seller)
        values (\(item.reference.text), \(id), \(Int16(clamping: number)), \(item.offer.seller))
        on conflict (reference) do nothing returning true
        """
      ).decodeFirst(Bool.self)
      guard isFree == true else { throw ReferenceTaken(reference: item.reference) }
    }
    let change = BookingChange(id: id, trip: new.trip, earlier: nil, saga: saga, effects: effects)
    _ = try await transaction.pipeline(try await prepare(change, transaction))
    try await wake(id, at: nil, in: transaction)
    guard let made = try await find(id, transaction) else { throw StoreError.rowMissing(table: "booking") }
    return .made(made)
  }

  private struct ReferenceTaken: Error { let reference: BookingReference }

  /// Undoes the transaction of a booking that orders what is ordered already.
  private func translating(
    _ body: () async throws -> BookingMaking, catching taken: (ReferenceTaken) -> BookingMaking
  ) async throws -> BookingMaking {
    do { return try await Store.translating(body) } catch let error as ReferenceTaken { return taken(error) }
  }

  /// A booking; nil where there is none.
  ///
  /// - Throws: `StoreError`.
  package func find(_ id: BookingID) async throws -> StoredBooking? {
    try await Store.translating {
      try await database.query("select \(BookingStore.columns) from booking where id = \(id)").first
        .map { try BookingStore.read($0) }
    }
  }

  /// The booking that a reference of ours, an item's or a payment's, belongs to.
  ///
  /// - Throws: `StoreError`.
  package func find(reference: String) async throws -> (id: BookingID, target: SagaTarget)? {
    try await Store.translating {
      let row = try await database.query(
        """
        select booking_id, number from booking_part where reference = \(reference)
        union all select booking_id, (-1)::smallint from payment where reference = \(reference)
        """
      ).decodeFirst(BookingID.self, Int16.self)
      return row.map { ($0.0, $0.1 < 0 ? .payment : .item(Int($0.1))) }
    }
  }

  /// Bookings for which something is due, the longest due first.
  ///
  /// - Throws: `StoreError`.
  package func due(at now: Instant, most: Int) async throws -> [BookingID] {
    try await Store.translating {
      try await database.query(
        """
        select id from booking where due_at <= \(PostgresTimestamp(now)) order by due_at limit \(Int64(most))
        """
      ).decode(BookingID.self)
    }
  }

  /// Changes a booking through its saga, while nobody else does.
  ///
  /// - Parameters:
  ///   - id: which.
  ///   - isRun: whether a run of the booking changes it, which sees to what is next itself; after any other change a run
  ///     is ordered with it.
  ///   - known: how whoever asks has it; it is not read again where nobody has changed it since.
  ///   - body: gives what follows, and whatever the caller wants to know.
  /// - Returns: what `body` gives, with the booking as it is now; nil where there is none.
  /// - Throws: what `body` throws, with nothing changed; `StoreError`.
  package func change<Value>(
    _ id: BookingID, isRun: Bool = false, knowing known: StoredBooking? = nil,
    _ body: (inout Saga) throws -> (Value, [SagaEffect])
  ) async throws -> (value: Value, booking: StoredBooking)? {
    try await Store.translating {
      try await database.transaction { transaction in
        guard let found = try await hold(id, knowing: known, transaction) else { return nil }
        var saga = found.saga
        let (value, effects) = try body(&saga)
        if saga == found.saga, effects.isEmpty { return (value, found) }
        if !isRun { try await wake(id, at: nil, in: transaction) }
        let change = BookingChange(
          id: id, trip: found.trip, earlier: found.saga, saga: saga, effects: effects)
        await transaction.finish(with: try await prepare(change, transaction))
        return (
          value,
          StoredBooking(
            id: id, trip: found.trip, caller: found.caller, saga: saga, travellers: found.travellers,
            revision: found.revision + 1, createdAt: found.createdAt)
        )
      }
    }
  }

  /// A booking whose row nobody else changes until the transaction ends.
  private func hold(
    _ id: BookingID, knowing known: StoredBooking?, _ transaction: Transaction
  ) async throws -> StoredBooking? {
    if let known {
      let revision = try await transaction.query("select revision from booking where id = \(id) for no key update")
        .decodeFirst(Int64.self)
      if revision == known.revision { return known }
    }
    return try await transaction.query(
      "select \(BookingStore.columns) from booking where id = \(id) for no key update"
    ).first.map { try BookingStore.read($0) }
  }

  private func find(_ id: BookingID, _ transaction: Transaction) async throws -> StoredBooking? {
    try await transaction.query("select \(BookingStore.columns) from booking where id = \(id)").first
      .map { try BookingStore.read($0) }
  }

  static func read(_ row: Row) throws -> StoredBooking {
    let travellers = try TravellerJSON.read(try row["travellers"])
    return StoredBooking(
      id: try row["id"], trip: try row["trip_id"], caller: try row["caller"],
      saga: try SagaReader.saga(try row["saga"]), travellers: travellers, revision: try row["revision"],
      createdAt: Instant(try row["created_at"]))
  }
}

/// Who travels, as it is kept.
struct TravellerJSON: JSONWritable {
  let traveller: SaleTraveller

  static func text(_ travellers: [SaleTraveller]) -> String {
    String(decoding: travellers.map { TravellerJSON(traveller: $0) }.jsonBytes(), as: UTF8.self)
  }

  static func read(_ text: String) throws -> [SaleTraveller] {
    try JSONDocument(text: text).root.array.map { try read($0) }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("givenName", traveller.givenName)
      object.field("familyName", traveller.familyName)
      object.field("born", ifPresent: traveller.born?.description)
      object.field("mail", ifPresent: traveller.mail)
    }
  }

  private static func read(_ node: JSONNode) throws -> SaleTraveller {
    SaleTraveller(
      givenName: try node.find("/givenName")?.string ?? "", familyName: try node.find("/familyName")?.string ?? "",
      born: try node.find("/born").map { try LocalDate($0.string) }, mail: try node.find("/mail")?.string)
  }
}
