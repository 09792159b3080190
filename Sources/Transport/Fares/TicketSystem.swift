/// The tickets of one operator, as the first version of fares has them.
///
/// A ticket covers rides that follow one another. For each of them it has a rule that names its route or none, the zone
/// where the first begins or none, the zone where the last ends or none, and exactly the zones that all pass through or
/// none; a ticket without rules covers everything. Its changes are counted, and its time runs from the departure of the
/// first ride to that of the last.
struct TicketSystem: Sendable {
  static let anyZone: Int32 = -1
  static let anyClass: Int32 = -1
  /// No zone that any rule names.
  static let otherZone: Int32 = -2

  struct Rule: Hashable, Sendable {
    /// Routes that no rule tells apart are of one class.
    let fareClass: Int32
    let origin: Int32
    let destination: Int32
    /// The zones passed through, a bit each; none for any.
    var zones: UInt64
  }

  struct Ticket: Sendable {
    let name: String
    let price: Int64
    /// Nil for one that cannot be reckoned with: of another currency, or too dear.
    let units: Int32?
    let changesMax: Int32
    let secondsMax: Int32
    var rules: [Rule]
  }

  private(set) var tickets: [Ticket]
  /// When tickets expire that one can change with, ascending.
  let durations: [Int32]
  /// The zones that rules tell apart as ends, and one that stands for all others.
  let destinations: [Int32]
  let namesClasses: Bool
  let namesOrigins: Bool
  let namesZonesPassed: Bool

  init(_ tickets: [Ticket]) {
    self.tickets = tickets
    durations = Set(tickets.filter { $0.changesMax > 0 && $0.secondsMax < .max }.map(\.secondsMax)).sorted()
    let rules = tickets.flatMap(\.rules)
    destinations = Set(rules.map(\.destination)).union([Self.otherZone]).subtracting([Self.anyZone]).sorted()
    namesClasses = rules.contains { $0.fareClass != Self.anyClass }
    namesOrigins = rules.contains { $0.origin != Self.anyZone }
    namesZonesPassed = rules.contains { $0.zones != 0 }
  }

  /// Whether the end of a journey on a ticket says nothing of what the rest of it would cost with a ticket of its own:
  /// where one may begin anywhere, what is covered behind a change is covered by a new one too.
  var isFlat: Bool {
    !namesOrigins && !namesZonesPassed
      && tickets.allSatisfy { $0.rules.allSatisfy { $0.destination == Self.anyZone } }
  }

  // MARK: What rides have been covered so far

  /// The rides that one ticket is to cover, as far as prices depend on them.
  struct Span: Hashable {
    let system: Int32
    let origin: Int32
    let classes: [Int32]
    let zones: UInt64
    /// Counted only while some ticket counts changes.
    let rides: Int32
    /// Those that can still cover all of it.
    let tickets: [Int32]
  }

  /// A span of one ride; nil if no ticket can cover it.
  func span(_ system: Int32, of fareClass: Int32, from zone: Int32, through zones: UInt64) -> Span? {
    span(
      system, namesOrigins ? zone : Self.anyZone, namesClasses ? [fareClass] : [], namesZonesPassed ? zones : 0, 1,
      tickets.indices.map { Int32($0) })
  }

  /// A span and a ride more that departs so long after the first; nil if no ticket can cover it.
  func span(_ span: Span, extendedBy fareClass: Int32, through zones: UInt64, after seconds: Int32) -> Span? {
    var classes = span.classes
    if namesClasses, !classes.contains(fareClass) { classes = (classes + [fareClass]).sorted() }
    let rides = span.rides + 1
    let alive = span.tickets.filter { index in
      let ticket = tickets[Int(index)]
      return ticket.changesMax >= rides - 1 && ticket.secondsMax >= seconds
    }
    return self.span(
      span.system, span.origin, classes, span.zones | (namesZonesPassed ? zones : 0), rides, alive)
  }

  private func span(
    _ system: Int32, _ origin: Int32, _ classes: [Int32], _ zones: UInt64, _ rides: Int32, _ candidates: [Int32]
  ) -> Span? {
    let alive = candidates.filter { index in
      let ticket = tickets[Int(index)]
      guard ticket.units != nil else { return false }
      return covers(ticket, classes) { rule in
        (rule.origin == Self.anyZone || rule.origin == origin) && (rule.zones == 0 || rule.zones & zones == zones)
      }
    }
    if alive.isEmpty { return nil }
    let isCounted = alive.contains { tickets[Int($0)].changesMax < .max }
    return Span(
      system: system, origin: origin, classes: classes, zones: zones, rides: isCounted ? rides : 1, tickets: alive)
  }

  /// Whether some ticket allows a change more.
  func isOpen(_ span: Span) -> Bool { span.tickets.contains { tickets[Int($0)].changesMax >= span.rides } }

  /// The cheapest ticket for a span that ends in a zone.
  func ticket(for span: Span, to zone: Int32) -> Int32? {
    var best: Int32?
    for index in span.tickets {
      let ticket = tickets[Int(index)]
      guard let units = ticket.units, best.map({ units < tickets[Int($0)].units ?? .max }) ?? true else { continue }
      let isCovered = covers(ticket, span.classes) { rule in
        (rule.origin == Self.anyZone || rule.origin == span.origin)
          && (rule.destination == Self.anyZone || rule.destination == zone)
          && (rule.zones == 0 || rule.zones == span.zones)
      }
      if isCovered { best = index }
    }
    return best
  }

  private func covers(_ ticket: Ticket, _ classes: [Int32], _ isMet: (Rule) -> Bool) -> Bool {
    if ticket.rules.isEmpty { return true }
    if classes.isEmpty { return ticket.rules.contains(where: isMet) }
    return classes.allSatisfy { own in
      ticket.rules.contains { ($0.fareClass == Self.anyClass || $0.fareClass == own) && isMet($0) }
    }
  }
}
