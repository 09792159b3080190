package import Kernel

/// A tax or fee, stated as data.
package struct TaxRule: Hashable, Sendable {
  /// What is reckoned.
  package enum Amount: Hashable, Sendable {
    /// A percentage that prices contain already: told, not added.
    case percentIncluded(DecimalFraction)
    /// A percentage on top.
    case percent(DecimalFraction)
    /// So much per person and night.
    case personNight(Money)
    /// So much per room and night.
    case roomNight(Money)
    /// So much per person and stay.
    case personStay(Money)
    /// So much per person, once per trip.
    case personTrip(Money)
    /// So much once per trip.
    case groupTrip(Money)
  }

  /// When it is due at all.
  package enum Condition: String, CaseIterable, Hashable, Sendable {
    /// Always.
    case always = ""
    /// Where one pays by card.
    case card
    /// Where one pays by card in a currency that is not the trip's.
    case foreign
  }

  /// What others name it by.
  package let id: String
  /// Where it holds: everywhere below this scope.
  package let scope: Int
  /// As it is shown.
  package let name: String
  /// How much.
  package let amount: Amount
  /// On what; nil for everything.
  package let category: CostCategory?
  /// At most for so many nights of a stay.
  package let nightsMax: Int?
  /// Those who are younger pay nothing.
  package let ageFrom: Int?
  /// Those who are older pay nothing.
  package let ageTo: Int?
  /// Only on these days.
  package let days: SeasonDays?
  /// Only then.
  package let condition: Condition
  /// The rules whose amounts are part of what this is a percentage of.
  package let onTopOf: [String]

  /// A rule.
  package init(
    id: String, scope: Int, name: String, amount: Amount, category: CostCategory? = nil, nightsMax: Int? = nil,
    ageFrom: Int? = nil, ageTo: Int? = nil, days: SeasonDays? = nil, condition: Condition = .always,
    onTopOf: [String] = []
  ) {
    self.id = id
    self.scope = scope
    self.name = name
    self.amount = amount
    self.category = category
    self.nightsMax = nightsMax
    self.ageFrom = ageFrom
    self.ageTo = ageTo
    self.days = days
    self.condition = condition
    self.onTopOf = onTopOf
  }

  /// Whether somebody of an age pays it.
  func isDue(at age: Int) -> Bool { age >= ageFrom ?? 0 && age <= ageTo ?? .max }

  /// The rules so that each comes after those it is reckoned on.
  package static func ordered(_ rules: [TaxRule]) throws(TaxRuleFault) -> [TaxRule] {
    var numbers: [String: Int] = [:]
    for (number, rule) in rules.enumerated() where numbers.updateValue(number, forKey: rule.id) != nil {
      throw .sameID(rule.id, rule: number)
    }
    var result: [TaxRule] = []
    var isDone = Array(repeating: false, count: rules.count)
    for number in rules.indices {
      var path: [Int] = []
      try visit(number, rules, numbers, &isDone, &path, &result)
    }
    return result
  }

  private static func visit(
    _ number: Int, _ rules: [TaxRule], _ numbers: [String: Int], _ isDone: inout [Bool], _ path: inout [Int],
    _ result: inout [TaxRule]
  ) throws(TaxRuleFault) {
    if isDone[number] { return }
    if let start = path.firstIndex(of: number) {
      throw .loop((path[start...] + [number]).map { rules[$0].id }, rule: number)
    }
    path.append(number)
    for other in rules[number].onTopOf {
      guard let next = numbers[other] else { throw .unknown(other, rule: number) }
      try visit(next, rules, numbers, &isDone, &path, &result)
    }
    path.removeLast()
    isDone[number] = true
    result.append(rules[number])
  }
}

/// Why rules do not fit together; each names the rule by its place in the list.
package enum TaxRuleFault: Error, Hashable, Sendable {
  /// Two rules of one id.
  case sameID(String, rule: Int)
  /// A rule on top of one that is not there.
  case unknown(String, rule: Int)
  /// A rule that is, by way of others, reckoned on itself.
  case loop([String], rule: Int)

  /// Which rule.
  package var rule: Int {
    switch self {
    case .sameID(_, let rule), .unknown(_, let rule), .loop(_, let rule): rule
    }
  }

  /// What is wrong with the mend.
  package var complaint: String {
    switch self {
    case .sameID(let id, _): "must have an id of its own: \"\(id)\" stands twice"
    case .unknown(let id, _): "must be on top of rules that are there: there is no \"\(id)\""
    case .loop(let ids, _):
      "must not be reckoned on itself: \(ids.joined(separator: " on ")); take one out of what another is on top of"
    }
  }
}
