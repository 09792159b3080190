import Kernel
import Transport

/// Journeys as people read them.
struct RouteText {
  private let journeys: [Journey]
  private let explanations: [Explanation]

  init(_ journeys: [Journey], _ explanations: [Explanation] = []) {
    (self.journeys, self.explanations) = (journeys, explanations)
  }

  var text: String {
    var blocks: [String] = []
    for (index, journey) in journeys.enumerated() { blocks.append(block(index + 1, journey)) }
    return blocks.joined(separator: "\n")
  }

  private func block(_ number: Int, _ journey: Journey) -> String {
    guard let first = journey.legs.first, let last = journey.legs.last else { return "" }
    var facts = [Self.duration(journey.durationSeconds)]
    if journey.boardings > 0 {
      facts.append(
        journey.transfers == 0 ? "no change" : journey.transfers == 1 ? "1 change" : "\(journey.transfers) changes")
    }
    if journey.walkSeconds > 0 { facts.append("\(Self.duration(journey.walkSeconds)) on foot") }
    if let price = journey.price, let words = Self.words(price) { facts.append(words) }
    let start = Self.clock(journey.departure, first.from.zone)
    let end = Self.clock(journey.arrival, last.to.zone) + Self.laterDays(journey, first, last)
    var lines = ["\(number)  \(start) → \(end)   \(facts.joined(separator: ", "))"]
    if explanations.indices.contains(number - 1) { lines.append("   why: \(explanations[number - 1].text)") }
    for (index, leg) in journey.legs.enumerated() {
      if index > 0, let wait = Self.waiting(journey.legs[index - 1], leg) { lines.append(wait) }
      lines += Self.lines(leg)
    }
    if let price = journey.price { lines += Self.purchases(price) }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Prices

  private static func words(_ price: JourneyPrice) -> String? {
    guard let amount = price.amount, !price.isComplete || !amount.isZero else { return nil }
    if price.isComplete { return amount.text(.point) }
    return price.products.isEmpty ? "price unknown" : "\(amount.text(.point)) and more"
  }

  private static func purchases(_ price: JourneyPrice) -> [String] {
    var lines: [String] = []
    for (index, product) in price.products.enumerated() where !price.products[..<index].contains(product) {
      let count = price.products.filter { $0 == product }.count
      lines.append("     buy \(count > 1 ? "\(count) × " : "")\(product.name) for \(product.amount.text(.point))")
    }
    return lines + (price.amount == nil ? [] : price.missing.map { "     \($0)" })
  }

  // MARK: Legs

  private static func lines(_ leg: Leg) -> [String] {
    let (start, end) = (clock(leg.departure, leg.from.zone), clock(leg.arrival, leg.to.zone))
    guard let ride = leg.ride else {
      return ["     \(start)  \(verb(leg.way)) \(duration(leg.durationSeconds)) (\(length(leg))) to \(place(leg.to))"]
    }
    let line = ride.line.map { " \($0)" } ?? ""
    let headsign = ride.headsign.map { " to \($0)" } ?? ""
    let stops = ride.stops == 1 ? "1 stop" : "\(ride.stops) stops"
    let verb = ride.isSeated ? "stay seated: " : ""
    var notes = [stops, duration(leg.durationSeconds)]
    if ride.isApproximate { notes.append("runs every so often, times approximate") }
    if ride.checkInSeconds > 0 { notes.append("be there by \(clock(leg.start, leg.from.zone))") }
    if ride.exitSeconds > 0 { notes.append("out by \(clock(leg.end, leg.to.zone))") }
    if let live = ride.live { notes += news(live, leg) }
    let alerts = leg.alerts.compactMap { alert in
      (alert.header ?? alert.effect).map { "       │    ! \($0)" }
    }
    return [
      "     \(start)  \(place(leg.from))",
      "       │    \(verb)\(ride.mode)\(line)\(headsign) · \(notes.joined(separator: ", "))",
    ] + alerts + ["     \(end)  \(place(leg.to))"]
  }

  private static func verb(_ way: OwnWay) -> String {
    switch way {
    case .walk: "walk"
    case .bike: "cycle"
    case .car: "drive"
    case .taxi: "taxi"
    }
  }

  private static func length(_ leg: Leg) -> String {
    leg.way == .walk ? "\(leg.metres) m" : "\(leg.metres / 1000).\(leg.metres / 100 % 10) km"
  }

  /// How a ride differs from the plan.
  private static func news(_ live: LiveRide, _ leg: Leg) -> [String] {
    if live.status == .added || live.status == .duplicated { return ["additional trip"] }
    if live.status == .replacement { return ["runs another way than planned"] }
    guard let delay = live.departureDelay(leg.departure), let later = live.arrivalDelay(leg.arrival) else { return [] }
    func words(_ seconds: Int) -> String { "\(duration(abs(seconds))) \(seconds < 0 ? "early" : "late")" }
    if abs(delay) < 30 && abs(later) < 30 { return ["on time"] }
    return [abs(delay) < 30 ? "arrives \(words(later))" : words(delay)]
  }

  /// A wait of some minutes is told; less is part of changing.
  private static func waiting(_ before: Leg, _ after: Leg) -> String? {
    let seconds = Int(before.end.seconds(until: after.start))
    return seconds >= 120 && after.ride != nil ? "            wait \(duration(seconds))" : nil
  }

  private static func place(_ end: LegEnd) -> String {
    end.platform.map { "\(end.name), platform \($0)" } ?? end.name
  }

  // MARK: Times

  static func clock(_ moment: Instant, _ zone: ZoneRules) -> String {
    let second = Int(zone.local(at: moment).secondOfDay)
    let text = [second / 3600, second / 60 % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return text
  }

  private static func laterDays(_ journey: Journey, _ first: Leg, _ last: Leg) -> String {
    let days = first.from.zone.local(at: journey.departure).date
      .days(until: last.to.zone.local(at: journey.arrival).date)
    return days == 0 ? "" : " (\(days > 0 ? "+" : "")\(days) d)"
  }

  static func duration(_ seconds: Int) -> String {
    let minutes = (seconds + 30) / 60
    if minutes == 0 { return "\(seconds) s" }
    if minutes < 60 { return "\(minutes) min" }
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
  }
}

extension Leg {
  var durationSeconds: Int { Int(departure.seconds(until: arrival)) }
}
