import Kernel
import Testing
import TransportOracle

@testable import Transport

@Suite("What can be reached")
struct ReachTests {
  private func reach(minutes: Int) throws -> ReachAnswer {
    let world = try RealtimeWorld(streetFeed())
    return try Router(world.transit).reach(
      from: "stop:f:A", at: try Instant("2026-06-01T08:00:00+02:00"), within: minutes * 60)
  }

  private func covers(_ area: ReachArea, _ latitude: Double, _ longitude: Double) throws -> Bool {
    let context = try #require(GeometryContext())
    // The first ring of each polygon; there are no holes here.
    return area.polygons.contains { polygon in
      context.polygon(Array(polygon[0].dropLast()))?.covers(Coordinate(latitude, longitude)) ?? false
    }
  }

  @Test("stops come in the order of arrival, with the seconds that it takes")
  func stops() throws {
    let stops = try reach(minutes: 25).stops
    #expect(stops.map { "\($0.stop.name) \($0.seconds)" } == ["Alpha 0", "Beta 600", "Gamma 1200"])
  }

  @Test("around each stop lies a disc as far as one can walk in the time that is left")
  func discs() throws {
    let areas = try reach(minutes: 25).areas(within: [600, 1500], walkMetresMax: 1000)
    #expect(areas.map(\.seconds) == [1500, 600])
    // Of 25 minutes 5 are left at Gamma: 300 s × 1.25 m/s / 1.3 = 288 m; a degree of latitude is 111 km.
    let north = 288.0 / 111_195
    #expect(areas[0].polygons.count == 3)
    #expect(try covers(areas[0], 52.70 + north * 0.9, 13.40))
    #expect(try !covers(areas[0], 52.70 + north * 1.1, 13.40))
    // A disc is as wide as it is high, though a degree of longitude is shorter.
    #expect(try covers(areas[0], 52.70, 13.40 + north * 0.9 / 0.606))
    #expect(try !covers(areas[0], 52.70, 13.40 + north * 1.1 / 0.606))
    // At Alpha 1,000 m count and no more.
    #expect(try covers(areas[0], 52.50 + 750 / 111_195.0, 13.40))
    #expect(try !covers(areas[0], 52.50 + 800 / 111_195.0, 13.40))
    #expect(areas[1].polygons.count == 1)
  }

  @Test("discs that overlap become one area, a disc within another none, and rings turn as GeoJSON wants")
  func union() throws {
    let discs = try #require(ReachDiscs())
    func disc(_ latitude: Double, _ metres: Double) -> ReachDiscs.Disc {
      ReachDiscs.Disc(place: Coordinate(latitude, 0), metres: metres)
    }
    let one = discs.area([disc(0, 1000), disc(0.01, 1000), disc(0.001, 200)])
    #expect(one.count == 1 && one[0].count == 1 && one[0][0].first == one[0][0].last)
    let ring = one[0][0]
    let doubled = zip(ring, ring.dropFirst()).reduce(0.0) {
      $0 + $1.0.longitude * $1.1.latitude - $1.1.longitude * $1.0.latitude
    }
    #expect(doubled > 0)
    #expect(discs.area([disc(0, 1000), disc(0.1, 1000)]).count == 2)
    #expect(discs.area([]).isEmpty && discs.area([disc(0, 3)]).isEmpty)
  }

  @Test("a ring of discs has a hole")
  func hole() throws {
    let discs = try #require(ReachDiscs())
    let around = (0..<12).map { index in
      let angle = Double(index) * .pi / 6
      return ReachDiscs.Disc(place: Coordinate(0.03 * sine(angle), 0.03 * sine(angle + .pi / 2)), metres: 1200)
    }
    #expect(discs.area(around).first?.count == 2)
  }

  /// By Taylor's series: enough for a test, and nobody's library.
  private func sine(_ angle: Double) -> Double {
    var (term, sum) = (angle, angle)
    for step in 1..<20 {
      term *= -angle * angle / Double((2 * step) * (2 * step + 1))
      sum += term
    }
    return sum
  }

  @Test("a longer time reaches all that a shorter does")
  func grows() throws {
    let world = try RealtimeWorld(RandomFeed(seed: 5).text)
    let answer = try Router(world.transit).reach(
      from: "stop:f:P1", at: try Instant("2026-03-28T07:00:00+01:00"), within: 7200)
    let areas = answer.areas(within: [1800, 3600, 7200], walkMetresMax: 2000)
    for (larger, smaller) in zip(areas, areas.dropFirst()) {
      for polygon in smaller.polygons {
        let centre = polygon[0].reduce((0.0, 0.0)) {
          ($0.0 + $1.latitude / Double(polygon[0].count), $0.1 + $1.longitude / Double(polygon[0].count))
        }
        #expect(try covers(larger, centre.0, centre.1))
      }
    }
  }
}
