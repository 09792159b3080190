import Kernel
import TestPace
import Testing
import TransportOracle

@testable import Transport

@Suite("What travellers choose", .heavy)
struct ChoiceTests {
  private let world: RealtimeWorld
  private let router: Router

  init() throws {
    world = try RealtimeWorld(streetFeed())
    router = Router(world.transit)
  }

  private func request(_ from: String, _ to: String, _ time: String = "07:55") throws -> RouteRequest {
    RouteRequest(
      from: "stop:f:\(from)", to: "stop:f:\(to)", time: .departAt(try Instant("2026-06-01T\(time):00+02:00")))
  }

  @Test("a line that is avoided is not ridden; it can be called by its name or by its id")
  func avoided() throws {
    var request = try request("A", "C")
    #expect(try router.told(request) == ["08:00 08:20 T"])
    for line in ["1", "f:R"] {
      request.lines.avoided = [line]
      #expect(try router.told(request) == ["08:05 08:40 V"])
    }
    request.weighsWalking = true
    #expect(try router.told(request) == ["08:05 08:40 V"], "with more criteria too")
    request.weighsWalking = false
    request.lines = LineChoice(only: ["2", "3"])
    #expect(try router.told(request) == ["08:05 08:40 V"])
    request.lines.avoided = ["11"]
    #expect(throws: RouteError.unknownLine("11", near: ["1"])) { try router.route(request) }
  }

  @Test("a day that is asked for often is searched backwards first, and answers as before")
  func oftenAsked() throws {
    var request = try request("A", "C")
    request.weighsWalking = true
    for lines in [LineChoice(), LineChoice(avoided: ["1"])] {
      request.lines = lines
      let first = try router.route(request)
      var last = first
      for _ in 0..<10 {
        last = try router.route(request)
        #expect(last.journeys.map(\.told) == first.journeys.map(\.told))
      }
      #expect(!first.journeys.isEmpty && last.work.segments <= first.work.segments)
    }
  }

  @Test("by what is preferred journeys are told too, within the slack, and marked")
  func preferred() throws {
    var request = try request("A", "C")
    request.preferredModes = ["tram"]
    let found = try router.route(request).journeys
    #expect(found.map(\.told) == ["08:00 08:20 T", "08:05 08:40 V"])
    #expect(found.map(\.isPreferred) == [false, true])
    request.preferredModes = nil
    request.preferredLines = ["1"]
    #expect(try router.route(request).journeys.map(\.isPreferred) == [true])
  }

  @Test("a place to come by is reached, stayed at and left again, forwards and backwards")
  func vias() throws {
    var request = try request("A", "E")
    #expect(try router.told(request) == ["08:00 08:40 T X"])
    request.vias = [Via("stop:f:B", staySeconds: 600)]
    // At B at 08:10, on with the next one at 09:10, and Y has left: tomorrow.
    #expect(try router.told(request).isEmpty == false)
    var toD = try self.request("A", "D")
    toD.vias = [Via("stop:f:B", staySeconds: 600)]
    #expect(try router.told(toD) == ["08:00 09:30 T U"])
    toD.vias = [Via("stop:f:B", staySeconds: 3601)]
    #expect(try router.told(toD).first?.hasPrefix("08:00 09:30") == false)
    toD.vias = [Via("stop:f:B"), Via("stop:f:C")]
    #expect(try router.told(toD) == ["08:00 08:30 T T T"])
    toD.vias = [Via("stop:f:B", staySeconds: 600)]
    toD.time = .arriveBy(try Instant("2026-06-01T10:00:00+02:00"))
    #expect(try router.told(toD) == ["08:00 09:30 T U"])
  }

  @Test("what is told by a place is what chains of the oracle's parts give", arguments: 0..<8)
  func viaOracle(seed: Int) throws {
    let feed = RandomFeed(seed: UInt64(300 + seed))
    let world = try RealtimeWorld(feed.text)
    let oracle = Oracle(feed)
    let router = Router(world.transit)
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<20 {
      let stops = (0..<3).map { _ in Int.random(in: 0..<RandomFeed.stopCount, using: &random) }
      let second = Int.random(in: 0..<40_000, using: &random)
      let start = Oracle.dayStart(march: 28) + second
      let stay = Int.random(in: 0...30, using: &random) * 60
      var request = RouteRequest(
        from: "stop:f:P\(stops[0])", to: "stop:f:P\(stops[2])",
        time: .departAt(Instant(secondsSinceEpoch: Int64(start))))
      request.vias = [Via("stop:f:P\(stops[1])", staySeconds: stay)]
      var expected: [Int: Int] = [:]
      for (first, reached) in oracle.front(from: stops[0], to: stops[1], at: start) {
        for (second, end) in oracle.front(from: stops[1], to: stops[2], at: reached + stay) {
          expected[first + second] = min(expected[first + second] ?? .max, end)
        }
      }
      // Fewer vehicles and as early is better; a search looks two days ahead.
      var best = Int.max
      for boardings in expected.keys.sorted() {
        if let end = expected[boardings], end < best { best = end } else { expected[boardings] = nil }
      }
      let limit = Oracle.dayStart(march: 28) + Int(DaySlice.horizon)
      let told = try router.route(request).journeys.filter { $0.arrival.secondsSinceEpoch <= Int64(limit) }
      let found = Dictionary(
        told.map { ($0.boardings, Int($0.arrival.secondsSinceEpoch)) }, uniquingKeysWith: min)
      #expect(found == expected.filter { $0.value <= limit }, "seed \(seed) \(stops) at \(second), stay \(stay)")
    }
  }

  @Test("each journey is explained by what it is best at and what it gives up against those beside it")
  func explained() throws {
    var request = try request("A", "E", "07:55")
    request.time = .between(try Instant("2026-06-01T07:55:00+02:00"), try Instant("2026-06-01T08:10:00+02:00"))
    let found = try router.route(request).journeys
    #expect(found.map(\.told) == ["08:00 08:40 T X", "08:05 09:10 V Y"])
    let texts = Explanation.all(of: found, by: [.departure, .arrival, .transfers]).map(\.text)
    #expect(
      texts == [
        "arrives first; against 2: arrives 30 min earlier for leaves 5 min earlier",
        "leaves last; against 1: leaves 5 min later for arrives 30 min later",
      ])
    #expect(Explanation.all(of: Array(found.prefix(1)), by: [.arrival]).map(\.text) == ["the only one"])
  }
}
