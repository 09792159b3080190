package import Kernel

/// Where the trip is on which dates.
package struct TripCalendar: Hashable, Sendable {
  /// Some nights in a city.
  package struct Stay: Hashable, Sendable {
    /// Which of the destinations.
    package let destination: Int
    /// The day of arrival.
    package let arrival: LocalDate
    /// The day of departure.
    package let departure: LocalDate

    /// How many nights.
    package var nights: Int { arrival.days(until: departure) }
  }

  /// The day on which one leaves home.
  package let start: LocalDate
  /// The stays, in order.
  package let stays: [Stay]
  /// The day on which one is home again.
  package let end: LocalDate
}

/// What makes one calendar better than another: what an hour, and a point of experience, are worth in money.
struct CalendarWish: Hashable {
  /// Minor units of the trip's currency for a minute of a traveller.
  let minute: Double
  /// Minor units for a point of experience of a traveller.
  let point: Double

  /// Who counts every cent.
  static let thrifty = CalendarWish(minute: 4, point: 8)
  /// Balanced, thrifty, hurried, hungry for more; in euro cents.
  static let usual = [
    CalendarWish(minute: 18, point: 35), thrifty, CalendarWish(minute: 60, point: 35),
    CalendarWish(minute: 10, point: 120),
  ]
}
