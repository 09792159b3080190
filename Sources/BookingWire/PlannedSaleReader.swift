package import Booking
package import JSON
import Kernel

/// Reads what a selection wants booked, as an option keeps it, into what sellers can be asked; where they cannot, says why.
///
/// Sellers know places by codes. Ours come, in this order, from what the operator has written down, from the timetable or
/// the catalogue, and, where one flies, from a stop whose own id is an airport's three letters.
package struct PlannedSaleReader: Sendable {
  /// What came of reading.
  package enum Reading: Sendable, Hashable {
    /// To be asked for; of a journey, the places of the rides that it stands for, from 1.
    case sale(PlannedSale, covers: [Int])
    /// Not sold here, in a sentence without its stop.
    case unsold(String)
  }

  /// People that sellers are asked for at once.
  package static let partyMax = 9

  private let kinds: Set<OfferKind>
  private let places: [String: String]

  /// A reader.
  ///
  /// - Parameters:
  ///   - kinds: what anybody here sells.
  ///   - places: codes by the timetable's stop, `FEED:ID`, or the catalogue's city, `fr/paris`.
  package init(selling kinds: Set<OfferKind>, places: [String: String] = [:]) {
    self.kinds = kinds
    self.places = places
  }

  /// Reads a thing to be booked.
  ///
  /// - Parameters:
  ///   - item: a journey with `rides`, or a stay.
  ///   - travellers: who travels, and in how many rooms.
  /// - Returns: what to ask for, or why nobody is.
  /// - Throws: `JSONError` if it is not what a selection keeps.
  package func read(_ item: JSONNode, for travellers: JSONNode) throws(JSONError) -> Reading {
    let ages = try travellers.foreignObject.required("people", as: [Person].self).map(\.age)
    let adults = ages.count { $0 >= 18 }
    if ages.count > Self.partyMax { return .unsold("sellers are asked for \(Self.partyMax) people at most") }
    if adults == 0 { return .unsold("no grown-up travels, and sellers want one") }
    let party = Party(adults: adults, childAges: ages.filter { $0 < 18 })
    if item.member("rides") != nil { return try ride(item, party) }
    return try stay(item, party, rooms: travellers.count("rooms") ?? 1)
  }

  private struct Person: JSONReadable {
    let age: Int

    init(json: JSONNode) throws(JSONError) { age = try json.foreignObject.required("age", in: 0...130) }
  }

  private struct Party {
    let adults: Int
    let childAges: [Int]
  }

  // MARK: Rides

  private struct Ride: JSONReadable {
    let mode: String
    let from: JSONNode
    let to: JSONNode
    let departure: String
    let arrival: String

    init(json: JSONNode) throws(JSONError) {
      let object = try json.foreignObject
      mode = try object.required("mode", as: String.self)
      from = try object.required("from", as: JSONNode.self)
      to = try object.required("to", as: JSONNode.self)
      departure = try object.required("departure", as: String.self)
      arrival = try object.required("arrival", as: String.self)
    }
  }

  private func ride(_ item: JSONNode, _ party: Party) throws(JSONError) -> Reading {
    let object = try item.foreignObject
    let rides = try object.required("rides", as: [Ride].self)
    let price = try object.required("price", as: JSONNode.self)
    guard let run = try Self.longestRun(rides, item) else { throw item.fault("must have rides", at: "/rides") }
    let (first, last) = (rides[run.places.lowerBound], rides[run.places.upperBound])
    guard let kind = OfferKind(mode: first.mode) else { return .unsold("nobody here sells rides by \(first.mode)") }
    guard kinds.contains(kind) else { return .unsold("nobody here sells rides by \(first.mode)") }
    guard let origin = code(of: first.from, flies: kind == .flight) else { return unknown(first.from) }
    guard let destination = code(of: last.to, flies: kind == .flight) else { return unknown(last.to) }
    let money = try OfferReader.money(price)
    let day = try Self.day(first.departure, item)
    let search = OfferSearch(
      kind, from: origin, to: destination, on: day, cabin: kind == .rail ? "second" : "economy", adults: party.adults,
      childAges: party.childAges, currency: money.currency)
    let sale = PlannedSale(
      search.normalized, times: PlannedSale.Times(departure: run.departure, arrival: run.arrival), price: money,
      isPriceGuessed: !price.isTrue("complete"))
    return .sale(sale, covers: run.places.map { $0 + 1 })
  }

  private struct Run {
    let places: ClosedRange<Int>
    let departure: Instant
    let arrival: Instant

    var seconds: Int64 { departure.seconds(until: arrival) }
  }

  /// Of the rides in a row by one mode, those that take longest: tickets for the way to an airport are bought there.
  private static func longestRun(_ rides: [Ride], _ item: JSONNode) throws(JSONError) -> Run? {
    var best: Run?
    var start = 0
    while start < rides.count {
      var end = start
      while end + 1 < rides.count, rides[end + 1].mode == rides[start].mode { end += 1 }
      let run = Run(
        places: start...end, departure: try instant(rides[start].departure, item),
        arrival: try instant(rides[end].arrival, item))
      if best.map({ $0.seconds < run.seconds }) ?? true { best = run }
      start = end + 1
    }
    return best
  }

  private func code(of end: JSONNode, flies: Bool) -> String? {
    let stop = end.text("stop")
    if let stop, let written = places[stop] { return written }
    let known = end.text("code")
    if !flies { return known.flatMap { OfferSearch.isCode($0) ? $0 : nil } }
    let own = stop.flatMap { $0.split(separator: ":", maxSplits: 1).last }.map(String.init)
    return [known, own].compactMap(\.self).first { code in
      code.utf8.count == 3 && code.utf8.allSatisfy { (65...90).contains($0) }
    }
  }

  private func unknown(_ end: JSONNode) -> Reading {
    .unsold("it is not known what sellers call \(end.text("name") ?? "the place")")
  }

  // MARK: Stays

  private func stay(_ item: JSONNode, _ party: Party, rooms: Int) throws(JSONError) -> Reading {
    let object = try item.foreignObject
    let (arrival, nights) = (
      try object.required("arrival", as: String.self), try object.required("nights", as: Int.self)
    )
    guard kinds.contains(.lodging) else { return .unsold("nobody here sells nights") }
    guard rooms <= party.adults else {
      return .unsold("\(rooms) rooms are planned for \(party.adults) grown-ups, and sellers want one in each room")
    }
    let written = item.text("place").flatMap { places[$0] }
    guard let code = written ?? item.text("code"), OfferSearch.isCode(code) else {
      return .unsold("it is not known what sellers call \(item.text("city") ?? "the city")")
    }
    let money = try OfferReader.money(try object.required("price", as: JSONNode.self))
    let search = OfferSearch(
      .lodging, to: code, on: try Self.day(arrival, item), nights: nights, rooms: max(1, rooms), adults: party.adults,
      childAges: party.childAges, currency: money.currency)
    return .sale(
      PlannedSale(search.normalized, price: money, house: item.member("lodging")?.text("name")), covers: [])
  }

  // MARK: Times

  private static func instant(_ text: String, _ item: JSONNode) throws(JSONError) -> Instant {
    do { return try Instant(text) } catch { throw item.fault("must have moments: \(error)") }
  }

  /// The day by the clocks of the place, which stands first in a moment.
  private static func day(_ text: String, _ item: JSONNode) throws(JSONError) -> LocalDate {
    do { return try LocalDate(text.prefix(10)) } catch { throw item.fault("must have days: \(error)") }
  }
}

extension OfferKind {
  /// What is sold for rides of a mode; nil where nobody has thought of that.
  fileprivate init?(mode: String) {
    switch mode {
    case "flight": self = .flight
    case "rail": self = .rail
    case "coach": self = .coach
    default: return nil
    }
  }
}
