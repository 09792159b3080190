import Kernel

/// A small feed made of chance, as its files and as what an oracle reckons with; equal seeds give equal feeds.
///
/// Ten stops lie further apart than anybody walks. Trips are random walks over them, so that they loop, overtake one
/// another, run past midnight and in blocks; some are repeated at a headway, some calls are only for boarding or for
/// alighting. Its days are those around the change to summer time in Berlin on 2026-03-29.
package struct RandomFeed {
  package struct Call {
    package let stop: Int
    package let arrival: Int
    package let departure: Int
    package let mayBoard: Bool
    package let mayAlight: Bool
  }

  package struct Trip {
    package let service: Int
    package let block: Int?
    package let calls: [Call]
    /// Starts at which it is repeated; empty for once.
    package let repeats: (start: Int, end: Int, headway: Int)?
  }

  package static let stopCount = 10
  /// The service days of March 2026 on which each service runs.
  package static let services: [[Int]] = [[27, 28, 29, 30, 31], [28, 30], [29, 31]]

  package let trips: [Trip]
  /// From stop to stop; a stop and itself for the time to change.
  package let transfers: [(from: Int, to: Int, seconds: Int)]

  package init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var trips: [Trip] = []
    var block = 0
    for _ in 0..<Int.random(in: 6...14, using: &random) {
      let stops = Self.walk(from: nil, &random)
      // A line is run several times at random speeds: that is how trips overtake.
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0...27 * 60, using: &random) * 60
        var trip = Self.trip(stops, start, block: nil, &random)
        let next = Int.random(in: 0..<4, using: &random)
        if next == 0 {
          trip = Trip(service: trip.service, block: block, calls: trip.calls, repeats: nil)
          trips += [trip] + Self.followers(of: trip, block: block, &random)
          block += 1
        } else if next == 1 {
          let end = start + Int.random(in: 1...8, using: &random) * 900
          trips.append(Trip(service: trip.service, block: nil, calls: trip.calls, repeats: (start, end, 900)))
        } else {
          trips.append(trip)
        }
      }
    }
    self.trips = trips
    var transfers: [(Int, Int, Int)] = []
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let (from, to) = (
        Int.random(in: 0..<Self.stopCount, using: &random), Int.random(in: 0..<Self.stopCount, using: &random)
      )
      transfers.append((from, to, Int.random(in: 1...12, using: &random) * 60))
    }
    self.transfers = transfers
  }

  private static func walk(from first: Int?, _ random: inout SeededRandom) -> [Int] {
    var stops = [first ?? Int.random(in: 0..<stopCount, using: &random)]
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      var next = Int.random(in: 0..<stopCount, using: &random)
      if next == stops[stops.count - 1] { next = (next + 1) % stopCount }
      stops.append(next)
    }
    return stops
  }

  private static func trip(_ stops: [Int], _ start: Int, block: Int?, _ random: inout SeededRandom) -> Trip {
    var time = start
    var calls: [Call] = []
    for stop in stops {
      let arrival = time
      time += [0, 0, 60, 300].randomElement(using: &random) ?? 0
      let rule = Int.random(in: 0..<8, using: &random)
      calls.append(Call(stop: stop, arrival: arrival, departure: time, mayBoard: rule != 0, mayAlight: rule != 1))
      time += Int.random(in: 0...30, using: &random) * 60
    }
    return Trip(service: Int.random(in: 0..<services.count, using: &random), block: block, calls: calls, repeats: nil)
  }

  /// Trips that the same vehicle makes next, from where the one before ends.
  private static func followers(of trip: Trip, block: Int, _ random: inout SeededRandom) -> [Trip] {
    var (last, result) = (trip, [Trip]())
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      guard let end = last.calls.last else { break }
      let start = end.departure + Int.random(in: 0...10, using: &random) * 60
      last = Self.trip(walk(from: end.stop, &random), start, block: block, &random)
      last = Trip(service: trip.service, block: block, calls: last.calls, repeats: nil)
      result.append(last)
    }
    return result
  }

  package static func clock(_ seconds: Int) -> String {
    [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
