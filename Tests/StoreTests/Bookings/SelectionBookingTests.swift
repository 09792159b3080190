import Booking
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// From what is selected to one booking of it, however many do what at the same time.
@Suite("Selections that are booked")
struct SelectionBookingTests {
  private static let now = Instant(secondsSinceEpoch: 1_800_000_000)
  private static let trip = TripID(high: 1, low: 2)
  private static let ada = SaleTraveller(givenName: "Ada", familyName: "Lovelace")
  private static let bob = SaleTraveller(givenName: "Bob", familyName: "Bee")

  private struct Selected {
    let database: Database
    let client: PostgresClient
    let references: [String]

    var store: ItineraryStore { database.itineraries }

    func count(_ table: SQL) async throws -> Int64 {
      try await client.query("select count(*) from \(table)").decodeOnly(Int64.self)
    }

    func keep(_ finding: SaleFinding, for number: Int) async throws {
      _ = try await database.transaction { transaction in
        try await store.keep(finding, for: references[number], at: now, in: transaction)
      }
    }

    func standing() async throws -> SelectionStanding {
      try #require(try await store.standing(ofSelection: trip))
    }
  }

  private static var nobody: PlanWriting { PlanWriting(.nobody, TripVisitor(user: nil)) { _ in } }

  private func naming(
    _ travellers: [SaleTraveller] = [ada, bob], caller: String = "account 1"
  ) -> TravellerNaming {
    TravellerNaming(travellers, caller: caller, policy: .bestEffort, collector: "cards", at: Self.now)
  }

  private func found(_ name: String, expiresIn seconds: Int64 = 3600) -> SaleFinding {
    .found(
      OfferKey(seller: "s", name: name), Money(minorUnits: 100, .euro), expires: Self.now.adding(seconds: seconds),
      shown: #"{"id":"s:\#(name)"}"#)
  }

  private func withSelection(items: Int = 2, _ body: (Selected) async throws -> Void) async throws {
    try await withTestDatabase(holding: .schema) { database in
      let client = database.client(connections: 12)
      let store = Database(client)
      let job = NewJob(kind: "itinerary.plan", payload: #"{"origin":"Paris"}"#)
      guard case .ordered(let id, let number) = try await store.itineraries.order(Self.trip, job, nil, by: Self.nobody)
      else {
        Issue.record("nothing was ordered")
        return
      }
      let claimed = ClaimedJob(
        run: JobRun(id: number, number: 1),
        lane: JobLane(id: 1, queue: "default", priority: 5, kind: "itinerary.plan", tenant: "", limit: nil),
        attempt: 1, attemptsMax: 3, secondsToDeadline: nil, isCancelled: false, waitedSeconds: 0, trace: nil,
        payload: job.payload)
      let plan = PlannedItinerary(
        request: job.payload, summary: #"{"currency":"EUR"}"#,
        travellers: #"{"rooms":1,"people":[{"age":30},{"age":31}]}"#,
        options: [StoredOption(number: 1, document: "{}", activityCount: 0)])
      _ = try await store.transaction { try await store.itineraries.keep(plan, of: claimed, in: $0) }
      let wish = SelectionWish(id, option: 1, request: nil, trace: nil)
      let selecting = try await store.itineraries.select(wish, by: Self.nobody) { _, _ in
        (0..<items).map { BookingOrder($0 % 2 == 0 ? .leg : .stay, details: #"{"number":\#($0)}"#) }
      }
      guard case .selected(let selection) = selecting else {
        Issue.record("nothing was selected: \(selecting)")
        return
      }
      try await body(Selected(database: store, client: client, references: selection.items.map(\.reference)))
      await client.close()
    }
  }

  @Test("where all is found and travellers are named there is one booking, under the references of the selection")
  func books() async throws {
    try await withSelection { selected in
      try await selected.keep(found("a"), for: 0)
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      let waiting = try await selected.standing()
      #expect(waiting.booking == nil && waiting.isLooking && waiting.travellers == [Self.ada, Self.bob])
      try await selected.keep(found("b"), for: 1)
      let standing = try await selected.standing()
      let id = try #require(standing.booking)
      let booking = try #require(try await selected.database.bookings.find(id))
      #expect(booking.trip == Self.trip && booking.caller == "account 1")
      #expect(booking.saga.items.map(\.reference.text) == selected.references)
      #expect(booking.saga.items.map(\.offer.name) == ["a", "b"] && booking.saga.collector == "cards")
      #expect(booking.saga.policy == .bestEffort && booking.travellers == [Self.ada, Self.bob])
      // The same people again change nothing; others come too late.
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      await #expect(throws: NamingFault.booked(booking.id)) {
        try await selected.store.name(naming([Self.bob, Self.ada]), for: Self.trip, by: Self.nobody)
      }
      #expect(try await selected.count("booking") == 1)
    }
  }

  @Test("what is not found is left out with its reason; where nothing is found there is no booking")
  func missing() async throws {
    try await withSelection { selected in
      try await selected.keep(found("a"), for: 0)
      try await selected.keep(.missing("nobody sells it"), for: 1)
      let shown = try await selected.standing()
      #expect(!shown.isLooking && shown.booking == nil && shown.sales[1].finding == .missing("nobody sells it"))
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      let id = try #require(try await selected.standing().booking)
      let booking = try await selected.database.bookings.find(id)
      #expect(booking?.saga.items.map(\.reference.text) == [selected.references[0]])
    }
    try await withSelection { selected in
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      for number in 0..<2 { try await selected.keep(.missing("nobody sells it"), for: number) }
      #expect(try await selected.count("booking") == 0)
    }
  }

  @Test("an offer that runs out before it is booked is looked for anew, and nothing is booked until then")
  func runsOut() async throws {
    try await withSelection { selected in
      try await selected.keep(found("a", expiresIn: 60), for: 0)
      try await selected.keep(found("b"), for: 1)
      // What has found it is over; its key is free.
      _ = try await selected.client.execute("delete from job where unique_key is not null")
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      let standing = try await selected.standing()
      #expect(standing.booking == nil && standing.sales[0].finding == nil && standing.sales[1].finding != nil)
      let payload = try await selected.client.query(
        "select payload::text from job join booking_item on booking_item.job_id = job.id where number = 1"
      ).decodeOnly(String.self)
      #expect(payload.contains(selected.references[0]) && payload.contains(#""age":31"#))
      try await selected.keep(found("c"), for: 0)
      let id = try #require(try await selected.standing().booking)
      let booking = try await selected.database.bookings.find(id)
      #expect(booking?.saga.items.map(\.offer.name) == ["c", "b"])
    }
  }

  @Test("what is looked for by a job that is given up or called off counts as not found, and the rest is booked")
  func givenUp() async throws {
    try await withSelection(items: 3) { selected in
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      try await selected.keep(found("a"), for: 0)
      #expect(try await selected.store.settleAbandoned(at: Self.now) == 0)
      // One is past its deadline, one is called off by an operator.
      _ = try await selected.client.execute(
        """
        update job set deadline = now() - interval '1 second'
        where id = (select job_id from booking_item where number = 2)
        """)
      try await selected.database.jobs.buryOverdue()
      let other = try await selected.client.query("select job_id from booking_item where number = 3").decodeOnly(
        Int64.self)
      _ = try await selected.database.jobs.cancel(JobID(other))
      #expect(try await selected.standing().isLooking)
      #expect(try await selected.store.settleAbandoned(at: Self.now) == 2)
      #expect(try await selected.store.settleAbandoned(at: Self.now) == 0)
      let standing = try await selected.standing()
      for sale in standing.sales.dropFirst() {
        guard case .missing(let reason) = sale.finding else {
          Issue.record("\(sale.reference) is still looked for")
          continue
        }
        #expect(reason.contains("given up"))
      }
      let id = try #require(standing.booking)
      let booking = try await selected.database.bookings.find(id)
      #expect(booking?.saga.items.map(\.offer.name) == ["a"])
    }
  }

  @Test("all jobs and whoever names travellers, all at once: one booking of everything")
  func atOnce() async throws {
    try await withSelection(items: 9) { selected in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<9 { group.addTask { try await selected.keep(found("o\(number)"), for: number) } }
        for _ in 0..<3 {
          group.addTask { try await selected.store.name(naming(), for: Self.trip, by: Self.nobody) }
        }
        try await group.waitForAll()
      }
      #expect(try await selected.count("booking") == 1)
      #expect(try await selected.count("booking_part") == 9)
      let told = try await selected.count(
        "job join job_lane on job_lane.id = job.lane where payload::text ~ 'booking.offers'")
      #expect(told >= 1)
    }
  }

  @Test("the number of people is the trip's, and whose booking it is to be is said once")
  func names() async throws {
    try await withSelection { selected in
      await #expect(throws: NamingFault.people(2)) {
        try await selected.store.name(naming([Self.ada]), for: Self.trip, by: Self.nobody)
      }
      await #expect(throws: NamingFault.noSelection) {
        try await selected.store.name(naming(), for: TripID(high: 1, low: 3), by: Self.nobody)
      }
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      await #expect(throws: NamingFault.others) {
        try await selected.store.name(naming(caller: "account 2"), for: Self.trip, by: Self.nobody)
      }
      try await selected.store.name(naming([Self.bob, Self.ada]), for: Self.trip, by: Self.nobody)
      let standing = try await selected.standing()
      #expect(standing.travellers == [Self.bob, Self.ada])
    }
  }

  @Test("more than a booking holds are told, and the rest is booked")
  func tooMany() async throws {
    try await withSelection(items: 21) { selected in
      for number in 0..<21 { try await selected.keep(found("o\(number)"), for: number) }
      try await selected.store.name(naming(), for: Self.trip, by: Self.nobody)
      #expect(try await selected.count("booking_part") == 20)
      guard case .missing(let reason) = try await selected.standing().sales[20].finding else {
        Issue.record("it says nothing")
        return
      }
      #expect(reason.contains("20 items"))
    }
  }
}
