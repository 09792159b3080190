package import JSON

/// What of an option can be booked: journeys by what wants a ticket beforehand, and nights under a roof.
package struct BookableParts {
  /// A part.
  package enum Part: Sendable {
    /// A journey: JSON text of what, when and at which price.
    case leg(String)
    /// Nights: the same.
    case stay(String)
  }

  /// What one buys a ticket for beforehand; the rest is paid on the way.
  package static let modes: Set = ["coach", "ferry", "flight", "rail"]

  /// What is said of a journey.
  package static let leg: JSONSchema = .fields([
    "number": .integer, "departure": .moment, "arrival": .moment, "price": TripAnswerJSON.fare,
    "rides": .list(TripAnswerJSON.ride),
  ])

  /// What is said of nights.
  package static let stay: JSONSchema = .fields([
    "number": .integer, "place": .text, "city": .text, "arrival": .date, "departure": .date, "nights": .integer,
    "price": .fields(["amount": .amount, "currency": TripAnswerJSON.currency]), "lodging": TripAnswerJSON.roof,
    "code?": .text,
  ])

  /// The parts in the order of the trip: the journey there, a stay, the journey on.
  package let parts: [Part]

  /// Reads an option as it is kept.
  ///
  /// - Throws: `JSONError` if it is not what this program keeps.
  package init(_ option: String, currency: String) throws(JSONError) {
    let document = try OptionDocument(option)
    var parts: [Part] = []
    for (number, leg) in document.legs.enumerated() {
      if let details = try BookableParts.details(leg, number: number + 1) { parts.append(.leg(details)) }
      guard number < document.stays.count else { continue }
      parts.append(.stay(try BookableParts.details(document.stays[number], number: number + 1, currency)))
    }
    self.parts = parts
  }

  /// A journey without what is paid on the way; nil if nothing is left.
  private static func details(_ leg: JSONNode, number: Int) throws(JSONError) -> String? {
    var rides: [Piece] = []
    for part in try leg.list("legs") where modes.contains(try part.part("mode").string) {
      var ride = try Piece(opening: part)
      ride.remove("geometry")
      rides.append(ride)
    }
    if rides.isEmpty { return nil }
    return Piece(
      ("number", .whole(number)), ("departure", .node(try leg.part("departure"))),
      ("arrival", .node(try leg.part("arrival"))), ("price", .node(try leg.part("price"))), ("rides", .array(rides))
    ).text
  }

  private static func details(_ stay: JSONNode, number: Int, _ currency: String) throws(JSONError) -> String {
    let lodging = try stay.part("lodging")
    var roof = try Piece(opening: lodging)
    roof.remove("price")
    var piece = Piece(
      ("number", .whole(number)), ("place", .node(try stay.part("place"))), ("city", .node(try stay.part("city"))),
      ("arrival", .node(try stay.part("arrival"))), ("departure", .node(try stay.part("departure"))),
      ("nights", .node(try stay.part("nights"))),
      ("price", Piece(("amount", .node(try lodging.part("price"))), ("currency", .text(currency)))), ("lodging", roof)
    )
    if let code = stay.member("code") { piece.set("code", .node(code)) }
    return piece.text
  }
}
