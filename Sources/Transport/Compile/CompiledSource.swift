import Kernel

/// What a timetable is made of, read from the graph: only what a search needs.
struct CompiledSource {
  struct Stop {
    let latitude: Double
    let longitude: Double
    let station: Int32
    /// Nothing stops at stations and entrances; they are only ends of journeys.
    let isPlatform: Bool
    let wheelchair: UInt8
  }

  struct Trip {
    let number: Int32
    let mode: UInt8
    let zone: UInt8
    let access: UInt8
    let service: Int32
    /// -1: none.
    let block: Int32
    /// What fares can tell apart: the route, or -1 if its feed has no fares.
    let fareRoute: Int32
  }

  struct Frequency {
    let start: Int32
    let end: Int32
    let headway: Int32
    let isExact: Bool
  }

  struct Transfer {
    let from: Int32
    let to: Int32
    let type: TransferType
    let seconds: Int32?
  }

  private(set) var zones: [String] = []
  private(set) var stops: [Stop] = []
  /// By the trip's number.
  private(set) var trips: [Trip] = []
  private(set) var frequencies: [Int32: [Frequency]] = [:]
  /// Between stops, whatever comes and goes there.
  private(set) var stopTransfers: [Transfer] = []
  /// Between trips that one vehicle makes.
  private(set) var seatedTransfers: [Transfer] = []
  /// Pairs of stops of different feeds that are one place.
  private(set) var links: [(from: Int32, to: Int32)] = []
  private(set) var days: ServiceBits
  private(set) var blockCount = 0
  /// By trip and one more: where its calls begin.
  private(set) var callStarts: [Int32] = [0]
  private(set) var callStops: [Int32] = []
  /// 1 riders may board, 2 may alight.
  private(set) var callRules: [UInt8] = []
  private(set) var arrivals: [Int32] = []
  private(set) var departures: [Int32] = []

  init(_ database: SQLiteDatabase) throws(GraphError) {
    days = try ServiceBits(database)
    try readStops(database)
    try readTrips(database)
    try readCalls(database)
    try readTransfers(database)
  }

  private mutating func readStops(_ database: SQLiteDatabase) throws(GraphError) {
    let statement = try database.prepare(
      """
      select coalesce(s.stop_lat, p.stop_lat, 0.0), coalesce(s.stop_lon, p.stop_lon, 0.0),
        coalesce(s.parent_station, -1), s.location_type in (0, 4),
        case s.wheelchair_boarding when 0 then coalesce(p.wheelchair_boarding, 0) else s.wheelchair_boarding end
      from stops s left join stops p on p.stop = s.parent_station order by s.stop
      """)
    while try statement.step() {
      var row = statement.row
      stops.append(
        Stop(
          latitude: row.next(), longitude: row.next(), station: row.next(), isPlatform: row.next(),
          wheelchair: UInt8(truncatingIfNeeded: row.next() as Int32)))
    }
  }

  private mutating func readTrips(_ database: SQLiteDatabase) throws(GraphError) {
    let statement = try database.prepare(
      """
      select trip, routes.mode, agency_timezone, wheelchair_accessible, bikes_allowed, service, trips.feed, block_id,
        case when trips.feed in (select feed from fare_attributes union select feed from fare_leg_rules)
          then trips.route else -1 end
      from trips join routes using (route) join agency using (agency) order by trip
      """)
    var blocks: [String: Int32] = [:]
    while try statement.step() {
      var row = statement.row
      let number: Int32 = row.next()
      let mode: RouteMode = row.next()
      let zone: String = row.next()
      let (wheelchair, bikes): (Accessibility, Accessibility) = (row.next(), row.next())
      let service: Int32 = row.next()
      let feed: Int32 = row.next()
      var block: Int32 = -1
      if let name: String = row.next() {
        let next = Int32(blocks.count)
        block = blocks["\(feed) \(name)"] ?? next
        blocks["\(feed) \(name)"] = block
      }
      trips.append(
        Trip(
          number: number, mode: UInt8(RouteMode.allCases.firstIndex(of: mode) ?? 0), zone: self.zone(zone),
          access: UInt8(wheelchair.rawValue + 3 * bikes.rawValue), service: service, block: block,
          fareRoute: row.next()))
    }
    blockCount = blocks.count
    let repeated = try database.prepare(
      "select trip, start_time, end_time, headway_secs, exact_times from frequencies order by trip, start_time")
    while try repeated.step() {
      var row = repeated.row
      let trip: Int32 = row.next()
      frequencies[trip, default: []].append(
        Frequency(start: row.next(), end: row.next(), headway: row.next(), isExact: row.next()))
    }
  }

  private mutating func zone(_ name: String) -> UInt8 {
    if let index = zones.firstIndex(of: name) { return UInt8(index) }
    zones.append(name)
    return UInt8(zones.count - 1)
  }

  private mutating func readCalls(_ database: SQLiteDatabase) throws(GraphError) {
    let count = try database.number("select count(*) from stop_times") ?? 0
    callStops.reserveCapacity(count)
    callRules.reserveCapacity(count)
    arrivals.reserveCapacity(count)
    departures.reserveCapacity(count)
    callStarts.reserveCapacity(trips.count + 1)
    let statement = try database.prepare(
      "select trip, stop, arrival_time, departure_time, pickup_type, drop_off_type from stop_times order by trip, position"
    )
    while try statement.step() {
      var row = statement.row
      let trip: Int = row.next()
      while callStarts.count <= trip { callStarts.append(Int32(callStops.count)) }
      callStops.append(row.next())
      arrivals.append(row.next())
      departures.append(row.next())
      let (pickup, dropOff): (Int32, Int32) = (row.next(), row.next())
      callRules.append((pickup == BoardingRule.none.rawValue ? 0 : 1) | (dropOff == BoardingRule.none.rawValue ? 0 : 2))
    }
    while callStarts.count <= trips.count { callStarts.append(Int32(callStops.count)) }
  }

  private mutating func readTransfers(_ database: SQLiteDatabase) throws(GraphError) {
    let statement = try database.prepare(
      """
      select coalesce(from_stop, -1), coalesce(to_stop, -1), coalesce(from_trip, -1), coalesce(to_trip, -1),
        from_route is null and to_route is null, transfer_type, min_transfer_time from transfers order by transfer
      """)
    while try statement.step() {
      var row = statement.row
      let (fromStop, toStop, fromTrip, toTrip): (Int32, Int32, Int32, Int32) =
        (row.next(), row.next(), row.next(), row.next())
      let isForAllRoutes: Bool = row.next()
      let type: TransferType = row.next()
      let seconds: Int32? = row.next()
      if type == .inSeat || type == .reboard {
        guard fromTrip >= 0, toTrip >= 0 else { continue }
        seatedTransfers.append(Transfer(from: fromTrip, to: toTrip, type: type, seconds: nil))
      } else if isForAllRoutes, fromTrip < 0, toTrip < 0, fromStop >= 0, toStop >= 0 {
        stopTransfers.append(Transfer(from: fromStop, to: toStop, type: type, seconds: seconds))
      }
    }
    let linked = try database.prepare("select from_stop, to_stop from stop_links order by 1, 2")
    while try linked.step() {
      var row = linked.row
      links.append((row.next(), row.next()))
    }
  }

  /// The calls of a trip.
  func calls(of trip: Int) -> Range<Int> { Int(callStarts[trip])..<Int(callStarts[trip + 1]) }
}

/// The days of the services as bits.
struct ServiceBits {
  private(set) var first: Int32 = 0
  private(set) var count = 0
  private(set) var wordsPerService = 0
  private(set) var bits: [UInt64] = []
  private(set) var isEverRunning: [Bool] = []

  init(_ database: SQLiteDatabase) throws(GraphError) {
    let services = try database.number("select count(*) from services") ?? 0
    isEverRunning = [Bool](repeating: false, count: services)
    let ends = try database.prepare("select min(date), max(date) from days")
    guard try ends.step() else { return }
    var row = ends.row
    let (first, last): (LocalDate?, LocalDate?) = (row.next(), row.next())
    ends.reset()
    guard let first, let last else { return }
    self.first = first.daysSinceEpoch
    count = first.days(until: last) + 1
    wordsPerService = (count + 63) / 64
    bits = [UInt64](repeating: 0, count: services * wordsPerService)
    try readCalendar(database, last)
    try readExceptions(database)
  }

  private mutating func readCalendar(_ database: SQLiteDatabase, _ last: LocalDate) throws(GraphError) {
    let statement = try database.prepare(
      """
      select service, monday + 2 * tuesday + 4 * wednesday + 8 * thursday + 16 * friday + 32 * saturday + 64 * sunday,
        start_date, end_date from calendar
      """)
    while try statement.step() {
      var row = statement.row
      let (service, weekdays): (Int, Int) = (row.next(), row.next())
      let (start, end): (LocalDate, LocalDate) = (row.next(), row.next())
      var date = max(start, LocalDate(daysSinceEpoch: first))
      while date <= min(end, last) {
        if weekdays >> (date.weekday - 1) & 1 == 1 { set(service, Int(date.daysSinceEpoch - first), true) }
        date = date.adding(days: 1)
      }
    }
  }

  private mutating func readExceptions(_ database: SQLiteDatabase) throws(GraphError) {
    let statement = try database.prepare("select service, date, exception_type from calendar_dates")
    while try statement.step() {
      var row = statement.row
      let service: Int = row.next()
      let date: LocalDate = row.next()
      let exception: ServiceException = row.next()
      let day = Int(date.daysSinceEpoch - first)
      if (0..<count).contains(day) { set(service, day, exception == .added) }
    }
  }

  private mutating func set(_ service: Int, _ day: Int, _ runs: Bool) {
    let bit: UInt64 = 1 << UInt64(day & 63)
    if runs {
      bits[service * wordsPerService + day >> 6] |= bit
      isEverRunning[service] = true
    } else {
      bits[service * wordsPerService + day >> 6] &= ~bit
    }
  }
}
