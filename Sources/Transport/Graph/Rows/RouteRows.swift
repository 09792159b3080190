/// Routes that share fares.
struct NetworkRow: GraphRow, Hashable {
  static let table = GraphTable(
    "networks", number: "network", scope: .feed,
    columns: [
      .feed, .value("network_id"), .value("network_name"),
    ])

  var feed: GraphKey<FeedRow>
  var networkID: String
  var networkName: String?
}

extension NetworkRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), networkID: row.next(), networkName: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(networkID)
    row.bind(networkName)
  }
}

/// A line, as riders know it.
struct RouteRow: GraphRow, Hashable {
  static let table = GraphTable(
    "routes", number: "route", scope: .feed,
    columns: [
      .feed, .value("route_id"), .number("agency", of: "agency"), .value("route_short_name"),
      .value("route_long_name"), .value("route_desc"), .value("route_type"), .value("mode"), .value("route_url"),
      .value("route_color"), .value("route_text_color"), .value("route_sort_order"), .value("continuous_pickup"),
      .value("continuous_drop_off"),
    ])

  var feed: GraphKey<FeedRow>
  var routeID: String
  var agency: GraphKey<AgencyRow>
  var routeShortName: String?
  var routeLongName: String?
  var routeDesc: String?
  /// As in the feed, basic or extended.
  var routeType: Int
  var mode: RouteMode
  var routeURL: String?
  /// Six hexadecimal digits.
  var routeColor: String?
  var routeTextColor: String?
  var routeSortOrder: Int?
  var continuousPickup: Continuous
  var continuousDropOff: Continuous
}

extension RouteRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), routeID: row.next(), agency: row.next(), routeShortName: row.next(),
      routeLongName: row.next(), routeDesc: row.next(), routeType: row.next(), mode: row.next(), routeURL: row.next(),
      routeColor: row.next(), routeTextColor: row.next(), routeSortOrder: row.next(), continuousPickup: row.next(),
      continuousDropOff: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(routeID)
    row.bind(agency)
    row.bind(routeShortName)
    row.bind(routeLongName)
    row.bind(routeDesc)
    row.bind(routeType)
    row.bind(mode)
    row.bind(routeURL)
    row.bind(routeColor)
    row.bind(routeTextColor)
    row.bind(routeSortOrder)
    row.bind(continuousPickup)
    row.bind(continuousDropOff)
  }
}

/// That a route belongs to a network.
struct RouteNetworkRow: GraphRow, Hashable {
  static let table = GraphTable(
    "route_networks", scope: .parent("networks"),
    columns: [
      .number("network", of: "networks"), .number("route", of: "routes"),
    ])

  var network: GraphKey<NetworkRow>
  var route: GraphKey<RouteRow>
}

extension RouteNetworkRow {
  init(_ row: inout ColumnReader) {
    self.init(
      network: row.next(), route: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(network)
    row.bind(route)
  }
}
