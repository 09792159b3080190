import TransportOracle

@testable import Transport

extension RandomFares {
  /// The files, as an operator would publish them; with one trip more if one is given.
  func text(adding extra: Trip? = nil) -> FeedText {
    var files: [String: String?] = [
      "agency.txt": """
      agency_id,agency_name,agency_url,agency_timezone
      X0,Xpress,https://x.example,Europe/Berlin
      X1,Other,https://y.example,Europe/Berlin

      """,
      "routes.txt": "route_id,agency_id,route_short_name,route_type\n"
        + (0..<3).map { "R\($0),X\(agencies[$0]),\($0),\(Self.routeTypes[$0])\n" }.joined(),
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,zone_id\n"
        + (0..<Self.stopCount).map {
          "P\($0),Stop \($0),\(points[$0].latitude),\(points[$0].longitude),\(id("Z", zones[$0]))\n"
        }.joined(),
      "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
        + walks.map { "P\($0.from),P\($0.to),2,\($0.seconds)\n" }.joined(),
    ]
    var (tripRows, calls) = (
      "route_id,service_id,trip_id\n", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    )
    for (index, trip) in (trips + (extra.map { [$0] } ?? [])).enumerated() {
      tripRows += "R\(trip.route),W,T\(index)\n"
      for (position, call) in trip.calls.enumerated() {
        calls += "T\(index),\(clock(call.arrival)),\(clock(call.departure)),P\(call.stop),\(position)\n"
      }
    }
    (files["trips.txt"], files["stop_times.txt"]) = (tripRows, calls)
    for (name, text) in isLegs ? legFiles : ticketFiles { files[name] = text }
    return FeedText(files)
  }

  private var ticketFiles: [String: String] {
    var (fares, rules) = (
      "fare_id,price,currency_type,payment_method,transfers,agency_id,transfer_duration\n",
      "fare_id,route_id,origin_id,destination_id,contains_id\n"
    )
    for (index, ticket) in tickets.enumerated() {
      fares += "F\(index),\(amount(ticket.price)),EUR,0,\(ticket.changes.map { "\($0)" } ?? ""),X\(ticket.agency),"
      fares += "\(ticket.seconds.map { "\($0)" } ?? "")\n"
      for rule in ticket.rules {
        rules += "F\(index),\(id("R", rule.route)),\(id("Z", rule.origin)),\(id("Z", rule.destination)),"
        rules += "\(id("Z", rule.passed))\n"
      }
    }
    return ["fare_attributes.txt": fares, "fare_rules.txt": rules]
  }

  private var legFiles: [String: String] {
    let hasPriorities = legRules.contains { $0.priority != nil }
    var legs = "leg_group_id,network_id,from_area_id,to_area_id,from_timeframe_group_id,to_timeframe_group_id,"
    legs += "fare_product_id\(hasPriorities ? ",rule_priority" : "")\n"
    for rule in legRules {
      legs += "G\(rule.group),\(id("N", rule.network)),\(id("A", rule.fromArea)),\(id("A", rule.toArea)),"
      legs += "\(id("H", rule.fromTimes)),\(id("H", rule.toTimes)),M\(rule.product)"
      legs += hasPriorities ? ",\(rule.priority ?? 0)\n" : "\n"
    }
    var changes = "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
    changes += "fare_transfer_type,fare_product_id\n"
    for rule in changeRules {
      changes += "\(id("G", rule.from)),\(id("G", rule.to)),\(rule.count.map { "\($0)" } ?? ""),"
      changes += "\(rule.limit.map { "\($0),\(rule.limitType)" } ?? ","),\(rule.type),\(id("M", rule.product))\n"
    }
    return [
      "networks.txt": "network_id,network_name\nN0,\nN1,\n",
      "route_networks.txt": "network_id,route_id\n"
        + networks.enumerated().map { $1 == nil ? "" : "\(id("N", $1)),R\($0)\n" }.joined(),
      "areas.txt": "area_id\nA0\nA1\nA2\n",
      "stop_areas.txt": "area_id,stop_id\n"
        + areas.enumerated().flatMap { stop, own in own.map { "A\($0),P\(stop)\n" } }.joined(),
      "timeframes.txt": "timeframe_group_id,start_time,end_time,service_id\n"
        + Self.timeframes.enumerated().map { "H\($0),\(clock($1.0)),\(clock($1.1)),W\n" }.joined(),
      "fare_products.txt": "fare_product_id,fare_product_name,amount,currency\n"
        + products.enumerated().map { "M\($0),Product \($0),\(amount($1)),EUR\n" }.joined(),
      "fare_leg_rules.txt": legs, "fare_transfer_rules.txt": changes,
    ]
  }

  private func id(_ letter: String, _ number: Int?) -> String { number.map { "\(letter)\($0)" } ?? "" }

  private func amount(_ minor: Int) -> String { "\(minor / 100).\(minor % 100 < 10 ? "0" : "")\(minor % 100)" }

  private func clock(_ seconds: Int) -> String {
    [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
