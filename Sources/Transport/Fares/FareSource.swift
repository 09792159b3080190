import Kernel

/// Fares while they are read from the graph.
struct FareSource {
  var currency: Currency?
  var unit: Int64 = 1
  var systems: [FareModel.System] = []
  var classes: [FareModel.FareClass] = []
  var classOfRoute: [Int32] = []
  var zoneOfStop: [Int32] = []
  var zoneBits: [[UInt64]] = []
  var areasOfZone: [[Int32]] = []
  var networksOfClass: [[Int32]] = []
  var zoneCount = 1
  var gaps: [FareModel.Gap] = []
  var limits: [String?] = []
  var timeframes: [[FareModel.Timeframe]] = []
  var zoneRules: [ZoneRules] = []

  /// What is asked for: a currency, and who travels.
  struct Wish: Hashable, Sendable {
    var currency: String?
    var rider: String?
    /// Whether taxis and the like are paid too.
    var hasOwnWays = false
  }

  struct Route {
    let feed: Int32
    let agency: Int32
    let zone: ZoneRules
  }

  private(set) var routes: [Route] = []
  private(set) var feedNames: [Int32: String] = [:]
  let wish: Wish

  init(_ database: SQLiteDatabase, _ timetable: Timetable, _ wish: Wish) throws(GraphError) {
    self.wish = wish
    try readRoutes(database, timetable)
    zoneOfStop = [Int32](repeating: 0, count: timetable.stopCount)
    classOfRoute = [Int32](repeating: -1, count: routes.count)
    try chooseCurrency(database)
    guard currency != nil else { return }
    try chooseUnit(database)
    let legFeeds = try Self.numbers(database, "select distinct feed from fare_leg_rules order by feed")
    for feed in legFeeds { try LegFareReader(database, feed: feed, name: name(feed)).read(into: &self) }
    let ticketFeeds = try Self.numbers(database, "select distinct feed from fare_attributes order by feed")
    for feed in ticketFeeds where !legFeeds.contains(feed) {
      try TicketReader(database, feed: feed, name: name(feed)).read(into: &self, timetable)
    }
    areasOfZone += [[Int32]](repeating: [], count: max(0, zoneCount - areasOfZone.count))
  }

  func name(_ feed: Int32) -> String { feedNames[feed] ?? "" }

  /// Says what of a feed's fares is left out.
  mutating func note(_ feed: Int32, _ what: String) {
    let gap = FareModel.Gap(feed: name(feed), what: what)
    if !gaps.contains(gap) { gaps.append(gap) }
  }

  /// An amount in units of the search; nil for one in another currency, or too dear.
  func units(_ amount: Int64, _ code: String) -> Int32? {
    guard code == currency?.code, abs(amount / unit) <= FareModel.unitsMax else { return nil }
    return Int32(amount / unit)
  }

  static func numbers(_ database: SQLiteDatabase, _ query: String) throws(GraphError) -> [Int32] {
    let statement = try database.prepare(query)
    var numbers: [Int32] = []
    while try statement.step() {
      var row = statement.row
      numbers.append(row.next())
    }
    return numbers
  }

  // MARK: What all systems have in common

  private mutating func readRoutes(_ database: SQLiteDatabase, _ timetable: Timetable) throws(GraphError) {
    let names = try database.prepare("select feed, name from feeds")
    while try names.step() {
      var row = names.row
      let feed: Int32 = row.next()
      feedNames[feed] = row.next()
    }
    let statement = try database.prepare(
      "select routes.feed, agency, agency_timezone from routes join agency using (agency) order by route")
    var zones: [String: ZoneRules] = [:]
    while try statement.step() {
      var row = statement.row
      let (feed, agency): (Int32, Int32) = (row.next(), row.next())
      let zone: String = row.next()
      // A zone that this machine does not know was refused when the timetable was opened.
      let rules = zones[zone] ?? (try? ZoneFiles.system.rules(named: zone)) ?? timetable.mainZoneRules
      zones[zone] = rules
      routes.append(Route(feed: feed, agency: agency, zone: rules))
    }
  }

  private static let amounts = """
    select price_minor, currency_type, feed from fare_attributes
      union all select amount_minor, currency, feed from fare_products
    """

  /// The currency asked for, or the one that most fares are in.
  private mutating func chooseCurrency(_ database: SQLiteDatabase) throws(GraphError) {
    var known: [(code: String, feed: Int32)] = []
    let statement = try database.prepare(
      "select currency_type, feed from (\(Self.amounts)) group by 1, 2 order by count(*) desc, 1, 2")
    while try statement.step() {
      var row = statement.row
      known.append((row.next(), row.next()))
    }
    guard let code = wish.currency ?? known.first?.code else { return }
    // The importer lets only codes of ISO 4217 through, and the command checks what is typed.
    currency = try? Currency(code)
    for other in known where other.code != code { note(other.feed, "fares in \(other.code) are not converted") }
  }

  private mutating func chooseUnit(_ database: SQLiteDatabase) throws(GraphError) {
    let statement = try database.prepare("select distinct price_minor, currency_type from (\(Self.amounts))")
    var unit: Int64 = wish.hasOwnWays ? OwnWays.priceStep : 0
    while try statement.step() {
      var row = statement.row
      let amount: Int = row.next()
      let code: String = row.next()
      if code == currency?.code { unit = Self.commonDivisor(unit, Int64(amount)) }
    }
    self.unit = max(1, unit)
  }

  private static func commonDivisor(_ one: Int64, _ other: Int64) -> Int64 {
    var (a, b) = (abs(one), abs(other))
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
