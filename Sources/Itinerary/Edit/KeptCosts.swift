package import Budget
import Catalogue
package import Kernel

/// What a trip that is kept is known to cost; the rest is reckoned as when it was planned.
package struct KeptCosts: Sendable {
  /// A journey.
  package struct Leg: Sendable {
    /// What all pay together.
    package let price: Money
    /// Whether some of it is a guess.
    package let isEstimated: Bool

    /// A journey.
    package init(price: Money, isEstimated: Bool) {
      self.price = price
      self.isEstimated = isEstimated
    }
  }

  /// A stay.
  package struct Stay: Sendable {
    /// The id of its city.
    package let city: String
    /// How many nights.
    package let nights: Int
    /// What the roof costs for all nights and rooms.
    package let lodging: Money
    /// What tickets cost all together.
    package let tickets: Money

    /// A stay.
    package init(city: String, nights: Int, lodging: Money, tickets: Money) {
      self.city = city
      self.nights = nights
      self.lodging = lodging
      self.tickets = tickets
    }
  }

  /// The first night.
  package let start: LocalDate
  /// The journeys.
  package let legs: [Leg]
  /// The stays.
  package let stays: [Stay]

  /// What is known.
  package init(start: LocalDate, legs: [Leg], stays: [Stay]) {
    self.start = start
    self.legs = legs
    self.stays = stays
  }
}

extension TripGround {
  /// What a kept trip costs, line by line, with the prices and rates of now.
  ///
  /// - Throws: ``TripError`` where a city has no prices, or they cannot be reckoned.
  package func estimate(_ kept: KeptCosts, _ request: TripRequest) throws(TripError) -> Estimate {
    var places: [Stay] = []
    for stay in kept.stays {
      guard let place = costs.findPlace(stay.city) else {
        throw request.destinations.first { $0.city.id == stay.city }.map { .noPrices($0.city) } ?? .noCalendar
      }
      places.append(Stay(place: place, nights: stay.nights))
    }
    var plan = TripPlan(
      currency: request.currency, start: kept.start, stays: places, party: request.party, style: request.style)
    plan.rooms = request.rooms
    plan.contingency = request.contingency
    plan.excluded = [.insurance, .shopping]
    for (number, leg) in kept.legs.enumerated() {
      var price = KnownPrice(what: "journey \(number + 1)", category: .transport, price: leg.price)
      if leg.isEstimated { price.spread = 0.3 }
      plan.prices.append(price)
    }
    for (number, stay) in kept.stays.enumerated() {
      var roof = KnownPrice(what: "lodging", category: .lodging, price: stay.lodging, stay: number)
      roof.spread = costs.spread(.lodging)
      plan.prices.append(roof)
      plan.prices.append(KnownPrice(what: "tickets", category: .activities, price: stay.tickets, stay: number))
    }
    do throws(BudgetError) {
      return try estimator.estimate(plan)
    } catch {
      throw .budget(error)
    }
  }

  /// How sure that is, against the budget of the request.
  package func outlook(_ estimate: Estimate, _ request: TripRequest) -> Outlook {
    estimate.outlook(costs, budget: request.budget, draws: nil, seed: 0)
  }
}
