import Testing

@testable import Transport

@Suite("Boards of departures")
struct DepartureBoardsTests {
  /// Places of stops whose trips leave at the times given, all at one stop after another.
  private func boards(_ stops: [[[Int32]]]) -> DepartureBoards {
    var (places, starts, departures): ([DaySlice.BoardingPlace], [Int32], [Int32]) = ([], [0], [])
    for lines in stops {
      for times in lines {
        places.append(
          DaySlice.BoardingPlace(
            departures: Int32(departures.count), tripCount: Int32(times.count), position: Int32(places.count), end: 0))
        departures += times
      }
      starts.append(Int32(places.count))
    }
    return DepartureBoards(places: places, placeStarts: starts, departures: departures)
  }

  @Test("tell all departures of a stop by time, those of one time by line and trip")
  func order() {
    let boards = boards([[[100, 300, 300], [50], [300]], [], [[20, 40]]])
    let starts: [Int32] = [0, 5, 5, 7]
    let times: [Int32] = [50, 100, 300, 300, 300, 20, 40]
    let lines: [Int32] = [1, 0, 0, 0, 2, 3, 3]
    let trips: [Int32] = [0, 0, 1, 2, 0, 0, 1]
    #expect(boards.starts == starts)
    #expect(boards.times == times)
    #expect(boards.entries.map(\.position) == lines)
    #expect(boards.entries.map(\.trip) == trips)
  }

  @Test("are made only where lines leave rarely")
  func rare() {
    let often = [Int32](0..<14)
    let starts: [Int32] = [0, 16, 16]
    #expect(boards([[often, [5, 7]], [often, [5, 7, 9]]]).starts == starts)
  }
}
