import Budget
import CSQLite
import Catalogue
import Foundation
import Itinerary
import Kernel
import Testing
import Transport

/// Judges answers: looks at the timetables, hours and sums themselves, and shares nothing with what plans.
struct TripCheck {
  let world: SampleWorld.Loaded

  /// What is wrong with an answer, a sentence each.
  func violations(_ answer: TripAnswer) throws -> [String] {
    var found: [String] = []
    for (number, option) in answer.options.enumerated() {
      let own =
        dates(option, answer.request) + (try journeys(option)) + days(option, answer.request)
        + money(option, answer.request)
      found += own.map { "option \(number + 1): \($0)" }
      for (other, rival) in answer.options.enumerated() where other != number && isBeaten(option.merit, by: rival.merit)
      {
        found.append("option \(number + 1) is beaten by option \(other + 1)")
      }
    }
    return found
  }

  private func isBeaten(_ one: Merit, by other: Merit) -> Bool {
    one != other && other.cost <= one.cost && other.score >= one.score && other.minutes <= one.minutes
      && other.co2Grams <= one.co2Grams && other.comfort >= one.comfort
  }

  // MARK: Dates

  private func dates(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    func demand(_ holds: Bool, _ complaint: String) { if !holds { found.append(complaint) } }
    let calendar = option.calendar
    demand(request.start.contains(calendar.start), "it starts on \(calendar.start)")
    demand(calendar.end <= request.end, "it ends on \(calendar.end)")
    demand(request.nights.contains(calendar.start.days(until: calendar.end)), "it has the wrong number of nights")
    demand(option.legs.count == option.stays.count + 1, "it has \(option.legs.count) journeys")
    var date = calendar.start
    for (leg, stay) in zip(option.legs, option.stays) {
      demand(leg.departure.date == date, "a journey leaves on \(leg.departure.date)")
      demand(sleeps(leg, on: stay.stay.arrival), "a journey arrives on \(leg.arrival)")
      let wish = request.destinations[stay.stay.destination]
      demand(wish.nights.contains(stay.stay.nights), "\(stay.stay.nights) nights in \(stay.city.name)")
      demand(wish.city == stay.city && stay.lodging.city == stay.city.id, "a stay is elsewhere")
      date = stay.stay.departure
    }
    demand(option.legs.last?.departure.date == date, "it does not go home on the last day")
    demand(option.legs.last.map { sleeps($0, on: calendar.end) } ?? false, "it does not come home on the last day")
    let seen = Set(option.stays.map(\.stay.destination))
    for (number, wish) in request.destinations.enumerated() where wish.isRequired {
      demand(seen.contains(number), "it does not go to \(wish.city.name)")
    }
    demand(seen.count == option.stays.count, "it goes somewhere twice")
    if request.isOrderFixed {
      let order = option.stays.map(\.stay.destination)
      demand(order == order.sorted(), "its order is not the one asked for")
    }
    return found
  }

  /// Whether one arrives on a day, or in the small hours after it with a bed for that night.
  private func sleeps(_ leg: LegOption, on date: LocalDate) -> Bool {
    if leg.arrival.date == date { return leg.departure.date == date || leg.arrival.secondOfDay >= 5 * 3600 }
    return leg.arrival.date == date.adding(days: 1) && leg.arrival.secondOfDay < 5 * 3600
  }

  // MARK: Journeys

  private func journeys(_ option: TripOption) throws -> [String] {
    var found: [String] = []
    let feed = try FeedTimes(home: world.home)
    for leg in option.legs {
      let parts = leg.journey.legs
      for (before, after) in zip(parts, parts.dropFirst()) {
        if before.arrival > after.departure { found.append("a journey goes back in time at \(after.from.name)") }
        if before.to.point != after.from.point { found.append("a journey jumps from \(before.to.name)") }
      }
      for part in parts {
        if part.arrival < part.departure { found.append("a ride ends before it begins") }
        guard let ride = part.ride, let from = part.from.stop, let to = part.to.stop else { continue }
        if !(try feed.runs(ride.trip, from: from, at: part.departure, to: to, at: part.arrival)) {
          found.append("\(ride.trip) does not run from \(from) at \(part.departure)")
        }
      }
    }
    return found
  }

  // MARK: Days

  private func days(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    for (number, stay) in option.stays.enumerated() {
      let (arriving, leaving) = (option.legs[number].arrival, option.legs[number + 1].departure)
      for day in stay.plan.days {
        var place = stay.lodging.point
        var clock = request.day.lowerBound
        if day.date == arriving.date { clock = max(clock, Int(arriving.secondOfDay)) }
        var last = request.day.upperBound
        if day.date == leaving.date { last = min(last, Int(leaving.secondOfDay)) }
        for visit in day.visits {
          clock += Int(place.flatMetres(to: visit.point) / 25)
          if visit.start < clock { found.append("\(visit.name) on \(day.date) begins before one can be there") }
          if visit.end < visit.start { found.append("\(visit.name) ends before it begins") }
          if case .sight(let sight) = visit.kind {
            if !seen.insert(sight.id).inserted { found.append("\(sight.name) is seen twice") }
            if request.avoided.contains(sight.id) { found.append("\(sight.name) was not wanted") }
            if !SimpleHours(sight.hours).isOpen(on: day.date.weekday, from: visit.start, to: visit.end) {
              found.append("\(sight.name) is closed on \(day.date) at \(visit.start / 60) minutes")
            }
          }
          (place, clock) = (visit.point, visit.end)
        }
        clock += Int(place.flatMetres(to: stay.lodging.point) / 25)
        if clock > last { found.append("\(day.date) in \(stay.city.name) ends too late") }
      }
    }
    return found
  }

  // MARK: Money

  private func money(_ option: TripOption, _ request: TripRequest) -> [String] {
    var found: [String] = []
    let lines = option.estimate.lines.filter { !$0.isIncluded }
    let sum = lines.reduce(0) { $0 + $1.amount.minorUnits }
    if sum != option.estimate.total.minorUnits { found.append("its lines sum to \(sum)") }
    if option.merit.cost != option.estimate.total.minorUnits { found.append("it is compared by another cost") }
    if option.estimate.perPerson.reduce(0, { $0 + $1.minorUnits }) != sum { found.append("its parts do not sum up") }
    for fare in option.fares where !lines.contains(where: { $0.category == .transport && $0.amount == fare }) {
      found.append("a fare of \(fare) is not among its costs")
    }
    for stay in option.stays where !lines.contains(where: { $0.category == .lodging && $0.amount == stay.lodgingPrice })
    {
      found.append("the lodging in \(stay.city.name) is not among its costs")
    }
    if let budget = request.budget, sum > budget.minorUnits { found.append("it costs more than the budget") }
    return found
  }
}

/// Opening hours of the sample world's simple form: `Mo-Fr 09:00-18:00,19:00-20:00; Sa off`.
struct SimpleHours {
  /// For each weekday from Monday on, seconds from and to.
  private var days: [[(Int, Int)]]?

  init(_ text: String) {
    guard !text.isEmpty else { return }
    var days = [[(Int, Int)]](repeating: [], count: 7)
    for rule in text.components(separatedBy: "; ") {
      var words = rule.components(separatedBy: " ")
      var chosen = Array(0..<7)
      if words.count > 1 { chosen = SimpleHours.weekdays(words.removeFirst()) }
      let times = words[0] == "off" ? [] : words[0].components(separatedBy: ",").map(SimpleHours.span)
      for day in chosen { days[day] = times }
    }
    self.days = days
  }

  func isOpen(on weekday: Int, from start: Int, to end: Int) -> Bool {
    guard let days else { return true }
    return days[weekday - 1].contains { $0.0 <= start && end <= $0.1 }
  }

  private static func weekdays(_ text: String) -> [Int] {
    let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    return text.components(separatedBy: ",").flatMap { part -> [Int] in
      let ends = part.components(separatedBy: "-").compactMap { names.firstIndex(of: $0) }
      guard ends.count == 2 else { return ends }
      return ends[0] <= ends[1] ? Array(ends[0]...ends[1]) : Array(ends[0]..<7) + Array(0...ends[1])
    }
  }

  private static func span(_ text: String) -> (Int, Int) {
    let ends = text.components(separatedBy: "-").map { clock -> Int in
      let parts = clock.components(separatedBy: ":").compactMap { Int($0) }
      return parts.count == 2 ? parts[0] * 3600 + parts[1] * 60 : 0
    }
    return ends.count == 2 ? (ends[0], ends[1]) : (0, 0)
  }
}

/// What the graph's tables say of trips, asked in SQL.
final class FeedTimes {
  private var database: OpaquePointer?
  private let zone: ZoneRules

  struct Broken: Error {}

  init(home: String) throws {
    zone = try ZoneFiles.system.rules(named: "Europe/Paris")
    let path = try #require(Transit.generation(home: home)) + "/graph.sqlite"
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else { throw Broken() }
  }

  deinit { sqlite3_close_v2(database) }

  /// Whether a trip leaves one stop and reaches another at these moments.
  func runs(_ trip: String, from: String, at departure: Instant, to: String, at arrival: Instant) throws -> Bool {
    func own(_ id: String) -> String { String(id.dropFirst("sample:".count)) }
    var statement: OpaquePointer?
    let sql = """
      select a.departure_time, b.arrival_time, (select count(*) from frequencies f where f.trip = t.trip)
      from trips t join stop_times a on a.trip = t.trip
        join stop_times b on b.trip = t.trip and b.position > a.position
        join stops p on p.stop = a.stop join stops q on q.stop = b.stop
      where t.trip_id = ?1 and p.stop_id = ?2 and q.stop_id = ?3
      """
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw Broken() }
    defer { sqlite3_finalize(statement) }
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (place, text) in [trip, from, to].map(own).enumerated() {
      sqlite3_bind_text(statement, Int32(place + 1), text, -1, transient)
    }
    let rode = Int(departure.seconds(until: arrival))
    while sqlite3_step(statement) == SQLITE_ROW {
      let (start, end) = (Int(sqlite3_column_int64(statement, 0)), Int(sqlite3_column_int64(statement, 1)))
      guard end - start == rode else { continue }
      // What runs every so often leaves at any of its times; what has a timetable at its own.
      if sqlite3_column_int64(statement, 2) > 0 { return true }
      let date = zone.local(at: departure).date
      for day in -1...1
      where zone.serviceDayStart(of: date.adding(days: day)).adding(seconds: Int64(start)) == departure {
        return true
      }
    }
    return false
  }
}
