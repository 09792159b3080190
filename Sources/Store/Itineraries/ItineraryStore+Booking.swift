import Booking
import JSON
package import Kernel
import Postgres

/// From a selection to its booking: what sellers have for each thing, who travels, and one booking of all that was found.
///
/// Whoever changes any of it holds the selection's row, so that exactly one of them sees that nothing is missing any more,
/// and makes the booking in the same transaction.
extension ItineraryStore {
  /// How long an offer must still hold where it is booked; else it is looked for anew.
  private static let secondsLeftMin: Int64 = 120

  /// How what is selected for a trip stands; nil where nothing is.
  ///
  /// - Throws: `StoreError`.
  package func standing(ofSelection trip: TripID) async throws -> SelectionStanding? {
    try await translating {
      try await database.transaction { transaction in try await standing(trip, transaction)?.standing }
    }
  }

  /// Says who travels; where everything is found, that makes the booking.
  ///
  /// The same people may be named again. Others may until the booking is made.
  /// - Throws: `NamingFault`; what `writing` throws for who may not; `StoreError`.
  package func name(_ naming: TravellerNaming, for trip: TripID, by writing: PlanWriting) async throws {
    try await translating {
      try await database.transaction { transaction in
        try await lock(trip, by: writing, transaction)
        try await name(naming, trip, transaction)
      }
    }
  }

  func name(_ naming: TravellerNaming, _ trip: TripID, _ transaction: Transaction) async throws {
    guard let (found, known) = try await standing(trip, transaction, isLocking: true) else {
      throw NamingFault.noSelection
    }
    // Whose the booking is to be is said once: a trip may be open to whoever knows its id.
    if let known, known.caller != naming.caller { throw NamingFault.others }
    if let booking = found.booking {
      guard found.travellers == naming.travellers else { throw NamingFault.booked(booking) }
      return
    }
    guard naming.travellers.count == found.peopleCount else { throw NamingFault.people(found.peopleCount) }
    try await transaction.execute(
      """
      update itinerary_selection set caller = \(naming.caller), policy = \(naming.policy.rawValue),
        collector = \(naming.collector), travellers = \(TravellerJSON.text(naming.travellers))::text::json
      where trip_id = \(trip)
      """)
    try await settle(trip, at: naming.now, transaction)
  }

  /// Keeps what sellers have for something to be booked, as part of the transaction that ends its job; whatever follows is
  /// done in it too.
  ///
  /// - Parameters:
  ///   - finding: what they have.
  ///   - reference: for what.
  ///   - now: the time.
  ///   - transaction: the one that ends the job.
  /// - Returns: whether the thing is still to be booked.
  /// - Throws: `StoreError`; everything is then rolled back.
  package func keep(
    _ finding: SaleFinding, for reference: String, at now: Instant, in transaction: Database.Transaction
  ) async throws -> Bool {
    try await translating {
      let trip = try await transaction.query("select trip_id from booking_item where reference = \(reference)")
        .decodeFirst(TripID.self)
      guard let trip, let found = try await standing(trip, transaction, isLocking: true) else { return false }
      guard found.standing.booking == nil else { return true }
      try await write(finding, reference, transaction)
      try await settle(trip, at: now, transaction)
      return true
    }
  }

  /// Says of things whose job was given up or called off that nothing was found, so that nobody waits for them for ever.
  ///
  /// Whatever follows is done as where a worker has found nothing: the rest is booked, or told. An operator who has the job
  /// tried again has it looked for again.
  /// - Parameters:
  ///   - now: the time.
  ///   - most: things at a time.
  /// - Returns: how many there were.
  /// - Throws: `StoreError`.
  package func settleAbandoned(at now: Instant, most: Int = 200) async throws -> Int {
    let abandoned = try await translating {
      try await database.query(
        """
        select reference, trip_id from booking_item item
        where state = 'looking' and not exists (select from job where job.id = item.job_id)
        order by trip_id, number limit \(Int64(most))
        """
      ).decode(String.self, TripID.self)
    }
    var count = 0
    for (reference, trip) in abandoned {
      let isSettled = try await translating {
        try await database.transaction { transaction in
          _ = try await transaction.query("select from itinerary_selection where trip_id = \(trip) for no key update")
          // Whoever held the row before may have had it looked for anew.
          let isLost = try await transaction.query(
            """
            select exists (select from booking_item item where reference = \(reference) and state = 'looking'
              and not exists (select from job where job.id = item.job_id))
            """
          ).decodeOnly(Bool.self)
          guard isLost else { return false }
          let reason = "looking for it was given up: book it by itself, with POST /v1/bookings"
          return try await keep(.missing(reason), for: reference, at: now, in: transaction)
        }
      }
      if isSettled { count += 1 }
    }
    return count
  }

  // MARK: Going on

  /// Goes on where nothing is looked for any more: makes the booking, has what ran out looked for anew, and has it told.
  private func settle(_ trip: TripID, at now: Instant, _ transaction: Transaction) async throws {
    guard let found = try await standing(trip, transaction), found.standing.booking == nil,
      !found.standing.isLooking
    else { return }
    let offers = found.standing.sales.compactMap { SelectedOffer($0) }
    guard let naming = found.naming, !offers.isEmpty else {
      // Who names travellers knows what was found.
      if found.naming == nil || offers.isEmpty { try await tell(trip, transaction) }
      return
    }
    let late = offers.filter { now.seconds(until: $0.expires) < Self.secondsLeftMin }
    guard late.isEmpty else {
      for offer in late { try await lookAnew(offer.sale, found.standing, trip, transaction) }
      return
    }
    for offer in offers.dropFirst(Saga.itemsMax) {
      let reason = "a booking has \(Saga.itemsMax) items at most: book this one by itself, with POST /v1/bookings"
      try await write(.missing(reason), offer.sale.reference, transaction)
    }
    let booked = offers.prefix(Saga.itemsMax)
    let id = BookingStore.newID()
    let new = NewBooking(
      // Its row says that it is made; nobody can have taken this name before.
      RepeatableRequest(caller: naming.caller, key: "selection-\(id)", content: []), trip: trip,
      currency: booked[0].price.currency, policy: naming.policy, collector: naming.collector,
      items: booked.map { SagaItem($0.reference, offer: $0.offer, price: $0.price.minorUnits) },
      travellers: found.standing.travellers ?? [])
    try await bookings.make(new, id, at: now, in: transaction)
    try await transaction.execute("update itinerary_selection set booking_id = \(id) where trip_id = \(trip)")
    try await tell(trip, transaction)
  }

  private func lookAnew(
    _ sale: SelectedSale, _ standing: SelectionStanding, _ trip: TripID, _ transaction: Transaction
  ) async throws {
    let people = try await transaction.query("select travellers::text from itinerary where id = \(standing.itinerary)")
      .decodeOnly(String.self)
    let job = try BookingJob(
      reference: sale.reference, trip: trip, itinerary: standing.itinerary, option: standing.option, kind: sale.kind,
      details: sale.details, travellers: people
    ).newJob()
    guard let id = try await jobs.submit([job], in: transaction).first?.id else {
      throw StoreError.faulty(reason: "a job got no answer")
    }
    try await transaction.execute(
      """
      update booking_item set state = 'looking', job_id = \(id.rawValue), offer = null, currency = null, price = null,
        expires_at = null, found = null, reason = null, looked_at = null
      where reference = \(sale.reference)
      """)
  }

  private func tell(_ trip: TripID, _ transaction: Transaction) async throws {
    let number = try await transaction.query(
      "update itinerary_selection set offers_told = offers_told + 1 where trip_id = \(trip) returning offers_told"
    ).decodeOnly(Int32.self)
    _ = try await jobs.submit([TellOrder.offersFound(trip, number: Int(number)).newJob()], in: transaction)
  }

  private func write(_ finding: SaleFinding, _ reference: String, _ transaction: Transaction) async throws {
    switch finding {
    case .found(let offer, let price, let expires, let shown):
      try await transaction.execute(
        """
        update booking_item set state = 'found', offer = \(offer.text), currency = \(price.currency.code),
          price = \(price.minorUnits), expires_at = \(PostgresTimestamp(expires)), found = \(shown)::text::json,
          reason = null, looked_at = now()
        where reference = \(reference)
        """)
    case .missing(let reason):
      try await transaction.execute(
        """
        update booking_item set state = 'none', reason = \(String(reason.prefix(500))), offer = null, currency = null,
          price = null, expires_at = null, found = null, looked_at = now()
        where reference = \(reference)
        """)
    }
  }

  // MARK: Reading

  private typealias Found = (
    standing: SelectionStanding, naming: (caller: String, policy: BookingPolicy, collector: String)?
  )

  private func standing(
    _ trip: TripID, _ transaction: Transaction, isLocking: Bool = false
  ) async throws -> Found? {
    if isLocking {
      _ = try await transaction.query("select from itinerary_selection where trip_id = \(trip) for no key update")
    }
    let row = try await transaction.query(
      """
      select chosen.itinerary_id, chosen.option_number, chosen.selected_at, chosen.booking_id, chosen.caller,
        chosen.policy, chosen.collector, chosen.travellers::text as travellers,
        coalesce(json_array_length(planned.travellers -> 'people'), 0) as people
      from itinerary_selection chosen join itinerary planned on planned.id = chosen.itinerary_id
      where chosen.trip_id = \(trip)
      """
    ).first
    guard let row else { return nil }
    let sales = try await transaction.query(
      """
      select reference, kind, details::text as details, state, offer, currency, price, expires_at,
        found::text as found, reason, looked_at
      from booking_item where trip_id = \(trip) order by number
      """
    ).map { try Self.sale($0) }
    let standing = SelectionStanding(
      itinerary: try row["itinerary_id"], option: Int(try row["option_number", as: Int16.self]),
      selectedAt: Instant(try row["selected_at"]), peopleCount: Int(try row["people", as: Int32.self]),
      travellers: try row["travellers", as: String?.self].map { try TravellerJSON.read($0) },
      booking: try row["booking_id"], sales: sales)
    var naming: (caller: String, policy: BookingPolicy, collector: String)?
    if let caller = try row["caller", as: String?.self] {
      guard let policy = BookingPolicy(rawValue: try row["policy"]) else {
        throw StoreError.faulty(reason: "the selection of \(trip) is booked by a policy that is not known here")
      }
      naming = (caller, policy, try row["collector"])
    }
    return (standing, naming)
  }

  private static func sale(_ row: Row) throws -> SelectedSale {
    let (reference, word): (String, String) = (try row["reference"], try row["kind"])
    guard let kind = BookingOrder.Kind(rawValue: word) else {
      throw StoreError.faulty(reason: "booking_item \(reference) is of a kind that this program does not know")
    }
    var finding: SaleFinding?
    switch try row["state", as: String.self] {
    case "found":
      guard let key = OfferKey(try row["offer", as: String.self]),
        let currency = try? Currency(try row["currency", as: String.self])
      else { throw StoreError.faulty(reason: "booking_item \(reference) has an offer that cannot be read") }
      finding = .found(
        key, Money(minorUnits: try row["price"], currency), expires: Instant(try row["expires_at"]),
        shown: try row["found"])
    case "none": finding = .missing(try row["reason"])
    default: break
    }
    return SelectedSale(
      reference: reference, kind: kind, details: try row["details"], finding: finding,
      lookedAt: try row["looked_at", as: PostgresTimestamp?.self].map { Instant($0) })
  }
}

/// What was found, in a form that can be booked.
private struct SelectedOffer {
  let sale: SelectedSale
  let reference: BookingReference
  let offer: OfferKey
  let price: Money
  let expires: Instant

  init?(_ sale: SelectedSale) {
    guard case .found(let offer, let price, let expires, _) = sale.finding,
      let reference = BookingReference(sale.reference)
    else { return nil }
    self.sale = sale
    self.reference = reference
    self.offer = offer
    self.price = price
    self.expires = expires
  }
}
