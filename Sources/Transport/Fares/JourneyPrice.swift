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

/// Prices journeys: the cheapest way of covering their rides with what feeds sell.
struct FarePricer {
  /// A ride as fares see it; those in which riders stay seated are one.
  struct Ride {
    var ride: FareReckoner.Ride
    /// `FEED:ID`, for telling that it has no fare.
    let route: String
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
  /// - Complexity: O(rides × states): a journey has few.
  func price(_ rides: [Ride]) -> (price: JourneyPrice, units: Int32) {
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
    return (price(rides, steps.reversed()), units)
  }

  private enum Bought {
    case ticket(open: Int32, to: Int32, route: String)
    case product(LegFareSystem.Product)
  }

  private func price(_ rides: [Ride], _ steps: [FareReckoner.Step]) -> JourneyPrice {
    var bought: [Bought] = []
    var missing: [String] = []
    for (ride, step) in zip(rides, steps) {
      switch step {
      case .unknown: note("no fare is known for \(ride.route)", &missing)
      case .newTicket(let open): bought.append(.ticket(open: open, to: ride.ride.to, route: ride.route))
      case .sameTicket(let open):
        bought[bought.count - 1] = .ticket(open: open, to: ride.ride.to, route: ride.route)
      case .leg(let product): bought.append(.product(product))
      case .change(let product, let leg, let takesBackFirst):
        if takesBackFirst { bought.removeLast() }
        if let product { bought.append(.product(product)) }
        if let leg { bought.append(.product(leg)) }
      }
    }
    noteLimits(rides, &missing)
    return sum(bought, &missing)
  }

  private func sum(_ bought: [Bought], _ missing: inout [String]) -> JourneyPrice {
    var total: Int64 = 0
    var products: [JourneyPrice.Product] = []
    for item in bought {
      let (name, price): (String, Int64)
      switch item {
      case .product(let product): (name, price) = (product.name, product.price)
      case .ticket(let open, let zone, let route):
        guard let ticket = reckoner.ticket(open, to: zone) else {
          note("no fare is known for \(route)", &missing)
          continue
        }
        (name, price) = (ticket.name, ticket.price)
      }
      total += price
      if let amount = model.money(price) { products.append(JourneyPrice.Product(name: name, amount: amount)) }
    }
    return JourneyPrice(
      amount: model.money(total), isComplete: missing.isEmpty, products: products, missing: missing)
  }

  private func note(_ text: String, _ missing: inout [String]) {
    if !missing.contains(text) { missing.append(text) }
  }

  /// What is not reckoned with where it was used.
  private func noteLimits(_ rides: [Ride], _ missing: inout [String]) {
    var before: Int32 = -1
    for ride in rides {
      let system = ride.ride.fareClass < 0 ? -1 : model.classes[Int(ride.ride.fareClass)].system
      if system >= 0 {
        if let limit = model.limits[Int(system)] { note("fares of \(ride.route): \(limit)", &missing) }
        if case .legs(let legs) = model.systems[Int(system)], legs.hasJoinedLegs, before == system {
          note("fares of \(ride.route): fare_leg_join_rules are not reckoned with", &missing)
        }
      }
      before = system
    }
  }
}
