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
    ])
  func rules(_ text: String, _ date: String, _ expected: String) throws {
    #expect(try Self.open(text, date) == expected)
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
