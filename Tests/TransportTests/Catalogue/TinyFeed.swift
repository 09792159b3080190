import Kernel

@testable import Transport

/// A feed written in a few lines, as one would draw it.
///
///     1 T: A 8:00, B 8:10-8:11, C 8:20      line 1, trip T; a call has one time, or an arrival and a departure
///     walk B C 5                            five minutes on foot from B to C, both ways
///     change B 3                            changing at B takes three minutes
///     never B C                             nobody may change from B to C
///     block T U                             one vehicle runs T and then U
///     part T U                              and yet nobody may stay in it
///     every T 8:00 9:00 10                  T is repeated each ten minutes; "exactly" for a timetable
///     days T 20260606                       T runs on these days only; all else on 2026-06-01 and -02
///     mode 1 2                              line 1 is of route type 2
///     zone 1 Europe/London                  line 1 is of an agency there
///     wheels T, bikes T                     T takes wheelchairs, bicycles
///     no board T B, no alight T B           at B nobody may board T, or alight
///     at B 52.5 13.4                        where B is; else all are ten kilometres apart and more
///     station S B C                         B and C are platforms of S
struct TinyFeed {
  private struct Call {
    let stop, arrival, departure: String
    var pickup = 0
    var dropOff = 0
  }

  private struct Trip {
    let line, id: String
    var calls: [Call]
    var block = ""
    var service = "D"
    var wheelchair = 0
    var bikes = 0
  }

  private var trips: [Trip] = []
  private var types: [String: String] = [:]
  private var zones: [String: String] = [:]
  private var places: [String: String] = [:]
  private var stations: [String: String] = [:]
  private var stops: [String] = []
  private var transfers = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\n"
  private var frequencies = "trip_id,start_time,end_time,headway_secs,exact_times\n"
  private var days = "service_id,date,exception_type\nD,20260601,1\nD,20260602,1\n"

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      if words.count > 1, words[1].hasSuffix(":") {
        addTrip(first, String(words[1].dropLast()), line)
      } else {
        addRule(words)
      }
    }
  }

  private mutating func addTrip(_ line: String, _ id: String, _ text: Substring) {
    let said: [Substring] = text.split(separator: ":", maxSplits: 1)
    var calls: [Call] = []
    for call in said[1].split(separator: ",") {
      let words = call.split(separator: " ").map(String.init)
      let times = words[1].split(separator: "-").map { "\($0):00" }
      calls.append(Call(stop: words[0], arrival: times[0], departure: times[times.count - 1]))
    }
    for call in calls { addStop(call.stop) }
    trips.append(Trip(line: line, id: id, calls: calls))
  }

  private mutating func addStop(_ stop: String) {
    if !stops.contains(stop) { stops.append(stop) }
  }

  private mutating func addRule(_ words: [String]) {
    switch words[0] {
    case "walk":
      let seconds = (Int(words[3]) ?? 0) * 60
      for (from, to) in [(words[1], words[2]), (words[2], words[1])] { transfers += "\(from),\(to),,,2,\(seconds)\n" }
    case "change": transfers += "\(words[1]),\(words[1]),,,2,\((Int(words[2]) ?? 0) * 60)\n"
    case "never": transfers += "\(words[1]),\(words[2]),,,3,\n"
    case "part":
      let ends = (trip(words[1])?.calls.last?.stop ?? "", trip(words[2])?.calls.first?.stop ?? "")
      transfers += "\(ends.0),\(ends.1),\(words[1]),\(words[2]),5,\n"
    case "block": for id in words.dropFirst() { change(id) { $0.block = words[1] } }
    case "every":
      let isExact = words.last == "exactly"
      frequencies += "\(words[1]),\(words[2]):00,\(words[3]):00,\((Int(words[4]) ?? 0) * 60),\(isExact ? 1 : 0)\n"
    case "days":
      change(words[1]) { $0.service = words[1] }
      for day in words.dropFirst(2) { days += "\(words[1]),\(day),1\n" }
    case "mode": types[words[1]] = words[2]
    case "zone": zones[words[1]] = words[2]
    case "wheels": change(words[1]) { $0.wheelchair = 1 }
    case "bikes": change(words[1]) { $0.bikes = 1 }
    case "no":
      change(words[2]) { trip in
        for index in trip.calls.indices where trip.calls[index].stop == words[3] {
          if words[1] == "board" { trip.calls[index].pickup = 1 } else { trip.calls[index].dropOff = 1 }
        }
      }
    case "at":
      addStop(words[1])
      places[words[1]] = "\(words[2]),\(words[3])"
    case "station":
      addStop(words[1])
      for platform in words.dropFirst(2) { stations[platform] = words[1] }
    default: preconditionFailure("a tiny feed cannot have \"\(words.joined(separator: " "))\"")
    }
  }

  private func trip(_ id: String) -> Trip? { trips.first { $0.id == id } }

  private mutating func change(_ id: String, _ body: (inout Trip) -> Void) {
    for index in trips.indices where trips[index].id == id { body(&trips[index]) }
  }

  var text: FeedText {
    let lines = Set(trips.map(\.line)).sorted()
    let agencies = lines.map { "\($0),\($0),https://x.example,\(zones[$0] ?? "Europe/Berlin")\n" }.joined()
    var (stopRows, tripRows, timeRows) = ("", "", "")
    for (index, stop) in stops.enumerated() {
      let place = places[stop] ?? "\(50 + Double(index) / 10),\(10 + Double(index % 3) / 5)"
      let isStation = stations.values.contains(stop)
      stopRows += "\(stop),\(stop),\(place),\(isStation ? 1 : 0),\(stations[stop] ?? "")\n"
    }
    for trip in trips {
      tripRows += "\(trip.line),\(trip.service),\(trip.id),\(trip.block),\(trip.wheelchair),\(trip.bikes)\n"
      for (index, call) in trip.calls.enumerated() {
        timeRows +=
          "\(trip.id),\(call.arrival),\(call.departure),\(call.stop),\(index),\(call.pickup),\(call.dropOff)\n"
      }
    }
    return FeedText([
      "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n" + agencies,
      "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n" + stopRows,
      "routes.txt": "route_id,agency_id,route_short_name,route_type\n"
        + lines.map { "\($0),\($0),\($0),\(types[$0] ?? "3")\n" }.joined(),
      "calendar.txt": nil, "calendar_dates.txt": days,
      "trips.txt":
        "route_id,service_id,trip_id,block_id,wheelchair_accessible,bikes_allowed\n" + tripRows,
      "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        + timeRows,
      "transfers.txt": transfers, "frequencies.txt": frequencies,
    ])
  }
}
