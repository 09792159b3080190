import Kernel

/// Reads the tickets of a feed: a system for each agency, if every ticket names one or there is only one.
struct TicketReader {
  /// So many zones are told apart by rules that name the zones passed through; one more bit stands for all others.
  private static let zonesMax = 63

  private let database: SQLiteDatabase
  private let feed: Int32
  private let name: String

  init(_ database: SQLiteDatabase, feed: Int32, name: String) {
    (self.database, self.feed, self.name) = (database, feed, name)
  }

  private struct Fare {
    let number: Int32
    let name: String
    let price: Int64
    let currency: String
    let changesMax: Int32
    let agency: Int32
    let secondsMax: Int32
  }

  private struct RawRule {
    let route: Int32
    let origin: String?
    let destination: String?
    let contains: String?
  }

  func read(into source: inout FareSource, _ timetable: Timetable) throws(GraphError) {
    let fares = try fares()
    let rules = try rules()
    let zones = try readZones(into: &source)
    let agencies = Set(source.routes.filter { $0.feed == feed }.map(\.agency)).sorted()
    let isDivided = agencies.count == 1 || fares.allSatisfy { $0.agency >= 0 }
    for agency in isDivided ? agencies : [-1] {
      let own = fares.filter { !isDivided || agencies.count == 1 || $0.agency == agency }
      let routes = source.routes.indices.filter { index in
        source.routes[index].feed == feed && (agency < 0 || source.routes[index].agency == agency)
      }
      if own.isEmpty || routes.isEmpty { continue }
      add(own, rules, zones, routes.map { Int32($0) }, to: &source, timetable)
    }
  }

  private func fares() throws(GraphError) -> [Fare] {
    let statement = try database.prepare(
      """
      select fare, fare_id, price_minor, currency_type, coalesce(transfers, -1), coalesce(agency, -1),
        coalesce(transfer_duration, -1) from fare_attributes where feed = \(feed) order by fare
      """)
    var fares: [Fare] = []
    while try statement.step() {
      var row = statement.row
      let (number, name): (Int32, String) = (row.next(), row.next())
      let price: Int = row.next()
      let currency: String = row.next()
      let (changes, agency, seconds): (Int32, Int32, Int32) = (row.next(), row.next(), row.next())
      fares.append(
        Fare(
          number: number, name: name, price: Int64(price), currency: currency,
          changesMax: changes < 0 ? .max : changes, agency: agency, secondsMax: seconds < 0 ? .max : seconds))
    }
    return fares
  }

  private func rules() throws(GraphError) -> [Int32: [RawRule]] {
    let statement = try database.prepare(
      """
      select fare, coalesce(route, -1), origin_id, destination_id, contains_id from fare_rules
      where fare in (select fare from fare_attributes where feed = \(feed)) order by rowid
      """)
    var rules: [Int32: [RawRule]] = [:]
    while try statement.step() {
      var row = statement.row
      let fare: Int32 = row.next()
      rules[fare, default: []].append(
        RawRule(route: row.next(), origin: row.next(), destination: row.next(), contains: row.next()))
    }
    return rules
  }

  private func readZones(into source: inout FareSource) throws(GraphError) -> [String: Int32] {
    let statement = try database.prepare(
      """
      select s.stop, coalesce(s.zone_id, p.zone_id) from stops s left join stops p on p.stop = s.parent_station
      where s.feed = \(feed) and coalesce(s.zone_id, p.zone_id) is not null order by 1
      """)
    var zones: [String: Int32] = [:]
    while try statement.step() {
      var row = statement.row
      let (stop, zone): (Int, String) = (row.next(), row.next())
      if zones[zone] == nil {
        zones[zone] = Int32(source.zoneCount)
        source.zoneCount += 1
      }
      source.zoneOfStop[stop] = zones[zone] ?? 0
    }
    return zones
  }

  // MARK: One system

  private func add(
    _ fares: [Fare], _ rules: [Int32: [RawRule]], _ zones: [String: Int32], _ routes: [Int32],
    to source: inout FareSource, _ timetable: Timetable
  ) {
    let system = Int32(source.systems.count)
    var limit: String?
    let served = servedZones(routes, source, timetable)
    let named = Set(fares.flatMap { rules[$0.number] ?? [] }.compactMap(\.contains))
    // Where all that is served is one zone, passing through that zone only is always so.
    let isOneZone = served.count == 1 && !served.contains(0)
    source.zoneBits.append(zoneBits(isOneZone ? [] : named, served, zones, &source, &limit))
    let classes = classes(fares, rules, routes)
    for (route, own) in classes {
      let fareClass = FareModel.FareClass(system: system, own: own)
      let index = source.classes.firstIndex(of: fareClass) ?? source.classes.count
      if index == source.classes.count {
        source.classes.append(fareClass)
        source.networksOfClass.append([])
      }
      source.classOfRoute[Int(route)] = Int32(index)
    }
    var tickets: [TicketSystem.Ticket] = []
    for fare in fares {
      let units = source.units(fare.price, fare.currency)
      if units == nil, fare.currency == source.currency?.code { source.note(feed, "fare \(fare.name) is too dear") }
      let own = rules[fare.number] ?? []
      let compiled = compile(own, zones, classes, isOneZone ? served.first : nil, source.zoneBits[Int(system)])
      // A ticket whose rules name nothing that exists covers nothing.
      if !own.isEmpty && compiled.isEmpty { continue }
      tickets.append(
        TicketSystem.Ticket(
          name: fare.name, price: fare.price, units: units, changesMax: fare.changesMax,
          secondsMax: fare.secondsMax, rules: compiled))
    }
    source.systems.append(.tickets(TicketSystem(tickets)))
    source.limits.append(limit)
    source.zoneRules.append(source.routes[Int(routes[0])].zone)
  }

  /// The zones in which routes stop, 0 for stops without one.
  private func servedZones(_ routes: [Int32], _ source: FareSource, _ timetable: Timetable) -> Set<Int32> {
    let own = Set(routes)
    var zones: Set<Int32> = []
    for pattern in 0..<timetable.patternCount where own.contains(timetable.patternFareRoutes[pattern]) {
      for position in timetable.positionStarts[pattern]..<timetable.positionStarts[pattern + 1] {
        zones.insert(source.zoneOfStop[Int(timetable.positionStops[Int(position)])])
      }
    }
    return zones
  }

  /// Zones that rules want passed through have a bit each, all other zones of the system one together.
  private func zoneBits(
    _ named: Set<String>, _ served: Set<Int32>, _ zones: [String: Int32], _ source: inout FareSource,
    _ limit: inout String?
  ) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: source.zoneCount)
    guard !named.isEmpty else { return bits }
    let known = named.compactMap { zones[$0] }.sorted()
    if known.count > Self.zonesMax - 1 {
      limit = "contains_id names more than \(Self.zonesMax - 1) zones"
      source.note(feed, "contains_id names more than \(Self.zonesMax - 1) zones")
    }
    for (bit, zone) in known.prefix(Self.zonesMax - 1).enumerated() { bits[Int(zone)] = 1 << UInt64(bit) }
    for zone in served where zone > 0 && bits[Int(zone)] == 0 { bits[Int(zone)] = 1 << UInt64(Self.zonesMax) }
    return bits
  }

  /// Routes that the same rules name are of one class.
  private func classes(_ fares: [Fare], _ rules: [Int32: [RawRule]], _ routes: [Int32]) -> [(Int32, Int32)] {
    var named: [Int32: [String]] = [:]
    for fare in fares {
      for rule in rules[fare.number] ?? [] where rule.route >= 0 {
        named[rule.route, default: []].append(
          "\(fare.number)|\(rule.origin ?? "")|\(rule.destination ?? "")|\(rule.contains ?? "")")
      }
    }
    var known: [[String]: Int32] = [:]
    return routes.map { route in
      let signature = Set(named[route] ?? []).sorted()
      let own = known[signature] ?? Int32(known.count)
      known[signature] = own
      return (route, own)
    }
  }

  /// What rows have in common that are one rule: together they name the zones that it wants passed through.
  private struct RuleEnds: Hashable {
    let route: Int32
    let origin: Int32
    let destination: Int32
  }

  private func compile(
    _ rules: [RawRule], _ zones: [String: Int32], _ classes: [(Int32, Int32)], _ onlyZone: Int32?,
    _ zoneBits: [UInt64]
  ) -> [TicketSystem.Rule] {
    let classOfRoute = Dictionary(uniqueKeysWithValues: classes)
    // Where all routes are of one class, naming it says nothing.
    let isOneClass = Set(classes.map(\.1)).count == 1
    var passed: [RuleEnds: UInt64] = [:]
    var order: [RuleEnds] = []
    for rule in rules {
      // A route of another agency, or a zone in which nothing stops: the rule never matches.
      guard rule.route < 0 || classOfRoute[rule.route] != nil else { continue }
      func zone(_ name: String?) -> Int32? { name.map { zones[$0] ?? -2 } ?? TicketSystem.anyZone }
      guard let origin = zone(rule.origin), let destination = zone(rule.destination), origin > -2, destination > -2
      else { continue }
      let key = RuleEnds(route: rule.route, origin: origin, destination: destination)
      if passed[key] == nil { order.append(key) }
      var bits: UInt64 = 0
      if let contains = rule.contains, onlyZone == nil || zones[contains] != onlyZone {
        // A zone without a bit is passed through by nobody.
        let bit = zones[contains].map { zoneBits[Int($0)] } ?? 0
        bits = bit != 0 && bit != 1 << UInt64(Self.zonesMax) ? bit : 1 << UInt64(Self.zonesMax - 1)
      }
      passed[key] = (passed[key] ?? 0) | bits
    }
    var result: [TicketSystem.Rule] = []
    for key in order {
      let fareClass = isOneClass ? nil : classOfRoute[key.route]
      let rule = TicketSystem.Rule(
        fareClass: fareClass ?? TicketSystem.anyClass, origin: key.origin, destination: key.destination,
        zones: passed[key] ?? 0)
      if !result.contains(rule) { result.append(rule) }
    }
    return result
  }
}
