/// A ride of a search, and what came before it.
struct RideSegment: BitwiseCopyable {
  let trip: Int32
  let boarded: Int32
  /// The ride before and the position at which it was left; -1 for the first ride, with the position of its source, and
  /// `RoundScratch.seated` for the position when riders stayed seated.
  let parent: Int32
  let parentPosition: Int32

  /// The position at which riders are who have come from the first of a query's sources; the next come from those below.
  static let firstSource: Int32 = -3

  /// What is ridden up to where a ride is left, and which of the sources that begins at.
  static func rides(
    endingWith last: Int32, left: Int32, of segments: UnsafeBufferPointer<RideSegment>, in slice: DaySlice
  ) -> (rides: [FoundJourney.Ride], source: Int) {
    var found: [FoundJourney.Ride] = []
    var (index, position) = (last, left)
    while index >= 0 {
      let segment = segments[Int(index)]
      let isSeated = segment.parentPosition == RoundScratch.seated
      found.append(FoundJourney.Ride(trip: segment.trip, boarded: segment.boarded, left: position, isSeated: isSeated))
      if isSeated {
        let before = segments[Int(segment.parent)]
        position = slice.positionStarts[Int(slice.positionPatterns[Int(before.boarded)]) + 1] - 1
      } else {
        position = segment.parentPosition
      }
      index = segment.parent
    }
    return (found.reversed(), Int(firstSource - position))
  }
}
