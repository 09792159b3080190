package import Budget
import Catalogue
package import Kernel

/// What is known of a trip's costs; the rest is reckoned.
package struct KeptCosts: Sendable {
  /// A journey.
  package struct Leg: Sendable {
    /// What it is called among the costs.
    package let what: String
    /// What all pay together.
    package let price: Money
    /// Whether some of it is a guess.
    package let isEstimated: Bool

    /// A journey.
    package init(what: String, price: Money, isEstimated: Bool) {
      self.what = what
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
    /// What the roof is called.
    package let roof: String
    /// What the roof costs for all nights and rooms.
    package let lodging: Money
    /// What tickets cost all together.
    package let tickets: Money
    /// What taxis cost all together.
    package let taxis: Money

    /// A stay.
    package init(city: String, nights: Int, roof: String, lodging: Money, tickets: Money, taxis: Money) {
      self.city = city
      self.nights = nights
      self.roof = roof
      self.lodging = lodging
      self.tickets = tickets
      self.taxis = taxis
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
  /// What a trip costs, line by line, with the prices and rates of now.
  ///
  /// - Throws: ``TripError`` where a city has no prices, or they cannot be reckoned.
  package func estimate(_ kept: KeptCosts, _ request: TripRequest) throws(TripError) -> Estimate {
    var places: [Stay] = []
    for stay in kept.stays {
      guard let city = request.destinations.first(where: { $0.city.id == stay.city })?.city else { throw .noCalendar }
      guard let place = pricePlace(of: city) else { throw .noPrices(city) }
      places.append(Stay(place: place, nights: stay.nights))
    }
    var plan = TripPlan(
      currency: request.currency, start: kept.start, stays: places, party: request.party, style: request.style)
    plan.rooms = request.rooms
    plan.contingency = request.contingency
    plan.excluded = [.insurance, .shopping]
    for leg in kept.legs {
      var price = KnownPrice(what: leg.what, category: .transport, price: leg.price)
      if leg.isEstimated { price.spread = 0.3 }
      plan.prices.append(price)
    }
    for (number, stay) in kept.stays.enumerated() {
      var roof = KnownPrice(what: stay.roof, category: .lodging, price: stay.lodging, stay: number)
      roof.spread = costs.spread(.lodging)
      plan.prices.append(roof)
      plan.prices.append(KnownPrice(what: "tickets", category: .activities, price: stay.tickets, stay: number))
      if stay.taxis.isZero { continue }
      var taxis = KnownPrice(what: "taxis", category: .localTransport, price: stay.taxis, stay: number)
      // They come on top of what runs, and are reckoned from a table.
      taxis.isExtra = true
      taxis.spread = 0.3
      plan.prices.append(taxis)
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
