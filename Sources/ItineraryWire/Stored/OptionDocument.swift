import Budget
import BudgetWire
import Itinerary
package import JSON
package import Kernel

/// An option as it is kept, read so far as it can be changed.
package struct OptionDocument {
  let root: JSONNode
  let stays: [JSONNode]
  let legs: [JSONNode]

  /// Reads what was kept.
  ///
  /// - Throws: `JSONError` if it is not what this program keeps.
  package init(_ text: String) throws(JSONError) {
    root = try JSONDocument(text: text).root
    stays = try root.list("stays")
    legs = try root.list("legs")
    guard legs.count == stays.count + 1 else { throw root.invalid("has a stay without journeys there and on") }
  }

  /// The first day.
  package var start: LocalDate { get throws(JSONError) { try root.part("start").date() } }

  /// A stay with its days.
  func stay(_ index: Int) throws(JSONError) -> KeptStay {
    let node = stays[index]
    let lodging = try node.part("lodging")
    var days: [KeptDay] = []
    for day in try node.list("days") {
      var visits: [KeptVisit] = []
      for visit in try day.list("visits") { visits.append(try OptionDocument.visit(visit)) }
      days.append(KeptDay(date: try day.part("date").date(), visits: visits))
    }
    return KeptStay(
      city: try node.part("place").string,
      lodging: Coordinate(try lodging.part("lat").double, try lodging.part("lon").double),
      from: try legs[index].part("arrival").localTime(), to: try legs[index + 1].part("departure").localTime(),
      days: days, hasTaxis: try node.part("taxis").string.contains { "123456789".contains($0) })
  }

  /// What journeys and nights cost, and the tickets and taxis of each stay as given.
  func costs(_ currency: Currency, _ spending: [StaySpending]) throws(JSONError) -> KeptCosts {
    var legs: [KeptCosts.Leg] = []
    for (number, leg) in self.legs.enumerated() {
      let price = try leg.part("price")
      legs.append(
        KeptCosts.Leg(
          what: "journey \(number + 1)", price: try price.part("amount").money(currency),
          isEstimated: try !price.part("complete").bool))
    }
    var kept: [KeptCosts.Stay] = []
    for (stay, spent) in zip(stays, spending) {
      let lodging = try stay.part("lodging")
      kept.append(
        KeptCosts.Stay(
          city: try stay.part("place").string, nights: try stay.part("nights").int,
          roof: try lodging.part("name").string, lodging: try lodging.part("price").money(currency),
          tickets: spent.tickets, taxis: spent.taxis))
    }
    var start = try start
    if let first = stays.first { start = try first.part("arrival").date() }
    return KeptCosts(start: start, legs: legs, stays: kept)
  }

  /// What is spent on the days of each stay.
  func spending(_ currency: Currency) throws(JSONError) -> [StaySpending] {
    var result: [StaySpending] = []
    for stay in stays {
      result.append(
        StaySpending(tickets: try stay.part("tickets").money(currency), taxis: try stayTaxis(stay, currency)))
    }
    return result
  }

  private func stayTaxis(_ stay: JSONNode, _ currency: Currency) throws(JSONError) -> Money {
    try stay.part("taxis").money(currency)
  }

  private static func visit(_ node: JSONNode) throws(JSONError) -> KeptVisit {
    let word = try node.part("kind").string
    let kind: KeptVisit.Kind =
      switch word {
      case "sight": .sight(try node.part("id").string)
      case "meal": .meal
      case "appointment": .appointment
      default: .own
      }
    guard let activity = ActivityName(try node.part("activity").string) else {
      throw node.invalid("has no number")
    }
    return KeptVisit(
      activity: activity.number, kind: kind, name: try node.part("name").string,
      point: Coordinate(try node.part("lat").double, try node.part("lon").double),
      start: try node.part("start").clockSeconds(), end: try node.part("end").clockSeconds(),
      isPinned: try node.find("/pinned").map { (pinned) throws(JSONError) in try pinned.bool } ?? false)
  }
}

/// What is spent on the days of a stay.
struct StaySpending: Equatable {
  var tickets: Money
  var taxis: Money
}

/// What something on a day is called by those who change it: `a7`.
package struct ActivityName: Hashable, Sendable, CustomStringConvertible {
  /// What it looks like.
  package static let schema: JSONSchema = .text(matching: "^a[1-9][0-9]{0,5}$")

  /// Its number, from 1.
  package let number: Int

  init(number: Int) { self.number = number }

  /// Reads what `description` writes; nil for anything else.
  package init?(_ text: String) {
    let digits = text.utf8.dropFirst()
    guard text.utf8.first == UInt8(ascii: "a"), (1...6).contains(digits.count), digits.first != 48,
      digits.allSatisfy({ (48...57).contains($0) }), let number = Int(text.dropFirst())
    else { return nil }
    self.number = number
  }

  /// The letter and the number.
  package var description: String { "a\(number)" }
}

extension JSONNode {
  /// `09:30`, in seconds after midnight; hours may pass 24.
  func clockSeconds() throws(JSONError) -> Int {
    let text = try string(length: 5...5)
    let bytes = Array(text.utf8)
    let digits = [0, 1, 3, 4].map { bytes.indices.contains($0) ? Int(bytes[$0]) - 48 : -1 }
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), digits.allSatisfy((0...9).contains), digits[2] < 6 else {
      throw fault("must be a time like \"09:30\", found \"\(text)\"")
    }
    return (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
  }

  /// What the clocks show of a moment with its offset: `2026-06-01T08:03:00+02:00`.
  fileprivate func localTime() throws(JSONError) -> LocalDateTime {
    let text = try string
    let bytes = Array(text.utf8)
    let places = [11, 12, 14, 15, 17, 18]
    let digits = places.map { bytes.indices.contains($0) ? Int(bytes[$0]) - 48 : -1 }
    guard let date = try? LocalDate(text.prefix(10)), digits.allSatisfy((0...9).contains), digits[2] < 6, digits[4] < 6
    else { throw invalid("is no time") }
    let second = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60 + digits[4] * 10 + digits[5]
    guard second < 86_400 else { throw invalid("is no time") }
    return LocalDateTime(date, secondOfDay: second)
  }
}
