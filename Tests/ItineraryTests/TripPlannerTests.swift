import Budget
import Catalogue
import Foundation
import Itinerary
import ItineraryWire
import JSON
import Kernel
import Testing
import Transport

/// Whole trips over the sample world, judged by a check that shares nothing with what plans them.
@Suite("Trips", .serialized)
struct TripPlannerTests {
  private var quick: TripEffort {
    var effort = TripEffort()
    effort.stepsPerDay = 12
    return effort
  }

  private static let weekend = """
    {"origin": "Paris", "destinations": [{"place": "Amsterdam", "nights": 2}],
     "dates": {"start": "2026-06-05", "end": "2026-06-07"}, "party": 2}
    """

  @Test("a weekend: there and back, two nights, days full of what is open, costs that sum up")
  func weekend() throws {
    let world = try SampleWorld.load()
    let answer = try TripPlanner(world.ground, effort: quick).plan(world.question(Self.weekend))
    #expect(try TripCheck(world: world).violations(answer).isEmpty)
    let best = try #require(answer.options.first)
    #expect(best.names.contains(.bestFit))
    #expect(best.stays.map(\.city.name) == ["Amsterdam"])
    #expect(best.sightCount >= 4)
    #expect(answer.options.allSatisfy { !$0.reasons.isEmpty })
  }

  @Test("the same request and seed give the same bytes")
  func same() throws {
    let world = try SampleWorld.load()
    let request = try world.question(Self.weekend)
    let one = TripAnswerJSON(try TripPlanner(world.ground, effort: quick).plan(request)).jsonBytes()
    let other = TripAnswerJSON(try TripPlanner(world.ground, effort: quick).plan(request)).jsonBytes()
    #expect(one == other)
  }

  @Test("calendar, tracks, costs and page are well formed, and tell what the answer tells")
  func files() throws {
    let world = try SampleWorld.load()
    var request = try world.question(Self.weekend)
    request.party[0] = Traveller(name: "Ann \"A\", <b>", type: .adult)
    let answer = try TripPlanner(world.ground, effort: quick).plan(request)
    let best = try #require(answer.options.first)
    let calendar = TripCalendarFile(best).text
    #expect(calendar.hasPrefix("BEGIN:VCALENDAR\r\n") && calendar.hasSuffix("END:VCALENDAR\r\n"))
    #expect(calendar.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 75 })
    let visits = best.stays.flatMap { $0.plan.days }.reduce(0) { $0 + $1.visits.count }
    #expect(calendar.components(separatedBy: "BEGIN:VEVENT").count - 1 == visits + best.legs.count + best.stays.count)
    let costs = TripCosts(best).text
    #expect(costs.hasPrefix("place,category,what,source,amount,currency,\"Ann \"\"A\"\", <b>\","))
    #expect(costs.components(separatedBy: "\r\n").count == best.estimate.lines.filter { !$0.isIncluded }.count + 2)
    for text in [TripTrack(best).text, TripWebPage(answer).text.replacing("<!doctype html>", with: "")] {
      let parser = TagCount(text)
      #expect(parser.isBalanced, "\(parser.open)")
    }
    #expect(!TripWebPage(answer).text.contains("<b>"))
    #expect(!TripWebPage(answer).text.contains("http"))
  }

  @Test("where nothing keeps the budget, changes are named, and those that are enough are")
  func tooDear() throws {
    let world = try SampleWorld.load()
    var request = try world.question(
      """
      {"origin": "Paris", "destinations": ["Amsterdam"], "party": 2, "budget": "300",
       "modes": ["rail", "tram", "metro"], "dates": {"start": "2026-06-05", "end": "2026-06-08"}}
      """)
    let planner = TripPlanner(world.ground, effort: quick)
    let answer = try planner.plan(request)
    #expect(answer.options.isEmpty)
    let more = try #require(answer.relaxations.first)
    #expect(more.isEnough && more.change.hasSuffix("more"))
    #expect(answer.relaxations.contains { $0.change == "one night less" })
    #expect(answer.relaxations.contains { $0.change == "in budget style" })
    request = more.request
    let enough = try planner.plan(request)
    #expect(!enough.options.isEmpty)
    #expect(try TripCheck(world: world).violations(enough).isEmpty)
  }

  @Test("days of which no timetable tells are named, and so are places to which nothing leads")
  func noWay() throws {
    let world = try SampleWorld.load()
    func complaint(_ json: String) throws -> String {
      let request = try world.question(json)
      let error = #expect(throws: TripError.self) { try TripPlanner(world.ground, effort: quick).plan(request) }
      return error.map { "\($0)" } ?? ""
    }
    let later = #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"start": "2040-06-01", "end": "2040-06-03"}}"#
    #expect(try complaint(later).contains("the timetables run from 2026-01-01 to 2035-12-31"))
    let boat =
      #"{"origin": "Paris", "destinations": ["Rome"], "modes": ["gondola"], "dates": {"start": "2026-06-01", "end": "2026-06-03"}}"#
    #expect(try complaint(boat).contains("no journey leads from Paris to Rome"))
  }

  @Test("a plan that nobody wants any more stops where it is")
  func cancelled() throws {
    let world = try SampleWorld.load()
    let request = try world.question(Self.weekend)
    var told: [TripStage] = []
    let error = #expect(throws: TripError.self) {
      try TripPlanner(world.ground, effort: quick).plan(request) { (stage, _, _) throws(TripError) in
        told.append(stage)
        if stage == .days { throw .cancelled }
      }
    }
    guard case .cancelled? = error else {
      Issue.record("it went on: \(String(describing: error))")
      return
    }
    #expect(told.last == .days)
  }

  @Test("generated requests get right answers or a reason why there is none", arguments: [1, 2026])
  func generated(_ seed: UInt64) throws {
    let world = try SampleWorld.load()
    let count = ProcessInfo.processInfo.environment["WAYFARE_TEST_TRIPS"].flatMap(Int.init) ?? 5
    print("seed \(seed), \(count) requests (WAYFARE_TEST_TRIPS for more)")
    var random = SeededRandom(seed: seed)
    var planned = 0
    var refused = 0
    for number in 0..<count {
      let json = TripDice.request(world.catalogue, using: &random)
      do {
        let answer = try TripPlanner(world.ground, effort: quick).plan(world.question(json))
        let violations = try TripCheck(world: world).violations(answer)
        #expect(violations.isEmpty, "seed \(seed), request \(number): \(json): \(violations.prefix(5))")
        planned += answer.options.isEmpty ? 0 : 1
      } catch let error as JSONError {
        // Contradictions are found before work starts.
        #expect("\(error)".contains("/"), "\(error)")
        refused += 1
      } catch let error as TripError {
        #expect("\(error)".count > 20)
        refused += 1
      }
    }
    #expect(planned * 2 >= count, "\(planned) planned, \(refused) refused")
  }

  @Test(
    "a wrong request is told with its pointer and mend before work starts",
    arguments: [
      (#"{"destinations": ["Rome"], "dates": {"month": "2026-06"}}"#, "/origin"),
      (#"{"origin": "Paris", "destinations": ["Rom"], "dates": {"month": "2026-06"}}"#, "did you mean Rome"),
      (
        #"{"origin": "Paris", "destinations": ["Paris"], "dates": {"month": "2026-06"}}"#,
        "/destinations/0 must be somewhere else"
      ),
      (#"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-13"}}"#, "/dates/month"),
      (
        #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"start": "2026-06-05", "end": "2026-06-01"}}"#,
        "end after it begins"
      ),
      (
        #"{"origin": "Paris", "destinations": [{"place": "Rome", "nights": 9}], "dates": {"start": "2026-06-05", "end": "2026-06-08"}}"#,
        "must be at least 9"
      ),
      (
        #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-06"}, "mustSee": ["Louvre"]}"#,
        "/mustSee/0 must be a sight of Rome"
      ),
      (
        #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-06"}, "modes": ["plane"]}"#, "/modes/0"
      ),
      (#"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-06"}, "intrests": {}}"#, "interests"),
    ])
  func refuses(_ json: String, _ part: String) throws {
    let world = try SampleWorld.load()
    let error = #expect(throws: JSONError.self) { try world.question(json) }
    #expect("\(try #require(error))".contains(part), "\(String(describing: error))")
  }
}

/// Requests by chance: short trips of one or two cities, now and then with a budget that is too small.
enum TripDice {
  static func request(_ catalogue: CatalogueTables, using random: inout SeededRandom) -> String {
    let names = catalogue.cities.map(\.name).shuffled(using: &random)
    let count = Int.random(in: 1...2, using: &random)
    let places = names[1...count].map { name in
      let least = Int.random(in: 1...2, using: &random)
      let most = Int.random(in: least...(least + 1), using: &random)
      return
        #"{"place": "\#(name)", "nights": {"min": \#(least), "max": \#(most)}, "optional": \#(count == 2 && Int.random(in: 0..<4, using: &random) == 0 && name != names[1])}"#
    }
    let month = Int.random(in: 1...12, using: &random)
    let day = Int.random(in: 1...20, using: &random)
    let length = Int.random(in: (2 * count)...(2 * count + 4), using: &random)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var fields = [
      #""origin": "\#(names[0])""#, #""destinations": [\#(places.joined(separator: ", "))]"#,
      #""dates": {"earliest": "2026-\#(two(month))-\#(two(day))", "latest": "2026-\#(two(month))-\#(two(day + length))"}"#,
      #""party": \#(Int.random(in: 1...4, using: &random))"#, #""seed": \#(Int.random(in: 1...99, using: &random))"#,
    ]
    let chance = Int.random(in: 0..<10, using: &random)
    if chance < 3 { fields.append(#""budget": "\#(Int.random(in: 200...2500, using: &random))""#) }
    if chance == 4 { fields.append(#""order": "fixed""#) }
    if chance == 5 { fields.append(#""style": "luxury", "pace": "packed""#) }
    if chance == 6 { fields.append(#""modes": ["rail", "metro", "tram", "bus", "coach", "ferry"]"#) }
    if chance == 7 { fields.append(#""interests": {"art": 2, "nature": 0.2}, "pace": "relaxed""#) }
    return "{\(fields.joined(separator: ", "))}"
  }
}

/// Whether every tag of a text is closed in turn.
struct TagCount {
  private(set) var open: [Substring] = []
  private(set) var isBalanced = true

  init(_ text: String) {
    let empty: Set<Substring> = ["meta", "br", "?xml"]
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      guard let end = part.firstIndex(of: ">") else { continue }
      let tag = part[..<end]
      let name = tag.prefix { $0 != " " && $0 != "\n" && $0 != "/" }
      if tag.hasPrefix("/") {
        if open.popLast() != tag.dropFirst() { isBalanced = false }
      } else if !tag.hasSuffix("/"), !empty.contains(name) {
        open.append(name)
      }
    }
    isBalanced = isBalanced && open.isEmpty
  }
}
