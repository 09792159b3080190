import EventLoop
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// Somebody who has not said who they are, and may all the same.
private var nobody: PlanWriting { PlanWriting(.nobody, TripVisitor(user: nil)) { _ in } }

/// Trips' itineraries, what is selected of them, and the events that tell of it.
@Suite("Itineraries in the store")
struct ItineraryStoreTests {
  private struct Kept {
    let database: Database
    let client: PostgresClient
    let trip: TripID
    let itinerary: ItineraryID

    var store: ItineraryStore { database.itineraries }

    func count(_ table: SQL) async throws -> Int64 {
      try await client.query("select count(*) from \(table)").decodeOnly(Int64.self)
    }
  }

  private static let trip = TripID(high: 1, low: 2)

  private func withStore(_ body: (Database, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await body(Database(client), client)
    }
  }

  private func job(_ payload: String = #"{"origin":"Paris"}"#) -> NewJob {
    NewJob(kind: "itinerary.plan", payload: payload)
  }

  private func planned(options: Int = 2) -> PlannedItinerary {
    PlannedItinerary(
      request: #"{"origin":"Paris"}"#, summary: #"{"currency":"EUR"}"#, travellers: #"{"rooms":1}"#,
      options: (1...options).map { StoredOption(number: $0, document: #"{"n":\#($0)}"#, activityCount: 3) })
  }

  private func claimed(_ id: JobID) -> ClaimedJob {
    ClaimedJob(
      run: JobRun(id: id, number: 1),
      lane: JobLane(id: 1, queue: "default", priority: 5, kind: "itinerary.plan", tenant: "", limit: nil),
      attempt: 1, attemptsMax: 3, secondsToDeadline: nil, isCancelled: false, waitedSeconds: 0, trace: nil,
      payload: #"{"origin":"Paris"}"#)
  }

  /// A trip with an itinerary of two options.
  private func withItinerary(_ body: (Kept) async throws -> Void) async throws {
    try await withStore { database, client in
      guard case .ordered(let id, let job) = try await database.itineraries.order(Self.trip, job(), nil, by: nobody)
      else {
        Issue.record("nothing was ordered")
        return
      }
      let plan = planned()
      let claimed = claimed(job)
      try await database.transaction { transaction in
        _ = try await database.itineraries.keep(plan, of: claimed, in: transaction)
      }
      try await body(Kept(database: database, client: client, trip: Self.trip, itinerary: id))
    }
  }

  private func select(_ kept: Kept, _ option: Int, key: String? = nil) async throws -> Selecting {
    let request = key.map { RepeatableRequest(caller: "", key: $0, content: Array("select \(option)".utf8)) }
    return try await kept.store.select(
      SelectionWish(kept.itinerary, option: option, request: request, trace: nil), by: nobody
    ) { _, _ in [BookingOrder(.leg, details: #"{"a":1}"#), BookingOrder(.stay, details: #"{"b":2}"#)] }
  }

  @Test("an itinerary is there from the order on, and has its options once its job has ended")
  func orders() async throws {
    try await withStore { database, _ in
      guard case .ordered(let id, let job) = try await database.itineraries.order(Self.trip, job(), nil, by: nobody)
      else {
        Issue.record("nothing was ordered")
        return
      }
      let waiting = try #require(try await database.itineraries.find(id))
      #expect(waiting.plan == nil && waiting.job == job && waiting.trip == Self.trip && waiting.number == 1)
      let (plan, claimed) = (planned(), claimed(job))
      let keptAs = try await database.transaction { try await database.itineraries.keep(plan, of: claimed, in: $0) }
      #expect(keptAs.itinerary == id && keptAs.trip == Self.trip)
      let ready = try #require(try await database.itineraries.find(id))
      #expect(ready.plan?.options == plan.options)
      let second = try await database.itineraries.find(id, option: 2)
      #expect(second?.plan?.options.map(\.number) == [2])
    }
  }

  @Test("a first trip is seen until the plan is there, and only by whoever ordered it")
  func firstTrip() async throws {
    try await withStore { database, _ in
      guard case .ordered(let id, let job) = try await database.itineraries.order(Self.trip, job(), nil, by: nobody)
      else {
        Issue.record("nothing was ordered")
        return
      }
      let (plan, claimed) = (planned(), claimed(job))
      try await database.itineraries.show(#"{"cost":"1.00"}"#, of: self.claimed(JobID(job.rawValue + 1)))
      let none = try await database.itineraries.find(id)?.first
      #expect(none == nil)
      try await database.itineraries.show(#"{"cost":"1.00"}"#, of: claimed)
      let seen = try await database.itineraries.find(id)
      #expect(seen?.first == #"{"cost":"1.00"}"# && seen?.plan == nil)
      _ = try await database.transaction { try await database.itineraries.keep(plan, of: claimed, in: $0) }
      try await database.itineraries.show(#"{"cost":"2.00"}"#, of: claimed)
      let after = try await database.itineraries.find(id)
      #expect(after?.first == nil && after?.plan != nil)
    }
  }

  @Test("what nobody has ordered is kept on a trip of its own")
  func ownTrip() async throws {
    try await withStore { database, _ in
      let (plan, claimed) = (planned(), claimed(JobID(77)))
      let kept = try await database.transaction { try await database.itineraries.keep(plan, of: claimed, in: $0) }
      let found = try await database.itineraries.itineraries(of: kept.trip)
      #expect(found?.current.id == kept.itinerary)
      #expect(found?.next == nil)
    }
  }

  @Test("the newest planned itinerary stands for the trip while the next is being planned, and old ones go")
  func current() async throws {
    try await withItinerary { kept in
      _ = try await kept.store.order(kept.trip, job(), nil, by: nobody)
      let found = try #require(try await kept.store.itineraries(of: kept.trip))
      #expect(found.current.id == kept.itinerary)
      #expect(found.next?.number == 2)
      for _ in 0..<ItineraryStore.countMax { _ = try await kept.store.order(kept.trip, job(), nil, by: nobody) }
      let first = try await kept.store.find(kept.itinerary)
      #expect(first == nil)
      let count = try await kept.count("itinerary")
      #expect(count == Int64(ItineraryStore.countMax) + 1)
    }
  }

  @Test("an order that is sent twice with one key is one order; another with the key is refused")
  func repeats() async throws {
    try await withStore { database, _ in
      let request = RepeatableRequest(caller: "", key: "k", content: [1])
      let first = try await database.itineraries.order(Self.trip, job(), request, by: nobody)
      let again = try await database.itineraries.order(Self.trip, job(), request, by: nobody)
      #expect(first == again)
      let other = try await database.itineraries.order(
        Self.trip, job(), RepeatableRequest(caller: "", key: "k", content: [2]), by: nobody)
      #expect(other == .different)
      let jobs = try await database.jobs.list(JobFilter()).jobs
      #expect(jobs.count == 1)
    }
  }

  @Test("an option is replaced by who knows the newest revision, and nobody else; each change is an event")
  func replaces() async throws {
    try await withItinerary { kept in
      let option = StoredOption(number: 1, document: #"{"n":9}"#, activityCount: 4)
      let next = try await kept.store.replace(option, of: kept.itinerary, from: 1, trace: nil, by: nobody)
      #expect(next == 2)
      let late = try await kept.store.replace(
        StoredOption(number: 1, document: "{}", activityCount: 4), of: kept.itinerary, from: 1, trace: nil, by: nobody)
      #expect(late == nil)
      let found = try await kept.store.find(kept.itinerary)
      #expect(found?.plan?.options.first == option)
      let kinds = try await kept.client.query("select kind from outbox order by id").decode(String.self)
      #expect(kinds == ["itinerary.planned", "itinerary.changed"])
    }
  }

  @Test("a selection stores its jobs, its notification and its event; the same again is the first; another is refused")
  func selects() async throws {
    try await withItinerary { kept in
      guard case .selected(let selection) = try await select(kept, 2, key: "once") else {
        Issue.record("nothing was selected")
        return
      }
      #expect(selection.items.map(\.kind) == [.leg, .stay])
      let again = try await select(kept, 2, key: "once")
      #expect(again == .already(selection))
      let withoutKey = try await select(kept, 2)
      #expect(withoutKey == .already(selection))
      let other = try await select(kept, 1)
      #expect(other == .other(selection))
      let misused = try await select(kept, 1, key: "once")
      #expect(misused == .different)
      let kinds = try await kept.client.query(
        "select kind from job join job_lane on job_lane.id = job.lane where kind <> 'itinerary.plan' order by job.id"
      ).decode(String.self)
      #expect(kinds == ["notification.tell", "booking.book", "booking.book"])
      let events = try await kept.client.query("select kind from outbox order by id").decode(String.self)
      #expect(events == ["itinerary.planned", "itinerary.selected"])
      let after = try await kept.store.order(kept.trip, job(), nil, by: nobody)
      #expect(after == .booked(kept.itinerary, option: 2))
    }
  }

  @Test("what a booking job works on says everything: reference, trip, what, for whom")
  func bookingPayload() async throws {
    try await withItinerary { kept in
      guard case .selected(let selection) = try await select(kept, 1) else {
        Issue.record("nothing was selected")
        return
      }
      let first = try #require(selection.items.first)
      let job = try #require(try await kept.database.jobs.find(first.job))
      #expect(job.queue == "booking")
      let wanted =
        #"{"reference":"\#(first.reference)","trip":"\#(kept.trip)","itinerary":"\#(kept.itinerary)","option":1,"kind":"leg","item":{"a":1},"travellers":{"rooms":1}}"#
      #expect(job.payload == wanted)
    }
  }

  @Test("what is not there cannot be selected, and nothing is stored")
  func refuses() async throws {
    try await withItinerary { kept in
      let tooHigh = try await select(kept, 3)
      #expect(tooHigh == .noOption(count: 2))
      let none = try await kept.store.select(
        SelectionWish(ItineraryID(high: 0, low: 9), option: 1, request: nil, trace: nil), by: nobody
      ) { _, _ in [] }
      #expect(none == .noItinerary)
      guard case .ordered(let waiting, let job) = try await kept.store.order(kept.trip, job(), nil, by: nobody) else {
        Issue.record("nothing was ordered")
        return
      }
      let early = try await kept.store.select(SelectionWish(waiting, option: 1, request: nil, trace: nil), by: nobody) {
        _, _ in []
      }
      #expect(early == .notPlanned(job))
      let count = try await kept.count("itinerary_selection")
      #expect(count == 0)
    }
  }

  @Test("of many that select at once, exactly one option wins, and its jobs are there once")
  func races() async throws {
    try await withItinerary { kept in
      let outcomes = try await withThrowingTaskGroup(of: Selecting.self) { group in
        for number in 0..<12 { group.addTask { try await select(kept, number % 2 + 1) } }
        return try await group.reduce(into: [Selecting]()) { $0.append($1) }
      }
      let winners = outcomes.filter { if case .selected = $0 { true } else { false } }
      #expect(winners.count == 1)
      #expect(outcomes.filter { if case .other = $0 { true } else { false } }.count == 6)
      let items = try await kept.count("booking_item")
      let jobs = try await kept.count("job where unique_key is not null")
      #expect(items == 2 && jobs == 2)
    }
  }

  @Test("what fails on the way leaves nothing: no selection, no job, no event")
  func allOrNothing() async throws {
    try await withItinerary { kept in
      let before = try await kept.count("job")
      // The last thing that is written is refused.
      try await kept.client.execute(
        "alter table outbox add check (kind <> 'itinerary.selected')")
      await #expect(throws: StoreError.self) { _ = try await select(kept, 1, key: "k") }
      for table: SQL in ["itinerary_selection", "booking_item", "idempotency_key"] {
        let count = try await kept.count(table)
        #expect(count == 0)
      }
      let after = try await kept.count("job")
      #expect(before == after)
      let found = try await kept.store.find(kept.itinerary)
      #expect(found?.revision == 1)
    }
  }

  @Test("where the connection dies in the midst of a selection nothing is there of it, and it can be made again")
  func diesBetween() async throws {
    try await withItinerary { kept in
      let before = try await kept.count("job")
      for statement: SQL in [
        """
        create function die() returns trigger language plpgsql as $$
        begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$
        """, "create trigger die before insert on booking_item for each row execute function die()",
      ] { try await kept.client.execute(statement) }
      await #expect(throws: StoreError.self) { _ = try await select(kept, 1, key: "k") }
      try await kept.client.execute("drop trigger die on booking_item")
      let after = try await kept.count("job")
      let selections = try await kept.count("itinerary_selection")
      #expect(before == after && selections == 0)
      guard case .selected(let selection) = try await select(kept, 1, key: "k") else {
        Issue.record("nothing was selected")
        return
      }
      #expect(selection.items.count == 2)
    }
  }

  @Test("a plan whose job is not its worker's any more leaves the itinerary as it was")
  func lostPlan() async throws {
    try await withStore { database, client in
      guard case .ordered(let id, let job) = try await database.itineraries.order(Self.trip, job(), nil, by: nobody)
      else {
        Issue.record("nothing was ordered")
        return
      }
      let (plan, claimed) = (planned(), claimed(job))
      struct Lost: Error {}
      await #expect(throws: Lost.self) {
        try await database.transaction { transaction in
          _ = try await database.itineraries.keep(plan, of: claimed, in: transaction)
          throw Lost()
        }
      }
      let found = try #require(try await database.itineraries.find(id))
      let options = try await client.query("select count(*) from itinerary_option").decodeOnly(Int64.self)
      let events = try await client.query("select count(*) from outbox").decodeOnly(Int64.self)
      #expect(found.plan == nil && options == 0 && events == 0)
    }
  }

  @Test("plans of nobody go in time, unless they were selected, changed, or are somebody's")
  func forgetsPlans() async throws {
    let old: SQL = "now() - interval '91 days'"
    try await withItinerary { kept in
      let trips = kept.database.trips
      try await kept.client.execute("update trip set created_at = \(old)")
      var removed = try await trips.clearAway().plans
      #expect(removed == 0, "changed just now")
      try await kept.client.execute("update itinerary set changed_at = \(old)")
      let somebody = UserID(high: 7, low: 7)
      try await kept.client.execute("update trip set account_id = \(somebody)")
      removed = try await trips.clearAway().plans
      #expect(removed == 0, "somebody's")
      try await kept.client.execute("update trip set account_id = null")
      removed = try await trips.clearAway().plans
      #expect(removed == 1)
      let left = try await kept.count("itinerary_option")
      #expect(left == 0)
    }
    try await withItinerary { kept in
      _ = try await select(kept, 1)
      try await kept.client.execute("update trip set created_at = \(old)")
      try await kept.client.execute("update itinerary set changed_at = \(old)")
      let removed = try await kept.database.trips.clearAway().plans
      #expect(removed == 0, "booked")
    }
  }

  @Test("events that nobody took go in time")
  func clearsEvents() async throws {
    try await withItinerary { kept in
      try await kept.client.execute("update outbox set created_at = now() - interval '31 days'")
      _ = try await kept.database.jobs.keepArchive(JobRetention())
      let count = try await kept.count("outbox")
      #expect(count == 0)
    }
  }
}
