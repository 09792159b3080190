import Kernel

/// What an operator tells riders about lines, stops or trips.
package struct ServiceAlert: Sendable {
  static let entitiesMax = 100_000

  /// Whom it is about: what all of its fields say.
  struct Scope: Hashable, Sendable {
    private(set) var agencyID: String?
    private(set) var routeID: String?
    private(set) var routeType: Int?
    private(set) var trip: TripDescriptor?
    private(set) var stopID: String?
    private(set) var direction: Int?

    init(_ reader: inout ProtobufReader) throws(ProtobufError) {
      while let field = try reader.next() {
        switch field.number {
        case 1: agencyID = try reader.text(field).orNil
        case 2: routeID = try reader.text(field).orNil
        case 3: routeType = Int(try reader.int32(field))
        case 4: trip = try reading("trip", try reader.message(field), TripDescriptor.init)
        case 5: stopID = try reader.text(field).orNil
        case 6: direction = Int(try reader.int32(field))
        default: try reader.skip(field)
        }
      }
    }
  }

  /// When it holds; without an end, or a beginning, for ever.
  struct Period: Hashable, Sendable {
    private(set) var start: Instant?
    private(set) var end: Instant?

    init(_ reader: inout ProtobufReader) throws(ProtobufError) {
      while let field = try reader.next() {
        switch field.number {
        case 1: start = Instant(feedSeconds: try reader.signed(field))
        case 2: end = Instant(feedSeconds: try reader.signed(field))
        default: try reader.skip(field)
        }
      }
    }
  }

  var entity = ""
  private(set) var periods: [Period] = []
  private(set) var scopes: [Scope] = []
  private(set) var cause: Int?
  private(set) var effect: Int?
  /// Texts by language; an empty language for "not said".
  private(set) var url: [(language: String, text: String)] = []
  private(set) var header: [(language: String, text: String)] = []
  private(set) var details: [(language: String, text: String)] = []

  init(_ reader: inout ProtobufReader) throws(ProtobufError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: periods.append(try reading("active_period[\(periods.count)]", try reader.message(field), Period.init))
      case 5:
        guard scopes.count < Self.entitiesMax else {
          throw ProtobufError(.tooMany(limit: Self.entitiesMax), at: field.offset)
        }
        scopes.append(try reading("informed_entity[\(scopes.count)]", try reader.message(field), Scope.init))
      case 6: cause = Int(try reader.int32(field))
      case 7: effect = Int(try reader.int32(field))
      case 8: url = try reading("url", try reader.message(field), Self.translations)
      case 10: header = try reading("header_text", try reader.message(field), Self.translations)
      case 11: details = try reading("description_text", try reader.message(field), Self.translations)
      default: try reader.skip(field)
      }
    }
  }

  private static func translations(
    _ reader: inout ProtobufReader
  ) throws(ProtobufError) -> [(language: String, text: String)] {
    var texts: [(String, String)] = []
    while let field = try reader.next() {
      guard field.number == 1 else {
        try reader.skip(field)
        continue
      }
      texts.append(try reading("translation[\(texts.count)]", try reader.message(field), translation))
    }
    return texts
  }

  private static func translation(_ reader: inout ProtobufReader) throws(ProtobufError) -> (String, String) {
    var (text, language) = ("", "")
    while let field = try reader.next() {
      switch field.number {
      case 1: text = try reader.text(field)
      case 2: language = try reader.text(field)
      default: try reader.skip(field)
      }
    }
    return (language, text)
  }
}

extension ServiceAlert {
  private static let effects = [
    1: "no service", 2: "reduced service", 3: "significant delays", 4: "detour", 5: "additional service",
    6: "modified service", 7: "other effect", 8: "unknown effect", 9: "stop moved", 10: "no effect",
    11: "accessibility issue",
  ]

  /// What it means for riders, in words; nil where nothing is said.
  var effectText: String? { effect.flatMap { Self.effects[$0] } }

  /// Whether it holds at a moment between two.
  func holds(from start: Instant, to end: Instant) -> Bool {
    periods.isEmpty || periods.contains { ($0.start ?? .first) <= end && start < ($0.end ?? .last) }
  }

  /// The English text, else the one of no language, else the first.
  static func best(_ texts: [(language: String, text: String)]) -> String? {
    let chosen =
      texts.first { $0.language.lowercased().hasPrefix("en") } ?? texts.first { $0.language.isEmpty } ?? texts.first
    return chosen?.text.orNil
  }
}
