/// `transfers.txt`: what holds for changing between stops, routes or trips.
struct TransfersFile: FeedFile {
  static let name = "transfers.txt"

  private let fromStop, toStop, fromRoute, toRoute, fromTrip, toTrip, type, time: FeedColumn

  init(_ table: FeedTable) {
    fromStop = table.column("from_stop_id")
    toStop = table.column("to_stop_id")
    fromRoute = table.column("from_route_id")
    toRoute = table.column("to_route_id")
    fromTrip = table.column("from_trip_id")
    toTrip = table.column("to_trip_id")
    type = table.column("transfer_type")
    time = table.column("min_transfer_time")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    // A transfer of unknown kind must not become a recommended one.
    let kind = row.isEmpty(type) ? .recommended : try row.requiredValue(type, TransferType.self)
    let transfer = TransferRow(
      feed: context.feed, fromStop: try row.strictReference(fromStop, in: context.stops),
      toStop: try row.strictReference(toStop, in: context.stops),
      fromRoute: try row.strictReference(fromRoute, in: context.routes),
      toRoute: try row.strictReference(toRoute, in: context.routes),
      fromTrip: try row.strictReference(fromTrip, in: context.trips),
      toTrip: try row.strictReference(toTrip, in: context.trips), transferType: kind,
      minTransferTime: row.integer(time, in: 0...86_400))
    if kind == .inSeat || kind == .reboard {
      guard transfer.fromTrip != nil, transfer.toTrip != nil else {
        throw row.drop(.incompleteTransfer, transfer.fromTrip == nil ? fromTrip : toTrip)
      }
    } else if transfer.fromStop == nil || transfer.toStop == nil {
      throw row.drop(.incompleteTransfer, transfer.fromStop == nil ? fromStop : toStop)
    }
    if kind == .minimumTime && transfer.minTransferTime == nil { row.notice(.incompleteTransfer, .usedAsItIs, time) }
    context.add(transfer)
  }
}
