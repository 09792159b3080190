import Budget
import Catalogue
import Foundation
import Itinerary
import ItineraryWire
import JSON
import Kernel
import TestPace
import Testing
import Transport

/// Whole trips over the sample world, judged by a check that shares nothing with what plans them.
@Suite("Trips", .heavy, .serialized)
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

  @Test("whoever comes after midnight does not leave before that, though the date would allow it")
  func smallHours() throws {
    let world = try SampleWorld.load()
    let request = try world.question(
      """
      {"origin": "Munich", "destinations": [{"place": "Madrid", "nights": {"min": 1, "max": 2}}],
       "dates": {"earliest": "2026-06-06", "latest": "2026-06-10"}, "party": {"adults": 2, "children": 1}, "seed": 37}
      """)
    #expect(try TripCheck(world: world).violations(TripPlanner(world.ground, effort: quick).plan(request)).isEmpty)
  }

  @Test("a must-see and an appointment come before everything, and what cannot be had is told")
  func wishes() throws {
    let world = try SampleWorld.load()
    let request = try world.question(
      """
      {"origin": "Paris", "destinations": [{"place": "Amsterdam", "nights": 2}, {"place": "Rome", "nights": 1, "optional": true}],
       "dates": {"earliest": "2026-06-05", "latest": "2026-06-09"}, "mustSee": ["Rijksmuseum", "Colosseum"],
       "appointments": [{"name": "Tea", "lat": 52.37, "lon": 4.89, "date": "2026-06-06", "time": "15:00"}]}
      """)
    let answer = try TripPlanner(world.ground, effort: quick).plan(request)
    #expect(try TripCheck(world: world).violations(answer).isEmpty)
    let best = try #require(answer.options.first)
    #expect(best.missedAppointments.isEmpty)
    #expect(best.missedSights.isEmpty, "\(best.missedSights)")
    #expect(Set(best.stays.map(\.city.name)) == ["Amsterdam", "Rome"])
    // A closed museum: the Louvre is closed on Tuesdays.
    let closed = try world.question(
      """
      {"origin": "London", "destinations": [{"place": "Paris", "nights": 1}], "mustSee": ["Louvre"],
       "dates": {"start": "2026-06-09", "end": "2026-06-10"}, "day": {"from": "09:00", "to": "13:00"}}
      """)
    for option in try TripPlanner(world.ground, effort: quick).plan(closed).options
    where !option.stays[0].plan.sights.contains(where: { $0.name == "Louvre" }) {
      #expect(option.reasons.contains { $0.contains("leaves out Louvre") }, "\(option.reasons)")
    }
  }

  @Test("a first trip that keeps what is asked is told before the others are looked for")
  func first() throws {
    let world = try SampleWorld.load()
    let request = try world.question(Self.weekend)
    var told: [String] = []
    _ = try TripPlanner(world.ground, effort: quick).plan(
      request, progress: { (stage, _, _) throws(TripError) in told.append(stage.rawValue) },
      first: { answer throws(TripError) in
        told.append("trip")
        #expect(answer.options.first?.stays.map(\.city.name) == ["Amsterdam"])
      })
    #expect(told.prefix(3) == ["first", "trip", "journeys"])
  }

  @Test("taxis are taken only where the style pays for them, and are among the costs")
  func taxis() throws {
    let world = try SampleWorld.load()
    func taxis(_ fields: String) throws -> Int64 {
      let request = try world.question(
        """
        {"origin": "Paris", "destinations": [{"place": "Rome", "nights": 2}], "party": 2, \(fields)
         "dates": {"start": "2026-06-05", "end": "2026-06-07"}}
        """)
      let answer = try TripPlanner(world.ground, effort: quick).plan(request)
      #expect(try TripCheck(world: world).violations(answer).isEmpty)
      return answer.options.flatMap(\.stays).reduce(0) { $0 + $1.plan.taxis.minorUnits }
    }
    #expect(try taxis(#""style": "budget","#) == 0)
    #expect(try taxis(#""style": "luxury", "taxis": false,"#) == 0)
    #expect(try taxis(#""style": "luxury","#) > 0)
  }

  @Test("the cheapest trip sleeps more cheaply than the most comfortable one")
  func roofs() throws {
    let world = try SampleWorld.load()
    let answer = try TripPlanner(world.ground, effort: quick).plan(world.question(Self.weekend))
    let prices = answer.options.map { $0.stays[0].lodgingPrice.minorUnits }
    #expect(Set(answer.options.map { $0.stays[0].lodging.id }).count > 1, "\(prices)")
    let cheapest = try #require(answer.options.first { $0.names.contains(.cheapest) })
    #expect(cheapest.stays[0].lodgingPrice.minorUnits == prices.min())
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
      (
        #"{"origin": "Paris", "destinations": [{"place": "Rome", "nights": 3}], "nights": 9, "dates": {"month": "2026-06"}}"#,
        "/nights must be at most 5"
      ),
      (
        #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-06"}, "appointments": [{"sight": "Colosseum", "date": "2026-07-01", "time": "10:00"}]}"#,
        "/appointments/0/date must lie between"
      ),
      (
        #"{"origin": "Paris", "destinations": ["Rome"], "dates": {"month": "2026-06"}, "appointments": [{"name": "Tea", "lat": 48.9, "lon": 2.3, "date": "2026-06-10", "time": "10:00"}]}"#,
        "/appointments/0 must be within 30 km"
      ),
    ])
  func refuses(_ json: String, _ part: String) throws {
    let world = try SampleWorld.load()
    let error = #expect(throws: JSONError.self) { try world.question(json) }
    #expect("\(try #require(error))".contains(part), "\(String(describing: error))")
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
