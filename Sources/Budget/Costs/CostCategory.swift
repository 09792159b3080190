/// What money is spent on: one of the usual words, or one of the traveller's own.
package struct CostCategory: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The word, such as `lodging`.
  package let name: String
  /// The place among the usual ones, so that tables keep their order; own ones come after.
  private let rank: UInt8

  /// A category by its word: lower-case letters, digits and hyphens, at most 40; nil for anything else.
  package init?(_ name: String) {
    let bytes = name.utf8
    guard (1...40).contains(bytes.count), bytes.allSatisfy(isNameByte) else { return nil }
    self.init(known: name)
  }

  private init(known name: String) {
    self.name = name
    rank = CostCategory.names.firstIndex(of: name).map { UInt8($0) } ?? CostCategory.rankOfOwn
  }

  private static let names = [
    "transport", "local-transport", "lodging", "food", "activities", "fees", "insurance", "shopping", "contingency",
  ]

  /// As many as there are names: a constant, because it is looked at all the time.
  private static let rankOfOwn: UInt8 = 9

  /// Getting there and on.
  package static let transport = CostCategory(known: "transport")
  /// Getting around.
  package static let localTransport = CostCategory(known: "local-transport")
  /// Nights.
  package static let lodging = CostCategory(known: "lodging")
  /// Meals.
  package static let food = CostCategory(known: "food")
  /// Things to do.
  package static let activities = CostCategory(known: "activities")
  /// Fees, taxes and visas.
  package static let fees = CostCategory(known: "fees")
  /// Insurance.
  package static let insurance = CostCategory(known: "insurance")
  /// Shopping.
  package static let shopping = CostCategory(known: "shopping")
  /// What is kept for surprises.
  package static let contingency = CostCategory(known: "contingency")

  /// The usual ones, in their order.
  package static let usual = names.map { CostCategory(known: $0) }

  private var isUsual: Bool { rank < CostCategory.rankOfOwn }

  /// The same word; usual ones are told apart by their place alone, because estimates compare them all the time.
  package static func == (left: CostCategory, right: CostCategory) -> Bool {
    left.rank == right.rank && (left.isUsual || left.name == right.name)
  }

  /// By the place among the usual ones, or by the word.
  package func hash(into hasher: inout Hasher) {
    if isUsual { hasher.combine(rank) } else { hasher.combine(name) }
  }

  /// The word.
  package var description: String { name }

  /// The usual ones in their order, then own ones by name.
  package static func < (left: CostCategory, right: CostCategory) -> Bool {
    left.rank == right.rank ? left.name < right.name : left.rank < right.rank
  }
}

/// What an identifier in tables and requests is made of.
func isNameByte(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || byte == UInt8(ascii: "-")
}
