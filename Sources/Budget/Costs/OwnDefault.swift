/// What something costs somewhere according to those who run this installation; it goes before the tables.
package struct OwnDefault: Hashable, Sendable {
  /// The scope: `fr/paris`, `fr` or `world`.
  package let scope: String
  /// What it is spent on.
  package let category: CostCategory
  /// In which style; empty for every style.
  package let style: String
  /// What it costs.
  package let cost: CostDefault

  /// An own default.
  package init(scope: String, category: CostCategory, style: String, cost: CostDefault) {
    self.scope = scope
    self.category = category
    self.style = style
    self.cost = cost
  }
}

extension CostCatalogue {
  /// Puts own defaults in the place of those that the tables have for the same scope, category and style.
  ///
  /// One whose scope the tables do not know any more is passed over: it holds again when the scope comes back.
  package mutating func put(_ own: [OwnDefault]) {
    var read: [Key: [CostDefault]] = [:]
    for one in own {
      guard let scope = placeNumbers[one.scope], places[scope].id == one.scope else { continue }
      read[Key(scope: scope, category: one.category, style: one.style), default: []].append(one.cost)
    }
    defaults.merge(read) { $1 }
    categories = Set(categories).union(read.keys.map(\.category)).sorted()
    reindex()
  }
}
