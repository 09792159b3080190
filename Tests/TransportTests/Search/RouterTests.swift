import Kernel
import Testing
import TransportOracle

@testable import Transport

@Suite("The router")
struct RouterTests {
  private func router(_ text: FeedText, _ home: TemporaryFolder) throws -> Router {
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    return Router(try Transit(home: home.path))
  }

  @Test("a matrix says the same as the routes one by one")
  func matrix() throws {
    let home = TemporaryFolder()
    let router = try router(RandomFeed(seed: 7).text, home)
    let places = (0..<RandomFeed.stopCount).map { "stop:f:P\($0)" }
    let moment = try Instant("2026-03-28T07:00:00+01:00")
    let matrix = try router.matrix(from: places, to: places, at: moment)
    var reached = 0
    for (from, row) in matrix.enumerated() {
      for (to, seconds) in row.enumerated() where from != to {
        let answer = try router.route(RouteRequest(from: places[from], to: places[to], time: .departAt(moment)))
        let first = answer.journeys.map { Int(moment.seconds(until: $0.arrival)) }.min()
        #expect(first == seconds, "\(from) to \(to)")
        if seconds != nil { reached += 1 }
      }
    }
    #expect(reached > 10)
  }

  @Test("a window tells what leaving at each of its seconds tells")
  func window() throws {
    let home = TemporaryFolder()
    let router = try router(RandomFeed(seed: 11).text, home)
    let (from, to) = ("stop:f:P1", "stop:f:P4")
    let first = try Instant("2026-03-28T05:00:00+01:00")
    let last = first.adding(seconds: 12 * 3600)
    let window = try router.route(RouteRequest(from: from, to: to, time: .between(first, last))).journeys
    for minute in stride(from: 0, through: 12 * 60, by: 7) {
      let moment = first.adding(seconds: Int64(minute * 60))
      for journey in try router.route(RouteRequest(from: from, to: to, time: .departAt(moment))).journeys
      where journey.departure <= last {
        // Some journey of the window is as good: it leaves no earlier, arrives no later, with no more changes.
        let isTold = window.contains {
          $0.departure >= moment && $0.arrival <= journey.arrival && $0.boardings <= journey.boardings
        }
        #expect(isTold, "leaving \(minute) minutes after 5")
      }
    }
    #expect(!window.isEmpty)
  }

  @Test("riders who stay seated between two trips of a block do not change")
  func seated() throws {
    let home = TemporaryFolder()
    let text = FeedText([
      "trips.txt": "route_id,service_id,trip_id,block_id\nR,W,T,B\nR,W,U,B\n",
      "stop_times.txt": """
      trip_id,arrival_time,departure_time,stop_id,stop_sequence
      T,08:00:00,08:00:00,A,1
      T,08:10:00,08:10:00,B,2
      U,08:12:00,08:12:00,B,1
      U,08:20:00,08:20:00,C,2

      """,
    ])
    let router = try router(text, home)
    let request = RouteRequest(
      from: "stop:f:A", to: "stop:f:C", time: .departAt(try Instant("2026-06-01T07:50:00+02:00")))
    let rides = try #require(try router.route(request).journeys.first { $0.boardings == 1 })
    #expect(rides.legs.compactMap { $0.ride?.isSeated } == [false, true])
    #expect(rides.arrival == (try Instant("2026-06-01T08:20:00+02:00")))
  }
}
