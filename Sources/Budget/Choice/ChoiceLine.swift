/// One of several ways to have a line of a trip: hotel B, the night train, no museum.
package struct Alternative: Hashable, Sendable {
  /// What it is called.
  package let name: String
  /// What it costs, in minor units of the problem's currency.
  package let cost: Int64
  /// What it is worth to those who choose, in points of their own.
  package let value: Int64

  /// An alternative.
  package init(name: String, cost: Int64, value: Int64) {
    self.name = name
    self.cost = cost
    self.value = value
  }
}

/// A line of which exactly one alternative is taken.
package struct ChoiceLine: Hashable, Sendable {
  /// What it is called.
  package let name: String
  /// Whose cap it counts against.
  package let category: CostCategory
  /// Who shares its cost equally.
  package let people: [Int]
  /// What can be taken.
  package let alternatives: [Alternative]

  /// A line.
  package init(name: String, category: CostCategory, people: [Int], alternatives: [Alternative]) {
    self.name = name
    self.category = category
    self.people = people
    self.alternatives = alternatives
  }
}

/// What may be spent at most, in minor units.
package struct ChoiceCaps: Hashable, Sendable {
  /// In all.
  package var total: Int64?
  /// On a category.
  package var categories: [CostCategory: Int64]
  /// By a person.
  package var people: [Int: Int64]

  /// Caps; absent ones do not bind.
  package init(total: Int64? = nil, categories: [CostCategory: Int64] = [:], people: [Int: Int64] = [:]) {
    self.total = total
    self.categories = categories
    self.people = people
  }
}

/// A point of the frontier: no choice that keeps the caps is worth as much for less.
package struct FrontierPoint: Hashable, Sendable {
  /// What it costs.
  package internal(set) var cost: Int64
  /// What it is worth.
  package internal(set) var value: Int64
  /// For each line which alternative is taken.
  package internal(set) var choice: [Int]

  mutating func take(_ alternative: Int, of line: ChoiceLine, _ number: Int) {
    cost += line.alternatives[alternative].cost
    value += line.alternatives[alternative].value
    choice[number] = alternative
  }
}

/// A cap that could be raised, and by how much at least.
package struct Relaxation: Hashable, Sendable {
  /// Which cap.
  package enum Cap: Hashable, Sendable {
    /// On everything.
    case total
    /// On a category.
    case category(CostCategory)
    /// On a person.
    case person(Int)
  }
  /// Which cap.
  package let cap: Cap
  /// By how much, in minor units.
  package let amount: Int64
}

/// Why a choice cannot be computed.
package enum ChoiceError: Error, Hashable, Sendable {
  /// A line that offers nothing.
  case noAlternative(line: Int)
  /// A line that nobody shares.
  case nobody(line: Int)
  /// A cost or value below zero, or past what is reckoned with.
  case badAlternative(line: Int, alternative: Int)
  /// More partial choices worth keeping than the limit: fewer caps per person, alternatives or distinct values.
  case tooLarge(limit: Int)
}

/// What is found: the whole frontier, or what stands in its way.
package enum ChoiceResult: Hashable, Sendable {
  /// Every efficient choice that keeps the caps, cheapest first; the last is the best.
  case frontier([FrontierPoint])
  /// No choice keeps the caps. Each entry is a set of caps which, raised together by these amounts, let one be kept;
  /// none of the amounts could be smaller. There is one such set.
  case infeasible([[Relaxation]])
}
