public import Kernel

/// Something one could do, in the words of guides: hours, seasons, prices by type of traveller.
///
/// A ``TripOutline`` turns it into an ``Activity`` for certain days.
public struct Attraction: Sendable {
  /// What the travellers want of it.
  public enum Wish: Hashable, Sendable {
    /// To see it if it is worth its time and money.
    case open
    /// To see it by all means.
    case mandatory
    /// Not to see it.
    case excluded
    /// To see it on one day of the trip and, if a moment is given, at that moment.
    case pinned(day: Int, at: Int?)
  }

  /// What people call it.
  public var name: String
  /// Where it is.
  public var place: PlaceIndex
  /// How long one stays.
  public var stay: Stay
  /// What a full stay is worth.
  public var score: Int
  /// When it is open; nil for always.
  public var hours: OpeningHours?
  /// How long before closing the last visitors are let in.
  public var lastAdmission = 0
  /// Dates on which it is closed whatever the hours say.
  public var closedDates: Set<LocalDate> = []
  /// Parts of the year in which it is worth or costs more or less.
  public var seasons: [Season] = []
  /// What each type of traveller pays; who is not named pays ``price``.
  public var prices: [TravellerType: Int] = [:]
  /// What a traveller pays whose type has no price of its own.
  public var price = 0
  /// What it is like; see ``TripOutline/varietyLosses``.
  public var tags: [String] = []
  /// What kind of thing it is, for caps and budgets; see ``TripOutline/kindCaps`` and ``TripOutline/kindBudgets``.
  public var kind: String?
  /// How many days before it has to be booked.
  public var bookingLeadDays = 0
  /// Hours that are liked better, with what they add to the score.
  public var preferred: [StartWindow] = []
  /// Which meals can be had there, by the names of ``TripOutline/meals``.
  public var meals: [String] = []
  /// What the travellers want of it.
  public var wish = Wish.open

  /// Something at a place.
  public init(_ name: String, at place: PlaceIndex, stay: Stay, score: Int) {
    self.name = name
    self.place = place
    self.stay = stay
    self.score = score
  }
}

/// How long one stays: so long, or from short to long with ever less gained by staying on.
public enum Stay: Hashable, Sendable {
  /// So long, no more and no less.
  case fixed(Int)
  /// Between two lengths, in so many steps; the shortest stay gives so many hundredths of the score.
  case range(shortest: Int, longest: Int, steps: Int, leastPercent: Int)

  /// The ways to stay, the longest first.
  ///
  /// What is missing from the whole score falls with the square of what is missing from the longest stay, so that the
  /// first minutes of staying on give most.
  func variants(score: Int, price: Int) -> [Activity.Variant] {
    switch self {
    case .fixed(let duration): return [Activity.Variant(duration: duration, score: score, price: price)]
    case .range(let shortest, let longest, let steps, let leastPercent):
      let count = min(15, max(1, steps))
      return (0...count).map { missing in
        let lost = score * (100 - leastPercent) * missing * missing / (100 * count * count)
        let duration = longest - (longest - shortest) * missing / count
        return Activity.Variant(duration: duration, score: score - lost, price: price)
      }
    }
  }
}

/// A part of the year in which something is worth or costs more or less, for its weather or its crowds.
public struct Season: Hashable, Sendable {
  /// What people call it: rain, crowds, blossom.
  public var name: String
  /// Its months, from 1 to 12.
  public var months: Set<Int>
  /// How many hundredths of the score there are.
  public var scorePercent: Int
  /// How many hundredths of the price there are.
  public var pricePercent: Int

  /// A season.
  public init(_ name: String, months: Set<Int>, scorePercent: Int = 100, pricePercent: Int = 100) {
    self.name = name
    self.months = months
    self.scorePercent = scorePercent
    self.pricePercent = pricePercent
  }
}

/// A type of traveller with prices of its own: adult, child, student.
public struct TravellerType: Hashable, Comparable, Sendable {
  /// What people call it.
  public var name: String

  /// A type.
  public init(_ name: String) {
    self.name = name
  }

  /// Whether one's name comes before another's.
  public static func < (left: TravellerType, right: TravellerType) -> Bool { left.name < right.name }
}

/// A meal of each day, taken at one of the attractions that offer it.
public struct Meal: Hashable, Sendable {
  /// What people call it.
  public var name: String
  /// When it may begin.
  public var slot: StartWindow
  /// Whether a day with it goes before every score.
  public var isMandatory: Bool

  /// A meal.
  public init(_ name: String, from opens: Int, until lastStart: Int, isMandatory: Bool = false) {
    self.name = name
    slot = StartWindow(opens: opens, lastStart: lastStart)
    self.isMandatory = isMandatory
  }
}
