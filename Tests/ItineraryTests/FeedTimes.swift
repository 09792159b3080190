import CSQLite
import Foundation
import Kernel
import Testing
import Transport

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
    // Joined in this order, because the graph has no statistics by which SQLite would find that trips come first.
    let sql = """
      select a.departure_time, b.arrival_time, t.trip, t.service,
        (select min(departure_time) from stop_times o where o.trip = t.trip and o.position = 0)
      from feeds f cross join trips t on t.feed = f.feed and t.trip_id = ?1
        cross join stop_times a on a.trip = t.trip cross join stops p on p.stop = a.stop and p.stop_id = ?2
        cross join stop_times b on b.trip = t.trip and b.position > a.position
        cross join stops q on q.stop = b.stop and q.stop_id = ?3
      """
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw Broken() }
    defer { sqlite3_finalize(statement) }
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (place, text) in [trip, from, to].map(own).enumerated() {
      sqlite3_bind_text(statement, Int32(place + 1), text, -1, transient)
    }
    let rode = Int(departure.seconds(until: arrival))
    let date = zone.local(at: departure).date
    while sqlite3_step(statement) == SQLITE_ROW {
      let row = (0..<5).map { Int(sqlite3_column_int64(statement, Int32($0))) }
      guard row[1] - row[0] == rode else { continue }
      for day in [date.adding(days: -1), date, date.adding(days: 1)] where try runs(service: row[3], on: day) {
        let start = Int(zone.serviceDayStart(of: day).seconds(until: departure))
        let starts = try numbers(
          "select start_time, end_time, headway_secs from frequencies where trip = \(row[2])", columns: 3)
        if starts.isEmpty, start == row[0] { return true }
        // What runs every so often leaves its first stop at a whole number of headways.
        let begun = start - (row[0] - row[4])
        if starts.contains(where: { begun >= $0[0] && begun < $0[1] && (begun - $0[0]) % $0[2] == 0 }) { return true }
      }
    }
    return false
  }

  /// Whether a trip takes wheelchairs.
  func takesWheelchairs(_ trip: String) throws -> Bool {
    var statement: OpaquePointer?
    let sql = "select wheelchair_accessible from feeds f cross join trips t on t.feed = f.feed and t.trip_id = ?1"
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw Broken() }
    defer { sqlite3_finalize(statement) }
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    sqlite3_bind_text(statement, 1, String(trip.dropFirst("sample:".count)), -1, transient)
    return sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int64(statement, 0) == 1
  }

  private func runs(service: Int, on date: LocalDate) throws -> Bool {
    let exceptions = try numbers(
      "select exception_type from calendar_dates where service = \(service) and date = '\(date)'", columns: 1)
    if let exception = exceptions.first { return exception[0] == 1 }
    let name = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][date.weekday - 1]
    let rows = try numbers(
      "select \(name) from calendar where service = \(service) and '\(date)' between start_date and end_date",
      columns: 1)
    return rows.first?[0] == 1
  }

  private func numbers(_ sql: String, columns: Int32) throws -> [[Int]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw Broken() }
    defer { sqlite3_finalize(statement) }
    var rows: [[Int]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append((0..<columns).map { Int(sqlite3_column_int64(statement, $0)) })
    }
    return rows
  }
}
