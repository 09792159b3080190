package import Catalogue
package import Kernel

/// Something that one does on a day.
package struct PlannedVisit: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// A sight.
    case sight(Sight)
    /// A meal near a place.
    case meal(String, near: String)
    /// Where one must be.
    case appointment(Appointment)
  }

  /// What it is.
  package let kind: Kind
  /// Where it is.
  package let point: Coordinate
  /// Seconds after midnight.
  package let start: Int
  /// Seconds after midnight.
  package let end: Int
  /// How much later it could begin without anything after it falling out, in seconds.
  package let slack: Int
  /// Seconds from the place before.
  package let travelBefore: Int
  /// What the taxi from the place before costs the party; nil where one walks or rides what runs.
  package let taxiBefore: Money?

  /// As people call it.
  package var name: String {
    switch kind {
    case .sight(let sight): sight.name
    case .meal(let name, let near): "\(name) near \(near)"
    case .appointment(let appointment): appointment.name
    }
  }
}

/// A day of a stay.
package struct PlannedDay: Hashable, Sendable {
  /// Which.
  package let date: LocalDate
  /// What is done, in order; one sets out from the lodging and comes back to it.
  package let visits: [PlannedVisit]
  /// Seconds from the last visit back.
  package let travelAfter: Int
  /// What the taxi back costs the party; nil where one walks or rides what runs.
  package let taxiAfter: Money?
}

/// What is done on the days of a stay.
package struct StayPlan: Hashable, Sendable {
  /// The days that leave time for something, in order.
  package let days: [PlannedDay]
  /// What the sights are worth.
  package let score: Int
  /// What their tickets cost the party, in the trip's currency.
  package let tickets: Money
  /// What taxis cost the party, in the trip's currency.
  package let taxis: Money

  /// Nothing.
  static func empty(_ currency: Currency) -> StayPlan {
    StayPlan(days: [], score: 0, tickets: .zero(currency), taxis: .zero(currency))
  }

  /// The sights, in order.
  package var sights: [Sight] {
    days.flatMap(\.visits).compactMap { if case .sight(let sight) = $0.kind { sight } else { nil } }
  }
}
