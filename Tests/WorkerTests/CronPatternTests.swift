import Kernel
import Testing

@testable import Worker

/// Times worked out by hand from the calendar of 2026.
@Suite struct CronPatternTests {
  private func next(_ pattern: String, after text: String, in zone: String = "UTC") throws -> String? {
    let rules = try ZoneFiles.system.rules(named: zone)
    return try CronPattern(pattern).next(after: try Instant(text), in: rules)?.description
  }

  @Test("a pattern names its next time")
  func plain() throws {
    #expect(try next("30 6 * * mon-fri", after: "2026-11-21T12:00:00Z") == "2026-11-23T06:30:00Z")
    #expect(try next("*/15 * * * *", after: "2026-11-21T12:07:30Z") == "2026-11-21T12:15:00Z")
    #expect(try next("0 0 29 2 *", after: "2026-11-21T12:00:00Z") == "2028-02-29T00:00:00Z")
    #expect(try next("@monthly", after: "2026-11-21T12:00:00Z") == "2026-12-01T00:00:00Z")
  }

  @Test("a time that the clock skips is made up for, and one that comes twice counts once")
  func clockChanges() throws {
    // Berlin puts its clocks forward on 29 March 2026 at 02:00 and back on 25 October at 03:00.
    #expect(try next("30 2 * * *", after: "2026-03-28T12:00:00Z", in: "Europe/Berlin") == "2026-03-29T01:30:00Z")
    #expect(try next("30 2 * * *", after: "2026-10-24T12:00:00Z", in: "Europe/Berlin") == "2026-10-25T00:30:00Z")
    #expect(try next("30 2 * * *", after: "2026-10-25T00:30:00Z", in: "Europe/Berlin") == "2026-10-26T01:30:00Z")
    #expect(try next("30 * * * *", after: "2026-10-25T00:30:00Z", in: "Europe/Berlin") == "2026-10-25T01:30:00Z")
  }

  @Test(
    "what is no pattern is refused with the field",
    arguments: ["60 * * * *", "* * * *", "1-0 * * * *", "* * 31 2 *", "+3 * * * *"])
  func refused(_ text: String) {
    #expect(throws: CronError.self) { _ = try CronPattern(text) }
  }
}
