/// What is known of a feed while its files are read one after the other.
final class ImportContext {
  /// What a trip's stop times must know of it.
  struct TripFacts {
    let route: GraphKey<RouteRow>
    let shape: GraphKey<ShapeRow>?
    /// Its headsign in ``headsigns``.
    let headsign: Int32
  }

  /// Where a stop is and what it is.
  struct StopFacts {
    let latitude: Double
    let longitude: Double
    let type: LocationType
  }

  let writer: GraphWriter
  let notices: NoticeLog
  let feed: GraphKey<FeedRow>
  /// The first thing that went wrong in writing: everything after it is void.
  private(set) var failure: GraphError?

  var agencies: IdentifierTable<AgencyRow>
  var levels: IdentifierTable<LevelRow>
  var stops: IdentifierTable<StopRow>
  var networks: IdentifierTable<NetworkRow>
  var routes: IdentifierTable<RouteRow>
  var services: IdentifierTable<ServiceRow>
  var shapes: IdentifierTable<ShapeRow>
  var trips: IdentifierTable<TripRow>
  var bookingRules: IdentifierTable<BookingRuleRow>
  var fares: IdentifierTable<FareAttributeRow>
  var areas: IdentifierTable<AreaRow>
  var fareMedia: IdentifierTable<FareMediumRow>
  var riderCategories: IdentifierTable<RiderCategoryRow>
  var locationGroups: IdentifierTable<LocationGroupRow>
  var locations: IdentifierTable<LocationRow>
  var fareProducts = IdentifierTable<FareProductRow>()
  var headsigns = IdentifierTable<String>()

  /// By the stop's number less the number of the feed's first.
  var stopFacts: [StopFacts] = []
  var tripFacts: [TripFacts] = []
  var routeModes: [RouteMode] = []
  /// Trips with a window on demand.
  var flexTrips: Set<GraphKey<TripRow>> = []
  var days = ServiceDays()
  // Rows that come between those of another table, and wait until these are all written.
  var networkRows: [NetworkRow] = []
  var routeNetworkRows: [RouteNetworkRow] = []
  var calendarRows: [CalendarRow] = []
  var calendarDateRows: [CalendarDateRow] = []
  /// Trips with at least two stop times, or with a window on demand.
  var usableTrips = 0

  init(writer: GraphWriter, notices: NoticeLog) {
    self.writer = writer
    self.notices = notices
    feed = GraphKey(writer.count(FeedRow.self))
    agencies = IdentifierTable(base: writer.count(AgencyRow.self))
    levels = IdentifierTable(base: writer.count(LevelRow.self))
    stops = IdentifierTable(base: writer.count(StopRow.self))
    networks = IdentifierTable(base: writer.count(NetworkRow.self))
    routes = IdentifierTable(base: writer.count(RouteRow.self))
    services = IdentifierTable(base: writer.count(ServiceRow.self))
    shapes = IdentifierTable(base: writer.count(ShapeRow.self))
    trips = IdentifierTable(base: writer.count(TripRow.self))
    bookingRules = IdentifierTable(base: writer.count(BookingRuleRow.self))
    fares = IdentifierTable(base: writer.count(FareAttributeRow.self))
    areas = IdentifierTable(base: writer.count(AreaRow.self))
    fareMedia = IdentifierTable(base: writer.count(FareMediumRow.self))
    riderCategories = IdentifierTable(base: writer.count(RiderCategoryRow.self))
    locationGroups = IdentifierTable(base: writer.count(LocationGroupRow.self))
    locations = IdentifierTable(base: writer.count(LocationRow.self))
  }

  /// Adds a row to the graph; what goes wrong is kept in ``failure``, which is looked at between rows.
  func add<Row: GraphRow>(_ row: Row) {
    do throws(GraphError) {
      try writer.add(row)
    } catch {
      failure = failure ?? error
    }
  }

  /// Adds rows that have waited.
  func addNetworks() {
    for row in networkRows { add(row) }
    for row in routeNetworkRows { add(row) }
    (networkRows, routeNetworkRows) = ([], [])
  }

  /// Adds rows that have waited.
  func addCalendars() {
    for row in calendarRows { add(row) }
    for row in calendarDateRows { add(row) }
    (calendarRows, calendarDateRows) = ([], [])
  }

  func attempt(_ work: () throws(GraphError) -> Void) {
    do throws(GraphError) { try work() } catch { failure = failure ?? error }
  }

  func facts(of stop: GraphKey<StopRow>) -> StopFacts { stopFacts[Int(stop.number - stops.base)] }

  func facts(of trip: GraphKey<TripRow>) -> TripFacts { tripFacts[Int(trip.number - trips.base)] }

  func mode(of route: GraphKey<RouteRow>) -> RouteMode { routeModes[Int(route.number - routes.base)] }

  /// The number of a headsign, -1 for none.
  func intern(_ headsign: FieldBytes) -> Int32 {
    if headsign.isEmpty { return -1 }
    if let key = headsigns.find(headsign) { return key.number }
    let key = headsigns.nextKey
    _ = headsigns.insert(headsign)
    return key.number
  }

  /// A service that a row names for the first time, or one that is known.
  func service(_ id: FieldBytes) -> GraphKey<ServiceRow> {
    if let key = services.find(id) { return key }
    let key = services.nextKey
    _ = services.insert(id)
    add(ServiceRow(feed: feed, serviceID: id.text))
    return key
  }
}
