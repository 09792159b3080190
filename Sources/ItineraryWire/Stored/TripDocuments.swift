import Budget
package import Itinerary
package import JSON

/// An answer taken apart into what is kept of it: what holds for all options, who travels, and each option, in which what
/// is done on the days has numbers.
package struct TripDocuments: Sendable {
  /// An option.
  package struct Option: Sendable {
    /// JSON text.
    package let document: String
    /// Numbers that were given to what is done.
    package let activityCount: Int
  }

  /// What is told of all options together: JSON text.
  package let summary: String
  /// Who travels, and in how many rooms: JSON text.
  package let travellers: String
  /// The options, best fit first.
  package let options: [Option]

  /// Who travels, as it is kept.
  package static let travellersSchema: JSONSchema = .fields([
    "rooms": .integer,
    "people": .list(.fields(["name": .text, "type": .words(TravellerType.self), "age": .integer])),
  ])

  /// Takes an answer apart.
  ///
  /// - Throws: `JSONError` if the answer is not what it is taken for, which would be a fault of ours.
  package init(_ answer: TripAnswer) throws(JSONError) {
    let root = try JSONDocument(bytes: TripAnswerJSON(answer).jsonBytes()).root
    var whole = try Piece(opening: root)
    whole.remove("options")
    summary = whole.text
    travellers =
      Piece(
        ("rooms", .whole(answer.request.rooms.rooms(for: answer.request.party))),
        ("people", .array(answer.request.party.map(TripDocuments.person)))
      ).text
    var options: [Option] = []
    if let nodes = root.find("/options") {
      for node in try nodes.array { options.append(try TripDocuments.numbered(node)) }
    }
    self.options = options
  }

  private static func person(_ traveller: Traveller) -> Piece {
    Piece(
      ("name", .text(traveller.name)), ("type", .text(traveller.type.rawValue)), ("age", .whole(traveller.age)))
  }

  private static func numbered(_ node: JSONNode) throws(JSONError) -> Option {
    var option = try Piece(opening: node)
    var count = 0
    var stays: [Piece] = []
    for stay in try node.list("stays") {
      var piece = try Piece(opening: stay)
      var days: [Piece] = []
      for day in try stay.list("days") {
        var visits: [Piece] = []
        for visit in try day.list("visits") {
          count += 1
          let rest = try Piece(opening: visit)
          guard case .object(let members) = rest else { continue }
          visits.append(.object([Piece.Member(name: "activity", value: .text("a\(count)"))] + members))
        }
        var dayPiece = try Piece(opening: day)
        dayPiece.set("visits", .array(visits))
        days.append(dayPiece)
      }
      piece.set("days", .array(days))
      stays.append(piece)
    }
    option.set("stays", .array(stays))
    return Option(document: option.text, activityCount: count)
  }
}

extension JSONNode {
  /// The elements under a name.
  func list(_ name: String) throws(JSONError) -> [JSONNode] {
    guard let node = find("/\(name)") else { return [] }
    return try Array(node.array)
  }

  /// What stands under a name.
  func part(_ name: String) throws(JSONError) -> JSONNode {
    guard let node = find("/\(name)") else { throw invalid("has no \(name), which what is kept must have") }
    return node
  }
}
