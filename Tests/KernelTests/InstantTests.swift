import Testing

@testable import Kernel

@Suite("Instants")
struct InstantTests {
  @Test("RFC 3339 is read with any offset and written in UTC")
  func readsAndWrites() throws {
    for (text, seconds, written) in [
      ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
      ("2026-06-01T08:03:00+02:00", 1_780_293_780, "2026-06-01T06:03:00Z"),
      ("2026-06-01T06:03:00.123Z", 1_780_293_780, "2026-06-01T06:03:00Z"),
      ("2026-05-31T20:33:00-09:30", 1_780_293_780, "2026-06-01T06:03:00Z"),
      ("2026-06-01T06:03:00-00:00", 1_780_293_780, "2026-06-01T06:03:00Z"),
      ("1969-12-31T23:59:59.999999999Z", -1, "1969-12-31T23:59:59Z"),
      ("0000-01-01T00:00:00Z", -62_167_219_200, "0000-01-01T00:00:00Z"),
      ("9999-12-31T23:59:59Z", 253_402_300_799, "9999-12-31T23:59:59Z"),
    ] as [(String, Int64, String)] {
      let instant = try Instant(text)
      #expect(instant.secondsSinceEpoch == seconds, "\(text)")
      #expect(instant.description == written)
    }
    #expect(Instant.first.description == "0000-01-01T00:00:00Z")
    #expect(Instant.last.description == "9999-12-31T23:59:59Z")
  }

  @Test("random moments read back the same")
  func roundTrip() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("instant seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<20_000 {
      let range = Instant.first.secondsSinceEpoch...Instant.last.secondsSinceEpoch
      let instant = Instant(secondsSinceEpoch: .random(in: range, using: &random))
      #expect(try Instant(instant.description) == instant, "seed \(seed)")
    }
  }

  @Test(
    "what is not RFC 3339 is refused",
    arguments: [
      "", "2026-06-01", "2026-06-01T08:03Z", "2026-06-01T08:03:00", "2026-06-01 08:03:00Z", "2026-06-01t08:03:00Z",
      "2026-06-01T08:03:00z", "2026-06-01T08:03:00.Z", "2026-06-01T08:03:00+0200", "2026-06-01T08:03:00+02",
      "2026-06-01T08:03:00Z ", "2026-06-01T8:03:00Z", "2026-06-01T08:03:00 Z", "20260601T080300Z", "1780293780",
      "2026-06-01T08:03:00,5Z", "2026-06-01T08:03:00+02:00Z",
    ])
  func malformed(text: String) {
    #expect(throws: CivilTextError.notAnInstant(text)) { try Instant(text) }
  }

  @Test(
    "a time that neither calendar nor clock has is refused as such",
    arguments: [
      "2026-02-30T00:00:00Z", "2026-06-01T24:00:00Z", "2026-06-01T23:60:00Z", "2026-06-30T23:59:60Z",
      "2026-06-01T00:00:00+24:00", "2026-06-01T00:00:00+01:60", "0000-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
      "2026-00-01T00:00:00Z",
    ])
  func impossible(text: String) {
    #expect(throws: CivilTextError.noSuchTime(text)) { try Instant(text) }
  }

  @Test("moments are added and counted")
  func arithmetic() throws {
    let instant = try Instant("2026-12-31T23:59:59Z")
    #expect(instant.adding(seconds: 1).description == "2027-01-01T00:00:00Z")
    #expect(instant.seconds(until: instant.adding(seconds: -90)) == -90)
    #expect(instant < instant.adding(seconds: 1))
  }
}
