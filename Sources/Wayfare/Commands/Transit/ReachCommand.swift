import JSON
import Kernel
import Transport

extension Command {
  /// The command `wayfare reach`.
  static let reach = Command(
    name: "reach", summary: "everywhere one can be within some minutes",
    discussion: """
        wayfare reach --from place:"Central Station" --at 2026-06-01T08:00 --minutes 30

      Lists every stop that can be reached in time by what runs on a timetable and on foot, the nearest first, with the
      minutes it takes. Exits 1 when there is none.
      """,
    settings: [.home, .from, .at, .minutes, .maxWalk, .json, .geojson]
  ) { arguments in
    guard let from = arguments.flags[Setting.from.name] else {
      throw UsageError("wayfare reach wants --from PLACE: \(Setting.from.help)")
    }
    guard let minutes = try TypedTime.number(arguments.flags[Setting.minutes.name], .minutes, in: 1...1440) else {
      throw UsageError("wayfare reach wants --minutes N: how long to travel")
    }
    let walk = try TypedTime.number(arguments.flags[Setting.maxWalk.name], .maxWalk, in: 0...20_000) ?? 1000
    let router = Router(try Transit(home: try Settings(arguments).home()))
    let at = try arguments.flags[Setting.at.name].map { text in
      try TypedTime.moment(text, .at) { try router.zone(of: from) }
    }
    let stops = try router.reach(from: from, at: at ?? TypedTime.now, within: minutes * 60, walkMetresMax: walk)
    if arguments.flags[Setting.geojson.name] != nil {
      print(ReachText.geoJSON(stops))
    } else if arguments.flags[Setting.json.name] != nil {
      print(ReachText.json(stops))
    } else if stops.isEmpty {
      say("wayfare: no stop can be reached in that time: allow more with --minutes or --max-walk")
    } else {
      for stop in stops { print("\(RouteText.duration(stop.seconds).padded(to: 12)) \(stop.stop.name)") }
    }
    return stops.isEmpty ? .noResult : .done
  }
}

/// Reached stops as programs read them.
private enum ReachText {
  static func json(_ stops: [ReachedStop]) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.array("stops") { array in
        for stop in stops {
          array.object { element in
            element.field("seconds", stop.seconds)
            element.field("stop", RouteJSON.EndJSON(end: stop.stop))
          }
        }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  static func geoJSON(_ stops: [ReachedStop]) -> String {
    var writer = JSONWriter()
    writer.object { object in
      object.field("type", "FeatureCollection")
      object.array("features") { array in
        for stop in stops {
          array.object { feature in
            feature.field("type", "Feature")
            feature.object("geometry") { geometry in
              geometry.field("type", "Point")
              geometry.field("coordinates", [stop.stop.point.longitude, stop.stop.point.latitude])
            }
            feature.object("properties") { properties in
              properties.field("seconds", stop.seconds)
              properties.field("name", stop.stop.name)
              properties.field("stop", ifPresent: stop.stop.stop)
            }
          }
        }
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
