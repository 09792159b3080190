import Budget
import Kernel

/// Trips, groups and uncertain costs that follow from a seed.
struct RandomTrip {
  let catalogue: CostCatalogue
  private var random: SeededRandom

  init(_ catalogue: CostCatalogue, seed: UInt64) {
    self.catalogue = catalogue
    random = SeededRandom(seed: seed)
  }

  /// A trip through so many places, with offers beside the defaults until it has about so many lines.
  mutating func plan(stays: Int, party: Int, offers: Int) -> TripPlan {
    let places = catalogue.places.indices.filter { catalogue.places[$0].parent ?? 0 != 0 }
    let types: [TravellerType] = [.adult, .adult, .child, .senior, .student, .infant]
    var plan = TripPlan(
      currency: .euro,
      start: LocalDate(daysSinceEpoch: 20_600 + Int32.random(in: 0..<365, using: &random)),
      stays: (0..<stays).map { _ in
        Stay(place: places.randomElement(using: &random) ?? 0, nights: .random(in: 1...6, using: &random))
      },
      party: (0..<party).map { Traveller(name: "Traveller \($0)", type: $0 == 0 ? .adult : types[$0 % types.count]) },
      style: "comfort")
    for number in 0..<offers {
      var price = KnownPrice(
        what: "offer \(number)", category: CostCategory.usual[number % 8],
        price: Money(minorUnits: .random(in: 100...50_000, using: &random), number % 3 == 0 ? .dollar : .euro),
        unit: number % 2 == 0 ? .person : .group, period: .trip, stay: .random(in: 0..<stays, using: &random))
      price.isExtra = true
      price.spread = 0.2
      plan.prices.append(price)
    }
    return plan
  }

  /// What people are owed, in sum nothing; nobody owes just what another is owed.
  mutating func balances(_ count: Int) -> [Int64] {
    var balances = (1..<count).map { _ in Int64.random(in: -100_000...100_000, using: &random) * 2 + 1 }
    balances.append(-balances.reduce(0, +))
    return balances
  }

  /// Costs in eight groups.
  mutating func costs(_ count: Int) -> [UncertainCost] {
    (0..<count).map { number in
      UncertainCost(
        mean: .random(in: 500...100_000, using: &random), spread: .random(in: 0.05...0.6, using: &random),
        group: number % 8)
    }
  }
}

/// Problems of choice that follow from a seed.
struct RandomChoice {
  /// How costs and values hang together.
  enum Values: String, CaseIterable {
    /// Not at all.
    case free
    /// What is dearer is worth more, give or take.
    case weak
    /// What is dearer is worth just that much more, and a little: the hardest kind for a knapsack.
    case strong
    /// Worth is price.
    case subset
  }

  /// Which three caps bind.
  enum Caps: String, CaseIterable {
    /// The total and two categories.
    case categories = "total, 2 categories"
    /// The total, a category and a person.
    case onePerson = "total, category, person"
    /// The total and two people.
    case twoPeople = "total, 2 people"
    /// Three people.
    case threePeople = "3 people"
  }

  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// A problem whose caps leave about half of what could be spent.
  mutating func problem(lines: Int, alternatives: Int, _ values: Values, _ caps: Caps) throws(ChoiceError)
    -> ChoiceProblem
  {
    let categories: [CostCategory] = [.transport, .lodging, .food, .activities]
    let groups = [[0, 1, 2, 3], [0, 1], [2, 3], [0], [1, 2], [0, 2, 3]]
    let made = (0..<lines).map { number in
      ChoiceLine(
        name: "line \(number)", category: categories[number % categories.count],
        people: groups.randomElement(using: &random) ?? [0],
        alternatives: (0..<alternatives).map { alternative in
          let cost = Int64.random(in: 1_000...30_000, using: &random)
          return Alternative(name: "\(alternative)", cost: cost, value: value(of: cost, values))
        })
    }
    var limits = ChoiceCaps()
    func half(_ spent: (ChoiceLine, Int64) -> Int64) -> Int64 {
      made.reduce(0) { sum, line in
        let costs = line.alternatives.map { spent(line, $0.cost) }
        return sum + ((costs.min() ?? 0) + (costs.max() ?? 0)) / 2
      }
    }
    if caps != .threePeople { limits.total = half { $1 } }
    let capped = caps == .categories ? [categories[1], categories[3]] : caps == .onePerson ? [categories[1]] : []
    for category in capped { limits.categories[category] = half { $0.category == category ? $1 : 0 } }
    let people = caps == .onePerson ? [0] : caps == .twoPeople ? [0, 2] : caps == .threePeople ? [0, 1, 2] : []
    for person in people {
      limits.people[person] = half { $0.people.contains(person) ? $1 / Int64($0.people.count) : 0 }
    }
    return try ChoiceProblem(lines: made, caps: limits)
  }

  private mutating func value(of cost: Int64, _ values: Values) -> Int64 {
    switch values {
    case .free: .random(in: 0...100, using: &random)
    case .weak: max(0, cost / 300 + .random(in: -15...15, using: &random))
    case .strong: cost / 300 + 10
    case .subset: cost / 300
    }
  }
}
