import JSON
import Kernel
import Transport

/// Reads a journey that `wayfare route --json` has written: the whole answer, of which the first counts, or one of it.
///
/// Only what is needed is looked at, so that journeys of earlier and later versions can be read.
enum SavedJourneyFile {
  private static let bytesMax = 16 << 20

  static func read(_ path: String) throws(UsageError) -> SavedJourney {
    let bytes: [UInt8]
    do throws(FileBytes.Fault) {
      bytes = try FileBytes.read(path == "-" ? "/dev/stdin" : path, limit: bytesMax)
    } catch {
      throw UsageError("--replan: \(path) cannot be read: name a file that is there")
    }
    do throws(JSONError) {
      return try journey(JSONDocument(bytes: bytes).root, path)
    } catch {
      throw UsageError("--replan: \(path): \(error)")
    }
  }

  private static func journey(_ root: JSONNode, _ path: String) throws(JSONError) -> SavedJourney {
    var node = root
    for member in try root.members where member.name == "journeys" {
      for first in try member.value.array {
        node = first
        break
      }
    }
    var legs: [SavedJourney.Leg] = []
    for member in try node.members where member.name == "legs" {
      for leg in try member.value.array { legs.append(try self.leg(leg)) }
    }
    guard !legs.isEmpty else {
      throw root.invalid("must have a journey with legs: give what wayfare route --json prints")
    }
    return SavedJourney(legs: legs)
  }

  private static func leg(_ node: JSONNode) throws(JSONError) -> SavedJourney.Leg {
    var texts: [String: String] = [:]
    var places: [String: String] = [:]
    var isSeated = false
    for member in try node.members {
      switch member.name {
      case "trip", "departure", "arrival", "scheduledDeparture", "scheduledArrival":
        texts[member.name] = try member.value.string
      case "from", "to": places[member.name] = try place(member.value)
      case "staySeated": isSeated = try member.value.bool
      default: continue
      }
    }
    return SavedJourney.Leg(
      from: try required(places["from"], "from", node), to: try required(places["to"], "to", node),
      departure: try moment(texts["scheduledDeparture"] ?? texts["departure"], "departure", node),
      arrival: try moment(texts["scheduledArrival"] ?? texts["arrival"], "arrival", node), trip: texts["trip"],
      isSeated: isSeated)
  }

  private static func place(_ node: JSONNode) throws(JSONError) -> String? {
    var (latitude, longitude): (Double?, Double?) = (nil, nil)
    for member in try node.members {
      switch member.name {
      case "stop": return "stop:" + (try member.value.string)
      case "lat": latitude = try member.value.double
      case "lon": longitude = try member.value.double
      default: continue
      }
    }
    guard let latitude, let longitude else { return nil }
    return "\(latitude),\(longitude)"
  }

  private static func required(_ text: String?, _ name: String, _ node: JSONNode) throws(JSONError) -> String {
    guard let text else { throw missing(name, node) }
    return text
  }

  private static func moment(_ text: String?, _ name: String, _ node: JSONNode) throws(JSONError) -> Instant {
    guard let text, let moment = try? Instant(text) else { throw missing(name, node) }
    return moment
  }

  private static func missing(_ name: String, _ node: JSONNode) -> JSONError {
    node.invalid("must have \(name), a place or a time: give what wayfare route --json prints")
  }
}
