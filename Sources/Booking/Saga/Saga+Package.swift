/// What makes the items of a booking a package.
package struct SagaPackage: Hashable, Sendable {
  /// The rule that it was booked under, whatever holds later.
  package let rule: PackageRule
  /// What the customer has agreed to pay for all of it, in minor units.
  package internal(set) var price: Int64

  /// A package at a price.
  package init(_ rule: PackageRule, price: Int64) {
    self.rule = rule
    self.price = price
  }
}

/// Prices that are agreed over the whole: an item by itself is a whole, and so is a package.
extension Saga {
  /// What the customer pays for an item whose seller is paid so much.
  func share(_ index: Int, of cost: Int64) -> Int64 {
    guard let package, let kind = items[index].part else { return cost }
    return package.rule.share(of: cost, kind)
  }

  /// What all that is wanted would come to at what sellers want now.
  var priceNow: Int64 {
    items.indices.reduce(0) { $0 + (wants($1) ? share($1, of: items[$1].asked ?? items[$1].cost) : 0) }
  }

  /// Heeds what a seller wants now.
  ///
  /// A lower price is taken at once, and a higher one is the customer's to agree to. A package's parts wait for each other:
  /// what one costs more another may cost less.
  mutating func asks(_ index: Int, _ cost: Int64) {
    let known = items[index].cost
    if package != nil {
      items[index].asked = cost == known ? nil : cost
    } else {
      items[index].asked = cost > known ? cost : nil
      items[index].cost = min(cost, known)
      items[index].price = items[index].cost
    }
  }

  /// Takes over what the sellers of a package's parts want, where that is no more than was agreed for all of it.
  ///
  /// - Returns: whether anything was taken over.
  mutating func takeWhole() -> Bool {
    guard let package, question == nil, !hasItemCalls, items.contains(where: { $0.asked != nil }) else { return false }
    // Before every part is known to be there, nobody knows what the whole comes to.
    guard items.indices.allSatisfy({ wants($0) && items[$0].stage != .wished }) else { return false }
    guard priceNow <= package.price else { return false }
    takeAsked()
    return true
  }

  /// Takes over what sellers want.
  mutating func takeAsked() {
    for index in items.indices {
      items[index].cost = items[index].asked ?? items[index].cost
      items[index].price = share(index, of: items[index].cost)
      items[index].asked = nil
    }
    package?.price = items.reduce(0) { $0 + $1.price }
  }

  /// Gives back all that is left of a package to which its sellers do not keep: that costs the customer nothing.
  mutating func giveUpPackage() {
    for index in items.indices {
      items[index].isMissed = false
      if items[index].isBought, items[index].undoing == nil { items[index].undoing = .seller }
    }
  }
}
