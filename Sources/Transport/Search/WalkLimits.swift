/// By rides and seconds walked in the end: before when one must arrive for nothing known to be as good.
///
/// One load tells what comparing with all that is known would.
final class WalkLimits {
  /// Whoever walks more is compared with those who walk so much.
  private static let walkMax = 1 << 13
  private static let walkShift = 13

  private var arrivals: UnsafeMutablePointer<Int32>
  private var rows = 0
  /// More rides than these have what these have.
  private(set) var ridesMax = 0

  init() { arrivals = .allocate(capacity: 0) }

  deinit { arrivals.deallocate() }

  func begin(ridesMax: Int, before: Int32) {
    self.ridesMax = ridesMax
    if rows <= ridesMax {
      arrivals.deallocate()
      rows = ridesMax + 1
      arrivals = .allocate(capacity: rows * Self.walkMax)
    }
    arrivals.update(repeating: before, count: (ridesMax + 1) * Self.walkMax)
  }

  /// Notes that with so many rides and so much walking one arrives in time only before a moment.
  func note(rides: Int, walk: Int32, before arrival: Int32) {
    guard Int(walk) < Self.walkMax, rides <= ridesMax else { return }
    for rides in rides...ridesMax {
      let row = arrivals + rides * Self.walkMax
      var walk = Int(walk)
      while walk < Self.walkMax, row[walk] > arrival {
        row[walk] = arrival
        walk += 1
      }
    }
  }

  /// The limits of a search, which hold until the next begins.
  struct Table {
    fileprivate let arrivals: UnsafePointer<Int32>
    fileprivate let ridesMax: Int

    @inline(__always)
    subscript(rides: Int, walk: Int32) -> Int32 {
      arrivals[min(rides, ridesMax) &<< WalkLimits.walkShift &+ min(Int(walk), WalkLimits.walkMax &- 1)]
    }
  }

  var table: Table { Table(arrivals: UnsafePointer(arrivals), ridesMax: ridesMax) }
}
