import Foundation
import ItineraryWire
import JSON
import TestPace
import Testing

@testable import Itinerary

/// The published schema and the reader must say the same.
@Suite("The schema of requests", .heavy)
struct TripSchemaTests {
  /// One request with everything in it; every name of the schema must be here.
  private static let everything = """
    {"origin": "Paris", "order": "free", "destinations": [{"place": "Rome", "nights": {"min": 2, "max": 4}, "optional": false}, "Florence"],
     "dates": {"earliest": "2026-06-05", "latest": "2026-06-21"}, "nights": {"min": 5, "max": 7},
     "party": [{"name": "Ann", "type": "adult", "age": 41}], "rooms": {"adultsMax": 2, "peopleMax": 3}, "currency": "EUR",
     "budget": {"total": "2600.00", "perPerson": 2600, "categories": {"lodging": "900"}}, "style": "comfort",
     "pace": "normal", "interests": {"art": 1.5}, "mustSee": ["Colosseum"], "avoid": ["Trevi Fountain"],
     "appointments": [{"name": "Tea", "date": "2026-06-09", "time": "14:00", "minutes": 60, "lat": 41.9, "lon": 12.5},
       {"sight": "Uffizi Gallery", "date": "2026-06-07", "time": "10:00"}],
     "modes": ["rail", "metro", "bus"], "transfersMax": 3, "walkMetresMax": 800, "wheelchair": false, "taxis": true,
     "day": {"from": "09:00", "to": "21:00"}, "meals": true, "contingency": {"percent": "10"}, "options": 5, "seed": 1}
    """

  private func schema() throws -> SchemaCheck { try SchemaCheck(Data(TripSchema.bytes)) }

  private func value(_ json: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
  }

  @Test("every name that the schema knows is read, and what is read fits the schema")
  func agrees() throws {
    let (world, schema) = (try SampleWorld.load(), try schema())
    _ = try world.question(Self.everything)
    let request = try #require(try value(Self.everything) as? [String: Any])
    #expect(schema.faults(request).isEmpty, "\(schema.faults(request))")
    #expect(Set(request.keys) == Set(schema.properties))
  }

  @Test("the requests of the examples fit the schema")
  func examples() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "data/examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("trip") }
    #expect(!names.isEmpty)
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      #expect(try schema().faults(value(text)).isEmpty, "\(name)")
      _ = try SampleWorld.load().question(text)
    }
  }

  @Test("what the schema refuses the reader refuses, and what it lets through the reader reads")
  func mutations() throws {
    let (world, schema) = (try SampleWorld.load(), try schema())
    let request = try #require(try value(Self.everything) as? [String: Any])
    let values = ["0", "-1", "1.5", "true", "\"x\"", "\"\"", "[]", "{}", "[\"x\"]", "{\"x\": 1}", "1000000"]
    var differences: [String] = []
    for name in request.keys.sorted() {
      for text in values {
        var changed = request
        changed[name] = try value(text)
        let json = String(decoding: try JSONSerialization.data(withJSONObject: changed), as: UTF8.self)
        let isRead = (try? world.question(json)) != nil
        // The schema knows no places and no sums, so it may let through what the reader refuses; never the other way.
        if isRead, !schema.faults(changed).isEmpty {
          differences.append("\(name): \(text) is read: \(schema.faults(changed))")
        }
      }
    }
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    for unknown in ["intrests", "x"] {
      var changed = request
      changed[unknown] = 1
      #expect(!schema.faults(changed).isEmpty)
    }
  }

  @Test("words and bounds of the schema are those of the reader")
  func words() throws {
    let (world, schema) = (try SampleWorld.load(), try schema())
    let request = try #require(try value(Self.everything) as? [String: Any])
    func isRead(_ name: String, _ text: String) throws -> Bool {
      var changed = request
      changed[name] = try value(text)
      #expect(schema.faults(changed).isEmpty, "\(name): \(text)")
      return (try? world.question(String(decoding: JSONSerialization.data(withJSONObject: changed), as: UTF8.self)))
        != nil
    }
    #expect(
      try isRead(
        "modes", "[" + schema.words("/properties/modes/items").map { "\"\($0)\"" }.joined(separator: ",") + "]"))
    #expect(
      try isRead("interests", "[" + schema.words("/$defs/interest").map { "\"\($0)\"" }.joined(separator: ",") + "]"))
    for word in schema.words("/properties/style") { #expect(try isRead("style", "\"\(word)\"")) }
    for word in schema.words("/properties/pace") { #expect(try isRead("pace", "\"\(word)\"")) }
    for (name, text) in [
      ("transfersMax", "20"), ("walkMetresMax", "10000"), ("options", "12"), ("party", "100"), ("nights", "5"),
      ("party", #"{"adults": 2, "children": 1, "infants": 1, "students": 1, "seniors": 1}"#), ("rooms", "2"),
      ("budget", "2500.5"), ("budget", "\"2500\""), ("dates", #"{"month": "2026-06"}"#), ("order", "\"fixed\""),
    ] where name != "dates" {
      #expect(try isRead(name, text), "\(name): \(text)")
    }
  }
}

/// As much of JSON Schema as the schema of requests uses.
struct SchemaCheck {
  private let root: [String: Any]

  init(_ data: Data) throws {
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  var properties: [String] { (root["properties"] as? [String: Any] ?? [:]).keys.map { $0 } }

  func words(_ pointer: String) -> [String] {
    let node = pointer.split(separator: "/").reduce(root as Any?) { ($0 as? [String: Any])?[String($1)] }
    return (node as? [String: Any])?["enum"] as? [String] ?? []
  }

  func faults(_ value: Any) -> [String] { faults(value, root, "") }

  private func faults(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    var found: [String] = []
    func demand(_ holds: Bool, _ rule: String) { if !holds { found.append("\(place) breaks \(rule)") } }
    if let name = schema["$ref"] as? String, let target = (root["$defs"] as? [String: Any])?[String(name.dropFirst(8))]
    {
      found += faults(value, target as? [String: Any] ?? [:], place)
    }
    if let type = schema["type"] as? String { demand(self.type(of: value, is: type), "type \(type)") }
    if let words = schema["enum"] as? [String] { demand((value as? String).map(words.contains) ?? false, "enum") }
    if let choices = schema["anyOf"] as? [[String: Any]] {
      demand(choices.contains { faults(value, $0, place).isEmpty }, "anyOf")
    }
    if let text = value as? String {
      if let pattern = schema["pattern"] as? String {
        demand(text.range(of: pattern, options: .regularExpression) != nil, "pattern")
      }
      if let least = schema["minLength"] as? Int { demand(text.count >= least, "minLength") }
      if let most = schema["maxLength"] as? Int { demand(text.count <= most, "maxLength") }
    }
    if !(value is String), let number = value as? NSNumber {
      if let least = schema["minimum"] as? Double { demand(number.doubleValue >= least, "minimum") }
      if let most = schema["maximum"] as? Double { demand(number.doubleValue <= most, "maximum") }
    }
    if let list = value as? [Any] {
      if let least = schema["minItems"] as? Int { demand(list.count >= least, "minItems") }
      if let most = schema["maxItems"] as? Int { demand(list.count <= most, "maxItems") }
      if let items = schema["items"] as? [String: Any] { found += list.flatMap { faults($0, items, place + "/-") } }
    }
    if let object = value as? [String: Any] { found += members(object, schema, place) }
    return found
  }

  private func members(_ object: [String: Any], _ schema: [String: Any], _ place: String) -> [String] {
    var found: [String] = []
    let known = schema["properties"] as? [String: Any] ?? [:]
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      found.append("\(place) lacks \(name)")
    }
    for (name, value) in object {
      if let rule = known[name] as? [String: Any] {
        found += faults(value, rule, "\(place)/\(name)")
      } else if let rule = schema["additionalProperties"] as? [String: Any] {
        found += faults(value, rule, "\(place)/\(name)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(place)/\(name) is unknown")
      }
      if let rule = schema["propertyNames"] as? [String: Any] { found += faults(name, rule, "\(place)/\(name)") }
    }
    return found
  }

  private func type(of value: Any, is type: String) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    default:
      guard !(value is String), let number = value as? NSNumber else { return false }
      let isBoolean = String(cString: number.objCType) == "c"
      if type == "boolean" { return isBoolean }
      return !isBoolean && (type == "number" || number.doubleValue == number.doubleValue.rounded())
    }
  }
}
