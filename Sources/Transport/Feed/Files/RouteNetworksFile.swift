/// `route_networks.txt`: which network a route belongs to.
struct RouteNetworksFile: FeedFile {
  static let name = "route_networks.txt"

  private let network, route: FeedColumn
  private var seen: Set<GraphKey<RouteRow>> = []

  init(_ table: FeedTable) {
    network = table.requiredColumn("network_id")
    route = table.requiredColumn("route_id")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let pair = RouteNetworkRow(
      network: try row.requiredReference(network, in: context.networks),
      route: try row.requiredReference(route, in: context.routes))
    guard seen.insert(pair.route).inserted else { throw row.drop(.duplicateKey, route) }
    context.routeNetworkRows.append(pair)
  }
}
