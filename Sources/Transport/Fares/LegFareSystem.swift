/// What legs and the changes between them cost, as the second version of fares has it.
///
/// Of the rules that match a leg those of the highest priority count; each leads to a group of legs with its price. A
/// rule for changing from one group to another must be used where it matches: type 0 adds its own product only, type 1
/// the product of the next leg too, and type 2 adds its own and takes back that of the first leg. A chain of changes
/// begins with a leg that was paid for itself; limits of time run from that leg.
struct LegFareSystem: Sendable {
  static let any: Int32 = -1
  static let noGroup: Int32 = -1

  struct Product: Hashable, Sendable {
    let name: String
    let price: Int64
    let units: Int32
  }

  struct LegRule: Sendable {
    let group: Int32
    let network: Int32
    let fromArea: Int32
    let toArea: Int32
    let fromTimes: Int32
    let toTimes: Int32
    /// Nil for one that cannot be reckoned with: of another currency, or for other riders.
    let product: Product?
    let priority: Int
  }

  struct TransferRule: Sendable {
    let from: Int32
    let to: Int32
    /// -1 for any number; nil where it is not counted.
    let countMax: Int32?
    let secondsMax: Int32?
    let limitType: Int
    let type: Int
    /// Nil for a free change.
    let product: Product?
  }

  let legRules: [LegRule]
  let transferRules: [TransferRule]
  /// Without priorities an empty field stands for what no other rule names.
  let hasPriorities: Bool
  /// By group of timeframes: bits in the classes of times.
  let timeGroups: [Int32]
  let hasJoinedLegs: Bool
  /// Whether something open can be worse than nothing.
  private(set) var mayHurt = false
  private let listedNetworks, listedFromAreas, listedToAreas, listedFromGroups, listedToGroups: Set<Int32>

  init(_ legRules: [LegRule], _ transferRules: [TransferRule], hasPriorities: Bool, hasJoinedLegs: Bool) {
    (self.legRules, self.transferRules) = (legRules, transferRules)
    (self.hasPriorities, self.hasJoinedLegs) = (hasPriorities, hasJoinedLegs)
    timeGroups = Set(legRules.flatMap { [$0.fromTimes, $0.toTimes] }.filter { $0 >= 0 }).sorted()
    listedNetworks = Set(legRules.map(\.network))
    listedFromAreas = Set(legRules.map(\.fromArea))
    listedToAreas = Set(legRules.map(\.toArea))
    listedFromGroups = Set(transferRules.map(\.from))
    listedToGroups = Set(transferRules.map(\.to))
    mayHurt = hasHurtfulChanges
  }

  /// A leg, as far as prices depend on it.
  struct Leg {
    let networks: [Int32]
    let fromAreas: [Int32]
    let toAreas: [Int32]
    /// Whether a group of timeframes holds when it departs, and when it arrives.
    let departsWithin: (Int32) -> Bool
    let arrivesWithin: (Int32) -> Bool
  }

  /// The groups that a leg can count to, each with its cheapest product.
  func options(_ leg: Leg) -> [(group: Int32, product: Product)] {
    let matching = legRules.filter { rule in
      isMet(rule.network, leg.networks, listedNetworks) && isMet(rule.fromArea, leg.fromAreas, listedFromAreas)
        && isMet(rule.toArea, leg.toAreas, listedToAreas)
        && (rule.fromTimes < 0 || leg.departsWithin(rule.fromTimes))
        && (rule.toTimes < 0 || leg.arrivesWithin(rule.toTimes))
    }
    guard let highest = matching.map(\.priority).max() else { return [] }
    var options: [(group: Int32, product: Product)] = []
    for rule in matching where rule.priority == highest {
      guard let product = rule.product else { continue }
      if let known = options.firstIndex(where: { $0.group == rule.group }) {
        if product.units < options[known].product.units { options[known].product = product }
      } else {
        options.append((rule.group, product))
      }
    }
    return options
  }

  private func isMet(_ wanted: Int32, _ own: [Int32], _ listed: Set<Int32>) -> Bool {
    if wanted >= 0 { return own.contains(wanted) }
    return hasPriorities || !own.contains { listed.contains($0) }
  }

  /// The rules for changing between two groups; empty fields stand for groups that no other rule names.
  func changes(from: Int32, to: Int32) -> [TransferRule] {
    if from == Self.noGroup || to == Self.noGroup { return [] }
    return transferRules.filter { rule in
      (rule.from == from || rule.from < 0 && !listedFromGroups.contains(from))
        && (rule.to == to || rule.to < 0 && !listedToGroups.contains(to))
    }
  }

  /// The groups that some leg counts to.
  var groups: Set<Int32> { Set(legRules.map(\.group)).subtracting([Self.noGroup]) }
}
