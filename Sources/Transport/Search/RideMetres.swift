/// How far rides go, from stop to stop as the crow flies, and what they emit.
struct RideMetres {
  /// By position of the slice: metres from the first of its pattern.
  let metres: [Int32]
  /// By mode of the timetable: grams once a ride, and per kilometre.
  private let rates: [(base: Int32, perKilometre: Int32)]

  init(_ slice: DaySlice) {
    let timetable = slice.timetable
    var metres = [Int32](repeating: 0, count: slice.positionCount + 1)
    for pattern in 0..<slice.patternCount {
      let (start, end) = (Int(slice.positionStarts[pattern]), Int(slice.positionStarts[pattern + 1]))
      for position in start + 1..<end {
        metres[position] =
          metres[position - 1]
          + timetable.hopMetres(Int(slice.callStops[position - 1]), Int(slice.callStops[position]))
      }
    }
    self.metres = metres
    rates = RouteMode.allCases.map { Emissions.table.rate(of: $0.rawValue) }
  }

  func rate(of pattern: Int, _ slice: DaySlice) -> (base: Int32, perKilometre: Int32) {
    rates[Int(slice.timetable.patternModes[Int(slice.sourcePatterns[pattern])])]
  }
}

extension Timetable {
  /// Metres between two stops, whole.
  func hopMetres(_ from: Int, _ to: Int) -> Int32 {
    Int32(place(of: from).metres(to: place(of: to)).rounded())
  }
}

extension DaySlice {
  /// What rides emit; each is rounded up by itself.
  func grams(of rides: [FoundJourney.Ride]) -> Int {
    var sum = 0
    for ride in inOrderOfTravel(rides) {
      let (start, end) = (min(ride.boarded, ride.left), max(ride.boarded, ride.left))
      let metres = (start..<end).reduce(Int32(0)) {
        $0 + timetable.hopMetres(Int(callStops[$1]), Int(callStops[$1 + 1]))
      }
      let mode = timetable.patternModes[Int(sourcePatterns[Int(positionPatterns[ride.boarded])])]
      sum += Emissions.table.amount(
        mode: RouteMode.allCases[Int(mode)].rawValue, metres: Int(metres), isSeated: ride.isSeated)
    }
    return sum
  }
}
