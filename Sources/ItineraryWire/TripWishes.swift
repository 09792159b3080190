import Budget
import BudgetWire
import Catalogue
import Itinerary
import JSON
import Kernel
import Transport

/// What people travel for, in the words of requests and of the catalogue's tags.
package let tripInterests = [
  "architecture", "art", "family", "food", "history", "nature", "night", "shopping", "view",
]

/// Reads everything a request may say beside where, when and who.
struct TripWishes {
  private let object: JSONObject
  private let node: JSONNode
  private let names: PlaceNames

  init(_ object: JSONObject, _ node: JSONNode, _ names: PlaceNames) {
    self.object = object
    self.node = node
    self.names = names
  }

  func apply(to request: inout TripRequest) throws(JSONError) {
    try readMoney(&request)
    try readTravel(&request)
    try readSights(&request)
    if let pace = try object.optional("pace", as: JSONNode.self) {
      let word = try pace.word(of: Pace.allCases.map(\.rawValue), "a pace")
      request.pace = Pace(rawValue: word) ?? .normal
      if request.pace == .relaxed { request.day = 36_000...72_000 }
      if request.pace == .packed { request.day = 30_600...81_000 }
    }
    if let day = try object.optional("day", as: JSONNode.self) { request.day = try hours(day) }
    request.hasMeals = try object.optional("meals") ?? true
    request.optionsMax = try object.optional("options", in: 1...12) ?? 5
    request.seed = try object.optional("seed") ?? 1
    try readAppointments(&request)
  }

  private func readMoney(_ request: inout TripRequest) throws(JSONError) {
    let currency = request.currency
    if let node = try object.optional("contingency", as: JSONNode.self) {
      let percent = try node.object(required: "percent").required("percent", as: JSONNode.self).percentage()
      request.contingency = percent == .zero ? .none : .percent(percent)
    }
    guard let budget = try object.optional("budget", as: JSONNode.self) else { return }
    guard budget.kind == .object else {
      request.budget = try budget.cost(currency)
      return
    }
    let caps = try budget.object(fields: "total", "perPerson", "categories")
    request.budget = try caps.optional("total", as: JSONNode.self)?.cost(currency)
    request.perPersonCap = try caps.optional("perPerson", as: JSONNode.self)?.cost(currency)
    guard let categories = try caps.optional("categories", as: JSONNode.self) else { return }
    for (name, value) in try categories.members {
      guard let category = CostCategory(name) else { throw value.fault("must stand under a category such as lodging") }
      request.categoryCaps[category] = try value.cost(currency)
    }
  }

  private func readSights(_ request: inout TripRequest) throws(JSONError) {
    let cities = request.destinations.map(\.city)
    for element in try object.optional("mustSee", count: 0...50, of: JSONNode.self) ?? [] {
      let sight = try names.sight(element, in: cities)
      guard request.admits(sight.wheelchair) else {
        throw element.fault("has no way in for a wheelchair: take it out, or leave wheelchair away")
      }
      request.mustSee.insert(sight.id)
    }
    for element in try object.optional("avoid", count: 0...200, of: JSONNode.self) ?? [] {
      let sight = try names.sight(element, in: cities)
      if request.mustSee.contains(sight.id) {
        throw element.fault("must not be both seen and avoided: take it out of one list")
      }
      request.avoided.insert(sight.id)
    }
    guard let interests = try object.optional("interests", as: JSONNode.self) else { return }
    if interests.kind == .array {
      for element in try interests.array {
        request.interests[try element.word(of: tripInterests, "an interest")] = 1.5
      }
      return
    }
    for (name, value) in try interests.members {
      guard tripInterests.contains(name) else {
        let near = nearestName(to: name, among: tripInterests).map { "did you mean \"\($0)\"?" }
        throw value.fault("must stand under an interest: \(near ?? tripInterests.joined(separator: ", "))")
      }
      request.interests[name] = try value.value(in: 0.0...3.0)
    }
  }

  private func readTravel(_ request: inout TripRequest) throws(JSONError) {
    request.transfersMax = try object.optional("transfersMax", in: 0...20) ?? request.transfersMax
    request.walkMetresMax = try object.optional("walkMetresMax", in: 0...10_000) ?? request.walkMetresMax
    request.needsWheelchair = try object.optional("wheelchair") ?? false
    request.hasTaxis = try object.optional("taxis") ?? true
    guard let modes = try object.optional("modes", count: 1...30, of: JSONNode.self) else { return }
    var allowed: Set<String> = []
    for mode in modes { allowed.insert(try mode.word(of: Router.modes, "a mode")) }
    request.modes = allowed
  }

  private func readAppointments(_ request: inout TripRequest) throws(JSONError) {
    let cities = request.destinations.map(\.city)
    for element in try object.optional("appointments", count: 0...20, of: JSONNode.self) ?? [] {
      let one = try element.object(required: "date", "time", optional: "name", "sight", "lat", "lon", "minutes")
      let sight = try one.optional("sight", as: JSONNode.self).map { node throws(JSONError) in
        try names.sight(node, in: cities)
      }
      let north = try one.optional("lat", in: -90.0...90.0)
      let east = try one.optional("lon", in: -180.0...180.0)
      guard let point = sight?.point ?? north.flatMap({ north in east.map { Coordinate(north, $0) } }) else {
        throw element.fault("must have a sight, or lat and lon")
      }
      guard let name = try one.optional("name", length: 1...100) ?? sight?.name else {
        throw element.fault("is missing: it must say what it is", at: "/name")
      }
      let city = if let sight { sight.city } else { try city(of: point, element, cities) }
      let time = try one.required("time", as: JSONNode.self)
      let date = try one.required("date", as: JSONNode.self).date()
      guard (request.start.lowerBound...request.end).contains(date) else {
        throw element.fault(
          "must lie between \(request.start.lowerBound) and \(request.end), found \(date)", at: "/date")
      }
      let appointment = Appointment(
        name: name, point: point, city: city, date: date, start: try clock(time),
        minutes: try one.optional("minutes", in: 5...1440) ?? sight?.minutes ?? 60)
      if let other = request.appointments.first(where: { $0.isAtOnce(with: appointment) }) {
        throw element.fault("must not be at the same time as \"\(other.name)\": move or leave out one of them")
      }
      request.appointments.append(appointment)
    }
  }

  /// The destination that a place belongs to.
  private func city(of point: Coordinate, _ node: JSONNode, _ cities: [City]) throws(JSONError) -> String {
    let finder = CityFinder(cities.map { (id: $0.id, point: $0.point) })
    guard let city = finder.city(at: point) else {
      throw node.fault(
        "must be within \(Int(CityFinder.metresMax) / 1000) km of a destination: add the city to the destinations or mend lat and lon"
      )
    }
    return city
  }

  private func hours(_ node: JSONNode) throws(JSONError) -> ClosedRange<Int> {
    let object = try node.object(required: "from", "to")
    let from = try clock(object.required("from", as: JSONNode.self))
    let to = try clock(object.required("to", as: JSONNode.self))
    guard to - from >= 4 * 3600 else { throw node.fault("must leave four hours or more between from and to") }
    return from...to
  }

  /// `09:30`, in seconds after midnight.
  private func clock(_ node: JSONNode) throws(JSONError) -> Int {
    let bytes = Array(try node.string(length: 5...5).utf8)
    let digits = [0, 1, 3, 4].map { Int(bytes[$0]) - 48 }
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), digits.allSatisfy((0...9).contains), digits[2] < 6,
      digits[0] * 10 + digits[1] <= 24
    else { throw node.fault("must be a time like \"09:30\"") }
    return (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60
  }
}

extension Appointment {
  /// Whether one cannot be at both.
  fileprivate func isAtOnce(with other: Appointment) -> Bool {
    date == other.date && start < other.start + other.minutes * 60 && other.start < start + minutes * 60
  }
}
