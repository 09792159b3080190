/// A slice and the same day seen backwards, and where each trip of the one is in the other.
///
/// Both have the same trips. Each divides them in its own way into sequences in which none overtakes another.
package final class SliceMirror: Sendable {
  /// A trip as it is seen backwards.
  struct Trip {
    /// Where its first position stands; each that follows stands one before.
    let first: Int32
    /// Its number within its pattern.
    let number: Int32
  }

  private struct Run: Hashable {
    let run, day, live: Int32
  }

  let reversed: DaySlice
  // Memory of this object, never changed once it is made.
  nonisolated(unsafe) private let trips: UnsafeMutablePointer<Trip>

  /// Pairs two slices.
  ///
  /// - Parameters:
  ///   - slice: a day.
  ///   - reversed: the same day with the same changes, seen backwards.
  /// - Complexity: O(trips).
  package init(_ slice: DaySlice, _ reversed: DaySlice) {
    precondition(!slice.isReversed && reversed.isReversed && slice.tripCount == reversed.tripCount)
    self.reversed = reversed
    func run(_ trip: Int, of slice: DaySlice) -> Run {
      Run(run: slice.tripRuns[trip], day: slice.tripDays[trip], live: slice.tripLives[trip])
    }
    var known: [Run: Trip] = [:]
    known.reserveCapacity(reversed.tripCount)
    for pattern in 0..<reversed.patternCount {
      let start = reversed.tripStarts[pattern]
      for trip in start..<reversed.tripStarts[pattern + 1] {
        known[run(Int(trip), of: reversed)] = Trip(
          first: reversed.positionStarts[pattern + 1] - 1, number: trip - start)
      }
    }
    trips = .allocate(capacity: slice.tripCount + 1)
    for trip in 0..<slice.tripCount {
      guard let place = known[run(trip, of: slice)] else { preconditionFailure("the slices are of different days") }
      (trips + trip).initialize(to: place)
    }
  }

  deinit { trips.deallocate() }

  /// A trip of the slice as it is seen backwards.
  @inline(__always)
  subscript(trip: Int32) -> Trip { trips[Int(trip)] }
}
