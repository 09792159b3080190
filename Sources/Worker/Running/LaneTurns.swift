import Store

/// Whose turn it is: which lanes to take from next, and how much of each.
///
/// Priorities are strict: as long as a lane of a higher priority is known to have work, lower ones wait. Within a
/// priority tenants take turns with equal shares, and so do the lanes of one tenant; a tenant that cannot use its share
/// leaves it to the others in the next round, a millisecond later.
///
/// A lane is read from the place where the last claim ended. Jobs that come to stand before that place, because
/// their transactions took longer than two seconds, are found by sweeps: reads from the beginning up to the place, as
/// often as they are cheap.
struct LaneTurns {
  private struct Lane {
    let lane: JobLane
    var place = LanePlace.start
    /// It is being read from its beginning.
    var isSweeping = false
    var lastUsed: UInt64
    /// Its limit was used up: not asked again before.
    var restsUntil: UInt64 = 0
  }

  /// Only these queues are served; nil for all.
  let queues: Set<String>?
  let kinds: Set<String>
  /// The most lanes that are remembered; the longest unused are forgotten first.
  let lanesMax: Int
  private var lanes: [Int32: Lane] = [:]
  /// Those that had work when they were last looked at.
  private var ready: Set<Int32> = []
  /// Those that are left alone for a moment because their limit was used up.
  private var resting: Set<Int32> = []
  private(set) var paused: Set<String> = []
  private var turn = 0
  private var nextSweep: UInt64 = 0

  /// Sweeps take at most this share of the time: one in so many.
  private static let sweepShare: UInt64 = 20
  private static let sweepInterval: UInt64 = 200_000_000

  init(queues: Set<String>?, kinds: Set<String>, lanesMax: Int = 20_000) {
    self.queues = queues
    self.kinds = kinds
    self.lanesMax = lanesMax
  }

  var count: Int { lanes.count }

  /// How long a lane whose limit was used up is left alone, unless a job of that limit ends before.
  static let restNanoseconds: UInt64 = 250_000_000

  /// Whether a lane that may be served is known to have work.
  func hasReady(now: UInt64) -> Bool {
    ready.contains { id in lanes[id].map { serves($0.lane) && $0.restsUntil <= now } ?? false }
  }

  /// Whether a lane is left alone for a moment.
  private(set) var hasResting = false

  /// A job of a limit has ended: there may be room for the next.
  mutating func ended(limit: Int32) {
    for id in resting where lanes[id]?.lane.limit == limit {
      lanes[id]?.restsUntil = 0
      resting.remove(id)
    }
  }

  /// Every lane that is known, with its place: what to look at, and what to skip.
  var known: [(lane: Int32, after: LanePlace)] { lanes.values.map { ($0.lane.id, $0.place) } }

  mutating func pause(_ queues: Set<String>) { paused = queues }

  private func serves(_ lane: JobLane) -> Bool {
    kinds.contains(lane.kind) && !paused.contains(lane.queue) && queues?.contains(lane.queue) ?? true
  }

  // MARK: Claims

  /// What to take next.
  ///
  /// - Parameters:
  ///   - room: how many jobs there is room for.
  ///   - roomOfKind: how many of a kind there is room for; nil for no bound.
  ///   - now: the time, by which unused lanes are forgotten.
  /// - Returns: what to take from which lanes.
  mutating func claims(room: Int, roomOfKind: (String) -> Int?, now: UInt64) -> [LaneClaim] {
    guard room > 0 else { return [] }
    let servable = ready.compactMap { lanes[$0] }.filter {
      serves($0.lane) && $0.restsUntil <= now && roomOfKind($0.lane.kind) ?? 1 > 0
    }
    guard let priority = servable.map(\.lane.priority).min() else { return [] }
    let first = servable.filter { $0.lane.priority == priority }.sorted { $0.lane.id < $1.lane.id }
    var byTenant: [String: [Lane]] = [:]
    for lane in first { byTenant[lane.lane.tenant, default: []].append(lane) }
    turn &+= 1
    let tenants = rotated(byTenant.keys.sorted())
    let shares = LaneTurns.shares(of: room, among: tenants.count)
    var claims: [LaneClaim] = []
    var kindRoom: [String: Int] = [:]
    for (tenant, share) in zip(tenants, shares) where share > 0 {
      let own = rotated(byTenant[tenant] ?? [])
      for (lane, part) in zip(own, LaneTurns.shares(of: share, among: own.count)) where part > 0 {
        let kind = lane.lane.kind
        let left = kindRoom[kind] ?? roomOfKind(kind) ?? room
        let take = min(part, left)
        kindRoom[kind] = left - take
        guard take > 0 else { continue }
        lanes[lane.lane.id]?.lastUsed = now
        claims.append(LaneClaim(lane: lane.lane, take: take, after: lane.isSweeping ? .start : lane.place))
      }
    }
    return claims
  }

  private func rotated<Element>(_ elements: [Element]) -> [Element] {
    guard elements.count > 1 else { return elements }
    let start = turn % elements.count
    return Array(elements[start...] + elements[..<start])
  }

  /// As even as whole numbers can be; the first get the rest.
  static func shares(of room: Int, among count: Int) -> [Int] {
    guard count > 0 else { return [] }
    let each = room / count
    let rest = room % count
    return (0..<count).map { each + ($0 < rest ? 1 : 0) }
  }

  /// Takes note of what claims gave.
  mutating func took(_ claims: [LaneClaim], _ answer: JobClaims, now: UInt64 = 0) {
    hasResting = false
    resting = resting.filter { lanes[$0].map { $0.restsUntil > now } ?? false }
    for claim in claims {
      let id = claim.lane.id
      guard var lane = lanes[id] else { continue }
      if let place = answer.places[id], place > lane.place { lane.place = place }
      if answer.counts[id] ?? 0 < claim.take {
        // From the beginning it was read to its end: what stood before the place is taken.
        ready.remove(id)
        lane.isSweeping = false
        if lane.lane.limit != nil {
          lane.restsUntil = now &+ LaneTurns.restNanoseconds
          resting.insert(id)
          hasResting = true
        }
      } else if lane.isSweeping, let place = answer.places[id], place >= lane.place {
        lane.isSweeping = false
      }
      lanes[id] = lane
    }
  }

  // MARK: Looks

  /// What to sweep now; empty when it is too early.
  func sweeps(now: UInt64) -> [(lane: Int32, after: LanePlace)] {
    guard now >= nextSweep else { return [] }
    return lanes.values.filter { $0.place > .start && !$0.isSweeping && serves($0.lane) }.map { ($0.lane.id, $0.place) }
  }

  /// Takes note of what a sweep found, and of how long it took.
  mutating func swept(late: Set<Int32>, took nanoseconds: UInt64, now: UInt64) {
    nextSweep = now + max(LaneTurns.sweepInterval, nanoseconds &* LaneTurns.sweepShare)
    for id in late {
      ready.insert(id)
      lanes[id]?.isSweeping = true
    }
  }

  /// Takes note of what a look found.
  mutating func looked(ready: Set<Int32>, new: [JobLane], now: UInt64) {
    self.ready.formUnion(ready)
    for lane in new where lanes[lane.id] == nil {
      lanes[lane.id] = Lane(lane: lane, lastUsed: now)
      self.ready.insert(lane.id)
    }
    forgetOldest()
  }

  private mutating func forgetOldest() {
    guard lanes.count > lanesMax else { return }
    let idle = lanes.values.filter { !ready.contains($0.lane.id) || !serves($0.lane) }
    for lane in idle.sorted(by: { $0.lastUsed < $1.lastUsed }).prefix(lanes.count - lanesMax * 9 / 10) {
      lanes[lane.lane.id] = nil
      ready.remove(lane.lane.id)
    }
  }
}
