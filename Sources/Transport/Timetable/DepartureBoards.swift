/// All departures of a stop in the order of time, for stops at which many lines call, each of them rarely.
///
/// A search that has little time left looks at the few departures within it, instead of at every line for its next trip.
/// Where lines run often there are more departures than lines in almost any time, and no board is made.
struct DepartureBoards {
  /// A departure: the position at which riders board, and which trip of its pattern it is.
  struct Entry {
    let position: Int32
    let trip: Int32
  }

  /// As many departures for each line, in the two days of a slice, as a stop may have at most for its board.
  private static let departuresMax = 8

  /// By stop, and one more.
  private(set) var starts: [Int32] = [0]
  private(set) var times: [Int32] = []
  private(set) var entries: [Entry] = []

  /// - Parameters:
  ///   - places: the places of all stops, one stop after another.
  ///   - placeStarts: by stop, and one more: where its places begin.
  ///   - departures: what the places tell of.
  init(places: [DaySlice.BoardingPlace], placeStarts: [Int32], departures: [Int32]) {
    starts.reserveCapacity(placeStarts.count)
    var board: [(time: Int32, entry: Entry)] = []
    for stop in 1..<max(1, placeStarts.count) {
      let own = places[Int(placeStarts[stop - 1])..<Int(placeStarts[stop])]
      if own.reduce(0, { $0 + Int($1.tripCount) }) <= own.count * Self.departuresMax {
        board.removeAll(keepingCapacity: true)
        for place in own {
          for trip in 0..<place.tripCount {
            board.append((departures[Int(place.departures + trip)], Entry(position: place.position, trip: trip)))
          }
        }
        board.sort { ($0.time, $0.entry.position, $0.entry.trip) < ($1.time, $1.entry.position, $1.entry.trip) }
        times += board.map(\.time)
        entries += board.map(\.entry)
      }
      starts.append(Int32(times.count))
    }
  }
}
