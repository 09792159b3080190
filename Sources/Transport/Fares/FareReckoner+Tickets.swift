extension FareReckoner {
  /// A ride goes on a ticket that is open, or begins a new one.
  func reckonTickets(_ before: FareState, _ ride: Ride) {
    let same = continued(before, ride.fareClass, through: ride.zonesPassed, at: ride.departure)
    if same != 0 {
      let open = abs(same)
      add(
        same, paid: before.paid, first: start(before.first, of: open), price: price(open, to: ride.to),
        isSingle: false)
    }
    guard before.closed < FareState.never else { return }
    let fresh = begun(ride.fareClass, from: ride.from, through: ride.zonesPassed)
    if fresh == 0 { return addUnknown(before) }
    let open = abs(fresh)
    add(
      fresh, paid: before.closed, first: start(ride.departure, of: open), price: price(open, to: ride.to),
      isSingle: true)
  }

  private func add(_ next: Int32, paid: Int32, first: Int32, price: Int32, isSingle: Bool) {
    guard let fare = Self.state(next, paid: paid, first: first, price: price, isSingle: isSingle) else { return }
    if isTelling { steps.append(isSingle ? .newTicket(open: abs(next)) : .sameTicket(open: abs(next))) }
    outcomes.append(fare)
  }

  /// What is paid and open after a ride.
  ///
  /// - Parameters:
  ///   - next: the span; below zero for one that no further ride can join.
  ///   - paid: before the ticket of the span.
  ///   - first: when the span began.
  ///   - price: of its ticket; `never` where none covers what ends here.
  ///   - isSingle: whether it has one ride only.
  /// - Returns: nil where nothing covers the span and nothing can.
  @inline(__always)
  static func state(_ next: Int32, paid: Int32, first: Int32, price: Int32, isSingle: Bool) -> FareState? {
    // A single ride can be paid as nothing known; several that nothing covers together are paid in another way.
    let closed =
      price < FareState.never ? paid + price : isSingle ? paid + Self.unknown : FareState.never
    if next > 0 { return FareState(paid: paid, closed: closed, open: next, first: first, firstArrival: 0) }
    return closed < FareState.never ? .closed(closed) : nil
  }

  /// The span that is open with a ride more; below zero where no further one can join it, 0 if this one cannot.
  func continued(_ before: FareState, _ fareClass: Int32, through passed: UInt64, at departure: Int32) -> Int32 {
    let (system, facts) = (systemOfClass[Int(fareClass)], facts[Int(before.open)])
    if before.open <= 0 || facts.system != system { return 0 }
    let elapsed = facts.secondsLeast < .max ? departure - before.first : 0
    if elapsed > facts.secondsMost { return 0 }
    let zones = traits[Int(system)].namesZonesPassed ? passed : 0
    let key = 1 << 62 | UInt64(before.open) << 36 | UInt64(fareClass) << 16
    if elapsed <= facts.secondsLeast, let known = following.find(key, zones) { return known }
    return extended(before.open, key, fareClass, zones, elapsed > facts.secondsLeast ? elapsed : 0)
  }

  /// The span that a first ride begins; below zero where no further one can join it, 0 where nothing covers it.
  func begun(_ fareClass: Int32, from zone: Int32, through passed: UInt64) -> Int32 {
    let traits = traits[Int(systemOfClass[Int(fareClass)])]
    let (origin, zones) = (traits.namesOrigins ? zone : 0, traits.namesZonesPassed ? passed : 0)
    let key = 1 << 63 | UInt64(fareClass) << 32 | UInt64(origin)
    return following.find(key, zones) ?? started(key, fareClass, origin, zones)
  }

  private func extended(_ open: Int32, _ key: UInt64, _ fareClass: Int32, _ zones: UInt64, _ elapsed: Int32) -> Int32 {
    guard let span = spans[open], case .tickets(let system) = model.systems[Int(span.system)] else { return 0 }
    let expired = elapsed > 0 ? system.durations.count { $0 < elapsed } : 0
    let key = key | UInt64(expired)
    if let known = following.find(key, zones) { return known }
    let next = system.span(span, extendedBy: model.classes[Int(fareClass)].own, through: zones, after: elapsed)
    let number = next.map { self.number(of: $0, system) } ?? 0
    following.insert(key, zones, number)
    return number
  }

  private func started(_ key: UInt64, _ fareClass: Int32, _ origin: Int32, _ zones: UInt64) -> Int32 {
    let own = model.classes[Int(fareClass)]
    guard case .tickets(let system) = model.systems[Int(own.system)] else { return 0 }
    let span = system.span(own.system, of: own.own, from: origin, through: zones)
    let number = span.map { self.number(of: $0, system) } ?? 0
    following.insert(key, zones, number)
    return number
  }

  /// With more zones comparing tickets wherever they can end takes longer than it spares.
  private static let plainZonesMax = 256

  private func number(of span: TicketSystem.Span, _ system: TicketSystem) -> Int32 {
    if let known = spanNumbers[span] { return known }
    let least = span.tickets.compactMap { system.tickets[Int($0)].units }.min() ?? 0
    let lasting = span.tickets.map { system.tickets[Int($0)] }.filter { $0.changesMax >= span.rides }
      .map(\.secondsMax)
    let number = number(
      Facts(
        system: span.system, least: least,
        savingMax: system.isFlat ? 0 : system.namesZonesPassed || system.namesClasses ? FareState.never : nil,
        mayHurt: false, secondsLeast: lasting.min() ?? .max, secondsMost: lasting.max() ?? .max,
        isPlain: system.destinations.count <= Self.plainZonesMax && !system.namesClasses && !system.namesZonesPassed
          && span.tickets.allSatisfy {
            system.tickets[Int($0)].changesMax == .max && system.tickets[Int($0)].secondsMax == .max
          }))
    spans[number] = span
    spanNumbers[span] = system.isOpen(span) ? number : -number
    return spanNumbers[span] ?? 0
  }

  /// What a span can save at most against new tickets for whoever goes on from some zones.
  ///
  /// Wherever the journey leads, a new ticket costs so much more at most; `never` where there is none for some way.
  func saving(_ open: Int32, from zones: [Int32]) -> Int32 {
    guard let span = spans[open], case .tickets(let system) = model.systems[Int(span.system)] else {
      return FareState.never
    }
    let changes = span.tickets.map { system.tickets[Int($0)].changesMax }.max() ?? 0
    let seconds = span.tickets.map { system.tickets[Int($0)].secondsMax }.max() ?? 0
    // Only tickets that last at least as long stand for what is open in every case.
    let lasting = system.tickets.indices.filter {
      system.tickets[$0].changesMax >= changes && system.tickets[$0].secondsMax >= seconds
        && system.tickets[$0].units != nil
    }.map { Int32($0) }
    var saving: Int32 = -FareState.never
    for zone in zones {
      let fresh = TicketSystem.Span(
        system: span.system, origin: zone, classes: [], zones: 0, rides: 1, tickets: lasting)
      for end in system.destinations {
        guard let own = system.ticket(for: span, to: end).flatMap({ system.tickets[Int($0)].units }) else { continue }
        guard let other = system.ticket(for: fresh, to: end).flatMap({ system.tickets[Int($0)].units }) else {
          return FareState.never
        }
        saving = max(saving, other - own)
      }
    }
    return zones.isEmpty ? 0 : saving
  }

  /// The same for a span of which only the ends matter.
  func plainSaving(_ open: Int32, from zones: [Int32]) -> Int32 {
    guard let own = model.classes.firstIndex(where: { $0.system == facts[Int(open)].system }) else {
      return FareState.never
    }
    var saving: Int32 = zones.isEmpty ? 0 : -FareState.never
    for zone in zones {
      let fresh = abs(begun(Int32(own), from: zone, through: 0))
      saving = max(saving, fresh == 0 ? FareState.never : disadvantage(of: fresh, to: open))
    }
    return saving
  }

  /// How much less must have been paid before one span than before another to be no worse, wherever the journey leads.
  ///
  /// Known where the one lasts without end; `never` where it may be worse in any case, and where it does not cover all.
  @inline(__always)
  func disadvantage(of one: Int32, to other: Int32) -> Int32 {
    if !facts[Int(one)].isPlain || facts[Int(one)].system != facts[Int(other)].system { return FareState.never }
    let key = 1 << 60 | UInt64(one)
    return prices.find(key, UInt64(other)) ?? newDisadvantage(of: one, to: other, key)
  }

  private func newDisadvantage(of one: Int32, to other: Int32, _ key: UInt64) -> Int32 {
    var most = -FareState.never
    for zone in zonesServed.isEmpty ? [] : zonesServed[Int(facts[Int(one)].system)] {
      let (own, theirs) = (price(one, to: zone), price(other, to: zone))
      if own == FareState.never {
        most = FareState.never
        break
      }
      // What the other does not cover is paid as nothing known.
      most = max(most, theirs == FareState.never ? 0 : own - theirs)
    }
    if most == -FareState.never { most = FareState.never }
    prices.insert(key, UInt64(other), most)
    return most
  }

  /// What the ticket costs that covers a span which ends in a zone; `never` where none does.
  @inline(__always)
  func price(_ open: Int32, to zone: Int32) -> Int32 {
    prices.find(UInt64(open), UInt64(zone)) ?? newPrice(open, to: zone)
  }

  private func newPrice(_ open: Int32, to zone: Int32) -> Int32 {
    let price = ticket(open, to: zone)?.units ?? FareState.never
    prices.insert(UInt64(open), UInt64(zone), price)
    return price
  }

  /// The ticket that covers a span which ends in a zone.
  func ticket(_ open: Int32, to zone: Int32) -> TicketSystem.Ticket? {
    guard let span = spans[open], case .tickets(let system) = model.systems[Int(span.system)] else { return nil }
    return system.ticket(for: span, to: zone).map { system.tickets[Int($0)] }
  }
}
