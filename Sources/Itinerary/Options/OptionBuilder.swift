import Budget
import Catalogue
import Kernel
import Transport

/// Makes options of a calendar: every combination of journeys and days that no other beats.
///
/// The idea: once it is decided by which journey one leaves a city, nothing before matters to what comes after. So, stay
/// by stay, partial trips are kept for each journey onwards unless another is nowhere worse (labels, as in routing).
struct OptionBuilder {
  /// Ways kept of each journey.
  static let legsMax = 3
  /// Partial trips kept for each journey onwards; where there are more, the answer says that some were left out.
  static let labelsMax = 1500

  /// Whoever comes in the small hours and leaves on the next date is there for so long at least.
  private static let staySecondsMin: Int64 = 6 * 3600

  private struct Label {
    var merit: Merit
    var legs: [Int]
    var plans: [StayPlan]
  }

  let request: TripRequest
  let ground: TripGround
  let finder: LegFinder
  let planner: StayPlanner
  private(set) var isComplete = true

  init(_ request: TripRequest, _ ground: TripGround, _ finder: LegFinder, _ planner: StayPlanner) {
    self.request = request
    self.ground = ground
    self.finder = finder
    self.planner = planner
  }

  /// The options of a calendar by some ways, under some roofs.
  mutating func options(
    _ calendar: TripCalendar, _ ways: [[LegOption]], _ choice: LodgingChoice
  ) throws(TripError) -> [TripOption] {
    var labels: [[Label]] = ways[0].indices.map { [start(ways[0][$0], $0)] }
    for (number, stay) in calendar.stays.enumerated() {
      labels = try extend(
        labels, over: stay, under: choice.lodgings[stay.destination], from: ways[number], to: ways[number + 1])
    }
    var result: [TripOption] = []
    for label in OptionBuilder.unbeaten(labels.joined().map { $0 }) {
      result.append(try option(label, calendar, ways, choice))
    }
    return result
  }

  // MARK: Ways

  /// The ways of each journey that keep the calendar's dates; none for a journey that cannot be made.
  func ways(
    _ calendar: TripCalendar, _ choice: LodgingChoice, home: LegFinder.Door
  ) throws(TripError) -> [[LegOption]] {
    var result: [[LegOption]] = []
    for hop in hops(calendar, choice, home) {
      let all = try finder.options(from: hop.from, to: hop.to, on: hop.date).filter { $0.restDate == hop.arrival }
      result.append(LegFinder.few(all, Self.legsMax))
    }
    return result
  }

  /// Ways like those found between other doors of the same cities.
  func ways(
    _ calendar: TripCalendar, _ choice: LodgingChoice, like usual: [[LegOption]], _ other: LodgingChoice,
    home: LegFinder.Door
  ) throws(TripError) -> [[LegOption]] {
    var result: [[LegOption]] = []
    for (number, (hop, known)) in zip(hops(calendar, choice, home), hops(calendar, other, home)).enumerated() {
      if hop == known {
        result.append(usual[number])
        continue
      }
      var found: [LegOption] = []
      for way in usual[number] {
        if let alike = try finder.option(like: way, from: hop.from, to: hop.to), alike.restDate == hop.arrival {
          found.append(alike)
        }
      }
      result.append(LegFinder.unbeaten(found))
    }
    return result
  }

  private struct Hop: Hashable {
    let from: LegFinder.Door
    let to: LegFinder.Door
    let date: LocalDate
    let arrival: LocalDate
  }

  private func hops(_ calendar: TripCalendar, _ choice: LodgingChoice, _ home: LegFinder.Door) -> [Hop] {
    var result: [Hop] = []
    var (from, leaving) = (home, calendar.start)
    for stay in calendar.stays {
      let door = LegFinder.Door(
        city: request.destinations[stay.destination].city.id, point: choice.lodgings[stay.destination].point)
      result.append(Hop(from: from, to: door, date: leaving, arrival: stay.arrival))
      (from, leaving) = (door, stay.departure)
    }
    result.append(Hop(from: from, to: home, date: leaving, arrival: calendar.end))
    return result
  }

  // MARK: Labels

  private func start(_ leg: LegOption, _ number: Int) -> Label {
    var merit = Merit(cost: 0, score: 0, minutes: 0, co2Grams: 0, comfort: 0)
    add(leg, to: &merit)
    return Label(merit: merit, legs: [number], plans: [])
  }

  private func add(_ leg: LegOption, to merit: inout Merit) {
    merit.cost += request.fare(leg, ground.costs).minorUnits
    merit.minutes += leg.minutes
    merit.co2Grams += leg.co2Grams * request.party.count
    merit.comfort -= 3 * leg.transfers + 8 * leg.nightsAway
    if leg.departure.secondOfDay < 6 * 3600 + 1800 { merit.comfort -= 4 }
  }

  private mutating func extend(
    _ labels: [[Label]], over stay: TripCalendar.Stay, under lodging: Lodging, from: [LegOption], to: [LegOption]
  ) throws(TripError) -> [[Label]] {
    let roof = try lodgingPrice(lodging, stay).minorUnits
    var next: [[Label]] = []
    for (place, leaving) in to.enumerated() {
      var group: [Label] = []
      for (arriving, before) in zip(from, labels)
      where leaving.journey.departure >= arriving.journey.arrival.adding(seconds: Self.staySecondsMin) {
        let span = StayPlanner.Span(
          city: lodging.city, lodging: lodging.id, from: arriving.arrival, to: leaving.departure)
        for plan in try planner.plans(span) {
          for label in before {
            var grown = label
            grown.merit.cost += roof + plan.tickets.minorUnits + plan.taxis.minorUnits
            grown.merit.score += plan.score
            grown.merit.comfort += stay.nights * lodging.comfort
            add(leaving, to: &grown.merit)
            grown.legs.append(place)
            grown.plans.append(plan)
            group.append(grown)
          }
        }
      }
      var kept = OptionBuilder.unbeaten(group)
      if kept.count > Self.labelsMax {
        isComplete = false
        kept = Array(kept.prefix(Self.labelsMax))
      }
      next.append(kept)
    }
    return next
  }

  /// Those that no other is as good as, the cheapest first; of equals the first.
  private static func unbeaten(_ labels: [Label]) -> [Label] {
    var kept: [Label] = []
    let order = labels.indices.sorted {
      let (one, other) = (labels[$0].merit, labels[$1].merit)
      return (one.cost, -one.score, one.minutes, $0) < (other.cost, -other.score, other.minutes, $1)
    }
    // Sorted by cost: whoever beats one stands before it.
    for index in order where !kept.contains(where: { $0.merit.isAsGood(as: labels[index].merit) }) {
      kept.append(labels[index])
    }
    return kept
  }

  // MARK: Money

  /// All nights and rooms, each night at its season.
  func lodgingPrice(_ lodging: Lodging, _ stay: TripCalendar.Stay) throws(TripError) -> Money {
    let rooms = Int64(request.rooms.rooms(for: request.party))
    let profile =
      ground.pricePlace(of: request.destinations[stay.destination].city).flatMap {
        ground.costs.profile(at: $0, .lodging)
      } ?? SeasonProfile()
    let nights = (0..<stay.nights).map { profile.factor(on: stay.arrival.adding(days: $0)) }
    var sum = Money.zero(lodging.price.currency)
    do throws(MoneyError) {
      for factor in nights {
        sum = try sum.adding(lodging.price.scaled(by: factor, over: SeasonProfile.one).multiplied(by: rooms))
      }
    } catch {
      throw .budget(.exchange(.money(error), category: .lodging, price: nil))
    }
    do throws(ExchangeError) {
      return try ground.rates.convert(sum, to: request.currency).converted
    } catch {
      throw .budget(.exchange(error, category: .lodging, price: nil))
    }
  }

  private func option(
    _ label: Label, _ calendar: TripCalendar, _ ways: [[LegOption]], _ choice: LodgingChoice
  ) throws(TripError) -> TripOption {
    let legs = zip(ways, label.legs).map { $0[$1] }
    let fares = legs.map { request.fare($0, ground.costs) }
    var stays: [OptionStay] = []
    for (stay, plan) in zip(calendar.stays, label.plans) {
      let lodging = choice.lodgings[stay.destination]
      stays.append(
        OptionStay(
          stay: stay, city: request.destinations[stay.destination].city, lodging: lodging,
          lodgingPrice: try lodgingPrice(lodging, stay), plan: plan))
    }
    let estimate = try estimate(calendar, legs, fares, stays)
    let outlook = estimate.outlook(ground.costs, budget: request.budget, draws: nil, seed: 0)
    var merit = label.merit
    merit.cost = estimate.total.minorUnits
    return TripOption(
      calendar: calendar, legs: legs, fares: fares, stays: stays, estimate: estimate, outlook: outlook, merit: merit,
      missedSights: missedSights(stays), missedAppointments: missedAppointments(stays))
  }

  private func missedSights(_ stays: [OptionStay]) -> [String] {
    let seen = Set(stays.flatMap { $0.plan.sights.map(\.id) })
    return request.mustSee.subtracting(seen).sorted().map { id in
      for destination in request.destinations {
        if let sight = ground.catalogue.sights[destination.city.id]?.first(where: { $0.id == id }) { return sight.name }
      }
      return id
    }
  }

  private func missedAppointments(_ stays: [OptionStay]) -> [String] {
    let kept = stays.flatMap { $0.plan.days.flatMap(\.visits) }.compactMap { visit in
      if case .appointment(let appointment) = visit.kind { appointment } else { nil }
    }
    return request.appointments.filter { !kept.contains($0) }.map(\.name)
  }

  private func estimate(
    _ calendar: TripCalendar, _ legs: [LegOption], _ fares: [Money], _ stays: [OptionStay]
  ) throws(TripError) -> Estimate {
    let cities = [request.origin.name] + stays.map(\.city.name) + [request.origin.name]
    let journeys = legs.indices.map { number in
      KeptCosts.Leg(
        what: "\(legs[number].modes.joined(separator: ", ")) \(cities[number]) – \(cities[number + 1])",
        price: fares[number], isEstimated: legs[number].isFareEstimated)
    }
    let nights = stays.map { stay in
      KeptCosts.Stay(
        city: stay.city.id, nights: stay.stay.nights, roof: stay.lodging.name, lodging: stay.lodgingPrice,
        tickets: stay.plan.tickets, taxis: stay.plan.taxis)
    }
    let costs = KeptCosts(start: calendar.stays.first?.arrival ?? calendar.start, legs: journeys, stays: nights)
    return try ground.estimate(costs, request)
  }
}

extension Lodging {
  /// What a night under this roof is worth in comfort.
  var comfort: Int { style == "luxury" ? 9 : style == "comfort" ? 6 : 3 }
}

extension TripRequest {
  /// What a journey costs the party, each kind of traveller its share.
  func fare(_ leg: LegOption, _ costs: CostCatalogue) -> Money {
    let units = party.reduce(Int64(0)) { sum, traveller in
      // A fare is far below what could overflow.
      sum + leg.fare.minorUnits * costs.share(of: traveller.type, .transport) / SeasonProfile.one
    }
    return Money(minorUnits: units, currency)
  }
}
