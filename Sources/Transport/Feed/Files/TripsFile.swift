/// `trips.txt`: the runs of vehicles.
struct TripsFile: FeedFile {
  static let name = "trips.txt"

  private let id, route, service, headsign, shortName, direction, block, shape, wheelchair, bikes, cars: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("trip_id")
    route = table.requiredColumn("route_id")
    service = table.requiredColumn("service_id")
    headsign = table.column("trip_headsign")
    shortName = table.column("trip_short_name")
    direction = table.column("direction_id")
    block = table.column("block_id")
    shape = table.column("shape_id")
    wheelchair = table.column("wheelchair_accessible")
    bikes = table.column("bikes_allowed")
    cars = table.column("cars_allowed")
    // On demand by time and distance: two factors that nothing here uses yet.
    for name in ["safe_duration_factor", "safe_duration_offset"] as [StaticString] { _ = table.column(name) }
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let identifier = try row.requiredText(id)
    let trip = TripRow(
      feed: context.feed, tripID: identifier, route: try row.requiredReference(route, in: context.routes),
      service: try row.requiredReference(service, in: context.services), tripHeadsign: row.text(headsign),
      tripShortName: row.text(shortName), directionID: row.integer(direction, in: 0...1), blockID: row.text(block),
      shape: row.reference(shape, in: context.shapes),
      wheelchairAccessible: row.value(wheelchair, default: Accessibility.unknown),
      bikesAllowed: row.value(bikes, default: Accessibility.unknown),
      carsAllowed: row.value(cars, default: Accessibility.unknown))
    guard context.trips.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(trip)
    context.tripFacts.append(
      .init(route: trip.route, shape: trip.shape, headsign: context.intern(row.bytes(headsign))))
  }
}
