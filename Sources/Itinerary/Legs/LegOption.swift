package import Kernel
package import Transport

/// A way from city to city, door to door.
package struct LegOption: Sendable {
  /// What it is in detail.
  package let journey: Journey
  /// What it costs one adult, in the trip's currency.
  package let fare: Money
  /// Whether some of the fare is reckoned by distance because no feed tells it.
  package let isFareEstimated: Bool
  /// Minutes from door to door.
  package let minutes: Int
  /// Grams of CO2 for one traveller.
  package let co2Grams: Int
  /// Vehicles less one.
  package let transfers: Int
  /// By the clocks where it begins.
  package let departure: LocalDateTime
  /// By the clocks where it ends.
  package let arrival: LocalDateTime

  /// Minutes between nine and twenty that it takes from the days: a night on a ferry takes few.
  let daytimeMinutes: Int

  /// The day whose night one sleeps where it ends: who arrives before five in the morning still wants a bed for the
  /// night of the day before.
  package var restDate: LocalDate {
    let isLate = arrival.date > departure.date && arrival.secondOfDay < 5 * 3600
    return isLate ? arrival.date.adding(days: -1) : arrival.date
  }

  /// Nights that are spent on the way.
  package var nightsAway: Int { departure.date.days(until: restDate) }

  /// The modes it rides, in order and each once.
  package var modes: [String] {
    var result: [String] = []
    for leg in journey.legs {
      if let mode = leg.ride?.mode, result.last != mode { result.append(mode) }
    }
    return result
  }

  init(_ journey: Journey, fare: Money, isFareEstimated: Bool, from: ZoneRules, to: ZoneRules) {
    self.journey = journey
    self.fare = fare
    self.isFareEstimated = isFareEstimated
    minutes = (journey.durationSeconds + 59) / 60
    co2Grams = journey.co2Grams
    transfers = journey.transfers
    departure = from.local(at: journey.departure)
    arrival = to.local(at: journey.arrival)
    daytimeMinutes = Self.daytime(from: departure, to: arrival)
  }

  private static func daytime(from start: LocalDateTime, to end: LocalDateTime) -> Int {
    var minutes = 0
    for offset in 0...max(0, start.date.days(until: end.date)) {
      let first = offset == 0 ? Int(start.secondOfDay) : 0
      let isLast = start.date.adding(days: offset) == end.date
      let last = isLast ? Int(end.secondOfDay) : 86_400
      let within = min(last, 20 * 3600) - max(first, 9 * 3600)
      minutes += max(0, within) / 60
    }
    return minutes
  }

  /// Whether this one is nowhere worse than another.
  func isAsGood(as other: LegOption) -> Bool {
    fare.minorUnits <= other.fare.minorUnits && minutes <= other.minutes && co2Grams <= other.co2Grams
      && transfers <= other.transfers && daytimeMinutes <= other.daytimeMinutes
  }
}
