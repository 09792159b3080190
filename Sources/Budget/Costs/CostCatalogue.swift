package import Kernel

/// A scope of prices: a place, a country or the world.
package struct CostPlace: Hashable, Sendable {
  /// `fr/paris`, `fr` or `world`.
  package let id: String
  /// As people write it.
  package let name: String
  /// What is paid with there.
  package let currency: Currency
  /// The scope around it: the country of a place, the world of a country; nil for the world.
  package let parent: Int?
  /// What an employer pays at most for a room and night, if that is known.
  package let lodgingCeiling: Money?
  /// What an employer pays at most for a day's meals.
  package let mealsCeiling: Money?
}

/// What things cost, where and when: tables, loaded and checked, and the factors people may edit.
///
/// A price is looked up from the place to its country to the world; in each, an explicit default goes before one derived
/// from a ceiling and the factor that scales it down for a style.
package struct CostCatalogue: Sendable {
  struct Key: Hashable {
    let scope: Int
    let category: CostCategory
    /// Empty for every style.
    let style: String
  }

  struct StyleKey: Hashable {
    let category: CostCategory
    let word: String
  }

  /// All scopes; the first is the world.
  package internal(set) var places: [CostPlace] = []
  /// The styles there are factors for, cheapest first.
  package internal(set) var styles: [String] = []
  /// What categories have prices somewhere.
  package internal(set) var categories: [CostCategory] = []
  var placeNumbers: [String: Int] = [:]
  var defaults: [Key: [CostDefault]] = [:]
  var profiles: [Int: [CostCategory: SeasonProfile]] = [:]
  /// Which share of a ceiling travellers of a style pay, in millionths.
  var ceilingFactors: [StyleKey: Int64] = [:]
  /// Which share of an adult's price a kind of traveller pays, in millionths.
  var travellerFactors: [StyleKey: Int64] = [:]
  /// What ``reindex()`` made of the tables, for estimates: by scope, and what kinds of travellers pay.
  private(set) var scopes: [ScopeTables] = []
  private var travellerShares: [(category: CostCategory, shares: [Int64])] = []
  private var ceilingShares: [(category: CostCategory, style: String, share: Int64)] = []
  var spreads: [CostCategory: Double] = [:]
  var correlations: [CostCategory: Double] = [:]
  /// Taxes and fees, those that are reckoned on others after them.
  package internal(set) var rules: [TaxRule] = []

  /// A scope by its id, or by a place's or country's own name where only one has it.
  package func findPlace(_ text: String) -> Int? { placeNumbers[text] ?? placeNumbers[CostCatalogue.key(text)] }

  /// What a name is looked up as: lower case, spaces as hyphens.
  static func key(_ name: String) -> String {
    String(name.lowercased().map { $0 == " " ? "-" : $0 })
  }

  /// The scopes of a place from the narrowest to the world.
  package func scopeNumbers(of place: Int) -> [Int] {
    var result = [place]
    while let parent = places[result[result.count - 1]].parent { result.append(parent) }
    return result
  }

  /// The defaults of a category, and from where.
  package func prices(
    at place: Int, _ category: CostCategory, style: String
  ) throws(MoneyError) -> (defaults: [CostDefault], source: CostSource, scope: Int)? {
    var scope: Int? = place
    while let index = scope {
      if let found = scopes[index].defaults(category, style) { return (found, source(index), index) }
      if let derived = try derived(index, category, style) { return ([derived], source(index), index) }
      scope = places[index].parent
    }
    return nil
  }

  /// The season profile that a place has in a category: its own, its country's or the world's.
  package func profile(at place: Int, _ category: CostCategory) -> SeasonProfile? {
    scopedProfile(at: place, category)?.profile
  }

  /// The season profile that a place has in a category, and whose it is.
  package func scopedProfile(at place: Int, _ category: CostCategory) -> (profile: SeasonProfile, scope: Int)? {
    var scope: Int? = place
    while let index = scope {
      if let profile = scopes[index].profile(category) { return (profile, index) }
      scope = places[index].parent
    }
    return nil
  }

  /// The part of an adult's price that a kind of traveller pays, in millionths.
  package func share(of type: TravellerType, _ category: CostCategory) -> Int64 {
    for entry in travellerShares where entry.category == category { return entry.shares[type.number] }
    return SeasonProfile.one
  }

  /// How far prices of a category spread where nothing else is known.
  package func spread(_ category: CostCategory) -> Double { spreads[category] ?? 0.2 }

  /// How much prices within a category go up and down together, from 0 to 1.
  package func correlation(_ category: CostCategory) -> Double { correlations[category] ?? 0.3 }

  /// Arranges the tables for estimates; to be called whenever they have changed.
  mutating func reindex() {
    scopes = Array(repeating: ScopeTables(), count: places.count)
    for (key, list) in defaults { scopes[key.scope].add(list, key.category, key.style) }
    for (scope, own) in profiles { for (category, profile) in own { scopes[scope].add(profile, category) } }
    travellerShares = Set(travellerFactors.keys.map(\.category)).sorted().map { category in
      let shares = TravellerType.allCases.map {
        travellerFactors[StyleKey(category: category, word: $0.rawValue)] ?? SeasonProfile.one
      }
      return (category, shares)
    }
    ceilingShares = ceilingFactors.map { ($0.key.category, $0.key.word, $0.value) }
  }

  private func source(_ scope: Int) -> CostSource {
    let place = places[scope]
    guard let parent = place.parent else { return .world }
    return places[parent].parent == nil ? .country(place.name) : .place(place.name)
  }

  private func derived(_ scope: Int, _ category: CostCategory, _ style: String) throws(MoneyError) -> CostDefault? {
    let isLodging = category == .lodging
    guard isLodging || category == .food,
      let ceiling = isLodging ? places[scope].lodgingCeiling : places[scope].mealsCeiling,
      let factor = ceilingShares.first(where: { $0.category == category && $0.style == style })?.share
    else { return nil }
    return CostDefault(
      what: isLodging ? "room" : "meals", unit: isLodging ? .room : .person, period: isLodging ? .night : .day,
      price: try ceiling.scaled(by: factor, over: SeasonProfile.one))
  }
}

/// What the tables say about one scope: so few entries that looking through them is faster than hashing.
struct ScopeTables: Sendable {
  private var defaults: [(category: CostCategory, style: String, list: [CostDefault])] = []
  private var profiles: [(category: CostCategory, profile: SeasonProfile)] = []

  /// The defaults of a style, else those of every style.
  func defaults(_ category: CostCategory, _ style: String) -> [CostDefault]? {
    var general: [CostDefault]?
    for index in defaults.indices where defaults[index].category == category {
      if defaults[index].style == style { return defaults[index].list }
      if defaults[index].style.isEmpty { general = defaults[index].list }
    }
    return general
  }

  func profile(_ category: CostCategory) -> SeasonProfile? {
    for index in profiles.indices where profiles[index].category == category { return profiles[index].profile }
    return nil
  }

  mutating func add(_ list: [CostDefault], _ category: CostCategory, _ style: String) {
    defaults.append((category, style, list))
  }

  mutating func add(_ profile: SeasonProfile, _ category: CostCategory) { profiles.append((category, profile)) }
}
