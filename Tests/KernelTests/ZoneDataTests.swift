import Testing

@testable import Kernel

/// A TZif file of version 2 with its 64-bit block only filled.
private func zoneFile(
  changes: [(at: Int64, type: UInt8)], types: [Int32], footer: String, leapSeconds: UInt32 = 0
) -> [UInt8] {
  func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.bigEndian, Array.init) }
  func header(_ counts: [UInt32]) -> [UInt8] {
    Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap(big)
  }
  var bytes = header([0, 0, 0, 0, 1, 1]) + [0, 0, 0, 0, 0, 0, 0]
  bytes += header([0, 0, leapSeconds, UInt32(changes.count), UInt32(types.count), 1])
  bytes += changes.flatMap { big($0.at) } + changes.map(\.type)
  for type in types { bytes += big(type) + [0, 0] }
  return bytes + [0] + Array("\n\(footer)\n".utf8)
}

@Suite("Time zone data")
struct ZoneDataTests {
  private let sound = zoneFile(
    changes: [(at: 1000, type: 1), (at: 2000, type: 0)], types: [3600, 7200], footer: "XXX-1")

  @Test("a file's changes and its last line are read")
  func reads() throws {
    let rules = try ZoneRules(file: sound)
    let offsets = [999, 1000, 1999, 2000, 4_000_000_000].map { rules.offset(at: Instant(secondsSinceEpoch: $0)) }
    #expect(offsets == [3600, 7200, 7200, 3600, 3600])
  }

  @Test("every file that is cut short is refused, and none crashes")
  func truncated() {
    for count in 0..<sound.count {
      #expect(throws: ZoneDataError.self) { try ZoneRules(file: Array(sound[..<count])) }
    }
  }

  @Test("no damaged byte crashes", arguments: [UInt64(7)])
  func damaged(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for place in sound.indices {
      var bytes = sound
      bytes[place] = UInt8.random(in: 0...255, using: &random)
      // Some damage leaves a zone, if another one; only that nothing traps is asked.
      _ = try? ZoneRules(file: bytes)
    }
  }

  @Test("what contradicts itself, counts leap seconds or is older than version 2 is refused as such")
  func refused() {
    func error(_ bytes: [UInt8]) -> ZoneDataError? {
      #expect(throws: ZoneDataError.self) { try ZoneRules(file: bytes) }
    }
    #expect(error(Array("TZif".utf8) + [UInt8](repeating: 0, count: 40)) == .notAZone)
    #expect(error(Array("# tzdb data for Europe, this is no compiled file at all".utf8)) == .notAZone)
    #expect(error(zoneFile(changes: [(at: 5, type: 9)], types: [0], footer: "")) == .damaged)
    #expect(error(zoneFile(changes: [(at: 5, type: 0), (at: 5, type: 0)], types: [0], footer: "")) == .damaged)
    #expect(error(zoneFile(changes: [], types: [200_000], footer: "")) == .damaged)
    #expect(error(zoneFile(changes: [], types: [0], footer: "no rule")) == .damaged)
    #expect(error(zoneFile(changes: [], types: [0], footer: "", leapSeconds: 1)) == .countsLeapSeconds)
  }

  @Test("the three ways to name a day of every year are understood")
  func rules() throws {
    func offset(_ rule: String, _ moment: String) throws -> Int32 {
      let read = try #require(YearlyRuleReader.rule(Array(rule.utf8)), "\(rule)")
      return read.offset(atSecond: try Instant(moment).secondsSinceEpoch)
    }
    // J60 is 1 March in every year, 59 is 1 March or 29 February.
    #expect(try offset("AAA0BBB,J60/0,J300", "2024-02-29T23:59:59Z") == 0)
    #expect(try offset("AAA0BBB,J60/0,J300", "2024-03-01T00:00:00Z") == 3600)
    #expect(try offset("AAA0BBB,59/0,300", "2024-02-29T00:00:00Z") == 3600)
    #expect(try offset("AAA0BBB,59/0,300", "2023-02-28T23:59:59Z") == 0)
    // The fifth Sunday is the last one; a day's second may lie a week away.
    #expect(try offset("AAA0BBB,M2.5.0/0,M10.5.0", "2026-02-22T00:00:00Z") == 3600)
    #expect(try offset("AAA0BBB,M3.1.0/-24,M10.5.0", "2026-02-28T00:00:00Z") == 3600)
    #expect(try offset("<-03>3<-02>2:30,M3.5.0/-1,M10.5.0/167:59:59", "2026-07-01T00:00:00Z") == -9000)
    // Daylight saving all year, as RFC 9636 spells it.
    #expect(try offset("XXX3EDT4,0/0,J365/23", "2026-01-01T12:00:00Z") == -14_400)
    #expect(try offset("XXX3EDT4,0/0,J365/23", "2026-07-01T12:00:00Z") == -14_400)
  }

  @Test(
    "what is no rule is refused",
    arguments: [
      "", "A0", "AAA", "AAA168", "AAA0BBB", "AAA0BBB,M1.1.0", "AAA0BBB,M13.1.0,M1.1.0", "AAA0BBB,M1.6.0,M1.1.0",
      "AAA0BBB,M1.1.7,M1.1.0", "AAA0BBB,J0,J1", "AAA0BBB,366,1", "AAA0,", "<>0", "<AB0", "AAA0:60", "AAA0 ",
    ])
  func noRules(text: String) {
    #expect(YearlyRuleReader.rule(Array(text.utf8)) == nil)
  }
}

@Suite("Time zone names")
struct ZoneNameTests {
  @Test(
    "no name leads out of the directory or to anything but a zone",
    arguments: [
      "", "/etc/passwd", "../zoneinfo/UTC", "Europe/../UTC", "Europe//Berlin", "Europe/", "Europe/Berlin\0", "zone.tab",
      "a/b/c/d", "-x", "Europe/Bérlin", "right/Europe/Berlin", "posix/UTC", "Europe Berlin",
      String(repeating: "a", count: 65),
    ])
  func refused(text: String) {
    #expect(ZoneName(text) == nil)
    #expect(throws: ZoneError.notAName(text)) { try ZoneFiles.system.rules(named: text) }
  }

  @Test("names of the tz database are taken, as they are")
  func taken() throws {
    for text in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince", "GB"]
    {
      #expect(ZoneName(text)?.description == text)
      #expect(throws: Never.self) { try ZoneFiles.system.rules(named: text) }
    }
  }

  @Test("a zone that is unknown, a folder, or a file of another kind is named with the mend")
  func errors() throws {
    for text in ["Europe/Atlantis", "Europe", "Europe/Berlin/Mitte"] {
      let error = #expect(throws: ZoneError.self) { try ZoneFiles.system.rules(named: text) }
      #expect(error?.description.contains("no time zone \(text) is in /usr/share/zoneinfo: correct the name") == true)
    }
    let other = #expect(throws: ZoneError.self) { try ZoneFiles(directory: "/etc").rules(named: "passwd") }
    #expect(other == .wrongFile(path: "/etc/passwd", .notAZone))
  }

  @Test("a zone is read once")
  func cached() throws {
    let zones = ZoneFiles(directory: "/usr/share/zoneinfo")
    #expect(try zones.rules(named: "Europe/Berlin") == zones.rules(named: "Europe/Berlin"))
    #expect(try ZoneFiles(directory: "/nowhere").rules(named: "UTC") == .utc)
  }
}
