import Kernel
import Testing

@testable import Planner

@Suite("Opening hours")
struct OpeningHoursTests {
  // 2026-06: the 1st is a Monday.
  static func date(_ text: String) throws -> LocalDate { try LocalDate(text) }

  /// Stretches as text, `?` marking what is uncertain.
  static func open(_ text: String, _ date: String, _ context: OpeningContext = OpeningContext()) throws -> String {
    try OpeningHours(text).intervals(on: Self.date(date), in: context).map { interval in
      func clock(_ minute: Int) -> String {
        let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
        return "\(hour):\(rest < 10 ? "0" : "")\(rest)"
      }
      return "\(clock(interval.start))-\(clock(interval.end))\(interval.isUncertain ? "?" : "")"
    }.joined(separator: " ")
  }

  @Test(
    "rules hold on the days they name, later ones first",
    arguments: [
      ("24/7", "2026-06-01", "0:00-24:00"),
      ("Mo-Fr 09:00-12:00,13:00-17:30", "2026-06-01", "9:00-12:00 13:00-17:30"),
      ("Mo-Fr 09:00-17:00", "2026-06-06", ""),
      ("Mo-Su 09:00-17:00; We off", "2026-06-03", ""),
      ("Mo-Su 09:00-17:00; We 12:00-14:00", "2026-06-03", "12:00-14:00"),
      ("Mo-Su 09:00-17:00; We 12:00-14:00 off", "2026-06-03", "9:00-12:00 14:00-17:00"),
      ("Mo-Su 09:00-12:00, We 18:00-20:00", "2026-06-03", "9:00-12:00 18:00-20:00"),
      ("Fr-Mo 10:00-11:00", "2026-06-07", "10:00-11:00"),
      ("Fr-Mo 10:00-11:00", "2026-06-02", ""),
      ("Fr 22:00-02:00", "2026-06-05", "22:00-26:00"),
      ("Fr 22:00-26:00", "2026-06-05", "22:00-26:00"),
      ("Apr-Oct 10:00-18:00", "2026-10-31", "10:00-18:00"),
      ("Apr-Oct 10:00-18:00", "2026-11-01", ""),
      ("Nov-Mar 10:00-18:00", "2026-01-05", "10:00-18:00"),
      ("Apr 15-Oct 03 10:00-18:00", "2026-04-14", ""),
      ("Apr 15-Oct 03: 10:00-18:00", "2026-04-15", "10:00-18:00"),
      ("10:00-18:00; Dec 24,25 off", "2026-12-25", ""),
      ("10:00-18:00; Dec 24-26 off", "2026-12-26", ""),
      ("2027 Jun 10:00-18:00", "2026-06-01", ""),
      ("2025-2026 Jun 10:00-18:00", "2026-06-01", "10:00-18:00"),
      ("2025+ 10:00-18:00", "2026-06-01", "10:00-18:00"),
      ("week 23 Mo 10:00-11:00", "2026-06-01", "10:00-11:00"),
      ("week 01-53/2 Mo 10:00-11:00", "2026-06-08", ""),
      ("Mo[1] 10:00-11:00", "2026-06-01", "10:00-11:00"),
      ("Mo[2] 10:00-11:00", "2026-06-01", ""),
      ("Mo[-1] 10:00-11:00", "2026-06-29", "10:00-11:00"),
      ("Mo[-1] 10:00-11:00", "2026-06-22", ""),
      ("17:00+", "2026-06-01", "17:00-24:00"),
      ("sunrise-sunset", "2026-06-01", "6:00-18:00"),
      ("(sunrise+01:00)-(sunset-00:30)", "2026-06-01", "7:00-17:30"),
      ("Mo 08:00-12:00 || \"by appointment\"", "2026-06-01", "0:00-8:00? 8:00-12:00 12:00-24:00?"),
      ("Mo 08:00-12:00 || Tu 10:00-11:00 unknown", "2026-06-02", "10:00-11:00?"),
      ("\"on request\"", "2026-06-02", "0:00-24:00?"),
      ("mo-fr 9:00 - 17:00;", "2026-06-01", "9:00-17:00"),
      ("2020-2030/2 10:00-11:00", "2026-06-01", "10:00-11:00"),
      ("2020-2030/2 10:00-11:00", "2027-06-01", ""),
      ("2026 Jun,2027 Mar 10:00-11:00", "2026-03-02", ""),
      ("2026 Jun,2027 Mar 10:00-11:00", "2027-03-02", "10:00-11:00"),
      ("2026 Jan,Jun 10:00-11:00", "2026-06-02", "10:00-11:00"),
      ("2026 Jan,Jun 10:00-11:00", "2027-06-02", ""),
      ("2026 Nov-Mar 10:00-11:00", "2027-03-31", "10:00-11:00"),
      ("2026 Nov-Mar 10:00-11:00", "2026-03-31", ""),
      ("10:00-11:00; Dec 24,26,28-30 off; Jan 1 off", "2026-12-29", ""),
      ("10:00-11:00; Dec 24,26,28-30 off; Jan 1 off", "2026-12-25", "10:00-11:00"),
      ("Feb 10:00-11:00", "2024-02-29", "10:00-11:00"),
      ("Feb 29 10:00-11:00", "2026-02-28", ""),
      ("Feb 29 10:00-11:00", "2026-03-01", ""),
      ("Feb 29-Mar 2 10:00-11:00", "2026-03-01", "10:00-11:00"),
      ("Jan 10-Feb 29 10:00-11:00", "2026-02-28", "10:00-11:00"),
      ("Nov 20+ 10:00-11:00", "2026-12-31", "10:00-11:00"),
      ("Nov 20+ 10:00-11:00", "2026-01-01", ""),
    ])
  func rules(_ text: String, _ date: String, _ expected: String) throws {
    #expect(try Self.open(text, date) == expected)
  }

  @Test(
    "days that move from year to year are found, and days around them",
    arguments: [
      ("easter off", "2026-04-05", false), ("easter off", "2027-03-28", false), ("easter off", "2026-04-06", true),
      ("easter +1 day off", "2026-04-06", false), ("easter -2 days off", "2026-04-03", false),
      ("easter -2 days-easter +1 day off", "2026-04-04", false),
      ("easter -2 days-easter +1 day off", "2026-04-07", true),
      ("2026 easter off", "2027-03-28", true),
      ("easter-Oct 3 off", "2026-04-05", false), ("easter-Oct 3 off", "2026-10-03", false),
      ("easter-Oct 3 off", "2026-04-04", true), ("Oct 3-easter off", "2027-03-28", false),
      ("Mar Su[-1]-Oct Su[-1] off", "2026-03-29", false), ("Mar Su[-1]-Oct Su[-1] off", "2026-03-28", true),
      ("Mar Su[-1]-Oct Su[-1] off", "2026-10-25", false), ("Mar Su[-1]-Oct Su[-1] off", "2026-10-26", true),
      ("Oct Su[-1]-Mar Su[-1] off", "2027-01-01", false),
      ("Jun Su[1]-Aug 31 off", "2026-06-06", true), ("Jun Su[1]-Aug 31 off", "2026-06-07", false),
      ("Jan Mo[-1] +7 days off", "2026-02-02", false), ("Nov Th[4] +1 day off", "2026-11-27", false),
      ("Th[4] +1 day off", "2026-11-27", false), ("Th[4] +1 day off", "2026-11-26", true),
      ("Mo[1] -1 day off", "2026-05-31", false),
      ("2026 Dec 24-2027 Jan 02 off", "2027-01-02", false), ("2026 Dec 24-2027 Jan 02 off", "2027-12-25", true),
      ("2026 Dec 24-2027 Jan 02 off", "2026-12-24", false), ("2026 Dec 24-2027 Jan 02 off", "2026-01-01", true),
      ("Nov 1 +Mo-Nov 30 -Mo off", "2026-11-02", false), ("Nov 1 +Mo-Nov 30 -Mo off", "2026-11-01", true),
      ("Dec 25 -Su off", "2026-12-20", false), ("Dec 25 -Su off", "2026-12-25", true),
      ("Jan Mo[1],Tu[1] off", "2026-01-06", false), ("Jan Mo[1],Tu[1] off", "2026-01-07", true),
    ])
  func movingDays(_ rule: String, _ date: String, _ isOpen: Bool) throws {
    let open = try Self.open("10:00-12:00; \(rule)", date)
    #expect(open == (isOpen ? "10:00-12:00" : ""))
  }

  @Test("Easter is on the Sundays that the church's tables have")
  func easter() throws {
    let known = [
      1818: "1818-03-22", 1943: "1943-04-25", 1954: "1954-04-18", 1981: "1981-04-19", 2000: "2000-04-23",
      2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21", 2024: "2024-03-31", 2025: "2025-04-20",
      2038: "2038-04-25", 2049: "2049-04-18", 2076: "2076-04-19", 2285: "2285-03-22",
    ]
    for (year, day) in known { #expect(LocalDate.easter(of: year)?.description == day) }
  }

  @Test("holidays can be narrowed to weekdays, and the days around them named")
  func narrowedHolidays() throws {
    // A Monday and a Saturday.
    let holidays: Set = [try Self.date("2026-06-01"), try Self.date("2026-06-06")]
    let context = OpeningContext(isPublicHoliday: { holidays.contains($0) })
    let text = "Mo-Su 09:00-17:00; PH Mo-Fr off; PH -1 day 09:00-12:00"
    #expect(try Self.open(text, "2026-06-01", context) == "")
    #expect(try Self.open(text, "2026-06-06", context) == "9:00-17:00")
    #expect(try Self.open(text, "2026-06-05", context) == "9:00-12:00")
    #expect(try Self.open(text, "2026-06-02", context) == "9:00-17:00")
    #expect(try Self.open("PH,Mo-Fr 09:00-17:00", "2026-06-06", context) == "9:00-17:00")
    #expect(try Self.open("PH +1 day off", "2026-06-02", context) == "")
  }

  @Test("a public holiday is what the caller says it is")
  func holidays() throws {
    let first = try Self.date("2026-06-01")
    let context = OpeningContext(isPublicHoliday: { $0 == first })
    #expect(try Self.open("Mo-Fr 09:00-17:00; PH off", "2026-06-01", context) == "")
    #expect(try Self.open("Mo-Fr 09:00-17:00; PH off", "2026-06-02", context) == "9:00-17:00")
    #expect(try Self.open("Su,PH 10:00-12:00", "2026-06-01", context) == "10:00-12:00")
  }

  @Test("the sun rises in Helsinki at 3:54 and sets at 22:50 on midsummer's day, and never sets in Utsjoki")
  func sun() throws {
    let day = try Self.date("2026-06-21")
    let helsinki = SunPosition(latitude: 60.17, longitude: 24.94, utcOffsetMinutes: { _ in 180 })
    let rise = try #require(helsinki.minute(of: .sunrise, on: day))
    let set = try #require(helsinki.minute(of: .sunset, on: day))
    #expect(abs(rise - (3 * 60 + 54)) <= 2)
    #expect(abs(set - (22 * 60 + 50)) <= 2)
    let utsjoki = SunPosition(latitude: 69.9, longitude: 27.0, utcOffsetMinutes: { _ in 180 })
    #expect(utsjoki.minute(of: .sunset, on: day) == nil)
  }

  @Test(
    "an error points at the character",
    arguments: [
      ("Mo-Fr 09:00-25", 15), ("Mo-Fx 09:00-17:00", 4), ("Mo 09:60-17:00", 4), ("Feb 30 off", 5),
      ("Mo 09:00-17:00 closes", 16), ("Mo 09:00", 9), ("week 54", 6), ("Mo[6] 09:00-10:00", 4), ("\"abc", 1),
    ])
  func errors(_ text: String, _ character: Int) throws {
    do throws(OpeningHoursError) {
      _ = try OpeningHours(text)
      Issue.record("\(text) was read")
    } catch {
      #expect("\(error)".hasPrefix("character \(character) "), "\(error)")
    }
  }

  @Test("start windows are seconds of the day, those of the night before included")
  func windows() throws {
    let hours = try OpeningHours("Fr 22:00-02:00; Sa 10:00-12:00")
    let windows = try hours.startWindows(on: Self.date("2026-06-06"), in: OpeningContext())
    #expect(windows.map(\.opens) == [0, 36_000])
    #expect(windows.map(\.closes) == [7200, 43_200])
  }
}
