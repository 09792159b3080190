package import Catalogue
package import Kernel

/// Something on a day of a trip that is kept.
package struct KeptVisit: Hashable, Sendable {
  /// What it is.
  package enum Kind: Hashable, Sendable {
    /// A sight of the catalogue, by its id.
    case sight(String)
    /// Lunch or dinner.
    case meal
    /// Where one must be.
    case appointment
    /// What somebody has put there.
    case own
  }

  /// Its number, which it keeps wherever it is moved.
  package let activity: Int
  /// What it is.
  package let kind: Kind
  /// As people call it.
  package let name: String
  /// Where it is.
  package let point: Coordinate
  /// Seconds after midnight.
  package var start: Int
  /// Seconds after midnight.
  package var end: Int
  /// Whether somebody has said when it begins.
  package var isPinned: Bool

  /// Something on a day.
  package init(
    activity: Int, kind: Kind, name: String, point: Coordinate, start: Int, end: Int, isPinned: Bool
  ) {
    self.activity = activity
    self.kind = kind
    self.name = name
    self.point = point
    self.start = start
    self.end = end
    self.isPinned = isPinned
  }
}

/// A day of a stay that is kept.
package struct KeptDay: Hashable, Sendable {
  /// Which.
  package let date: LocalDate
  /// What is done, in order.
  package let visits: [KeptVisit]

  /// A day.
  package init(date: LocalDate, visits: [KeptVisit]) {
    self.date = date
    self.visits = visits
  }
}

/// A stay of a trip that is kept.
package struct KeptStay: Hashable, Sendable {
  /// The id of its city.
  package let city: String
  /// Where one sleeps.
  package let lodging: Coordinate
  /// When one arrives, by the clocks there.
  package let from: LocalDateTime
  /// When one leaves, by the clocks there.
  package let to: LocalDateTime
  /// Its days, as far as anything is done on them.
  package let days: [KeptDay]
  /// Whether taxis are taken on them.
  package let hasTaxis: Bool

  /// A stay.
  package init(
    city: String, lodging: Coordinate, from: LocalDateTime, to: LocalDateTime, days: [KeptDay], hasTaxis: Bool
  ) {
    self.city = city
    self.lodging = lodging
    self.from = from
    self.to = to
    self.days = days
    self.hasTaxis = hasTaxis
  }
}

/// Something that an edit wants on a day.
package struct WantedVisit: Hashable, Sendable {
  /// What it is.
  package enum What: Hashable, Sendable {
    /// What is there already, by its number.
    case kept(Int)
    /// A sight of the catalogue.
    case sight(Sight)
    /// Something of one's own.
    case own(name: String, Coordinate)
  }

  /// What it is.
  package let what: What
  /// When it begins, in seconds after midnight; nil where that does not matter.
  package let start: Int?
  /// How long it takes; nil for as long as it does, or usually does.
  package let minutes: Int?

  /// Something wanted.
  package init(_ what: What, start: Int? = nil, minutes: Int? = nil) {
    self.what = what
    self.start = start
    self.minutes = minutes
  }
}

/// A change to a stay.
package enum StayChange: Hashable, Sendable {
  /// A day is to be just this, in this order.
  case day(LocalDate, [WantedVisit])
  /// Something comes in: on a day, or wherever it fits best.
  case add(WantedVisit, on: LocalDate?)
  /// Something goes.
  case remove(Int)
}
