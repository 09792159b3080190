/// `routes.txt`: the lines, as riders know them.
struct RoutesFile: FeedFile {
  static let name = "routes.txt"

  private let id, agency, shortName, longName, about, type, url, color, textColor, order: FeedColumn
  private let pickup, dropOff, network: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("route_id")
    agency = table.column("agency_id")
    shortName = table.column("route_short_name")
    longName = table.column("route_long_name")
    about = table.column("route_desc")
    type = table.requiredColumn("route_type")
    url = table.column("route_url")
    color = table.column("route_color")
    textColor = table.column("route_text_color")
    order = table.column("route_sort_order")
    pickup = table.column("continuous_pickup")
    dropOff = table.column("continuous_drop_off")
    network = table.column("network_id")
    _ = table.column("cemv_support")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let identifier = try row.requiredText(id)
    let number = try row.requiredInteger(type, in: 0...9999)
    let mode = RouteMode(routeType: number)
    let route = RouteRow(
      feed: context.feed, routeID: identifier, agency: try agency(row, context), routeShortName: row.text(shortName),
      routeLongName: row.text(longName), routeDesc: row.text(about), routeType: number, mode: mode ?? .other,
      routeURL: row.text(url), routeColor: row.color(color), routeTextColor: row.color(textColor),
      routeSortOrder: row.integer(order, in: 0...Int(Int32.max)),
      continuousPickup: row.value(pickup, default: Continuous.no),
      continuousDropOff: row.value(dropOff, default: Continuous.no))
    if mode == nil { row.notice(.unexpectedValue, .usedAsItIs, type) }
    checkNames(row, route)
    let key = context.routes.nextKey
    guard context.routes.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(route)
    context.routeModes.append(route.mode)
    addNetwork(row, key, context)
  }

  /// The agency named, or the only one there is.
  private func agency(_ row: FeedTable, _ context: ImportContext) throws(RowDropped) -> GraphKey<AgencyRow> {
    if let key = context.agencies.find(row.bytes(agency)) { return key }
    guard context.agencies.count > 0 else { throw row.drop(.unknownReference, agency) }
    let first = GraphKey<AgencyRow>(context.agencies.base)
    if row.isEmpty(agency) {
      if context.agencies.count > 1 { row.notice(.ambiguousReference, .repaired, agency) }
      return first
    }
    guard context.agencies.count == 1 else { throw row.drop(.unknownReference, agency) }
    row.notice(.unknownReference, .repaired, agency)
    return first
  }

  private func checkNames(_ row: FeedTable, _ route: RouteRow) {
    if route.routeShortName == nil && route.routeLongName == nil {
      row.notice(.routeWithoutName, .usedAsItIs, shortName)
    }
    if let short = route.routeShortName, short == route.routeLongName {
      row.notice(.routeNamesAlike, .usedAsItIs, longName)
    }
  }

  private func addNetwork(_ row: FeedTable, _ route: GraphKey<RouteRow>, _ context: ImportContext) {
    let bytes = row.bytes(network)
    if bytes.isEmpty { return }
    let key = context.networks.find(bytes) ?? context.networks.nextKey
    if context.networks.insert(bytes) {
      context.networkRows.append(NetworkRow(feed: context.feed, networkID: bytes.text, networkName: nil))
    }
    context.routeNetworkRows.append(RouteNetworkRow(network: key, route: route))
  }
}

extension RouteMode {
  /// What a number of GTFS means, basic or extended; nil for one that it does not list.
  init?(routeType: Int) {
    switch routeType {
    case 0, 900...999: self = .tram
    case 1, 400...404, 500...699: self = .metro
    case 2, 100...199, 300...399: self = .rail
    case 3, 700...799: self = .bus
    case 4, 1000...1099, 1200...1299: self = .ferry
    case 5: self = .cableTram
    case 6, 1300...1399: self = .gondola
    case 7, 1400...1499: self = .funicular
    case 11, 800...899: self = .trolleybus
    case 12, 405: self = .monorail
    case 200...299: self = .coach
    case 1100...1199: self = .flight
    case 1500...1599: self = .taxi
    case 1600...1799: self = .other
    default: return nil
    }
  }
}
