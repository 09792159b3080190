import HTTP
import Testing

@testable import JSON

/// Holds answers about plans that a test gets against what their route says of itself, so that no description goes stale.
struct AnswerCheck: Sendable {
  private struct Row: Sendable {
    let route: Route
    let pieces: [Substring]
  }

  private let rows: [Row]

  init(_ routes: [Route]) { rows = routes.map { Row(route: $0, pieces: $0.pattern.split(separator: "/")) } }

  /// Notes an issue where an answer that is no problem is not what is described.
  func judge(_ method: HTTPMethod, _ path: String, _ answer: ApplicationFixture.Answer) {
    guard path.contains("/planner/") || path.contains("/itineraries/") else { return }
    guard answer.status < 400, let route = route(method, path), let description = route.description else { return }
    let name = "\(method.rawValue) \(path) is answered \(answer.status)"
    guard let described = description.answers.first(where: { $0.status.code == answer.status }) else {
      Issue.record("\(name), of which its description knows nothing")
      return
    }
    guard let body = described.body else {
      #expect(answer.body.isEmpty, "\(name) with a body, which is described as empty")
      return
    }
    let type = answer.field("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
    #expect(body.types.contains(type), "\(name) as \(type), not as \(body.types)")
    guard type == "application/json", answer.field("Content-Encoding") == nil else { return }
    do {
      let fault = try body.schema.fault(in: JSONDocument(bytes: answer.body).root, at: "")
      if let fault { Issue.record("\(name): \(fault)") }
    } catch {
      Issue.record("\(name): \(error)")
    }
  }

  /// The route that answers: of those that fit, the one whose first names are words rather than parameters.
  private func route(_ method: HTTPMethod, _ path: String) -> Route? {
    let asked = path.prefix { $0 != "?" }.split(separator: "/")
    let fitting = rows.filter { $0.route.method == method && Self.fits($0.pieces, asked) }
    return fitting.min { Self.kinds($0).lexicographicallyPrecedes(Self.kinds($1)) }?.route
  }

  private static func kinds(_ row: Row) -> [Int] {
    row.pieces.map { $0.hasSuffix("*}") ? 2 : $0.hasPrefix("{") ? 1 : 0 }
  }

  private static func fits(_ pieces: [Substring], _ asked: [Substring]) -> Bool {
    for (index, piece) in pieces.enumerated() {
      if piece.hasSuffix("*}") { return asked.count > index }
      guard asked.indices.contains(index), piece.hasPrefix("{") || piece == asked[index] else { return false }
    }
    return pieces.count == asked.count
  }
}

extension JSONSchema {
  /// The first thing in a value that does not fit, with its place; nil where everything does.
  func fault(in node: JSONNode, at place: String) -> String? {
    do throws(JSONError) {
      return try misfit(node, place)
    } catch {
      return "\(place) \(error)"
    }
  }

  private func misfit(_ node: JSONNode, _ place: String) throws(JSONError) -> String? {
    switch form {
    case .any: return nil
    case .boolean:
      _ = try node.bool
      return nil
    case .text(let length, let format, let pattern):
      let text = try node.string
      if let length, !length.contains(text.unicodeScalars.count) { return "\(place) is not \(length) long: \(text)" }
      for pattern in [pattern, format.flatMap { Self.formats[$0] }] {
        if let pattern, !Self.matches(text, pattern) { return "\(place) is not like \(pattern): \(text)" }
      }
      return nil
    case .integer(let range):
      let value = try node.integer(as: Int.self)
      return range?.contains(value) ?? true ? nil : "\(place) is out of bounds: \(value)"
    case .number(let range):
      let value = try node.double
      return range?.contains(value) ?? true ? nil : "\(place) is out of bounds: \(value)"
    case .words(let words):
      let word = try node.string
      return words.contains(word) ? nil : "\(place) is none of \(words): \(word)"
    case .list(let element, let count):
      let elements = try Array(node.array)
      if let count, !count.contains(elements.count) { return "\(place) has \(elements.count) elements" }
      for (index, value) in elements.enumerated() {
        if let fault = element.fault(in: value, at: "\(place)/\(index)") { return fault }
      }
      return nil
    case .map(let element):
      for (name, value) in try node.members {
        if let fault = element.fault(in: value, at: "\(place)/\(name)") { return fault }
      }
      return nil
    case .either(let forms):
      let faults = forms.map { $0.fault(in: node, at: place) }
      if faults.contains(where: { $0 == nil }) { return nil }
      return "\(place) fits none: \(faults.compactMap { $0 }.joined(separator: "; or "))"
    case .nullable(let schema): return node.kind == .null ? nil : try schema.misfit(node, place)
    case .object(let fields, let isClosed): return try misfit(node, fields, isClosed, place)
    }
  }

  private func misfit(
    _ node: JSONNode, _ fields: [Field], _ isClosed: Bool, _ place: String
  ) throws(JSONError) -> String? {
    var rest: [String: JSONNode] = [:]
    for (name, value) in try node.members { rest[name] = value }
    for field in fields {
      guard let value = rest.removeValue(forKey: field.name) else {
        if field.isOptional { continue }
        return "\(place) has no \(field.name)"
      }
      if field.isOptional, value.kind == .null { continue }
      if let fault = field.schema.fault(in: value, at: "\(place)/\(field.name)") { return fault }
    }
    if isClosed, let strange = rest.keys.min() { return "\(place) has \(strange), which is not described" }
    return nil
  }

  private static let formats = [
    "uuid": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": #"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"#,
    "email": "^[^@]+@[^@]+$",
  ]

  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let expression = try? Regex(pattern) else { return false }
    return text.firstMatch(of: expression) != nil
  }
}

/// What the check of answers finds, so that it cannot pass by finding nothing.
@Suite("Checking answers")
struct AnswerCheckTests {
  @Test("a schema finds what does not fit it")
  func faults() throws {
    let schema: JSONSchema = .fields([
      "id": .id, "at?": .moment, "list": .list(.integer(1...3), 1...2), "kind": .words(["a", "b"]),
      "one": .either(.boolean, .fields(["x": .amount])), "map": .map(.text(1...2)), "none": JSONSchema.number.orNull,
    ])
    let good =
      #"{"id":"0b7cf2de-93cd-4f0e-8a3c-4d3a2f1b6c55","at":null,"list":[1],"kind":"a","one":{"x":"1.50"},"map":{"k":"é"},"none":null}"#
    #expect(schema.fault(in: try JSONDocument(text: good).root, at: "") == nil)
    for (part, wrong) in [
      ("0b7cf2de-", "0b7cf2de"), ("null,\"list", "\"2026-06-01\",\"list"), ("[1]", "[]"), ("[1]", "[1,4]"),
      ("[1]", "[\"1\"]"), ("\"a\"", "\"c\""), ("1.50", "1,50"), ("\"x\"", "\"y\""), ("\"é\"", "\"éaa\""),
      ("\"none\":null", "\"none\":\"0\""), ("\"none\":null", "\"some\":null"),
      ("\"none\":null", "\"none\":null,\"more\":1"),
    ] {
      let text = good.replacing(part, with: wrong)
      #expect(schema.fault(in: try JSONDocument(text: text).root, at: "") != nil, "\(text)")
    }
  }
}
