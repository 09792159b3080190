import Postgres
import Testing

@testable import Store
@testable import Worker

/// Whose turn it is, decided by a value: no database, no clock.
@Suite("Lanes take turns")
struct LaneTurnsTests {
  private func lane(
    _ id: Int32, priority: Int = 5, tenant: String = "", queue: String = "default", kind: String = "probe"
  ) -> JobLane {
    JobLane(id: id, queue: queue, priority: priority, kind: kind, tenant: tenant, limit: nil)
  }

  private func turns(_ lanes: [JobLane], queues: Set<String>? = nil, lanesMax: Int = 20_000) -> LaneTurns {
    var turns = LaneTurns(queues: queues, kinds: ["probe"], lanesMax: lanesMax)
    turns.looked(ready: [], new: lanes, now: 0)
    return turns
  }

  private func place(_ microseconds: Int64, _ id: Int64) -> LanePlace {
    LanePlace(runAt: PostgresTimestamp(microseconds: microseconds), id: id)
  }

  private func takes(_ claims: [LaneClaim]) -> [Int32: Int] {
    Dictionary(uniqueKeysWithValues: claims.map { ($0.lane.id, $0.take) })
  }

  @Test("tenants have equal shares, however many lanes each has")
  func shares() {
    var turns = turns([
      lane(1, tenant: "a"), lane(2, tenant: "a", queue: "x"), lane(3, tenant: "a", queue: "y"), lane(4, tenant: "b"),
    ])
    let taken = takes(turns.claims(room: 60, roomOfKind: { _ in nil }, now: 1))
    #expect(taken == [1: 10, 2: 10, 3: 10, 4: 30])
  }

  @Test("what does not divide goes to another with each turn")
  func rotates() {
    var turns = turns([lane(1, tenant: "a"), lane(2, tenant: "b"), lane(3, tenant: "c")])
    var total: [Int32: Int] = [:]
    for _ in 0..<30 {
      for (id, take) in takes(turns.claims(room: 1, roomOfKind: { _ in nil }, now: 1)) { total[id, default: 0] += take }
    }
    #expect(total == [1: 10, 2: 10, 3: 10])
  }

  @Test("a lower priority waits while a higher one has work, and no longer")
  func priorities() {
    let high = lane(1, priority: 0)
    let low = lane(2, priority: 9)
    var turns = turns([low, high])
    let first = turns.claims(room: 10, roomOfKind: { _ in nil }, now: 1)
    #expect(takes(first) == [1: 10])
    var answer = JobClaims()
    answer.counts[1] = 3
    turns.took(first, answer)
    #expect(takes(turns.claims(room: 10, roomOfKind: { _ in nil }, now: 1)) == [2: 10])
  }

  @Test("paused queues, other queues and unknown kinds are left alone")
  func leavesAlone() {
    var turns = turns(
      [lane(1), lane(2, queue: "paused"), lane(3, queue: "other"), lane(4, kind: "of-tomorrow")],
      queues: ["default", "paused"])
    turns.pause(["paused"])
    #expect(takes(turns.claims(room: 10, roomOfKind: { _ in nil }, now: 1)) == [1: 10])
    turns.pause([])
    #expect(takes(turns.claims(room: 10, roomOfKind: { _ in nil }, now: 1)) == [1: 5, 2: 5])
  }

  @Test("a kind that may run only so often takes no more, whatever room there is")
  func kindRoom() {
    var turns = turns([lane(1, tenant: "a"), lane(2, tenant: "b")])
    let taken = takes(turns.claims(room: 100, roomOfKind: { _ in 3 }, now: 1))
    #expect(taken.values.reduce(0, +) == 3)
    #expect(turns.claims(room: 100, roomOfKind: { _ in 0 }, now: 1).isEmpty)
    #expect(turns.claims(room: 0, roomOfKind: { _ in nil }, now: 1).isEmpty)
  }

  @Test("a lane whose limit is used up is left alone for a moment, or until a job of that limit ends")
  func rests() {
    let limited = JobLane(id: 1, queue: "default", priority: 5, kind: "probe", tenant: "", limit: 7)
    var turns = turns([limited])
    let claims = turns.claims(room: 5, roomOfKind: { _ in nil }, now: 1)
    turns.took(claims, JobClaims(), now: 1)
    turns.looked(ready: [1], new: [], now: 2)
    #expect(turns.hasResting && !turns.hasReady(now: 2))
    #expect(turns.claims(room: 5, roomOfKind: { _ in nil }, now: 2).isEmpty)
    #expect(turns.hasReady(now: 1 + LaneTurns.restNanoseconds))
    turns.ended(limit: 8)
    #expect(!turns.hasReady(now: 2))
    turns.ended(limit: 7)
    #expect(turns.hasReady(now: 2))
  }

  @Test("a sweep reads a lane from its beginning until that is exhausted")
  func sweeps() {
    var turns = turns([lane(1)])
    let first = turns.claims(room: 2, roomOfKind: { _ in nil }, now: 1)
    var answer = JobClaims()
    answer.counts[1] = 2
    answer.places[1] = place(10, 5)
    turns.took(first, answer)
    #expect(turns.claims(room: 2, roomOfKind: { _ in nil }, now: 1).first?.after == place(10, 5))
    #expect(turns.sweeps(now: 0).map(\.lane) == [1])
    turns.swept(late: [1], took: 1_000_000, now: 1)
    #expect(turns.sweeps(now: 1).isEmpty, "not again at once")
    let sweep = turns.claims(room: 2, roomOfKind: { _ in nil }, now: 1)
    #expect(sweep.first?.after == .start)
    answer.counts[1] = 1
    answer.places[1] = place(3, 2)
    turns.took(sweep, answer)
    turns.looked(ready: [1], new: [], now: 1)
    #expect(turns.claims(room: 2, roomOfKind: { _ in nil }, now: 1).first?.after == place(10, 5))
  }

  @Test("what is remembered is bounded, and lanes with work are the last to be forgotten")
  func forgets() {
    var turns = turns([], lanesMax: 10)
    turns.looked(ready: [], new: (1...40).map { lane($0) }, now: 0)
    #expect(turns.count == 40, "lanes with work stay")
    for claim in turns.claims(room: 400, roomOfKind: { _ in nil }, now: 7) { turns.took([claim], JobClaims()) }
    turns.looked(ready: [], new: [lane(41)], now: 8)
    #expect(turns.count <= 10)
    #expect(turns.known.contains { $0.lane == 41 })
  }
}
