import Foundation

/// Tries every journey there is, and every way of paying for it.
///
/// Shares nothing with the search: no rounds, no labels, no dominance; journeys are listed one by one, and what they cost
/// is the least over all ways of dividing their rides among tickets, or of using rules for changes or not.
package struct FareOracle {
  package struct Ride {
    package let trip: Int
    package let from: Int
    package let to: Int
  }

  /// All that journeys are compared by: arrival, boardings, rides without a fare, price, walking, grams.
  package struct Point: Hashable {
    package var arrival: Int
    package var boardings: Int
    package var unknown: Int
    package var price: Int
    package var walk: Int
    package var grams: Int

    /// A point.
    package init(arrival: Int, boardings: Int, unknown: Int, price: Int, walk: Int, grams: Int) {
      (self.arrival, self.boardings, self.unknown) = (arrival, boardings, unknown)
      (self.price, self.walk, self.grams) = (price, walk, grams)
    }
  }

  private let feed: RandomFares
  private let trips: [RandomFares.Trip]
  private let walks: [[Int: Int]]
  private let changes: [Int]

  package init(_ feed: RandomFares, adding extra: RandomFares.Trip? = nil) {
    self.feed = feed
    trips = feed.trips + (extra.map { [$0] } ?? [])
    var walks = [[Int: Int]](repeating: [:], count: RandomFares.stopCount)
    var changes = [Int](repeating: 0, count: RandomFares.stopCount)
    for walk in feed.walks {
      if walk.from == walk.to {
        changes[walk.from] = walk.seconds
      } else {
        walks[walk.from][walk.to] = min(walks[walk.from][walk.to] ?? .max, walk.seconds)
      }
    }
    (self.walks, self.changes) = (walks, changes)
  }

  package func walk(from: Int, to: Int) -> Int? { from == to ? 0 : walks[from][to] }

  /// Every journey from one stop to another.
  package func journeys(from: Int, to: Int, at departure: Int, before: Int, ridesMax: Int) -> [Point] {
    var found: [Point] = []
    if let walk = walk(from: from, to: to), departure + walk < before {
      found.append(Point(arrival: departure + walk, boardings: 0, unknown: 0, price: 0, walk: walk, grams: 0))
    }
    var rides: [Ride] = []
    func board(_ stop: Int, _ time: Int, _ walked: Int) {
      for (number, trip) in trips.enumerated() {
        for (first, call) in trip.calls.dropLast().enumerated() where call.stop == stop && call.departure >= time {
          for last in first + 1..<trip.calls.count where trip.calls[last].arrival < before {
            rides.append(Ride(trip: number, from: first, to: last))
            alight(trip.calls[last].stop, trip.calls[last].arrival, walked)
            rides.removeLast()
          }
        }
      }
    }
    func alight(_ stop: Int, _ time: Int, _ walked: Int) {
      if let end = walk(from: stop, to: to), time + end < before {
        let (unknown, price) = self.price(rides)
        found.append(
          Point(
            arrival: time + end, boardings: rides.count, unknown: unknown, price: price, walk: walked + end,
            grams: rides.reduce(0) { $0 + grams($1) }))
      }
      if rides.count == ridesMax { return }
      board(stop, time + changes[stop], walked)
      for (other, seconds) in walks[stop] { board(other, time + seconds, walked + seconds) }
    }
    board(from, departure, 0)
    for (other, seconds) in walks[from] { board(other, departure + seconds, seconds) }
    return found
  }

  /// Of some journeys those that none is as good as in all of some criteria, reduced to these.
  package static func front(_ journeys: [Point], _ reduce: (Point) -> [Int]) -> Set<[Int]> {
    var kept: Set<[Int]> = []
    for values in Set(journeys.map(reduce)) {
      if kept.contains(where: { zip($0, values).allSatisfy { $0 <= $1 } }) { continue }
      kept = kept.filter { !zip(values, $0).allSatisfy { $0 <= $1 } }
      kept.insert(values)
    }
    return kept
  }

  // MARK: Grams

  private func grams(_ ride: Ride) -> Int {
    let rates = [3: 100, 2: 35, 0: 29]
    var metres = 0
    for index in ride.from..<ride.to {
      let (a, b) = (
        feed.points[trips[ride.trip].calls[index].stop], feed.points[trips[ride.trip].calls[index + 1].stop]
      )
      let (lat, lon) = ((b.latitude - a.latitude) * .pi / 180, (b.longitude - a.longitude) * .pi / 180)
      let half =
        pow(sin(lat / 2), 2) + cos(a.latitude * .pi / 180) * cos(b.latitude * .pi / 180) * pow(sin(lon / 2), 2)
      metres += Int((2 * 6_371_009 * asin(min(1, half.squareRoot()))).rounded())
    }
    return ((rates[RandomFares.routeTypes[trips[ride.trip].route]] ?? 0) * metres + 999) / 1000
  }

  // MARK: Prices

  /// The fewest rides without a fare, then the least to pay.
  package func price(_ rides: [Ride]) -> (unknown: Int, price: Int) {
    feed.isLegs ? legPrice(rides) : ticketPrice(rides[...])
  }

  private func route(_ ride: Ride) -> Int { trips[ride.trip].route }
  private func departure(_ ride: Ride) -> Int { trips[ride.trip].calls[ride.from].departure }
  private func arrival(_ ride: Ride) -> Int { trips[ride.trip].calls[ride.to].arrival }
  private func board(_ ride: Ride) -> Int { trips[ride.trip].calls[ride.from].stop }
  private func leave(_ ride: Ride) -> Int { trips[ride.trip].calls[ride.to].stop }

  private func ticketPrice(_ rides: ArraySlice<Ride>) -> (unknown: Int, price: Int) {
    guard let first = rides.indices.first else { return (0, 0) }
    let alone = ticketPrice(rides.dropFirst())
    var best = (unknown: alone.unknown + 1, price: alone.price)
    for end in first..<rides.endIndex {
      guard let price = cheapestTicket(rides[first...end]) else { continue }
      let rest = ticketPrice(rides[(end + 1)...])
      if (rest.unknown, rest.price + price) < (best.unknown, best.price) { best = (rest.unknown, rest.price + price) }
    }
    return best
  }

  private func cheapestTicket(_ rides: ArraySlice<Ride>) -> Int? {
    guard let first = rides.first, let last = rides.last else { return nil }
    var passed: Set<Int> = []
    for ride in rides {
      for call in trips[ride.trip].calls[ride.from...ride.to] {
        if let zone = feed.zones[call.stop] { passed.insert(zone) }
      }
    }
    return feed.tickets.filter { ticket in
      guard rides.allSatisfy({ feed.agencies[route($0)] == ticket.agency }) else { return false }
      if let changes = ticket.changes, rides.count - 1 > changes { return false }
      if let seconds = ticket.seconds, rides.count > 1, departure(last) - departure(first) > seconds { return false }
      if ticket.rules.isEmpty { return true }
      return rides.allSatisfy { ride in
        ticket.rules.contains { rule in
          // Rows that differ only in the zone passed through are one rule that wants all of them.
          let wanted = Set(
            ticket.rules.filter {
              $0.route == rule.route && $0.origin == rule.origin && $0.destination == rule.destination
            }.compactMap(\.passed))
          return (rule.route == nil || rule.route == route(ride))
            && (rule.origin == nil || rule.origin == feed.zones[board(first)])
            && (rule.destination == nil || rule.destination == feed.zones[leave(last)])
            && (wanted.isEmpty || wanted == passed)
        }
      }
    }.map(\.price).min()
  }

  // MARK: Legs

  private struct Chain {
    let group: Int
    let start: Ride
    /// What the first leg cost, while it is the only one.
    let firstPrice: Int?
    let count: Int
  }

  private func legPrice(_ rides: [Ride]) -> (unknown: Int, price: Int) {
    var best: (unknown: Int, price: Int)?
    func go(_ index: Int, _ unknown: Int, _ price: Int, _ chain: Chain?) {
      guard index < rides.count else {
        if best.map({ (unknown, price) < ($0.unknown, $0.price) }) ?? true { best = (unknown, price) }
        return
      }
      let options = legOptions(rides[index])
      if options.isEmpty { return go(index + 1, unknown + 1, price, nil) }
      for (group, own) in options {
        var mustChange = false
        if let chain, let change = change(chain, rides[index], group, own) {
          let count = chain.group == group ? chain.count + 1 : 0
          go(
            index + 1, unknown, price + change,
            Chain(group: group, start: chain.start, firstPrice: nil, count: count))
          mustChange = change > own
        }
        if !mustChange {
          go(
            index + 1, unknown, price + own, Chain(group: group, start: rides[index], firstPrice: own, count: 0))
        }
      }
    }
    go(0, 0, 0, nil)
    return best ?? (0, 0)
  }

  private func legOptions(_ ride: Ride) -> [Int: Int] {
    let network = feed.networks[route(ride)]
    let hasPriorities = feed.legRules.contains { $0.priority != nil }
    func fits(_ wanted: Int?, _ own: [Int], _ listed: [Int?]) -> Bool {
      if let wanted { return own.contains(wanted) }
      return hasPriorities || own.allSatisfy { !listed.contains($0) }
    }
    func within(_ times: Int?, _ second: Int) -> Bool {
      guard let times else { return true }
      return RandomFares.timeframes[times].0 <= second && second < RandomFares.timeframes[times].1
    }
    let matching = feed.legRules.filter { rule in
      fits(rule.network, network.map { [$0] } ?? [], feed.legRules.map(\.network))
        && fits(rule.fromArea, feed.areas[board(ride)], feed.legRules.map(\.fromArea))
        && fits(rule.toArea, feed.areas[leave(ride)], feed.legRules.map(\.toArea))
        && within(rule.fromTimes, departure(ride)) && within(rule.toTimes, arrival(ride))
    }
    let highest = matching.compactMap(\.priority).max()
    var options: [Int: Int] = [:]
    for rule in matching where rule.priority == highest {
      options[rule.group] = Swift.min(options[rule.group] ?? .max, feed.products[rule.product])
    }
    return options
  }

  /// What a change adds, the leg behind it included.
  private func change(_ chain: Chain, _ ride: Ride, _ group: Int, _ own: Int) -> Int? {
    var fitting = feed.changeRules.filter { rule in
      let from = rule.from.map { $0 == chain.group } ?? !feed.changeRules.contains { $0.from == chain.group }
      let to = rule.to.map { $0 == group } ?? !feed.changeRules.contains { $0.to == group }
      guard from, to else { return false }
      guard let limit = rule.limit else { return true }
      let start = rule.limitType < 2 ? departure(chain.start) : arrival(chain.start)
      let end = [0, 3].contains(rule.limitType) ? arrival(ride) : departure(ride)
      return end - start <= limit
    }
    if chain.group == group {
      func room(_ rule: RandomFares.ChangeRule) -> Int { rule.count.map { $0 < 0 ? .max : $0 } ?? .max }
      fitting = fitting.filter { room($0) > chain.count }
      guard let tightest = fitting.map(room).min() else { return nil }
      fitting = fitting.filter { room($0) == tightest }
    }
    return fitting.map { rule in
      let product = rule.product.map { feed.products[$0] } ?? 0
      switch rule.type {
      case 0: return product
      case 1: return product + own
      default: return product - (chain.firstPrice ?? 0)
      }
    }.min()
  }
}
