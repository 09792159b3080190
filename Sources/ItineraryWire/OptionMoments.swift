import Catalogue
import Itinerary
import Kernel
import Transport

/// What of an option happens when, in the order of time, for calendars and maps.
struct OptionMoments {
  /// Something with a beginning and an end.
  struct Event {
    let title: String
    let start: Instant
    let end: Instant
    let point: Coordinate
    let details: String
  }

  let option: TripOption

  /// Whose clocks a stay goes by.
  func zone(of stay: Int) -> ZoneRules? { option.legs[stay].journey.legs.last?.to.zone }

  /// Journeys and visits.
  var events: [Event] {
    var result: [Event] = []
    for (number, leg) in option.legs.enumerated() {
      result.append(event(leg))
      guard number < option.stays.count, let zone = zone(of: number) else { continue }
      for day in option.stays[number].plan.days {
        for visit in day.visits {
          result.append(
            Event(
              title: visit.name, start: moment(day.date, visit.start, zone), end: moment(day.date, visit.end, zone),
              point: visit.point, details: option.stays[number].city.name))
        }
      }
    }
    return result
  }

  private func event(_ leg: LegOption) -> Event {
    let parts = leg.journey.legs
    let rides = parts.compactMap { part in
      part.ride.map { "\($0.mode) \($0.line ?? "") from \(part.from.name) to \(part.to.name)" }
    }
    let first = parts.first { $0.ride != nil }
    let last = parts.last { $0.ride != nil }
    let point = parts.first?.from.point ?? Coordinate(0, 0)
    return Event(
      title: "\(leg.modes.joined(separator: ", ")): \(first?.from.name ?? "") – \(last?.to.name ?? "")",
      start: leg.journey.departure, end: leg.journey.arrival, point: Coordinate(point.latitude, point.longitude),
      details: rides.joined(separator: "\n"))
  }

  private func moment(_ date: LocalDate, _ second: Int, _ zone: ZoneRules) -> Instant {
    let day = date.adding(days: second / 86_400)
    return zone.moments(of: LocalDateTime(day, secondOfDay: second % 86_400)).earlier
  }
}
