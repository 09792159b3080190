import Catalogue
import Dispatch
import Foundation
import Itinerary
import ItineraryWire
import JSON
import Kernel
import Synchronization
import TestPace
import Testing

/// Requests by chance, impossible ones among them: each gets right trips or a reason why there are none.
@Suite("Generated trips", .heavy)
struct GeneratedTripsTests {
  private struct Tally {
    var planned = 0
    var refused = 0
    var tooDear = 0
    var faults: [String] = []
  }

  private static let count =
    ProcessInfo.processInfo.environment["WAYFARE_TEST_TRIPS"].flatMap(Int.init) ?? 200
  private static let seed = ProcessInfo.processInfo.environment["WAYFARE_TEST_SEED"].flatMap(UInt64.init) ?? 2026

  @Test("every answer to a generated request is right by a check that shares nothing with what plans")
  func answers() throws {
    let world = try SampleWorld.load()
    print("seed \(Self.seed), \(Self.count) requests (WAYFARE_TEST_SEED, WAYFARE_TEST_TRIPS for others)")
    var random = SeededRandom(seed: Self.seed)
    // By date, so that the timetable of a day is cut once for all who travel on it.
    let requests = (0..<Self.count).map { _ in TripDice.request(world.catalogue, using: &random) }.sorted {
      $0.start < $1.start
    }.map(\.json)
    let tally = Mutex(Tally())
    DispatchQueue.concurrentPerform(iterations: requests.count) { number in
      let result = Self.judged(requests[number], world)
      tally.withLock { tally in
        switch result {
        case .success(let isPlanned): if isPlanned { tally.planned += 1 } else { tally.tooDear += 1 }
        case .failure(.refused): tally.refused += 1
        case .failure(.wrong(let fault)): tally.faults.append("request \(number): \(requests[number]): \(fault)")
        }
      }
    }
    let found = tally.withLock { $0 }
    print("\(found.planned) planned, \(found.tooDear) too dear, \(found.refused) refused")
    #expect(found.faults.isEmpty, "\(found.faults.count): \(found.faults.prefix(5).joined(separator: "\n"))")
    #expect(found.planned * 2 >= Self.count, "\(found.planned) of \(Self.count) planned")
    #expect(Self.count < 50 || found.tooDear > 0 && found.refused > 0, "the impossible ones are missing")
  }

  private enum Fault: Error {
    case refused
    case wrong(String)
  }

  /// Whether a request was planned, not, or wrongly.
  private static func judged(_ json: String, _ world: SampleWorld.Loaded) -> Result<Bool, Fault> {
    var effort = TripEffort()
    (effort.stepsPerDay, effort.sightsMax, effort.tablesMax, effort.calendarsMax) = (3, 10, 3, 2)
    var first: TripOption?
    do {
      let answer = try TripPlanner(world.ground, effort: effort).plan(
        world.question(json), progress: { (_, _, _) throws(TripError) in },
        first: { answer throws(TripError) in first = answer.options.first })
      var violations = try TripCheck(world: world).violations(answer)
      if let first { violations += try TripCheck(world: world).violations(first, answer.request) }
      if answer.options.isEmpty {
        if answer.relaxations.isEmpty { violations.append("nothing fits, and nothing is told that would help") }
        if !answer.relaxations.contains(where: \.isEnough) { violations.append("no change is enough") }
        if first != nil { violations.append("there was a first trip, and there is none in the end") }
      }
      if !violations.isEmpty { return .failure(.wrong("\(violations.prefix(5))")) }
      return .success(!answer.options.isEmpty)
    } catch let error as JSONError {
      // Contradictions are found before work starts, and named with their place.
      return .failure("\(error)".contains("/") ? .refused : .wrong("\(error)"))
    } catch let error as TripError {
      return .failure("\(error)".count > 20 ? .refused : .wrong("\(error)"))
    } catch {
      return .failure(.wrong("\(error)"))
    }
  }
}

/// Requests by chance: short trips of one or two cities, now and then with wishes that cannot be granted.
enum TripDice {
  /// First days: weekdays and weekends, the ends of summer time, the turn of the year.
  private static let starts = [1, 86, 156, 240, 295, 360]

  static func request(
    _ catalogue: CatalogueTables, using random: inout SeededRandom
  ) -> (start: LocalDate, json: String) {
    let cities = catalogue.cities.shuffled(using: &random)
    let count = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
    let places = (1...count).map { number in
      let least = Int.random(in: 1...2, using: &random)
      let most = Int.random(in: least...(least + 1), using: &random)
      let isOptional = number == 2 && Int.random(in: 0..<4, using: &random) == 0
      return
        #"{"place": "\#(cities[number].name)", "nights": {"min": \#(least), "max": \#(most)}, "optional": \#(isOptional)}"#
    }
    let start = date(starts.randomElement(using: &random) ?? 1)
    let length = Int.random(in: (2 * count)...(2 * count + 2), using: &random)
    var fields = [
      #""origin": "\#(cities[0].name)""#, #""destinations": [\#(places.joined(separator: ", "))]"#,
      #""dates": {"earliest": "\#(start)", "latest": "\#(start.adding(days: length))"}"#,
      #""party": \#(party(&random))"#, #""seed": \#(Int.random(in: 1...99, using: &random))"#,
    ]
    let sights = catalogue.sights[cities[1].id] ?? []
    for _ in 0..<2 {
      let name = #"\#(sights.randomElement(using: &random)?.id ?? "")"#
      let wish = Self.wish(name, start.adding(days: Int.random(in: 0...length, using: &random)), &random)
      // A field may stand once only; of an unlucky draw the first stays.
      let key = wish.prefix { $0 != ":" }
      if !wish.isEmpty, !fields.contains(where: { $0.hasPrefix(key) }) { fields.append(wish) }
    }
    return (start, "{\(fields.joined(separator: ", "))}")
  }

  private static func date(_ day: Int) -> LocalDate { LocalDate.newYear2026.adding(days: day) }

  private static func party(_ random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: #"[{"name": "Ann", "age": 41}, {"name": "Ben", "age": 8}, {"name": "Cleo", "age": 70}]"#
    case 1: #"{"adults": 2, "children": 1}"#
    default: "\(Int.random(in: 1...5, using: &random))"
    }
  }

  private static func wish(_ sight: String, _ date: LocalDate, _ random: inout SeededRandom) -> String {
    switch Int.random(in: 0..<24, using: &random) {
    case 0: #""budget": "\#(Int.random(in: 700...2500, using: &random))""#
    case 1: #""budget": {"perPerson": "\#(Int.random(in: 300...1500, using: &random))"}"#
    case 2: #""budget": {"total": "5000", "categories": {"lodging": "\#(Int.random(in: 150...900, using: &random))"}}"#
    case 3: #""order": "fixed", "pace": "packed""#
    case 4: #""style": "luxury""#
    case 5: #""style": "budget", "taxis": false"#
    case 6: #""modes": ["rail", "metro", "tram", "bus", "coach", "ferry"]"#
    case 7: #""interests": {"art": 2, "nature": 0.2}, "pace": "relaxed""#
    case 8: #""mustSee": ["\#(sight)"]"#
    case 9: #""avoid": ["\#(sight)"]"#
    case 10: #""appointments": [{"sight": "\#(sight)", "date": "\#(date)", "time": "14:00", "minutes": 60}]"#
    case 11: #""wheelchair": true"#
    case 12: #""transfersMax": \#(Int.random(in: 0...2, using: &random))"#
    case 13: #""day": {"from": "10:00", "to": "18:30"}, "meals": false"#
    case 14: #""currency": "GBP""#
    // Impossible: a mode that nowhere runs, no time at all, a trip longer than its dates, a wish and its contrary.
    case 15: #""modes": ["gondola"]"#
    case 16: #""nights": 40"#
    case 17: #""mustSee": ["\#(sight)"], "avoid": ["\#(sight)"]"#
    default: ""
    }
  }
}

extension LocalDate {
  fileprivate static let newYear2026 = LocalDate(daysSinceEpoch: 20_454)
}
