import Foundation
import Testing

@testable import Transport

/// A feed as text: the smallest one that is sound, of which a test replaces what it is about.
///
///     A ──── B ──── C      line 1, trip T on weekdays of June 2026: A 08:00, B 08:10, C 08:20
struct FeedText {
  private(set) var files: [String: String] = [
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Xpress,https://x.example,Europe/Berlin\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,52.50,13.40\nB,Beta,52.51,13.40\nC,Gamma,52.52,13.40\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,X,1,3\n",
    "calendar.txt": """
    service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
    W,1,1,1,1,1,0,0,20260601,20260630

    """,
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nR,W,T,Gamma\n",
    "stop_times.txt": """
    trip_id,arrival_time,departure_time,stop_id,stop_sequence
    T,08:00:00,08:00:00,A,1
    T,08:10:00,08:11:00,B,2
    T,08:20:00,08:20:00,C,3

    """,
  ]

  private let folder = TemporaryFolder()

  init(_ changes: [String: String?] = [:]) {
    for (name, text) in changes { files[name] = text }
  }

  /// The same with rows put behind those of a file.
  func adding(_ rows: String, to name: String) -> FeedText {
    FeedText(files.merging([name: (files[name] ?? "") + rows]) { $1 })
  }

  /// The same with the stops `P0`, `P1` and so on called by other numbers, and in the order of these.
  func naming(stops names: [Int]) -> FeedText {
    var named = files.mapValues { text in
      text.replacing(/\bP(\d+)\b/.wordBoundaryKind(.simple)) { match in
        guard let number = Int(match.1), number < names.count else { return String(match.0) }
        return "P\(names[number])"
      }
    }
    let rows = (named["stops.txt"] ?? "").split(separator: "\n")
    named["stops.txt"] = (rows.prefix(1) + rows.dropFirst().sorted()).joined(separator: "\n") + "\n"
    return FeedText(named)
  }

  /// A folder with the files.
  func write() throws -> String {
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(filePath: folder.path(name)))
    }
    return folder.path
  }

  func report() throws -> FeedReport {
    let path = try write()
    return try FeedStore.check(path)
  }

  /// The graph with this feed alone, under the name `f`.
  func graph() throws -> ImportedGraph { try ImportedGraph(self) }
}

/// A graph that a test has imported, and what was said about it.
final class ImportedGraph {
  let home = TemporaryFolder()
  let report: FeedReport
  let graph: Graph
  let database: SQLiteDatabase

  init(_ text: FeedText) throws {
    report = try FeedStore(home: home.path).add(FeedName("f"), from: try text.write())
    let path = home.path("transit/current/graph.sqlite")
    graph = try Graph(path)
    database = try SQLiteDatabase(path, .reading)
  }

  /// The rows of a query, their columns joined by bars; null is empty.
  func rows(_ query: String) throws -> [String] { try database.rows(query) }

  var codes: [String] { report.noticeCounts.map { "\($0.severity.rawValue) \($0.code.rawValue) \($0.count)" } }
}

extension SQLiteDatabase {
  func rows(_ query: String) throws -> [String] {
    let statement = try prepare(query)
    var rows: [String] = []
    while try statement.step() {
      var row = statement.row
      var cells: [String] = []
      for _ in 0..<statement.columnCount { cells.append((row.next() as String?) ?? "") }
      rows.append(cells.joined(separator: "|"))
    }
    return rows
  }
}
