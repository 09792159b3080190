import Kernel

/// The weights by which an expense is divided: one number per person, whatever the notation was.
struct SplitWeights {
  let people: Int
  /// For each person whom they go with.
  let households: [Int]
  /// Which expense it is, for errors.
  let number: Int

  func weights(of expense: Expense) throws(SplitError) -> [Int64] {
    var weights = Array(repeating: Int64(0), count: people)
    switch expense.split {
    case .equal(let people):
      for person in people { weights[person] = 1 }
    case .equalByCouple(let people):
      weights = byHousehold(people)
    case .shares(let shares):
      for (person, share) in shares { weights[person] = try units(share, person) }
    case .percent(let percent):
      for (person, share) in percent { weights[person] = try units(share, person) }
      let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
      guard sum == 100_000_000 else {
        throw .percentSum(expense: number, DecimalFraction(Int64(clamping: sum), scale: 6))
      }
    case .nights(let nights):
      for (person, count) in nights {
        guard count >= 0 else { throw .badShare(expense: number, person: person) }
        weights[person] = Int64(count)
      }
    case .exact(let exact):
      weights = try self.exact(exact, expense)
    case .items(let items):
      weights = try byItem(items, expense)
    }
    guard weights.contains(where: { $0 > 0 }) || expense.amount.isZero else { throw .nobody(expense: number) }
    return weights
  }

  /// A couple of whom both take part bears one part, half each; alone, each bears a whole one.
  private func byHousehold(_ participants: [Int]) -> [Int64] {
    var sizes: [Int: Int64] = [:]
    for person in participants { sizes[households[person], default: 0] += 1 }
    var weights = Array(repeating: Int64(0), count: people)
    for person in participants { weights[person] = sizes[households[person]] == 2 ? 1 : 2 }
    return weights
  }

  private func units(_ share: DecimalFraction, _ person: Int) throws(SplitError) -> Int64 {
    guard share.significand >= 0, let units = share.units(scale: 6) else {
      throw .badShare(expense: number, person: person)
    }
    return units
  }

  private func exact(_ parts: [Int: Money], _ expense: Expense) throws(SplitError) -> [Int64] {
    var weights = Array(repeating: Int64(0), count: people)
    var sum = Money.zero(expense.amount.currency)
    for (person, part) in parts {
      if !part.isZero, part.isNegative != expense.amount.isNegative { throw .badShare(expense: number, person: person) }
      sum = try add(part, to: sum)
      weights[person] = Int64(clamping: part.minorUnits.magnitude)
    }
    guard sum == expense.amount else { throw .exactSum(expense: number, sum: sum, cost: expense.amount) }
    return weights
  }

  private func byItem(_ items: [SplitItem], _ expense: Expense) throws(SplitError) -> [Int64] {
    let currency = expense.amount.currency
    var parts = Array(repeating: Money.zero(currency), count: people)
    var sum = Money.zero(currency)
    for (index, item) in items.enumerated() {
      guard !item.people.isEmpty, item.amount.currency == currency, item.amount.isNegative == expense.amount.isNegative
      else { throw .badItem(expense: number, item: index) }
      sum = try add(item.amount, to: sum)
      let turns = parts.map { Int(clamping: $0.minorUnits.magnitude) }
      let shares = try allocate(item.amount, item.people.map { _ in 1 }, item.people.map { turns[$0] })
      for (person, share) in zip(item.people, shares) { parts[person] = try add(share, to: parts[person]) }
    }
    // Tip, tax or discount follows what each had.
    let rest: Money
    do throws(MoneyError) { rest = try expense.amount.subtracting(sum) } catch { throw failed(error) }
    if !rest.isZero {
      let weights = parts.map { Int64(clamping: $0.minorUnits.magnitude) }
      for (person, share) in try allocate(rest, weights, []).enumerated() {
        parts[person] = try add(share, to: parts[person])
      }
    }
    return parts.map { Int64(clamping: $0.minorUnits.magnitude) }
  }

  private func add(_ amount: Money, to sum: Money) throws(SplitError) -> Money {
    do throws(MoneyError) { return try sum.adding(amount) } catch { throw failed(error) }
  }

  private func allocate(_ amount: Money, _ weights: [Int64], _ turns: [Int]) throws(SplitError) -> [Money] {
    do throws(MoneyError) { return try amount.allocated(byWide: weights, turns: turns) } catch { throw failed(error) }
  }

  private func failed(_ error: MoneyError) -> SplitError {
    error == .noWeight ? .nobody(expense: number) : .exchange(expense: number, .money(error))
  }
}
