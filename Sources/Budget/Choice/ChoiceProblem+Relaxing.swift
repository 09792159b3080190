extension ChoiceProblem {
  /// The caps that no choice keeps, each with the least by which it must be raised; empty if some choice keeps them all.
  ///
  /// What an alternative counts against any cap (nothing, its cost, or a person's part of it) never falls as its cost
  /// grows. So one choice, every line's cheapest alternative, spends the least on all caps at once: what it is over is
  /// what every choice is over at least, and raising these caps by just that much is enough. No search is needed, and
  /// there is no other smallest way.
  func relaxations() -> [Relaxation] {
    allCaps.compactMap { cap, limit in
      let divisor = if case .person = cap { finest } else { Int64(1) }
      let spent = lines.reduce(Int64(0)) { sum, line in
        sum + self.spent(line.alternatives.map(\.cost).min() ?? 0, line, cap)
      }
      let needed = (spent + divisor - 1) / divisor
      return needed > limit ? Relaxation(cap: cap, amount: needed - limit) : nil
    }
  }

  /// Categories, then people, then the total.
  private var allCaps: [(cap: Relaxation.Cap, limit: Int64)] {
    var result: [(cap: Relaxation.Cap, limit: Int64)] = []
    for (category, limit) in caps.categories.sorted(by: { $0.key < $1.key }) {
      result.append((.category(category), limit))
    }
    for (person, limit) in caps.people.sorted(by: { $0.key < $1.key }) { result.append((.person(person), limit)) }
    if let total = caps.total { result.append((.total, total)) }
    return result
  }

  private func spent(_ cost: Int64, _ line: ChoiceLine, _ cap: Relaxation.Cap) -> Int64 {
    switch cap {
    case .total: cost
    case .category(let category): line.category == category ? cost : 0
    case .person(let person): share(of: cost, line: line, person: person)
    }
  }
}
