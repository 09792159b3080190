import Foundation
import JSON
import TestSupport
import Testing

@testable import wayfare

/// A feed of one trip, and as many shape points as a test wants it to take time.
private func makeFeed(shapePoints: Int = 0) throws -> String {
  let folder = TestCluster.makeDirectory("feed")
  var files = [
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Xpress,https://x.example,Europe/Berlin\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,52.50,13.40\nB,Beta,52.51,13.40\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,X,1,3\n",
    "calendar_dates.txt": "service_id,date,exception_type\nW,20260601,1\n",
    "trips.txt": "route_id,service_id,trip_id\nR,W,T\n",
    "stop_times.txt": """
    trip_id,arrival_time,departure_time,stop_id,stop_sequence
    T,08:00:00,08:00:00,A,1
    T,08:10:00,08:10:00,B,2

    """,
  ]
  if shapePoints > 0 {
    let rows = (0..<shapePoints).map { "S,52.5,13.\(4_000_000 + $0),\($0)\n" }
    files["shapes.txt"] = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + rows.joined()
  }
  for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
  return folder
}

@Suite("wayfare feed")
struct FeedCommandTests {
  private let home = TestCluster.makeDirectory("home")

  private func feed(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
    let result = try ServerProcess.run(["feed"] + words, environment: ["WAYFARE_HOME": home])
    return (result.status, result.output, result.errors)
  }

  @Test("feeds are checked, added, listed and removed without a database")
  func life() throws {
    let path = try makeFeed()
    #expect(try feed("list").output.contains("wayfare feed add"))
    let check = try feed("check", path)
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.output == "1 trip on 1 route, 2 stops, 2026-06-01 to 2026-06-01\nnothing is wrong with it\n")
    let added = try feed("add", "x", path)
    #expect(added.status == 0 && added.output == "added x: 1 trip on 1 route, 2 stops, 2026-06-01 to 2026-06-01\n")
    // Progress is for terminals only.
    #expect(added.errors.isEmpty)
    let list = try JSONDocument(text: try feed("list", "--json").output).root
    #expect(try list.find("/feeds/0/name")?.string == "x")
    #expect(try list.find("/feeds/0/trips")?.int == 1)
    #expect(try feed("list").output.contains("NAME  FROM        TO"))
    #expect(try feed("remove", "x").output == "removed x\n")
    #expect(!FileManager.default.fileExists(atPath: home + "/postgres"))
  }

  @Test("what is wrong with a feed is told for people and for programs, and exits 1")
  func notices() throws {
    let path = try makeFeed()
    try Data("stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,52.50,13.40\nB,Beta,52.51,13.40\nC,Gamma,x,13.4\n".utf8)
      .write(to: URL(filePath: path + "/stops.txt"))
    let check = try feed("check", path)
    #expect(check.status == 1)
    #expect(check.output.contains("error    invalid_number, once"))
    #expect(check.output.contains("at stops.txt:4 stop_lat \"x\""))
    let json = try JSONDocument(text: try feed("check", path, "--json").output).root
    #expect(try json.find("/notices/0/line")?.int == 4)
    #expect(try json.find("/counts/0/count")?.int == 1)
    let added = try feed("add", "x", path)
    #expect(added.status == 0, "a bad row costs that row only")
    #expect(added.output.contains("1 error: wayfare feed check \(path)"))
  }

  @Test(
    "what is typed wrongly ends with exit 2 and one sentence that names it and the mend",
    arguments: [
      (["feed"], "wants ACTION"), (["feed", "ad", "x", "y"], "did you mean add?"),
      (["feed", "zap"], "add, list, check or remove"),
      (["feed", "add", "x"], "wayfare feed add NAME ZIP|DIR"), (["feed", "list", "x"], "wayfare feed list"),
      (["feed", "add", "a:b", "/tmp"], "letters, digits"),
      (["feed", "add", "x", "/nowhere.zip"], "there is nothing at /nowhere.zip"),
      (["feed", "check", "/etc/passwd"], "it is no zip"), (["feed", "check", "/proc"], "stops.txt"),
      (["feed", "remove", "x"], "there is no feed \"x\""), (["feed", "check", "a", "--jsn"], "did you mean --json?"),
    ])
  func refuses(_ words: [String], _ hint: String) throws {
    let result = try ServerProcess.run(words, environment: ["WAYFARE_HOME": home])
    #expect(result.status == 2)
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }

  @Test(
    "an import that is killed leaves the old graph serving, and the next one clears up", arguments: [SIGKILL, SIGTERM])
  func killed(signal: Int32) async throws {
    #expect(try feed("add", "x", makeFeed()).status == 0)
    let before = try Data(contentsOf: URL(filePath: home + "/transit/current/graph.sqlite"))
    let process = Process()
    process.executableURL = ServerProcess.program
    process.arguments = ["feed", "add", "y", try makeFeed(shapePoints: 400_000)]
    process.environment = ["WAYFARE_HOME": home]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let unfinished = home + "/transit/g2/graph.sqlite"
    // Once something lies on the disk, rows are being read.
    for _ in 0..<2000 where ((try? Data(contentsOf: URL(filePath: unfinished)).count) ?? 0) == 0 && process.isRunning {
      try await Task.sleep(for: .milliseconds(5))
    }
    let busy = try feed("remove", "x")
    #expect(busy.status == 2 && busy.errors.contains("process \(process.processIdentifier)"), "\(busy.errors)")
    try #require(process.isRunning, "the import was over before it could be killed: give it more to do")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == (signal == SIGKILL ? .uncaughtSignal : .exit))
    #expect(FileManager.default.fileExists(atPath: unfinished) == (signal == SIGKILL))
    #expect(try feed("list").output.contains("x  "))
    #expect(try Data(contentsOf: URL(filePath: home + "/transit/current/graph.sqlite")) == before)
    #expect(try feed("add", "y", makeFeed()).status == 0)
    #expect(try feed("list").output.contains("y  "))
    let names = try FileManager.default.contentsOfDirectory(atPath: home + "/transit").filter { $0.hasPrefix("g") }
    #expect(names.count == 2, "\(names)")
  }
}
