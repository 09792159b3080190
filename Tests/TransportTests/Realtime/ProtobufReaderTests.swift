import Foundation
import Kernel
import Testing

@testable import Transport

@Suite("Messages of GTFS-Realtime")
struct ProtobufReaderTests {
  private func error(_ bytes: [UInt8]) -> String? {
    do throws(RealtimeError) {
      _ = try RealtimeFeed(bytes, name: "x.pb")
      return nil
    } catch {
      return error.description
    }
  }

  private static var update: RealtimeText {
    var text = RealtimeText(timestamp: 1_780_300_800)
    text.trip("T", date: "20260601", calls: [.init("B", sequence: 2).with { $0.arrivalDelay = -60 }])
    text.alert("Late", route: "R")
    text.vehicle("T", date: "20260601", 52.5, 13.4)
    return text
  }

  @Test("are read: trips with delays, also negative ones, alerts, vehicles")
  func reads() throws {
    let feed = try RealtimeFeed(Self.update.bytes, name: "x.pb")
    #expect(feed.version == "2.0" && feed.timestamp == Instant(secondsSinceEpoch: 1_780_300_800))
    let update = try #require(feed.tripUpdates.first)
    #expect(update.trip.tripID == "T" && update.trip.startDate == "20260601" && update.entity == "e1")
    #expect(update.calls.first?.sequence == 2 && update.calls.first?.arrival?.delay == -60)
    #expect(feed.alerts.first.map { ServiceAlert.best($0.header) } == "Late")
    #expect(feed.vehicles.first?.latitude == 52.5)
  }

  @Test("fields that nobody knows are skipped, of every kind and nested in groups")
  func unknown() throws {
    var writer = ProtobufWriter()
    writer.number(900, -1)
    writer.float(901, 1)
    writer.raw(902, [1, 2, 3])
    writer.varint(903 << 3 | 1)
    for _ in 0..<8 { writer.varint(0) }
    // A group in a group, with a number inside.
    for tag in [904 << 3 | 3, 905 << 3 | 3, 906 << 3] as [UInt64] { writer.varint(tag) }
    writer.varint(77)
    for tag in [905 << 3 | 4, 904 << 3 | 4] as [UInt64] { writer.varint(tag) }
    let feed = try RealtimeFeed(writer.bytes + Self.update.bytes, name: "x.pb")
    #expect(feed.tripUpdates.count == 1)
  }

  @Test("what is no message is refused with the byte and the field")
  func refused() {
    #expect(error(Array("not valid pb data".utf8))?.contains("no fields of kind 6, at byte 0") == true)
    #expect(error([])?.contains("the header is missing") == true)
    #expect(error(ProtobufWriter { $0.message(1) { $0.text(1, "2.0") } }.bytes) == nil)
    let wrong = ProtobufWriter { feed in
      feed.message(1) { $0.text(1, "2.0") }
      feed.message(2) { entity in
        entity.text(1, "e")
        entity.message(3) { update in
          update.message(1) { $0.text(1, "T") }
          update.message(2) { $0.text(2, "no message") }
        }
      }
    }
    #expect(error(wrong.bytes)?.contains("in entity[0].trip_update.stop_time_update[0].arrival") == true)
    let kind = ProtobufWriter { $0.message(1) { $0.number(1, 2) } }
    #expect(error(kind.bytes)?.contains("the field is not a text, at byte 2 in header") == true)
    let text = ProtobufWriter { $0.message(1) { $0.raw(1, [0xFF, 0xFE]) } }
    #expect(error(text.bytes)?.contains("a text is not UTF-8, at byte 4 in header") == true)
    #expect(error([0x0A, 0xFF])?.contains("it ends in the middle of a field") == true)
    #expect(error([0x0A, 0x10, 1])?.contains("a field of 16 bytes begins where 1 are left") == true)
    #expect(error([UInt8](repeating: 0xFF, count: 12))?.contains("more than ten bytes") == true)
    #expect(error(ProtobufWriter { $0.varint(99 << 3 | 4) }.bytes)?.contains("a group does not end") == true)
  }

  @Test("cut anywhere, or with any byte changed, a message is read or refused, and nothing else happens")
  func damage() {
    let bytes = Self.update.bytes
    var refused = 0
    for end in bytes.indices where error(Array(bytes[..<end])) != nil { refused += 1 }
    var random = SeededRandom(seed: 4)
    for _ in 0..<3000 {
      var damaged = bytes
      damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      if error(damaged) != nil { refused += 1 }
    }
    #expect(refused > 500)
  }
}

/// Messages of real operators with what others have decoded: `gtfs-realtime/*.pb` and `*.pb.json`.
private let realMessages: [String] = {
  guard let folder = ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"] else { return [] }
  let names = (FolderFile.names(in: folder + "/gtfs-realtime") ?? []).filter { $0.hasSuffix(".pb.json") }
  return names.sorted().map { folder + "/gtfs-realtime/" + $0.dropLast(5) }
}()

@Suite("Messages of real operators", .enabled(if: !realMessages.isEmpty, "WAYFARE_TEST_DATA has none"))
struct RealMessageTests {
  @Test("say what other programs read in them", arguments: realMessages)
  func equal(path: String) throws {
    let feed = try RealtimeFeed(Array(try Data(contentsOf: URL(filePath: path))), name: path)
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path + ".json")))
    let root = try #require(json as? [String: Any])
    let header = try #require(root["header"] as? [String: Any])
    #expect(feed.version == header["gtfsRealtimeVersion"] as? String)
    #expect(feed.timestamp.map { "\($0.secondsSinceEpoch)" } == header["timestamp"] as? String)
    let entities = root["entity"] as? [[String: Any]] ?? []
    let updates = entities.compactMap { $0["tripUpdate"] as? [String: Any] }
    #expect(feed.tripUpdates.count == updates.count)
    #expect(feed.alerts.count == entities.filter { $0["alert"] != nil }.count)
    for (own, other) in zip(feed.tripUpdates, updates) {
      let trip = try #require(other["trip"] as? [String: Any])
      #expect(own.trip.tripID == trip["tripId"] as? String && own.trip.routeID == trip["routeId"] as? String)
      #expect(own.trip.startDate == trip["startDate"] as? String && own.trip.direction == trip["directionId"] as? Int)
      let calls = other["stopTimeUpdate"] as? [[String: Any]] ?? []
      #expect(own.calls.count == calls.count)
      for (call, otherCall) in zip(own.calls, calls) {
        #expect(call.stopID == otherCall["stopId"] as? String)
        #expect(call.sequence.map(Int.init) == otherCall["stopSequence"] as? Int)
        for (event, name) in [(call.arrival, "arrival"), (call.departure, "departure")] {
          let said = otherCall[name] as? [String: Any]
          #expect(event?.time.map { "\($0)" } == said?["time"] as? String)
          #expect(event?.delay.map(Int.init) == said?["delay"] as? Int)
        }
      }
    }
    let vehicles = entities.compactMap { $0["vehicle"] as? [String: Any] }
    #expect(feed.vehicles.count == vehicles.count)
    for (own, other) in zip(feed.vehicles, vehicles) {
      let place = other["position"] as? [String: Any]
      #expect(abs((own.latitude ?? 0) - (place?["latitude"] as? Double ?? 0)) < 1e-4)
      #expect(own.timestamp.map { "\($0.secondsSinceEpoch)" } == other["timestamp"] as? String)
    }
  }
}
