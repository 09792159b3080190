import Foundation
import Glibc
import JSON
import TestSupport
import Testing

@testable import wayfare

/// Two trips of one line; the first is cancelled, or is late.
///
///     A ──1── B      T 08:00 to 08:20, U 09:00 to 09:20
@Suite("wayfare route --realtime and --replan")
struct RealtimeCommandTests {
  private let home: String
  private let folder: String

  init() throws {
    home = TestCluster.makeDirectory("home")
    folder = TestCluster.makeDirectory("feed")
    let files = [
      "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Xpress,https://x.example,Europe/Berlin\n",
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Alpha,52.50,13.40\nB,Beta,52.70,13.40\n",
      "routes.txt": "route_id,agency_id,route_short_name,route_type\n1,X,1,3\n",
      "calendar_dates.txt": "service_id,date,exception_type\nW,20260601,1\n",
      "trips.txt": "route_id,service_id,trip_id\n1,W,T\n1,W,U\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:00:00,08:00:00,A,1
      T,08:20:00,08:20:00,B,2
      U,09:00:00,09:00:00,A,1
      U,09:20:00,09:20:00,B,2

      """,
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder + "/" + name)) }
    let added = try ServerProcess.run(["feed", "add", "x", folder], environment: ["WAYFARE_HOME": home])
    try #require(added.status == 0, "\(added.errors)")
  }

  private func wayfare(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
    let result = try ServerProcess.run(words, environment: ["WAYFARE_HOME": home])
    return (result.status, result.output, result.errors)
  }

  private func route(_ words: String...) throws -> (status: Int32, output: String, errors: String) {
    try wayfare(["route", "--from", "stop:x:A", "--to", "stop:x:B", "--at", "2026-06-01T07:50"] + words)
  }

  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }

  /// A message about T on the first of June: a trip with more fields, and what is said of it.
  private func message(_ trip: [UInt8], _ update: [UInt8]) throws -> String {
    let descriptor = field(1, Array("T".utf8)) + field(3, Array("20260601".utf8)) + trip
    let entity = field(1, Array("e".utf8)) + field(3, field(1, descriptor) + update)
    let path = folder + "/rt.pb"
    try Data(field(1, field(1, Array("2.0".utf8))) + field(2, entity)).write(to: URL(filePath: path))
    return path
  }

  /// Field 4 of the trip, its relationship: 3 stands for cancelled.
  private func cancelled() throws -> String { try message([0x20, 3], []) }
  /// Field 5 of the update, a delay of two minutes.
  private func late() throws -> String { try message([], [0x28, 120]) }

  @Test("a delay is in the times, the plan stands beside them")
  func delays() throws {
    let text = try route("--realtime", late())
    #expect(text.output.hasPrefix("1  08:02 → 08:22") && text.output.contains("2 min late"), "\(text)")
    #expect(text.errors.contains("1 trips updated"), "\(text.errors)")
    let json = try route("--realtime", "x=" + late(), "--json")
    let root = try JSONDocument(text: json.output).root
    #expect(try root.find("/journeys/0/legs/0/departure")?.string == "2026-06-01T08:02:00+02:00")
    #expect(try root.find("/journeys/0/legs/0/scheduledDeparture")?.string == "2026-06-01T08:00:00+02:00")
    #expect(try root.find("/journeys/0/legs/0/arrivalDelaySeconds")?.int == 120)
    #expect(try root.find("/realtime/entities/0/matched")?.int == 1)
    let wrong = try route("--realtime", "y=" + late())
    #expect(wrong.status == 2 && wrong.errors.contains("there are x"), "\(wrong)")
  }

  @Test("a journey of --json is held against what runs, and planned anew")
  func replans() throws {
    let journey = try route("--json").output
    let path = folder + "/journey.json"
    try Data(journey.utf8).write(to: URL(filePath: path))
    let fine = try wayfare(["route", "--replan", path, "--at", "2026-06-01T07:00"])
    #expect(fine.status == 0 && fine.output == "the journey can be travelled as planned\n", "\(fine)")
    let told = try wayfare(["route", "--replan", path, "--at", "2026-06-01T07:00", "--realtime", cancelled()])
    #expect(told.status == 0 && told.output.contains("leg 1: the trip x:T is cancelled"), "\(told)")
    #expect(told.output.contains("1  09:00 → 09:20"), "\(told)")
    let json = try wayfare([
      "route", "--replan", path, "--at", "2026-06-01T07:00", "--realtime", cancelled(), "--json",
    ])
    let root = try JSONDocument(text: json.output).root
    #expect(try root.find("/status")?.string == "disrupted")
    #expect(try root.find("/disruptions/0/reason")?.string == "cancelled")
    #expect(try root.find("/journeys/0/legs/0/trip")?.string == "x:U")
    let wrong = try wayfare(["route", "--replan", folder + "/stops.txt"])
    #expect(wrong.status == 2 && wrong.errors.contains("--replan"), "\(wrong)")
  }

  @Test("a message is fetched from a URL; an answer that is none is told")
  func fetches() throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: cancelled())))
    let good = try OneAnswerServer("200 OK", bytes)
    let found = try route("--realtime", "x=http://127.0.0.1:\(good.port)/updates.pb?key=1")
    #expect(found.output.hasPrefix("1  09:00 → 09:20"), "\(found)")
    let gone = try OneAnswerServer("404 Not Found", [])
    let none = try route("--realtime", "http://127.0.0.1:\(gone.port)/updates.pb")
    #expect(none.status == 2 && none.errors.contains("answers 404"), "\(none)")
  }
}

/// Somebody else's server: it answers one request and ends.
private final class OneAnswerServer: Sendable {
  let port: Int

  init(_ status: String, _ body: [UInt8]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 4) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
    let answer = Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body
    Thread.detachNewThread {
      let connection = accept(listener, nil, nil)
      var request = [UInt8](repeating: 0, count: 4096)
      _ = read(connection, &request, request.count)
      _ = write(connection, answer, answer.count)
      close(connection)
      close(listener)
    }
  }
}
