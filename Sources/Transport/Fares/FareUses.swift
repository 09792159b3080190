/// Where and until when what is open can be of use: only where something of its system can be boarded next.
///
/// A ride of another operator ends a ticket and a chain of legs. Whether boarding leads to the target in time the search
/// knows.
final class FareUses {
  /// By system, and one more: where its stops begin.
  private var starts: [Int] = [0]
  /// The stops at which something of a system can be boarded.
  private var stops: [Int32] = []
  /// By stop: what can be boarded there, and there or a walk away; systems share a bit when there are many.
  private let here, near: UnsafeMutablePointer<UInt64>

  init(_ slice: DaySlice, _ model: FareModel, _ fareClasses: UnsafePointer<Int32>) {
    let stopCount = slice.stopCount
    (here, near) = (.allocate(capacity: stopCount + 1), .allocate(capacity: stopCount + 1))
    here.initialize(repeating: 0, count: stopCount + 1)
    near.initialize(repeating: 0, count: stopCount + 1)
    var stopsOf = [[Int32]](repeating: [], count: model.systems.count)
    for stop in 0..<stopCount {
      for place in Int(slice.placeStarts[stop])..<Int(slice.placeStarts[stop + 1]) {
        let own = fareClasses[Int(slice.positionPatterns[Int(slice.places[place].position)])]
        guard own >= 0 else { continue }
        let system = model.classes[Int(own)].system
        here[stop] |= Self.bit(system)
        if stopsOf[Int(system)].last != Int32(stop) { stopsOf[Int(system)].append(Int32(stop)) }
      }
    }
    for stop in 0..<stopCount {
      near[stop] = here[stop]
      for path in slice.footpathStarts[stop]..<slice.footpathStarts[stop + 1] {
        near[stop] |= here[Int(slice.footpathStops[Int(path)])]
      }
    }
    for own in stopsOf {
      stops += own
      starts.append(stops.count)
    }
  }

  deinit {
    here.deallocate()
    near.deallocate()
  }

  @inline(__always)
  private static func bit(_ system: Int32) -> UInt64 { 1 << UInt64(system & 63) }

  /// Whether it may be that something of a system can be boarded at a stop.
  @inline(__always)
  func has(_ system: Int32, at stop: Int) -> Bool { here[stop] & Self.bit(system) != 0 }

  /// The same of stops to which one can walk from there, and of it itself.
  @inline(__always)
  func has(_ system: Int32, near stop: Int) -> Bool { near[stop] & Self.bit(system) != 0 }

  /// When something of a system can be boarded at the latest; less than any moment where it never helps.
  ///
  /// - Parameters:
  ///   - system: of fares.
  ///   - latest: when one can be at a stop at the latest.
  /// - Returns: the last moment.
  func last(_ system: Int, latest: (Int) -> Int32) -> Int32 {
    var last: Int32 = -1
    for place in starts[system]..<starts[system + 1] { last = max(last, latest(Int(stops[place]))) }
    return last
  }
}
