import JSON
import Kernel
import Transport
import TransportWire

extension Command {
  /// The command `wayfare reach`.
  static let reach = Command(
    name: "reach", summary: "everywhere one can be within some minutes",
    discussion: """
        wayfare reach --from place:"Central Station" --at 2026-06-01T08:00 --minutes 30
        wayfare reach --from 52.52,13.37 --at 2026-06-01T08:00 --minutes 15,30,45 --geojson

      Lists every stop that can be reached in time by what runs on a timetable and on foot, the nearest first, with the
      minutes it takes. With --geojson come the areas that can be reached, one for each of the times, the largest first,
      with a walk of up to --max-walk metres from every stop. Exits 1 when there is none.
      """,
    settings: [.home, .from, .at, .minutes, .maxWalk, .realtime, .json, .geojson]
  ) { arguments in
    guard let from = arguments.flags[Setting.from.name] else {
      throw UsageError("wayfare reach wants --from PLACE: \(Setting.from.help)")
    }
    let minutes = try bands(arguments.flags[Setting.minutes.name])
    guard let longest = minutes.max() else {
      throw UsageError("wayfare reach wants --minutes N: how long to travel")
    }
    let walk = try TypedTime.number(arguments.flags[Setting.maxWalk.name], .maxWalk, in: 0...20_000) ?? 1000
    let settings = try Settings(arguments)
    let input = try RealtimeInput(arguments.repeated[Setting.realtime.name] ?? [], settings)
    let transit = try Transit(home: try settings.home())
    let router = Router(transit, overlay: try input.overlay(transit))
    let at = try arguments.flags[Setting.at.name].map { text in
      try TypedTime.moment(text, .at) { try router.zone(of: from) }
    }
    let answer = try router.reach(
      from: from, at: at ?? TypedTime.now, within: longest * 60, walkMetresMax: walk)
    let stops = answer.stops
    if arguments.flags[Setting.geojson.name] != nil {
      print(ReachText.geoJSON(stops, answer.areas(within: minutes.map { $0 * 60 }, walkMetresMax: walk)))
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

/// One or several times, up to eight.
private func bands(_ text: String?) throws(UsageError) -> [Int] {
  guard let text else { return [] }
  let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
  guard parts.count <= 8 else { throw UsageError("--minutes: \(parts.count) times are too many: give up to 8") }
  var minutes: [Int] = []
  for part in parts {
    if let number = try TypedTime.number(part, .minutes, in: 1...1440) { minutes.append(number) }
  }
  return minutes
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

  static func geoJSON(_ stops: [ReachedStop], _ areas: [ReachArea]) -> String {
    var writer = JSONWriter()
    writer.object { object in
      object.field("type", "FeatureCollection")
      object.array("features") { array in
        for area in areas {
          array.object { feature in
            feature.field("type", "Feature")
            feature.object("geometry") { geometry in
              geometry.field("type", "MultiPolygon")
              geometry.field("coordinates", area.polygons.map { $0.map { $0.map(Self.position) } })
            }
            feature.object("properties") { $0.field("minutes", area.seconds / 60) }
          }
        }
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

  /// Six digits are ten centimetres.
  private static func position(_ point: Coordinate) -> [Double] {
    [(point.longitude * 1e6).rounded() / 1e6, (point.latitude * 1e6).rounded() / 1e6]
  }
}
