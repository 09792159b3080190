import Kernel

/// Reads what a feed says of legs, changes, products, areas and timeframes.
struct LegFareReader {
  private let database: SQLiteDatabase
  private let feed: Int32
  private let name: String

  init(_ database: SQLiteDatabase, feed: Int32, name: String) {
    (self.database, self.feed, self.name) = (database, feed, name)
  }

  func read(into source: inout FareSource) throws(GraphError) {
    let products = try products(&source)
    var groups: [String: Int32] = [:]
    var times: [String: Int32] = [:]
    let rules = try legRules(products, &groups, &times, &source)
    let transfers = try transferRules(products, &groups, &source)
    try readTimeframes(times, into: &source)
    try readAreas(into: &source)
    let joined = try database.number("select count(*) from fare_leg_join_rules where feed = \(feed)") ?? 0
    if joined > 0 { source.note(feed, "fare_leg_join_rules are not reckoned with") }
    let hasPriorities =
      try database.number(
        "select count(*) from fare_leg_rules where feed = \(feed) and rule_priority is not null") ?? 0 > 0
    let system = Int32(source.systems.count)
    source.systems.append(
      .legs(LegFareSystem(rules, transfers, hasPriorities: hasPriorities, hasJoinedLegs: joined > 0)))
    source.limits.append(nil)
    source.zoneBits.append([])
    try addClasses(system, to: &source)
    source.zoneRules.append(source.routes.first { $0.feed == feed }?.zone ?? .utc)
  }

  // MARK: Products

  /// By product: what it costs whoever travels, on the cheapest medium.
  private func products(_ source: inout FareSource) throws(GraphError) -> [String: LegFareSystem.Product] {
    let statement = try database.prepare(
      """
      select fare_product_id, coalesce(fare_product_name, fare_product_id), amount_minor, currency,
        rider_category_id, rider_category_name, coalesce(is_default_fare_category, 0)
      from fare_products p left join rider_categories c using (rider_category) where p.feed = \(feed)
      order by fare_product
      """)
    var products: [String: LegFareSystem.Product] = [:]
    while try statement.step() {
      var row = statement.row
      let (id, name): (String, String) = (row.next(), row.next())
      let amount: Int = row.next()
      let currency: String = row.next()
      let (category, categoryName): (String?, String?) = (row.next(), row.next())
      let isDefault: Bool = row.next()
      guard isFor(category, categoryName, isDefault, source.wish.rider) else { continue }
      guard let units = source.units(Int64(amount), currency) else {
        if currency == source.currency?.code { source.note(feed, "fare product \(id) is too dear") }
        continue
      }
      if let known = products[id], known.units <= units { continue }
      products[id] = LegFareSystem.Product(name: name, price: Int64(amount), units: units)
    }
    return products
  }

  private func isFor(_ category: String?, _ name: String?, _ isDefault: Bool, _ rider: String?) -> Bool {
    guard let category else { return true }
    guard let rider else { return isDefault }
    return category.lowercased() == rider.lowercased() || name?.lowercased() == rider.lowercased()
  }

  // MARK: Rules

  private func legRules(
    _ products: [String: LegFareSystem.Product], _ groups: inout [String: Int32], _ times: inout [String: Int32],
    _ source: inout FareSource
  ) throws(GraphError) -> [LegFareSystem.LegRule] {
    let statement = try database.prepare(
      """
      select leg_group_id, coalesce(network, -1), coalesce(from_area, -1), coalesce(to_area, -1),
        from_timeframe_group_id, to_timeframe_group_id, fare_product_id, coalesce(rule_priority, 0)
      from fare_leg_rules where feed = \(feed) order by fare_leg_rule
      """)
    var rules: [LegFareSystem.LegRule] = []
    while try statement.step() {
      var row = statement.row
      let group: String? = row.next()
      let (network, from, to): (Int32, Int32, Int32) = (row.next(), row.next(), row.next())
      let (fromTimes, toTimes): (String?, String?) = (row.next(), row.next())
      let product: String = row.next()
      rules.append(
        LegFareSystem.LegRule(
          group: number(group, &groups), network: network, fromArea: from, toArea: to,
          fromTimes: timeGroup(fromTimes, &times, &source), toTimes: timeGroup(toTimes, &times, &source),
          product: products[product], priority: row.next()))
    }
    return rules
  }

  private func number(_ name: String?, _ known: inout [String: Int32]) -> Int32 {
    guard let name else { return LegFareSystem.noGroup }
    let number = known[name] ?? Int32(known.count)
    known[name] = number
    return number
  }

  private func timeGroup(_ name: String?, _ known: inout [String: Int32], _ source: inout FareSource) -> Int32 {
    guard let name else { return LegFareSystem.any }
    if let number = known[name] { return number }
    known[name] = Int32(source.timeframes.count)
    source.timeframes.append([])
    return Int32(source.timeframes.count - 1)
  }

  private func transferRules(
    _ products: [String: LegFareSystem.Product], _ groups: inout [String: Int32], _ source: inout FareSource
  ) throws(GraphError) -> [LegFareSystem.TransferRule] {
    let statement = try database.prepare(
      """
      select from_leg_group_id, to_leg_group_id, transfer_count, duration_limit, coalesce(duration_limit_type, 0),
        fare_transfer_type, fare_product_id
      from fare_transfer_rules where feed = \(feed) order by fare_transfer_rule
      """)
    var rules: [LegFareSystem.TransferRule] = []
    while try statement.step() {
      var row = statement.row
      let (from, to): (String?, String?) = (row.next(), row.next())
      let (count, seconds): (Int32?, Int32?) = (row.next(), row.next())
      let (limitType, type): (Int, Int) = (row.next(), row.next())
      let product: String? = row.next()
      if let product, products[product] == nil {
        source.note(feed, "changes that cost \(product) are paid as legs of their own")
        continue
      }
      rules.append(
        LegFareSystem.TransferRule(
          from: number(from, &groups), to: number(to, &groups), countMax: count, secondsMax: seconds,
          limitType: limitType, type: type, product: product.flatMap { products[$0] }))
    }
    return rules
  }

  // MARK: Where and when

  private func readTimeframes(_ times: [String: Int32], into source: inout FareSource) throws(GraphError) {
    let statement = try database.prepare(
      """
      select timeframe_group_id, start_time, end_time, service from timeframes where feed = \(feed)
      order by timeframe
      """)
    while try statement.step() {
      var row = statement.row
      let name: String = row.next()
      let timeframe = FareModel.Timeframe(start: row.next(), end: row.next(), service: row.next())
      if let group = times[name] { source.timeframes[Int(group)].append(timeframe) }
    }
  }

  /// A platform is in the areas of its station unless it has its own.
  private func readAreas(into source: inout FareSource) throws(GraphError) {
    let statement = try database.prepare(
      """
      select s.stop, area from stops s join stop_areas a on a.stop = s.stop where s.feed = \(feed)
      union select s.stop, area from stops s join stop_areas a on a.stop = s.parent_station
        where s.feed = \(feed) and s.stop not in (select stop from stop_areas)
      order by 1, 2
      """)
    var ofStop: [Int: [Int32]] = [:]
    while try statement.step() {
      var row = statement.row
      ofStop[row.next(), default: []].append(row.next())
    }
    var known: [[Int32]: Int32] = [:]
    source.areasOfZone += [[Int32]](repeating: [], count: source.zoneCount - source.areasOfZone.count)
    for (stop, areas) in ofStop.sorted(by: { $0.key < $1.key }) {
      if known[areas] == nil {
        known[areas] = Int32(source.zoneCount)
        source.zoneCount += 1
        source.areasOfZone.append(areas)
      }
      source.zoneOfStop[stop] = known[areas] ?? 0
    }
  }

  private func addClasses(_ system: Int32, to source: inout FareSource) throws(GraphError) {
    let statement = try database.prepare(
      """
      select routes.route, network from routes left join route_networks using (route) where routes.feed = \(feed)
      order by 1, 2
      """)
    var networks: [Int: [Int32]] = [:]
    while try statement.step() {
      var row = statement.row
      let route: Int = row.next()
      let network: Int32? = row.next()
      networks[route, default: []] += network.map { [$0] } ?? []
    }
    var known: [[Int32]: Int32] = [:]
    for (route, own) in networks.sorted(by: { $0.key < $1.key }) {
      if known[own] == nil {
        known[own] = Int32(source.classes.count)
        source.classes.append(FareModel.FareClass(system: system, own: Int32(source.classes.count)))
        source.networksOfClass.append(own)
      }
      source.classOfRoute[route] = known[own] ?? -1
    }
  }
}
