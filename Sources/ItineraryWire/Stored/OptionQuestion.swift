import BudgetWire
import Catalogue
import Itinerary
package import JSON
package import Kernel

/// A day of a trip as people name it: its date, or its number from 1.
package enum TripDay: Hashable, Sendable {
  /// By date.
  case date(LocalDate)
  /// By number.
  case number(Int)

  /// Reads either; nil for anything else.
  package init?(_ text: String) {
    if let date = try? LocalDate(text) {
      self = .date(date)
    } else if (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(text), number > 0
    {
      self = .number(number)
    } else {
      return nil
    }
  }

  /// The date in a trip that begins on a day.
  func date(from start: LocalDate) -> LocalDate {
    switch self {
    case .date(let date): date
    case .number(let number): start.adding(days: number - 1)
    }
  }
}

/// A change to an option, as somebody asks for it.
package enum OptionQuestion: Sendable {
  /// A day is to be what the body says.
  case day(TripDay, JSONNode)
  /// What the body says comes in.
  case add(JSONNode)
  /// Something goes.
  case remove(ActivityName)

  /// What comes in, as it is sent: a sight of the catalogue, or something of one's own.
  package static let addition: JSONSchema = wish.with(["day?": .either(.text(1...10), .integer(1...999))])

  /// A day, as it is sent.
  package static let activities: JSONSchema = .fields([
    "activities": .list(wish.with(["activity?": ActivityName.schema]), 0...WantedReader.countMax)
  ])

  private static let wish: JSONSchema = .fields([
    "sight?": .text(1...200), "name?": .text(1...100), "lat?": .number(-90...90), "lon?": .number(-180...180),
    "at?": .text(matching: "^([01][0-9]|2[0-3]):[0-5][0-9]$"), "minutes?": .integer(5...1440),
  ])
}

/// Reads what an edit wants on a day.
struct WantedReader {
  /// What one day may hold.
  static let countMax = 20

  let names: PlaceNames
  let cities: [City]

  /// Something wanted, with where it stands in the body.
  struct Wish {
    let visit: WantedVisit
    let node: JSONNode
  }

  /// `{"activities": […]}`: what is done on a day, in order.
  func day(_ node: JSONNode) throws(JSONError) -> [Wish] {
    let object = try node.object(required: "activities")
    var wishes: [Wish] = []
    var last = 0
    for element in try object.required("activities", count: 0...Self.countMax, of: JSONNode.self) {
      let wish = try wish(
        element, element.object(fields: "activity", "sight", "name", "lat", "lon", "at", "minutes"))
      if let start = wish.visit.start {
        guard start >= last else {
          throw element.fault("must not begin before what stands above it: put it there, or change the time", at: "/at")
        }
        last = start
      }
      wishes.append(wish)
    }
    return wishes
  }

  /// One more activity, and the day it is wanted on.
  func added(_ node: JSONNode) throws(JSONError) -> (wish: Wish, day: TripDay?) {
    let object = try node.object(fields: "day", "sight", "name", "lat", "lon", "at", "minutes")
    let day = try object.optional("day", as: JSONNode.self).map { (node) throws(JSONError) -> TripDay in
      let text = node.kind == .number ? "\(try node.value(in: 1...999))" : try node.string(length: 1...10)
      guard let day = TripDay(text) else { throw node.fault("must be a date like \"2026-06-01\", or a number from 1") }
      return day
    }
    if let at = object.find("at"), day == nil {
      throw at.fault("says nothing without a day: add the day, or leave it out")
    }
    return (try wish(node, object), day)
  }

  private func wish(_ node: JSONNode, _ object: JSONObject) throws(JSONError) -> Wish {
    let minutes = try object.optional("minutes", in: 5...1440)
    let start = try object.optional("at", as: JSONNode.self).map { (node) throws(JSONError) in
      let second = try node.clockSeconds()
      guard second < 86_400 else { throw node.fault("must be a time of the day, before 24:00") }
      return second
    }
    let what = try self.what(node, object)
    if case .own = what, minutes == nil {
      throw node.fault("is missing: it must say how long it takes", at: "/minutes")
    }
    return Wish(visit: WantedVisit(what, start: start, minutes: minutes), node: node)
  }

  private func what(_ node: JSONNode, _ object: JSONObject) throws(JSONError) -> WantedVisit.What {
    let sight = object.find("sight")
    let activity = object.find("activity")
    let name = try object.optional("name", length: 1...100)
    guard [sight != nil, activity != nil, name != nil].filter({ $0 }).count == 1 else {
      throw node.fault(
        "must have one of activity (of the itinerary), sight (of the catalogue), or name with lat and lon")
    }
    if let sight { return .sight(try names.sight(sight, in: cities)) }
    if let activity {
      guard let known = ActivityName(try activity.string(length: 1...10)) else {
        throw activity.fault("must be an activity of the itinerary, such as \"a7\"")
      }
      return .kept(known.number)
    }
    let point = Coordinate(try object.required("lat", in: -90.0...90.0), try object.required("lon", in: -180.0...180.0))
    return .own(name: name ?? "", point)
  }
}
