extension FareReckoner {
  /// A ride goes on a ticket that is open, or begins a new one.
  func reckon(
    _ before: FareState, _ ride: Ride, _ fareClass: FareModel.FareClass, _ system: TicketSystem
  ) {
    let isTimed = isTimed[Int(fareClass.system)]
    let zones = system.namesZonesPassed ? ride.zonesPassed : 0
    if before.open > 0, facts[Int(before.open)].system == fareClass.system {
      let elapsed = isTimed ? ride.departure - before.first : 0
      let expired = system.durations.firstIndex { $0 >= elapsed } ?? system.durations.count
      let key = UInt64(before.open) << 40 | UInt64(fareClass.own) << 16 | UInt64(expired)
      let next = following.find(key, zones) ?? extended(before.open, key, fareClass, zones, elapsed, system)
      if next != 0 { add(next, paid: before.paid, first: before.first, isSingle: false, to: ride.to, system) }
    }
    guard before.closed < FareState.never else { return }
    let origin = system.namesOrigins ? ride.from : 0
    let key = 1 << 63 | UInt64(ride.fareClass) << 32 | UInt64(origin)
    let next = following.find(key, zones) ?? started(key, fareClass, origin, zones, system)
    if next == 0 { return addUnknown(before) }
    add(
      next, paid: before.closed, first: start(ride.departure, in: fareClass.system), isSingle: true, to: ride.to, system
    )
  }

  /// Numbers below zero stand for spans that no further ride can join.
  private func add(
    _ next: Int32, paid: Int32, first: Int32, isSingle: Bool, to zone: Int32, _ system: TicketSystem
  ) {
    let open = abs(next)
    let price = price(open, to: zone, system)
    // A single ride can be paid as nothing known; several that nothing covers together are paid in another way.
    let closed =
      price < FareState.never ? paid + price : isSingle ? paid + Self.unknown : FareState.never
    if isTelling, next > 0 || closed < FareState.never {
      steps.append(isSingle ? .newTicket(open: open) : .sameTicket(open: open))
    }
    if next > 0 {
      outcomes.append(FareState(paid: paid, closed: closed, open: open, first: first, firstArrival: 0))
    } else if closed < FareState.never {
      outcomes.append(FareState(paid: closed, closed: closed, open: 0, first: 0, firstArrival: 0))
    }
  }

  private func extended(
    _ open: Int32, _ key: UInt64, _ fareClass: FareModel.FareClass, _ zones: UInt64, _ elapsed: Int32,
    _ system: TicketSystem
  ) -> Int32 {
    guard let span = spans[open] else { return 0 }
    let next = system.span(span, extendedBy: fareClass.own, through: zones, after: elapsed)
    let number = next.map { self.number(of: $0, system) } ?? 0
    following.insert(key, zones, number)
    return number
  }

  private func started(
    _ key: UInt64, _ fareClass: FareModel.FareClass, _ origin: Int32, _ zones: UInt64, _ system: TicketSystem
  ) -> Int32 {
    let span = system.span(fareClass.system, of: fareClass.own, from: origin, through: zones)
    let number = span.map { self.number(of: $0, system) } ?? 0
    following.insert(key, zones, number)
    return number
  }

  private func number(of span: TicketSystem.Span, _ system: TicketSystem) -> Int32 {
    if let known = spanNumbers[span] { return known }
    let least = span.tickets.compactMap { system.tickets[Int($0)].units }.min() ?? 0
    let number = number(
      Facts(
        system: span.system, least: least,
        savingMax: system.isFlat ? 0 : system.namesZonesPassed || system.namesClasses ? FareState.never : nil,
        mayHurt: false))
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

  private func price(_ open: Int32, to zone: Int32, _ system: TicketSystem) -> Int32 {
    if let known = prices.find(UInt64(open), UInt64(zone)) { return known }
    let ticket = spans[open].flatMap { system.ticket(for: $0, to: zone) }
    let price = ticket.flatMap { system.tickets[Int($0)].units } ?? FareState.never
    prices.insert(UInt64(open), UInt64(zone), price)
    return price
  }

  /// The ticket that covers a span which ends in a zone.
  func ticket(_ open: Int32, to zone: Int32) -> TicketSystem.Ticket? {
    guard let span = spans[open], case .tickets(let system) = model.systems[Int(span.system)] else { return nil }
    return system.ticket(for: span, to: zone).map { system.tickets[Int($0)] }
  }
}
