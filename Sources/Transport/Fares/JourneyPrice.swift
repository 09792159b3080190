package import Kernel

/// What a journey costs, and what is bought for that.
package struct JourneyPrice: Hashable, Sendable {
  /// Something bought: a ticket or a product of its feed.
  package struct Product: Hashable, Sendable {
    package let name: String
    package let amount: Money
  }

  /// The sum of what is known; nil if no feed has fares.
  package let amount: Money?
  /// Whether it is all there is to pay.
  package let isComplete: Bool
  package let products: [Product]
  /// Why it is not all.
  package let missing: [String]

  /// What walking costs.
  static func free(_ currency: Currency?) -> JourneyPrice {
    JourneyPrice(amount: currency.map { .zero($0) }, isComplete: true, products: [], missing: [])
  }
}

extension JourneyPrice {
  /// The same with what is paid for the ways without a timetable among some legs.
  func adding(_ legs: [Leg], _ currency: Currency?) -> JourneyPrice {
    var (amount, products, missing) = (amount, products, missing)
    for leg in legs where leg.ride == nil && leg.way != .walk && leg.way != .bike {
      guard let currency, let price = OwnWays.price(leg.way, length: leg.metres, currency) else {
        let what = currency.map { "what a \(leg.way.rawValue) costs in \($0.code) is not known" }
        let reason = what ?? "what the \(leg.way.rawValue) costs needs a currency, and no feed has fares"
        if !missing.contains(reason) { missing.append(reason) }
        continue
      }
      let cost = Money(minorUnits: price, currency)
      amount = Money(minorUnits: (amount?.minorUnits ?? 0) + price, currency)
      products.append(Product(name: leg.way.rawValue, amount: cost))
    }
    return JourneyPrice(amount: amount, isComplete: missing.isEmpty, products: products, missing: missing)
  }
}

/// Prices journeys: the cheapest way of covering their rides with what feeds sell.
struct FarePricer {
  /// A ride as fares see it; those in which riders stay seated are one.
  struct Ride {
    var ride: FareReckoner.Ride
    /// The first trip in the graph, for telling that it has no fare.
    let trip: Int32
  }

  private let model: FareModel
  private let reckoner: FareReckoner

  init(_ model: FareModel, _ slice: DaySlice) {
    self.model = model
    reckoner = FareReckoner(model, FareClock(model, slice))
    reckoner.isTelling = true
  }

  private struct Node {
    let fare: FareState
    let step: FareReckoner.Step?
    let parent: Int
  }

  /// The price, and what the search calls it.
  ///
  /// - Parameters:
  ///   - rides: in the order of travel.
  ///   - name: what the route of a trip is called.
  /// - Returns: the price with what is bought, and the sum in units of the search.
  /// - Complexity: O(rides × states): a journey has few.
  func price(_ rides: [Ride], name: (Int32) -> String) -> (price: JourneyPrice, units: Int32) {
    var nodes = [Node(fare: .none, step: nil, parent: -1)]
    var last = 0..<1
    for ride in rides {
      let start = nodes.count
      var known: [FareState: Int] = [:]
      for parent in last {
        reckoner.reckon(nodes[parent].fare, ride.ride)
        for (fare, step) in zip(reckoner.outcomes, reckoner.steps) where known[fare] == nil {
          known[fare] = nodes.count
          nodes.append(Node(fare: fare, step: step, parent: parent))
        }
      }
      last = start..<nodes.count
    }
    guard var index = last.min(by: { nodes[$0].fare.closed < nodes[$1].fare.closed }) else {
      return (.free(model.currency), 0)
    }
    let units = nodes[index].fare.closed
    var steps: [FareReckoner.Step] = []
    while let step = nodes[index].step {
      steps.append(step)
      index = nodes[index].parent
    }
    return (price(rides, steps.reversed(), name), units)
  }

  private enum Bought {
    case ticket(open: Int32, to: Int32, trip: Int32)
    case product(LegFareSystem.Product)
  }

  private func price(_ rides: [Ride], _ steps: [FareReckoner.Step], _ name: (Int32) -> String) -> JourneyPrice {
    var bought: [Bought] = []
    var missing: [String] = []
    for (ride, step) in zip(rides, steps) {
      switch step {
      case .unknown: note("no fare is known for \(name(ride.trip))", &missing)
      case .newTicket(let open): bought.append(.ticket(open: open, to: ride.ride.to, trip: ride.trip))
      case .sameTicket(let open):
        bought[bought.count - 1] = .ticket(open: open, to: ride.ride.to, trip: ride.trip)
      case .leg(let product): bought.append(.product(product))
      case .change(let product, let leg, let takesBackFirst):
        if takesBackFirst { bought.removeLast() }
        if let product { bought.append(.product(product)) }
        if let leg { bought.append(.product(leg)) }
      }
    }
    noteLimits(rides, name, &missing)
    return sum(bought, name, &missing)
  }

  private func sum(_ bought: [Bought], _ name: (Int32) -> String, _ missing: inout [String]) -> JourneyPrice {
    var total: Int64 = 0
    var products: [JourneyPrice.Product] = []
    for item in bought {
      let (label, price): (String, Int64)
      switch item {
      case .product(let product): (label, price) = (product.name, product.price)
      case .ticket(let open, let zone, let trip):
        guard let ticket = reckoner.ticket(open, to: zone) else {
          note("no fare is known for \(name(trip))", &missing)
          continue
        }
        (label, price) = (ticket.name, ticket.price)
      }
      total += price
      if let amount = model.money(price) { products.append(JourneyPrice.Product(name: label, amount: amount)) }
    }
    return JourneyPrice(
      amount: model.money(total), isComplete: missing.isEmpty, products: products, missing: missing)
  }

  private func note(_ text: String, _ missing: inout [String]) {
    if !missing.contains(text) { missing.append(text) }
  }

  /// What is not reckoned with where it was used.
  private func noteLimits(_ rides: [Ride], _ name: (Int32) -> String, _ missing: inout [String]) {
    var before: Int32 = -1
    for ride in rides {
      let system = ride.ride.fareClass < 0 ? -1 : model.classes[Int(ride.ride.fareClass)].system
      if system >= 0 {
        if let limit = model.limits[Int(system)] { note("fares of \(name(ride.trip)): \(limit)", &missing) }
        if case .legs(let legs) = model.systems[Int(system)], legs.hasJoinedLegs, before == system {
          note("fares of \(name(ride.trip)): fare_leg_join_rules are not reckoned with", &missing)
        }
      }
      before = system
    }
  }
}
