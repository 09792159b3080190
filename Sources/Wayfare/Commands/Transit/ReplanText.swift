import JSON
import Kernel
import Transport
import TransportWire

/// What has become of a saved journey, for people and for programs.
enum ReplanText {
  static func text(_ answer: ReplanAnswer) -> String {
    switch answer.status {
    case .over: return "the journey is over"
    case .intact: return "the journey can be travelled as planned"
    case .disrupted:
      let faults = answer.disruptions.map { "leg \($0.leg + 1): \($0.description)" }.joined(separator: "\n")
      let next =
        answer.journeys.isEmpty
        ? "no other way was found: try again later, or walk further with --max-walk"
        : "\n" + RouteText(answer.journeys).text.dropLast()
      return "the journey is disrupted; you are \(answer.position)\n\(faults)\n\(next)"
    }
  }

  static func json(_ answer: ReplanAnswer, overlay: RealtimeOverlay?) -> String {
    var writer = JSONWriter(isPretty: true)
    writer.object { object in
      object.field("status", answer.status.rawValue)
      object.field("position", answer.position)
      object.field("expectedArrival", ifPresent: answer.expectedArrival?.description)
      object.array("disruptions") { array in
        for disruption in answer.disruptions {
          array.object {
            $0.field("leg", disruption.leg)
            $0.field("trip", disruption.trip)
            $0.field("reason", disruption.code)
            $0.field("message", disruption.description)
          }
        }
      }
      RouteJSON.write(answer.journeys, [], to: &object)
      RouteJSON.write(answer.work, microseconds: nil, to: &object)
      if let overlay { object.field("realtime", RealtimeJSON(overlay: overlay)) }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
