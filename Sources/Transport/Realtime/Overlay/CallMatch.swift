/// Which calls of a trip the updates speak of.
///
/// The number in the sequence counts, and where there is none the stop: of a stop that is called at twice, the call
/// after the one spoken of before.
struct CallMatch {
  /// By position.
  private(set) var updates: [Int: CallUpdate] = [:]
  private(set) var unmatched: [CallUpdate] = []

  init(_ calls: [CallUpdate], _ trip: GraphTrips.Calls) {
    var next = 0
    for call in calls {
      guard let position = Self.position(of: call, trip, from: next) else {
        unmatched.append(call)
        continue
      }
      updates[position] = call
      next = position + 1
    }
  }

  private static func position(of call: CallUpdate, _ trip: GraphTrips.Calls, from start: Int) -> Int? {
    if let sequence = call.sequence, let number = Int32(exactly: sequence),
      let position = trip.sequences.firstIndex(of: number)
    {
      guard let id = call.stopID, trip.ids[position] != id else { return position }
      // Some operators count otherwise than their feed does; the stop is then to be trusted, if the trip has it.
      return self.position(of: id, trip, from: start) ?? position
    }
    guard let id = call.stopID else { return nil }
    return position(of: id, trip, from: start)
  }

  private static func position(of id: String, _ trip: GraphTrips.Calls, from start: Int) -> Int? {
    trip.ids.indices.first { $0 >= start && trip.ids[$0] == id }
  }
}
