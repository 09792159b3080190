import BudgetWire
import EventLoop
import HTTP
import ItineraryWire
import JSON
import Kernel
import Postgres
import Store
import TestSupport
import Testing
import Worker

@testable import API

/// Trips from the request to the selection, over HTTP, with a real worker and a real database.
@Suite("Planned trips over HTTP", .serialized)
struct PlannerTests {
  private typealias Answer = ApplicationFixture.Answer
  private static let json: HTTPFields = ["Content-Type": "application/json"]
  private static let trip = TinyWorld.trip

  private static func fields(_ more: (String, String)...) -> HTTPFields {
    var fields = json
    for (name, value) in more { fields.set(name, value) }
    return fields
  }

  /// Has the trip planned and waits until it is.
  private func planned(
    _ app: ApplicationFixture, _ request: String = TinyWorld.request, trip: String = trip
  ) async throws -> Answer {
    let ordered = try await app.send(.post, "/planner/\(trip)/generate", Self.json, body: request)
    #expect(ordered.status == 202, "\(ordered.text)")
    return try await settled(app, trip)
  }

  /// What stands for the trip once nothing is being planned any more.
  private func settled(_ app: ApplicationFixture, _ trip: String = trip) async throws -> Answer {
    for _ in 0..<1500 {
      let answer = try await app.send(.get, "/v1/planner/\(trip)/itinerary")
      let next = try JSONDocument(bytes: answer.body).root.find("/next/state")?.string
      if try answer.string("/state") != "planning", next != "planning" { return answer }
      try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
    }
    throw CancellationError()
  }

  private struct Visit {
    let day: String
    let activity: String
    let name: String
    let kind: String
    let start: String
    let end: String
  }

  private func visits(_ answer: Answer, _ option: String = "/options/0") throws -> [Visit] {
    var result: [Visit] = []
    let root = try JSONDocument(bytes: answer.body).root
    for stay in try #require(try root.find("\(option)/stays")?.array) {
      for day in try #require(try stay.find("/days")?.array) {
        for visit in try #require(try day.find("/visits")?.array) {
          func text(_ name: String) throws -> String { try #require(try visit.find("/\(name)")?.string) }
          result.append(
            Visit(
              day: try #require(try day.find("/date")?.string), activity: try text("activity"), name: try text("name"),
              kind: try text("kind"), start: try text("start"), end: try text("end")))
        }
      }
    }
    return result
  }

  private func names(_ answer: Answer, _ list: String) throws -> [String] {
    try #require(try JSONDocument(bytes: answer.body).root.find("/change/\(list)")?.array).compactMap {
      try $0.find("/name")?.string
    }
  }

  // MARK: Planning

  @Test("a request becomes an itinerary with options, whose days have numbered activities")
  func generates() async throws {
    try await TinyWorld.run { app in
      let answer = try await planned(app)
      #expect(try answer.string("/state") == "ready", "\(answer.text)")
      let id = try #require(try answer.string("/id"))
      #expect(answer.field("ETag")?.hasSuffix("\"\(id).1\"") == true)
      let numbers = try visits(answer).map(\.activity)
      #expect(numbers.count > 4 && Set(numbers).count == numbers.count)
      let whole = try await app.send(.get, "/v1/itineraries/\(id)")
      #expect(whole.body == answer.body)
      let known = try await app.status(.get, "/v1/itineraries/\(id)", ["If-None-Match": "\"\(id).1\""])
      #expect(known == 304)
      let option = try await app.send(.get, "/v1/itineraries/\(id)/options/1")
      #expect(try option.string("/currency") == "EUR")
      #expect(try visits(option, "").map(\.name) == visits(answer).map(\.name))
      let job = try #require(try answer.string("/job"))
      let result = try await app.send(.get, "/v1/jobs/\(job)/result")
      #expect(try result.string("/itinerary") == id)
      #expect(try result.string("/options/0/start") == "2026-06-05")
    }
  }

  @Test("in a wheelchair one is sent nowhere that is known to have no way in, and cannot ask for it")
  func wheelchair() async throws {
    try await TinyWorld.run { app in
      let plain = try await planned(app)
      #expect(try visits(plain).map(\.name).contains("Begijnhof"))
      let other = "0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c56"
      let request = TinyWorld.request.replacing("\"party\": 2,", with: "\"party\": 2, \"wheelchair\": true,")
      let answer = try await planned(app, request, trip: other)
      #expect(try answer.string("/state") == "ready", "\(answer.text)")
      let names = try visits(answer).map(\.name)
      #expect(!names.isEmpty && !names.contains("Begijnhof"), "\(names)")
      let wish = request.replacing("\"options\": 3,", with: "\"options\": 3, \"mustSee\": [\"Begijnhof\"],")
      let refused = try await app.send(.post, "/planner/\(other)/generate", Self.json, body: wish)
      #expect(refused.status == 422 && refused.text.contains("/mustSee/0"), "\(refused.text)")
    }
  }

  @Test("a job of this kind that no trip has asked for is kept on a trip of its own")
  func job() async throws {
    try await TinyWorld.run { app in
      let submitted = try await app.send(
        .post, "/v1/jobs", Self.json, body: #"{"kind":"itinerary.plan","payload":\#(TinyWorld.request)}"#)
      let id = try #require(try submitted.string("/id"))
      var trip: String?
      for _ in 0..<1500 where trip == nil {
        let result = try await app.send(.get, "/v1/jobs/\(id)/result")
        if result.status == 200 { trip = try result.string("/trip") }
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(20))
      }
      let answer = try await app.send(.get, "/planner/\(try #require(trip))/itinerary")
      #expect(try answer.string("/state") == "ready")
    }
  }

  @Test(
    "what cannot be planned is refused before it is stored, with the place and the mend",
    arguments: [
      (
        #"{"origin":"Paris","destinations":["Amsterdm"],"dates":{"month":"2026-06"}}"#, 422, "/destinations/0",
        "Amsterdam"
      ),
      (#"{"origin":"Paris","destinations":["Amsterdam"]}"#, 422, "/dates", "month"),
      (
        #"{"origin":"Paris","destinations":["Amsterdam"],"dates":{"month":"2026-06"},"pase":"x"}"#, 422, "/pase", "pace"
      ),
    ])
  func refuses(_ body: String, _ status: Int, _ pointer: String, _ mend: String) async throws {
    try await TinyWorld.run(worker: false) { app in
      let answer = try await app.send(.post, "/v1/planner/\(Self.trip)/generate", Self.json, body: body)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.string("/errors/0/pointer") == pointer)
      #expect(answer.text.contains(mend), "\(answer.text)")
      let none = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(none.status == 404)
      let jobs = try await app.database.jobs.list(JobFilter()).jobs
      #expect(jobs.isEmpty)
    }
  }

  @Test("a wrong id, another kind of key and a body that is no JSON are told as such")
  func wrongCalls() async throws {
    try await TinyWorld.run(worker: false) { app in
      let notAnID = try await app.send(.post, "/planner/summer/generate", Self.json, body: TinyWorld.request)
      #expect(notAnID.status == 400)
      #expect(try notAnID.string("/errors/0/pointer") == "trip_id")
      let unknown = try await app.send(.get, "/v1/itineraries/\(Self.trip)")
      #expect(unknown.status == 404)
      let noJSON = try await app.status(.post, "/planner/\(Self.trip)/generate", body: TinyWorld.request)
      #expect(noJSON == 415)
      let (one, other) = (Self.fields(("Idempotency-Key", "a")), TinyWorld.request.replacing("3}", with: "2}"))
      let first = try await app.send(.post, "/planner/\(Self.trip)/generate", one, body: TinyWorld.request)
      let again = try await app.send(.post, "/planner/\(Self.trip)/generate", one, body: TinyWorld.request)
      #expect(first.status == 202 && first.body == again.body)
      let misused = try await app.status(.post, "/planner/\(Self.trip)/generate", one, body: other)
      #expect(misused == 422)
    }
  }

  @Test(
    "where no catalogue can be read nothing is planned, and nobody outside hears of files", arguments: [false, true])
  func withoutCatalogue(asJob: Bool) async throws {
    struct Unreadable: Error, CustomStringConvertible { let description = "/home/secret/cities.csv cannot be read" }
    let trips = TripLibrary(
      TripLibrary.Loading(
        catalogue: { throw Unreadable() }, router: { throw Unreadable() }, generation: { nil }),
      budget: BudgetLibrary())
    try await ApplicationFixture.run(
      .live,
      change: { surroundings in
        surroundings.trips = trips
        surroundings.jobKinds = [.itineraryPlan(trips)]
      }
    ) { app in
      let answer =
        asJob
        ? try await app.send(
          .post, "/v1/jobs", Self.fields(),
          body: #"{"kind":"itinerary.plan","payload":\#(TinyWorld.request)}"#)
        : try await app.send(.post, "/planner/\(Self.trip)/generate", Self.fields(), body: TinyWorld.request)
      #expect(answer.status == 503 && answer.field("Retry-After") != nil, "\(answer.text)")
      #expect(answer.text.contains("reason in its log") && !answer.text.contains("secret"), "\(answer.text)")
    }
  }

  @Test("a request that fails for good ends as a dead letter, and the trip says why")
  func poisoned() async throws {
    try await TinyWorld.run { app in
      // The timetables end with 2027.
      let body = TinyWorld.request.replacing("2026-06", with: "2040-06")
      let answer = try await planned(app, body)
      #expect(try answer.string("/state") == "failed", "\(answer.text)")
      let reason = try #require(try answer.string("/reason"))
      #expect(reason.contains("2027-12-31"), "\(reason)")
      let job = try await app.send(.get, "/v1/jobs/\(try #require(try answer.string("/job")))")
      #expect(try job.string("/state") == "dead")
      let edit = try await app.send(
        .delete, "/planner/\(Self.trip)/activity/a1", Self.fields(("If-Match", "*")))
      #expect(edit.status == 409 && edit.text.contains("could not be planned"), "\(edit.text)")
      // The next request is planned as if nothing had been.
      let next = try await planned(app)
      #expect(try next.string("/state") == "ready")
    }
  }

  @Test("a plan whose stage takes too long is given up, with the stage and what would help")
  func stageLimit() async throws {
    try await TinyWorld.run(stageLimit: .zero) { app in
      let answer = try await planned(app)
      #expect(try answer.string("/state") == "failed")
      #expect(try answer.string("/reason")?.contains("its stage journeys took longer than") == true, "\(answer.text)")
      #expect(try JSONDocument(bytes: answer.body).root.find("/options") == nil)
    }
  }

  @Test("a cancelled job leaves nothing half-written, and the trip says that it was cancelled")
  func cancelled() async throws {
    try await TinyWorld.run(worker: false) { app in
      let ordered = try await app.send(.post, "/planner/\(Self.trip)/generate", Self.json, body: TinyWorld.request)
      let job = try #require(try ordered.string("/job"))
      let waiting = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(try waiting.string("/state") == "planning")
      let gone = try await app.status(.delete, "/v1/jobs/\(job)")
      #expect(gone == 200)
      let after = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(try after.string("/state") == "cancelled")
      #expect(try JSONDocument(bytes: after.body).root.find("/options") == nil)
      let id = try #require(try after.string("/id"))
      let select = try await app.send(.post, "/v1/itineraries/\(id)/options/1/select", Self.json)
      #expect(select.status == 409 && select.text.contains("cancelled"))
    }
  }

  @Test("a job that is cancelled while it runs has planned all or nothing")
  func cancelledWhileRunning() async throws {
    try await TinyWorld.run { app in
      let ordered = try await app.send(.post, "/planner/\(Self.trip)/generate", Self.json, body: TinyWorld.request)
      let job = try #require(try ordered.string("/job"))
      for _ in 0..<500 where try await app.send(.get, "/v1/jobs/\(job)").string("/state") == "waiting" {
        try await TestCluster.loops.loops[0].sleep(for: .milliseconds(2))
      }
      _ = try await app.send(.delete, "/v1/jobs/\(job)")
      let answer = try await settled(app)
      let state = try #require(try answer.string("/state"))
      #expect(state == "cancelled" || state == "ready")
      let options = try JSONDocument(bytes: answer.body).root.find("/options")?.array.count
      #expect((options ?? 0 > 0) == (state == "ready"), "\(state): \(answer.text)")
      try await app.database.transaction { transaction in
        let events = try await transaction.query("select count(*) from outbox").decodeOnly(Int64.self)
        let rows = try await transaction.query("select count(*) from itinerary_option").decodeOnly(Int64.self)
        #expect((events == 1) == (state == "ready") && (rows > 0) == (state == "ready"))
      }
    }
  }

  @Test("a newer plan that fails leaves the older one in force, and is told beside it")
  func next() async throws {
    try await TinyWorld.run { app in
      let first = try await planned(app)
      let second = try await planned(app, TinyWorld.request.replacing("2026-06", with: "2040-06"))
      #expect(try second.string("/id") == first.string("/id"))
      #expect(try second.string("/next/state") == "failed")
      #expect(try second.string("/next/reason")?.contains("2027-12-31") == true)
    }
  }

  // MARK: Selecting

  @Test(
    "a selection writes its bookings, its notification and its event; the same again is the same, another is refused")
  func selects() async throws {
    try await TinyWorld.run { app in
      let itinerary = try await planned(app)
      let id = try #require(try itinerary.string("/id"))
      let path = "/v1/itineraries/\(id)/options/1/select"
      let key = Self.fields(("Idempotency-Key", "book-it"), ("If-Match", try #require(itinerary.field("ETag"))))
      let first = try await app.send(.post, path, key)
      #expect(first.status == 202, "\(first.text)")
      let again = try await app.send(.post, path, key)
      let withoutKey = try await app.send(.post, path)
      #expect(first.body == again.body && first.body == withoutKey.body)
      let bookings = try #require(try JSONDocument(bytes: first.body).root.find("/bookings")?.array)
      #expect(try bookings.map { try #require(try $0.find("/kind")?.string) } == ["leg", "stay", "leg"])
      let leg = try #require(bookings.first { _ in true })
      #expect(try leg.find("/item/rides/0/trip")?.string.hasPrefix("tiny:there-") == true)
      // Whoever runs the installation sees these jobs, nobody else.
      let operators = ApplicationFixture.operatorFields()
      let job = "/v1/jobs/\(try #require(try leg.find("/job")?.string))"
      #expect(try await app.status(.get, job) == 404)
      let payload = try await app.send(.get, job, operators)
      #expect(try payload.string("/kind") == "booking.book")
      #expect(try payload.string("/queue") == "booking")
      #expect(try payload.string("/payload/reference") == leg.find("/reference")?.string)
      #expect(try payload.string("/payload/travellers/people/1/name") == "Traveller 2")
      #expect(try payload.string("/payload/item/price/currency") == "EUR")
      let notification = try await app.send(
        .get, "/v1/jobs/\(try #require(try first.string("/notification")))", operators)
      #expect(try notification.string("/kind") == "notification.tell")
      let other = try await app.send(.post, "/v1/itineraries/\(id)/options/2/select")
      #expect(other.status == 409, "\(other.text)")
      #expect(try other.string("/type") == "/problems/trip-selected")
      let after = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(after.text.contains(#""selection":{"#))
      let anew = try await app.status(.post, "/planner/\(Self.trip)/generate", Self.json, body: TinyWorld.request)
      #expect(anew == 409)
    }
  }

  @Test("who travels is said by somebody who has signed in; until then everything selected is looked for")
  func travellers() async throws {
    try await TinyWorld.run { app in
      let id = try #require(try await planned(app).string("/id"))
      let path = "/v1/itineraries/\(id)/options/1/select"
      let naming = #"{"travellers":[{"givenName":"Ada","familyName":"Lovelace"}]}"#
      let named = try await app.send(.post, path, Self.json, body: naming)
      #expect(named.status == 401, "\(named.text)")
      let standing = "/v1/planner/\(Self.trip)/bookings"
      let none = try await app.send(.get, standing)
      #expect(none.status == 404 && none.text.contains("nothing-selected"), "\(none.text)")
      let notJSON = try await app.status(.post, path, body: naming)
      #expect(notJSON == 415)
      let selected = try await app.status(.post, path)
      #expect(selected == 202)
      let looking = try await app.send(.get, standing)
      let items = try #require(try JSONDocument(bytes: looking.body).root.find("/items")?.array)
      #expect(try looking.string("/state") == "looking" && items.count == 3, "\(looking.text)")
      let people = try JSONDocument(bytes: looking.body).root.find("/people")?.int
      #expect(people == 2 && !looking.text.contains("Traveller"))
      let put = try await app.status(.put, standing, Self.json, body: naming)
      #expect(put == 401)
    }
  }

  @Test("of two that select at once exactly one wins; a wrong option, itinerary or version is told")
  func races() async throws {
    try await TinyWorld.run { app in
      let id = try #require(try await planned(app).string("/id"))
      for (path, status) in [
        ("\(id)/options/9/select", 404), ("\(id)/options/x/select", 400), ("\(Self.trip)/options/1/select", 404),
      ] {
        let answer = try await app.send(.post, "/v1/itineraries/\(path)")
        #expect(answer.status == status, "\(path): \(answer.text)")
      }
      let stale = try await app.status(.post, "/v1/itineraries/\(id)/options/1/select", ["If-Match": "\"\(id).7\""])
      #expect(stale == 412)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...2 {
          group.addTask { try await app.status(.post, "/v1/itineraries/\(id)/options/\(number)/select") }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.sorted() == [202, 409])
    }
  }

  // MARK: Changing days

  @Test("an activity that goes leaves the rest where it was, and what that comes to is told")
  func removes() async throws {
    try await TinyWorld.run { app in
      let before = try await planned(app)
      let number = try #require(
        try (0..<3).first { option in
          guard try JSONDocument(bytes: before.body).root.find("/options/\(option)") != nil else { return false }
          return try visits(before, "/options/\(option)").contains { $0.name == "Van Gogh Museum" }
        })
      let all = try visits(before, "/options/\(number)")
      let museum = try #require(all.first { $0.name == "Van Gogh Museum" })
      let tag = try #require(before.field("ETag"))
      let path = "/planner/\(Self.trip)/activity/\(museum.activity)?option=\(number + 1)"
      let answer = try await app.send(.delete, path, Self.fields(("If-Match", tag)))
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try names(answer, "removed") == ["Van Gogh Museum"])
      #expect(try names(answer, "dropped").isEmpty && names(answer, "moved").isEmpty && names(answer, "added").isEmpty)
      #expect(try names(answer, "retimed").isEmpty, "\(before.text)\n\n\(answer.text)")
      #expect(try answer.string("/change/ticketsMore") == "-44.00")
      let after = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(after.field("ETag") == answer.field("ETag") && after.field("ETag") != tag)
      let rest = try visits(after, "/options/\(number)")
      #expect(rest.map(\.activity) == all.map(\.activity).filter { $0 != museum.activity })
      for visit in rest {
        let old = try #require(all.first { $0.activity == visit.activity })
        #expect(visit.day == old.day && visit.start == old.start && visit.end == old.end, "\(visit) was \(old)")
      }
      let (cost, old) = (
        try #require(try after.string("/options/\(number)/cost")),
        try #require(try before.string("/options/\(number)/cost"))
      )
      // All else costs what it did when it was planned.
      #expect(try Money(cost, .euro).minorUnits == Money(old, .euro).minorUnits - 4400)
      let again = try await app.send(
        .delete, path, Self.fields(("If-Match", try #require(after.field("ETag")))))
      #expect(again.status == 404, "\(again.text)")
    }
  }

  @Test("whoever changes what somebody else has changed is told 412, whoever does not say which version 428")
  func versions() async throws {
    try await TinyWorld.run { app in
      let before = try await planned(app)
      let tag = try #require(before.field("ETag"))
      let first = try #require(try visits(before).first?.activity)
      let blind = try await app.status(.delete, "/planner/\(Self.trip)/activity/\(first)")
      #expect(blind == 428)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for visit in try visits(before).prefix(4) {
          group.addTask {
            try await app.status(
              .delete, "/planner/\(Self.trip)/activity/\(visit.activity)", Self.fields(("If-Match", tag)))
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200, 412, 412, 412])
    }
  }

  @Test("something of one's own comes in at its time, and stays there through later changes")
  func adds() async throws {
    try await TinyWorld.run { app in
      let before = try await planned(app)
      let body =
        #"{"day":"2026-06-06","name":"Coffee with Ann","lat":52.3731,"lon":4.8926,"at":"15:00","minutes":60}"#
      let added = try await app.send(
        .post, "/v1/planner/\(Self.trip)/activity/add",
        Self.fields(("If-Match", try #require(before.field("ETag")))), body: body)
      #expect(added.status == 201, "\(added.text)")
      #expect(try names(added, "added") == ["Coffee with Ann"])
      let coffee = try #require(try added.string("/activity"))
      let later = try await app.send(
        .post, "/planner/\(Self.trip)/activity/add", Self.fields(("If-Match", try #require(added.field("ETag")))),
        body: #"{"day":3,"sight":"Night Market"}"#)
      #expect(later.status == 201, "\(later.text)")
      let days = try visits(later, "/option")
      let kept = try #require(days.first { $0.activity == coffee })
      #expect(kept.day == "2026-06-06" && kept.start == "15:00" && kept.end == "16:00" && kept.kind == "own")
      let market = try #require(days.first { $0.name == "Night Market" })
      #expect(market.day == "2026-06-07" && market.start >= "18:00")
      for (one, other) in zip(days, days.dropFirst()) where one.day == other.day { #expect(one.end <= other.start) }
    }
  }

  @Test("a day becomes what is asked, in that order, at the times that are named")
  func setsDay() async throws {
    try await TinyWorld.run { app in
      let before = try await planned(app)
      let other = try visits(before).filter { $0.day != "2026-06-06" }
      // Something of another day comes along.
      let guest = try #require(other.first { $0.kind == "sight" && $0.name != "Night Market" })
      let body =
        #"{"activities":[{"name":"Breakfast","lat":52.374,"lon":4.889,"at":"09:30","minutes":45},{"activity":"\#(guest.activity)"}]}"#
      let answer = try await app.send(
        .put, "/planner/\(Self.trip)/day/2", Self.fields(("If-Match", try #require(before.field("ETag")))), body: body)
      #expect(answer.status == 200, "\(answer.text)")
      let day = try visits(answer, "/option").filter { $0.day == "2026-06-06" }
      #expect(day.map(\.name) == ["Breakfast", guest.name], "\(answer.text)")
      #expect(day.first?.start == "09:30")
      #expect(try names(answer, "moved") == [guest.name])
      let rest = try visits(answer, "/option").filter { $0.day != "2026-06-06" }
      #expect(try names(answer, "retimed").isEmpty, "\(before.text)\n\n\(answer.text)")
      #expect(rest.map(\.activity) == other.map(\.activity).filter { $0 != guest.activity })
      let empty = try await app.send(
        .put, "/planner/\(Self.trip)/day/2026-06-06",
        Self.fields(("If-Match", try #require(answer.field("ETag")))), body: #"{"activities":[]}"#)
      #expect(empty.status == 200)
      #expect(try visits(empty, "/option").allSatisfy { $0.day != "2026-06-06" })
    }
  }

  /// What is sent, what is answered, where and why.
  private static let impossible: [(path: String, body: String, status: Int, pointer: String, hint: String)] = [
    ("activity/add", #"{"day":"2026-06-08","sight":"Royal Palace"}"#, 422, "", "closed on 2026-06-08"),
    ("activity/add", #"{"day":"2026-06-06","sight":"Night Market"}"#, 422, "", "closed on 2026-06-06"),
    (
      "activity/add", #"{"day":"2026-06-07","sight":"Night Market","at":"10:00"}"#, 422, "",
      "cannot be visited from 10:00"
    ),
    ("activity/add", #"{"day":"2026-06-20","sight":"Night Market"}"#, 422, "", "choose one of 2026-06-05"),
    ("activity/add", #"{"sight":"Vondelpark"}"#, 422, "", "on the trip already, as a"),
    ("activity/add", #"{"sight":"Nigth Market"}"#, 422, "/sight", "Night Market"),
    ("activity/add", #"{"name":"Nap","lat":52.37,"lon":4.89}"#, 422, "/minutes", "how long"),
    ("activity/add", #"{"name":"Nap","lat":52.37,"lon":4.89,"minutes":60,"at":"12:00"}"#, 422, "/at", "without a day"),
    ("activity/add", #"{"name":"Opera","lat":52.37,"lon":4.89,"minutes":60,"at":"23:00","day":2}"#, 422, "", "09:00"),
    ("activity/add", #"{"nam":"Nap"}"#, 422, "/nam", "did you mean \"name\""),
    (
      "activity/add", #"{"name":"March","lat":52.37,"lon":4.89,"minutes":1440,"day":2}"#, 422, "",
      "does not fit|be reached"
    ),
    ("day/2026-06-06", #"{"activities":[{"activity":"a999"}]}"#, 422, "/activities/0/activity", "no activity a999"),
    ("day/2026-06-08", #"{"activities":[{"sight":"Royal Palace"}]}"#, 422, "/activities/0", "closed"),
    (
      "day/2",
      #"{"activities":[{"name":"A","lat":52.37,"lon":4.89,"minutes":60,"at":"12:00"},{"name":"B","lat":52.37,"lon":4.89,"minutes":60,"at":"11:00"}]}"#,
      422, "/activities/1/at", "stands above"
    ),
    (
      "day/2",
      #"{"activities":[{"name":"A","lat":52.37,"lon":4.89,"minutes":90,"at":"12:00"},{"name":"B","lat":52.37,"lon":4.89,"minutes":60,"at":"12:30"}]}"#,
      422, "/activities/", "does not fit"
    ), ("day/tomorrow", #"{"activities":[]}"#, 400, "day", "2026-06-01"),
    ("day/99", #"{"activities":[]}"#, 422, "", "choose one of"),
  ]

  @Test("what cannot be is told with its place and reason, and nothing is changed")
  func impossible() async throws {
    try await TinyWorld.run { app in
      let before = try await planned(app)
      let fields = Self.fields(("If-Match", try #require(before.field("ETag"))))
      for (path, body, status, pointer, hint) in Self.impossible {
        let method: HTTPMethod = path.hasPrefix("day") ? .put : .post
        let answer = try await app.send(method, "/planner/\(Self.trip)/\(path)", fields, body: body)
        #expect(answer.status == status, "\(path) \(body): \(answer.text)")
        #expect(answer.field("Content-Type") == "application/problem+json")
        #expect(try answer.string("/errors/0/pointer")?.hasPrefix(pointer) == true, "\(body): \(answer.text)")
        #expect(
          hint.split(separator: "|").contains { answer.text.replacing("\\\"", with: "\"").contains($0) },
          "\(body): \(answer.text)")
      }
      let after = try await app.send(.get, "/planner/\(Self.trip)/itinerary")
      #expect(after.body == before.body)
    }
  }
}
