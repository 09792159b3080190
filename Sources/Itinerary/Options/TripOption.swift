package import Budget
package import Catalogue
package import Kernel

/// What an option is best at.
package enum OptionName: String, CaseIterable, Hashable, Sendable {
  /// The best for most people.
  case bestFit = "best-fit"
  /// Costs least.
  case cheapest
  /// Takes the least time on the way.
  case fastest
  /// Emits least.
  case greenest
  /// Shows most.
  case fullest
  /// The most comfortable.
  case easiest
}

/// What options are compared by: in each, less is better or more is, whatever the rest.
package struct Merit: Hashable, Sendable {
  /// Minor units that all costs come to: less is better.
  package var cost: Int64
  /// What is seen: more is better.
  package var score: Int
  /// Minutes from door to door between cities: less is better.
  package var minutes: Int
  /// Grams of CO2 of all travellers: less is better.
  package var co2Grams: Int
  /// Of lodging and journeys: more is better.
  package var comfort: Int

  /// All of it so that less is better.
  var burdens: [Int] { [Int(cost), -score, minutes, co2Grams, -comfort] }

  /// Whether this is nowhere worse.
  package func isAsGood(as other: Merit) -> Bool {
    cost <= other.cost && score >= other.score && minutes <= other.minutes && co2Grams <= other.co2Grams
      && comfort >= other.comfort
  }
}

/// Some nights of an option.
package struct OptionStay: Sendable {
  /// Where and when.
  package let stay: TripCalendar.Stay
  /// Where.
  package let city: City
  /// Under which roof.
  package let lodging: Lodging
  /// What the roof costs for all nights and rooms, the season included.
  package let lodgingPrice: Money
  /// What is done.
  package let plan: StayPlan
}

/// A complete trip.
package struct TripOption: Sendable {
  /// What it is best at; nothing for one that is just different.
  package internal(set) var names: [OptionName] = []
  /// Where on which dates.
  package let calendar: TripCalendar
  /// The journeys: there, between, and home.
  package let legs: [LegOption]
  /// What each journey costs the party.
  package let fares: [Money]
  /// The stays, in order.
  package let stays: [OptionStay]
  /// What it costs, line by line.
  package let estimate: Estimate
  /// How sure that is.
  package let outlook: Outlook
  /// What it is compared by.
  package let merit: Merit
  /// Sights that should have been seen and are not, by name.
  package let missedSights: [String]
  /// Appointments that it does not keep, by name.
  package let missedAppointments: [String]
  /// What it gives and gives up against its neighbours, a sentence each.
  package internal(set) var reasons: [String] = []
}

extension TripOption {
  /// What should be in the trip and is not.
  var missedCount: Int { missedSights.count + missedAppointments.count }
}

/// A way to make a trip possible that is not.
package struct TripRelaxation: Sendable {
  /// What is changed, in words: `one night less`.
  package let change: String
  /// What the trip then costs; nil if there is none even then.
  package let cost: Money
  /// Whether it then keeps the budget.
  package let isEnough: Bool
  /// The request with the change.
  package let request: TripRequest
}

/// Options, or what stands in their way.
package struct TripAnswer: Sendable {
  /// The request.
  package let request: TripRequest
  /// The options, best fit first; empty if nothing keeps the budget.
  package let options: [TripOption]
  /// How many options there are of which none is beaten; these were thinned to those that differ.
  package let unbeatenCount: Int
  /// Whether the whole set of what none beats was kept in between.
  package let isComplete: Bool
  /// How much better the trip could be in another order of so many places, in cost and in what time and sights are worth
  /// together; nil where the best order is known.
  package let orderGap: Money?
  /// What could be changed where nothing keeps the budget.
  package let relaxations: [TripRelaxation]
  /// Searches for journeys, days planned, calendars compared.
  package let work: TripWork
}

/// What an answer took.
package struct TripWork: Hashable, Sendable {
  /// Searches for journeys.
  package var searches = 0
  /// Sights that days were chosen from, all cities together.
  package var candidates = 0
  /// Stays planned.
  package var stays = 0
  /// Calendars that options were made of.
  package var calendars = 0
  /// Combinations that were reckoned to the cent.
  package var estimates = 0
}
