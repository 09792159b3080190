import Budget
import BudgetWire
import Catalogue
import Itinerary
import JSON
import Kernel
import Planner
import TestPace
import Testing
import Transport

@testable import ItineraryWire

/// Options that are kept and changed again and again, judged by a check that shares nothing with what changes them.
@Suite("Changed options", .heavy, .serialized)
struct OptionEditTests {
  private static let request = """
    {"origin": "Paris", "destinations": [{"place": "Amsterdam", "nights": 3}],
     "dates": {"start": "2026-06-05", "end": "2026-06-08"}, "party": [{"name": "Ann"}, {"name": "Bo", "age": 9}],
     "contingency": {"percent": "10"}, "options": 1,
     "appointments": [{"name": "Concert", "lat": 52.3563, "lon": 4.8790, "date": "2026-06-06", "time": "19:30", "minutes": 60}]}
    """

  private struct Kept {
    let library: TripLibrary
    let catalogue: CatalogueTables
    var document: String
    var activityCount: Int

    mutating func edit(_ question: OptionQuestion) throws -> OptionEdit {
      var editor = try OptionEditor(
        library, request: OptionEditTests.request, option: document, activityCount: activityCount)
      let edit = try editor.edit(question)
      (document, activityCount) = (edit.document, edit.activityCount)
      return edit
    }

    func node() throws -> JSONNode { try JSONDocument(text: document).root }

    func text(_ pointer: String) throws -> String { try #require(try node().find(pointer)?.string) }
  }

  private struct Visit {
    let day: String
    let name: String
    let activity: String
    let sight: String?
    let start: Int
    let end: Int
    let travel: Int
    let isPinned: Bool
  }

  private func kept() throws -> Kept {
    let world = try SampleWorld.load()
    var effort = TripEffort()
    effort.stepsPerDay = 12
    let answer = try TripPlanner(world.ground, effort: effort).plan(world.question(Self.request))
    let documents = try TripDocuments(answer)
    let first = try #require(documents.options.first)
    let library = TripLibrary(
      TripLibrary.Loading(
        catalogue: { world.catalogue }, router: { world.router }, generation: { "one" }), budget: BudgetLibrary())
    return Kept(
      library: library, catalogue: world.catalogue, document: first.document, activityCount: first.activityCount)
  }

  private func visits(_ kept: Kept) throws -> [Visit] {
    var result: [Visit] = []
    for day in try #require(try kept.node().find("/stays/0/days")?.array) {
      let date = try #require(try day.find("/date")?.string)
      for visit in try #require(try day.find("/visits")?.array) {
        func text(_ name: String) throws -> String { try #require(try visit.find("/\(name)")?.string) }
        result.append(
          Visit(
            day: date, name: try text("name"), activity: try text("activity"), sight: try visit.find("/id")?.string,
            start: try #require(try visit.find("/start")?.clockSeconds()),
            end: try #require(try visit.find("/end")?.clockSeconds()),
            travel: try #require(try visit.find("/travelSeconds")?.int),
            isPinned: try visit.find("/pinned")?.bool ?? false))
      }
    }
    return result
  }

  /// What is wrong with the days; times are told to the minute.
  private func violations(_ kept: Kept) throws -> [String] {
    var wrong: [String] = []
    let all = try visits(kept)
    if Set(all.map(\.activity)).count != all.count { wrong.append("something is there twice") }
    let sights = Dictionary(
      uniqueKeysWithValues: (kept.catalogue.sights["nl/amsterdam"] ?? []).map { ($0.id, $0) })
    let (arrival, leaving) = (try kept.text("/legs/0/arrival"), try kept.text("/legs/1/departure"))
    for (number, visit) in all.enumerated() {
      let before = number > 0 && all[number - 1].day == visit.day ? all[number - 1].end : 9 * 3600
      if visit.start < before + visit.travel - 60 { wrong.append("\(visit.name) begins before one is there") }
      if visit.end > 21 * 3600 { wrong.append("\(visit.name) ends after the day") }
      let clock = "\(visit.day)T\(ClockTime(visit.start))"
      if clock < arrival.prefix(16) || clock > leaving.prefix(16) {
        wrong.append("\(visit.name) is not within the stay")
      }
      guard let sight = visit.sight.flatMap({ sights[$0] }), !sight.hours.isEmpty else { continue }
      let windows = try OpeningHours(sight.hours).startWindows(on: try LocalDate(visit.day), in: OpeningContext())
      if !windows.contains(where: { $0.opens < visit.start + 60 && visit.end <= $0.closes + 60 }) {
        wrong.append("\(visit.name) is closed on \(visit.day) at \(ClockTime(visit.start))")
      }
    }
    if !all.contains(where: { $0.name == "Concert" && $0.start == 70_200 && $0.day == "2026-06-06" }) {
      wrong.append("the appointment is not where it was")
    }
    return wrong
  }

  @Test("an option that is kept costs what it did when it is reckoned again, to the cent, and for each")
  func costs() throws {
    var kept = try kept()
    let (cost, ann) = (try kept.text("/cost"), try kept.text("/costs/perPerson/Ann"))
    let food = try kept.text("/costs/categories/food")
    // Something free comes in, and goes again.
    let added = try kept.edit(
      .add(
        try JSONDocument(text: #"{"name":"Nap","lat":52.37,"lon":4.89,"minutes":5}"#).root))
    let nap = try #require(added.added.first)
    _ = try kept.edit(.remove(nap))
    #expect(try kept.text("/cost") == cost)
    #expect(try kept.text("/costs/perPerson/Ann") == ann)
    #expect(try kept.text("/costs/categories/food") == food)
  }

  @Test(
    "what is changed by chance stays possible; what cannot be has a reason and changes nothing", arguments: [1, 2, 3])
  func random(_ seed: UInt64) throws {
    var kept = try kept()
    #expect(try violations(kept).isEmpty)
    var random = SeededRandom(seed: seed)
    var (done, refused) = (0, 0)
    for step in 0..<25 {
      let before = try visits(kept)
      let text = try question(kept, before, &random)
      let document = kept.document
      do {
        let question: OptionQuestion =
          text.hasPrefix("a")
          ? .remove(try #require(ActivityName(text)))
          : text.hasPrefix("{\"activities")
            ? .day(.date(try LocalDate("2026-06-0\([5, 7, 8][step % 3])")), try JSONDocument(text: text).root)
            : .add(try JSONDocument(text: text).root)
        _ = try kept.edit(question)
        done += 1
      } catch let error as OptionEditError {
        guard case .impossible(let reason, _) = error else { throw error }
        #expect(reason.description.contains(":") && kept.document == document)
        refused += 1
      }
      let wrong = try violations(kept)
      #expect(wrong.isEmpty, "seed \(seed), step \(step), \(text): \(wrong)")
      for pinned in before where pinned.isPinned {
        guard let now = try visits(kept).first(where: { $0.activity == pinned.activity }) else { continue }
        #expect(now.start == pinned.start || now.day != pinned.day, "seed \(seed), step \(step): \(now) was \(pinned)")
      }
    }
    #expect(done > 5 && refused < 25, "seed \(seed): \(done) done, \(refused) refused")
  }

  private func question(
    _ kept: Kept, _ visits: [Visit], _ random: inout SeededRandom
  ) throws -> String {
    let sights = kept.catalogue.sights["nl/amsterdam"] ?? []
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      // Not the appointment.
      return visits.filter { $0.name != "Concert" }.randomElement(using: &random)?.activity ?? "a1"
    case 1:
      let sight = try #require(sights.randomElement(using: &random))
      return #"{"sight":"\#(sight.id)","day":\#(Int.random(in: 1...4, using: &random))}"#
    case 2:
      let hour = Int.random(in: 10...19, using: &random)
      return
        #"{"name":"Own","lat":52.36,"lon":4.9,"minutes":30,"at":"\#(hour):00","day":\#(Int.random(in: 1...4, using: &random))}"#
    default:
      let some = visits.filter { $0.name != "Concert" }.shuffled(using: &random).prefix(3)
      let list = some.map { #"{"activity":"\#($0.activity)"}"# }.joined(separator: ",")
      return #"{"activities":[\#(list)]}"#
    }
  }

  @Test("parts that can be booked: journeys with what wants a ticket, and nights, without what is paid on the way")
  func bookable() throws {
    let kept = try kept()
    let parts = try BookableParts(kept.document, currency: "EUR").parts
    #expect(parts.count == 3)
    for part in parts {
      switch part {
      case .leg(let text):
        let node = try JSONDocument(text: text).root
        let modes = try #require(try node.find("/rides")?.array).map { try $0.find("/mode")?.string }
        #expect(!modes.isEmpty && modes.allSatisfy { BookableParts.modes.contains($0 ?? "") })
        #expect(!text.contains("geometry"))
      case .stay(let text):
        let node = try JSONDocument(text: text).root
        #expect(try node.find("/nights")?.int == 3)
        #expect(try node.find("/price/currency")?.string == "EUR")
      }
    }
  }
}
