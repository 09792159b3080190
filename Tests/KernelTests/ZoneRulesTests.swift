import Testing

@testable import Kernel

@Suite("Time zones")
struct ZoneRulesTests {
  private func zone(_ name: String) throws -> ZoneRules { try ZoneFiles.system.rules(named: name) }

  private func local(_ date: String, _ hour: Int, _ minute: Int = 0) throws -> LocalDateTime {
    LocalDateTime(try LocalDate(date), secondOfDay: hour * 3600 + minute * 60)
  }

  @Test(
    "offsets are those that the law of the place says",
    arguments: [
      ("Europe/Berlin", "2026-01-15T12:00:00Z", 3600), ("Europe/Berlin", "2026-07-15T12:00:00Z", 7200),
      // Half past midnight UTC before and the very second of the change in spring.
      ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600), ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200),
      ("Europe/Berlin", "2026-10-25T00:59:59Z", 7200), ("Europe/Berlin", "2026-10-25T01:00:00Z", 3600),
      // Beyond the list of changes that the file knows, by its last line.
      ("Europe/Berlin", "2090-01-15T12:00:00Z", 3600), ("Europe/Berlin", "2090-07-15T12:00:00Z", 7200),
      ("America/New_York", "2090-03-12T06:59:59Z", -18_000), ("America/New_York", "2090-03-12T07:00:00Z", -14_400),
      // The south has its summer in January.
      ("Australia/Sydney", "2026-01-15T12:00:00Z", 39_600), ("Australia/Sydney", "2026-07-15T12:00:00Z", 36_000),
      ("Australia/Sydney", "2091-01-15T12:00:00Z", 39_600), ("Australia/Sydney", "2090-07-15T12:00:00Z", 36_000),
      // Half an hour of daylight saving.
      ("Australia/Lord_Howe", "2026-01-15T00:00:00Z", 39_600), ("Australia/Lord_Howe", "2026-07-15T00:00:00Z", 37_800),
      // None at all, and a quarter of an hour.
      ("Asia/Kathmandu", "2026-07-15T12:00:00Z", 20_700), ("Asia/Tokyo", "2090-07-15T12:00:00Z", 32_400),
      // Given up: Mexico in 2022, São Paulo in 2019.
      ("America/Mexico_City", "2022-07-01T12:00:00Z", -18_000),
      ("America/Mexico_City", "2023-07-01T12:00:00Z", -21_600),
      ("America/Sao_Paulo", "2019-01-15T12:00:00Z", -7200), ("America/Sao_Paulo", "2030-01-15T12:00:00Z", -10_800),
      // Winter time is the exception in law, and rules whose moments lie outside of their day.
      ("Europe/Dublin", "2090-07-15T12:00:00Z", 3600), ("America/Nuuk", "2090-07-15T12:00:00Z", -3600),
      // Before there were zones: the sun of the place.
      ("Europe/Berlin", "1850-01-01T00:00:00Z", 3208), ("UTC", "2026-07-15T12:00:00Z", 0),
    ])
  func offsets(_ name: String, _ moment: String, _ offset: Int) throws {
    #expect(try zone(name).offset(at: Instant(moment)) == offset)
  }

  @Test("an hour that is skipped is never shown; its two readings lie an hour apart")
  func gap() throws {
    // 2026-03-29 in Berlin: 01:59:59 is followed by 03:00:00.
    let berlin = try zone("Europe/Berlin")
    let moments = try berlin.moments(of: local("2026-03-29", 2, 30))
    let (earlier, later) = try (Instant("2026-03-29T00:30:00Z"), Instant("2026-03-29T01:30:00Z"))
    #expect(moments == .never(earlier: earlier, later: later))
    #expect(try berlin.moments(of: local("2026-03-29", 3)) == .once(Instant("2026-03-29T01:00:00Z")))
    #expect(try berlin.moments(of: local("2026-03-29", 1, 59)) == .once(Instant("2026-03-29T00:59:00Z")))
  }

  @Test("an hour that is repeated is shown twice")
  func overlap() throws {
    // 2026-10-25 in Berlin: 02:59:59 is followed by 02:00:00.
    let berlin = try zone("Europe/Berlin")
    let moments = try berlin.moments(of: local("2026-10-25", 2))
    let (earlier, later) = try (Instant("2026-10-25T00:00:00Z"), Instant("2026-10-25T01:00:00Z"))
    #expect(moments == .twice(earlier: earlier, later: later))
    #expect(moments.earlier == earlier && moments.later == later)
    #expect(try berlin.moments(of: local("2026-10-25", 3)) == .once(Instant("2026-10-25T02:00:00Z")))
    #expect(try berlin.moments(of: local("2026-10-25", 1, 59)) == .once(Instant("2026-10-24T23:59:00Z")))
  }

  @Test("a day that a place has left out is never shown, and one lived twice is shown twice")
  func wholeDays() throws {
    // Samoa went over the date line at the end of 2011-12-29; Kwajalein lived 1969-09-30 twice.
    let apia = try zone("Pacific/Apia")
    let moments = try apia.moments(of: local("2011-12-30", 12))
    #expect(try moments == .never(earlier: Instant("2011-12-29T22:00:00Z"), later: Instant("2011-12-30T22:00:00Z")))
    #expect(try apia.local(at: Instant("2011-12-30T10:00:00Z")) == local("2011-12-31", 0))
    let kwajalein = try zone("Pacific/Kwajalein").moments(of: local("1969-09-30", 12))
    #expect(kwajalein.earlier.seconds(until: kwajalein.later) == 23 * 3600)
  }

  @Test("what clocks show at a moment they show at that moment", arguments: [UInt64(1), 2, 3])
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let names = [
      "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Africa/Casablanca",
      "America/Nuuk", "Europe/Dublin", "Pacific/Apia", "Asia/Tehran", "UTC", "Antarctica/Troll", "Etc/GMT+5",
    ]
    for name in names {
      let zone = try zone(name)
      for _ in 0..<400 {
        let moment = Instant(secondsSinceEpoch: Int64.random(in: -3_000_000_000...5_000_000_000, using: &random))
        let moments = zone.moments(of: zone.local(at: moment))
        #expect(moments.earlier == moment || moments.later == moment, "\(name) \(moment), seed \(seed)")
        if case .never = moments { Issue.record("\(name) \(moment) is never shown, seed \(seed)") }
      }
    }
  }

  @Test("a service day begins twelve hours before noon: not at midnight when clocks change in the night")
  func serviceDays() throws {
    let berlin = try zone("Europe/Berlin")
    for (date, start) in [
      ("2026-06-01", "2026-05-31T22:00:00Z"), ("2026-03-29", "2026-03-28T22:00:00Z"),
      ("2026-10-25", "2026-10-24T23:00:00Z"),
    ] {
      #expect(try berlin.serviceDayStart(of: LocalDate(date)) == Instant(start))
    }
  }

  @Test("the ends of the calendar do not overflow")
  func ends() throws {
    for name in ["Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin"] {
      let zone = try zone(name)
      for moment in [Instant.first, .last] {
        let shown = zone.local(at: moment)
        #expect(zone.moments(of: shown).earlier.seconds(until: moment).magnitude <= 86_400)
      }
      _ = zone.serviceDayStart(of: .first)
      _ = zone.serviceDayStart(of: .last)
    }
  }
}
