package import Itinerary
import Catalogue
import Kernel
import Transport

/// An option as a calendar (RFC 5545): journeys and visits as events in universal time, which every client shows by its
/// own clock, and nights as days.
package struct TripCalendarFile {
  private let option: TripOption

  /// An option to be written.
  package init(_ option: TripOption) { self.option = option }

  /// The file.
  package var text: String {
    let stamp = TripCalendarFile.time(option.legs.first?.journey.departure ?? .first)
    var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wayfare//Trip//EN", "CALSCALE:GREGORIAN"]
    let trip = "\(option.calendar.start)-\(option.stays.map(\.city.id).joined(separator: "-"))"
    for (number, event) in OptionMoments(option: option).events.enumerated() {
      lines += [
        "BEGIN:VEVENT", "UID:\(number)-\(trip)@wayfare", "DTSTAMP:\(stamp)",
        "DTSTART:\(TripCalendarFile.time(event.start))", "DTEND:\(TripCalendarFile.time(event.end))",
        "SUMMARY:\(TripCalendarFile.escaped(event.title))", "DESCRIPTION:\(TripCalendarFile.escaped(event.details))",
        "GEO:\(event.point.latitude);\(event.point.longitude)", "END:VEVENT",
      ]
    }
    for (number, stay) in option.stays.enumerated() where stay.stay.nights > 0 {
      lines += [
        "BEGIN:VEVENT", "UID:stay-\(number)-\(trip)@wayfare", "DTSTAMP:\(stamp)",
        "DTSTART;VALUE=DATE:\(TripCalendarFile.day(stay.stay.arrival))",
        "DTEND;VALUE=DATE:\(TripCalendarFile.day(stay.stay.departure))",
        "SUMMARY:\(TripCalendarFile.escaped("\(stay.lodging.name), \(stay.city.name)"))", "TRANSP:TRANSPARENT",
        "END:VEVENT",
      ]
    }
    lines.append("END:VCALENDAR")
    return lines.map { TripCalendarFile.folded($0) + "\r\n" }.joined()
  }

  /// `20260601T060300Z`.
  private static func time(_ moment: Instant) -> String {
    String(moment.description.filter { $0 != "-" && $0 != ":" })
  }

  private static func day(_ date: LocalDate) -> String { String(date.description.filter { $0 != "-" }) }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", ";", ",": result += "\\\(character)"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }

  /// Lines have 75 bytes at most; what is longer goes on after a blank, whole characters together.
  private static func folded(_ line: String) -> String {
    var result = ""
    var room = 75
    for character in line {
      let length = String(character).utf8.count
      if length > room {
        result += "\r\n "
        room = 74
      }
      result.append(character)
      room -= length
    }
    return result
  }
}
