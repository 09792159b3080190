package import Kernel

/// What riding costs in all feeds, as searches reckon with it: read from the graph once, in one currency.
///
/// Amounts are kept exactly, in minor units; a search counts in the largest unit that all amounts are multiples of, so
/// that sums of many rides fit 32 bits.
package final class FareModel: Sendable {
  enum System: Sendable {
    case tickets(TicketSystem)
    case legs(LegFareSystem)
  }

  /// Whose fares hold for some routes, and as what these routes count there.
  struct FareClass: Hashable, Sendable {
    let system: Int32
    /// The class that the rules of tickets name, or which networks legs have.
    let own: Int32
  }

  /// What a price cannot say of a system of fares, for whoever asks why it is not complete.
  package struct Gap: Hashable, Sendable {
    package let feed: String
    package let what: String
  }

  /// A dearer product is not reckoned with: sums could leave 32 bits.
  static let unitsMax: Int64 = 1 << 20

  /// What prices are in; nil if no feed has any.
  package let currency: Currency?
  /// Minor units in one unit of a search.
  let unit: Int64
  let systems: [System]
  let classes: [FareClass]
  /// By route: its class, or -1.
  let classOfRoute: [Int32]
  /// By stop: the zone of its feed, or the set of areas; 0 where there is none.
  let zoneOfStop: [Int32]
  /// By system of tickets, then zone: the bit among the zones passed through.
  let zoneBits: [[UInt64]]
  /// By zone of legs: the areas.
  let areasOfZone: [[Int32]]
  /// By class of legs: the networks.
  let networksOfClass: [[Int32]]
  let zoneCount: Int
  let gaps: [Gap]
  /// By system: what makes its prices incomplete wherever it is used.
  let limits: [String?]
  /// By group of timeframes: the times of day and services.
  let timeframes: [[Timeframe]]
  /// By system: the agency's clock.
  let zoneRules: [ZoneRules]

  struct Timeframe: Sendable {
    let start: Int32
    let end: Int32
    let service: Int32
  }

  init(_ source: FareSource) {
    (currency, unit, systems) = (source.currency, source.unit, source.systems)
    (classes, classOfRoute) = (source.classes, source.classOfRoute)
    (zoneOfStop, zoneBits, areasOfZone) = (source.zoneOfStop, source.zoneBits, source.areasOfZone)
    (networksOfClass, zoneCount) = (source.networksOfClass, source.zoneCount)
    (gaps, limits) = (source.gaps, source.limits)
    (timeframes, zoneRules) = (source.timeframes, source.zoneRules)
  }

  /// Whether any feed has fares in this currency.
  package var isEmpty: Bool { systems.isEmpty }

  /// What a search calls a price, in minor units.
  package func minorUnits(_ units: Int32) -> Int64 { Int64(units) * unit }

  /// The price of a way without a timetable, as a search counts; dearer than all that is known where it is not.
  func units(_ way: OwnWay, length: Int) -> Int32 {
    guard let price = OwnWays.price(way, length: length, currency) else { return FareReckoner.unknown }
    return Int32(clamping: min((price + unit - 1) / unit, Int64(FareReckoner.unknown)))
  }

  func money(_ minorUnits: Int64) -> Money? { currency.map { Money(minorUnits: minorUnits, $0) } }
}

extension Transit {
  /// The fares of all feeds.
  ///
  /// - Parameters:
  ///   - currency: the code of the currency to reckon in; nil for the one that most fares are in.
  ///   - rider: the category of the traveller, by id or name; nil for whoever pays the full price.
  /// - Returns: the model, without systems if no feed has fares.
  /// - Throws: `FeedError` if the graph cannot be read.
  package func fares(currency: String? = nil, rider: String? = nil) throws(FeedError) -> FareModel {
    try fares(FareSource.Wish(currency: currency, rider: rider))
  }

  func fares(_ wish: FareSource.Wish) throws(FeedError) -> FareModel {
    try graphWork { () throws(GraphError) in
      let database = try SQLiteDatabase(graphPath, .reading)
      return FareModel(try FareSource(database, timetable, wish))
    }
  }
}
