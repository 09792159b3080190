/// `networks.txt`: routes that share fares; `routes.txt` may name networks too.
struct NetworksFile: FeedFile {
  static let name = "networks.txt"

  private let id, networkName: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("network_id")
    networkName = table.column("network_name")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let network = NetworkRow(
      feed: context.feed, networkID: try row.requiredText(id), networkName: row.text(networkName))
    guard context.networks.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.networkRows.append(network)
  }
}
