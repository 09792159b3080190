import Testing

@testable import Kernel

@Suite("Local dates")
struct LocalDateTests {
  @Test("days count from 1970 and reach the ends of the calendar")
  func knownDays() throws {
    for (text, days) in [
      ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-06-01", 20_605), ("0000-01-01", -719_528),
      ("9999-12-31", 2_932_896), ("1600-03-01", -135_080),
    ] {
      let date = try LocalDate(text)
      #expect(date.daysSinceEpoch == days, "\(text)")
      #expect(date.description == text)
    }
    #expect(LocalDate.first.description == "0000-01-01")
    #expect(LocalDate.last.description == "9999-12-31")
  }

  @Test("every day follows the day before it, by the plain rules of the calendar")
  func everyDay() throws {
    var (year, month, day) = (0, 1, 1)
    for days in LocalDate.first.daysSinceEpoch...LocalDate.last.daysSinceEpoch {
      let civil = LocalDate(daysSinceEpoch: days).civil
      // A comparison by hand: half a million expectations a second are too few.
      if civil != (year, month, day) || daysFromCivil(year: year, month: month, day: day) != Int(days) {
        Issue.record("day \(days) is \(civil), not \(year)-\(month)-\(day)")
        return
      }
      day += 1
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      if day > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] {
        (month, day) = (month + 1, 1)
      }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect((year, month, day) == (10_000, 1, 1))
  }

  @Test(
    "what is not a date is refused",
    arguments: [
      "", "2026-6-1", "2026-06-1", "26-06-01", "20260601", "2026/06/01", "2026-06-01 ", " 2026-06-01", "2026-06-01T",
      "+026-06-01", "2026-06-0x", "-2026-06-01", "12026-06-01", "2026-06-٠١",
    ])
  func malformed(text: String) {
    #expect(throws: CivilTextError.notADate(text)) { try LocalDate(text) }
  }

  @Test(
    "a day that no calendar has is refused as such",
    arguments: ["2026-02-29", "2026-00-01", "2026-13-01", "2026-01-00", "2026-04-31", "1900-02-29", "2100-02-29"])
  func impossible(text: String) {
    #expect(throws: CivilTextError.noSuchDay(text)) { try LocalDate(text) }
  }

  @Test("weekdays are numbered from Monday, also before 1970")
  func weekdays() throws {
    #expect(try LocalDate("1970-01-01").weekday == 4)
    #expect(try LocalDate("2026-06-01").weekday == 1)
    #expect(try LocalDate("2026-06-07").weekday == 7)
    #expect(try LocalDate("1969-12-28").weekday == 7)
    #expect(try LocalDate("0000-01-01").weekday == 6)
  }

  @Test("days are added and counted")
  func arithmetic() throws {
    let date = try LocalDate("2024-02-28")
    #expect(date.adding(days: 2).description == "2024-03-01")
    #expect(date.adding(days: -28).description == "2024-01-31")
    #expect(try date.days(until: LocalDate("2025-02-28")) == 366)
    #expect(date < date.adding(days: 1))
  }
}
