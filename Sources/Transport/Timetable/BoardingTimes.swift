/// How long before its departure one must be at a vehicle, and how long after its arrival one is out: a table by mode.
///
/// To a search a flight departs when its check-in ends and arrives when its riders are out of the terminal. That is exact,
/// as a search asks of departures only who can board, and of arrivals only when riders go on.
package struct BoardingTimes: Sendable {
  /// Vehicles are boarded when they depart, and left when they arrive.
  package static let none = BoardingTimes(seconds: [])
  /// The table that comes with the program.
  package static let table = BoardingTimes(PackageResources.boarding_csv)

  /// By the number of the mode.
  private let seconds: [(before: Int32, after: Int32)]

  private init(seconds: [(before: Int32, after: Int32)]) {
    self.seconds = seconds
  }

  private init(_ csv: [UInt8]) {
    var seconds = [(before: Int32, after: Int32)](repeating: (0, 0), count: RouteMode.allCases.count)
    for line in String(decoding: csv, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: ",")
      guard fields.count == 3, let mode = RouteMode(rawValue: String(fields[0])),
        let index = RouteMode.allCases.firstIndex(of: mode), let before = Int32(fields[1]), let after = Int32(fields[2])
      else { continue }
      seconds[index] = (before * 60, after * 60)
    }
    self.seconds = seconds
  }

  /// Seconds before departure and after arrival.
  func seconds(mode: UInt8) -> (before: Int32, after: Int32) {
    Int(mode) < seconds.count ? seconds[Int(mode)] : (0, 0)
  }
}

extension DaySlice {
  /// What boarding and leaving a pattern's vehicles takes.
  func boardingSeconds(_ pattern: Int) -> (before: Int32, after: Int32) {
    boarding.seconds(mode: timetable.patternModes[Int(sourcePatterns[pattern])])
  }
}
