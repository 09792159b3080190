import TransportOracle

extension RandomFeed {
  /// Its files.
  var text: FeedText {
    var stopTimes = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    var (tripRows, frequencies) = (
      "route_id,service_id,trip_id,block_id\n", "trip_id,start_time,end_time,headway_secs,exact_times\n"
    )
    for (index, trip) in trips.enumerated() {
      tripRows += "R,S\(trip.service),T\(index),\(trip.block.map { "B\($0)" } ?? "")\n"
      for (position, call) in trip.calls.enumerated() {
        stopTimes += "T\(index),\(Self.clock(call.arrival)),\(Self.clock(call.departure)),P\(call.stop),\(position),"
        stopTimes += "\(call.mayBoard ? 0 : 1),\(call.mayAlight ? 0 : 1)\n"
      }
      if let repeats = trip.repeats {
        frequencies += "T\(index),\(Self.clock(repeats.start)),\(Self.clock(repeats.end)),\(repeats.headway),1\n"
      }
    }
    let stops = (0..<Self.stopCount).map { "P\($0),Stop \($0),5\($0).0,13.0\n" }.joined()
    let days = Self.services.enumerated().flatMap { service, days in days.map { "S\(service),202603\($0),1\n" } }
    let transferRows = transfers.map { "P\($0.from),P\($0.to),2,\($0.seconds)\n" }.joined()
    return FeedText([
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n" + stops, "calendar.txt": nil,
      "calendar_dates.txt": "service_id,date,exception_type\n" + days.joined(), "trips.txt": tripRows,
      "stop_times.txt": stopTimes, "frequencies.txt": frequencies,
      "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n" + transferRows,
    ])
  }
}
