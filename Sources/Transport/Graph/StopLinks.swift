import Kernel

/// Finds the stops of different feeds that are one place.
///
/// Two are linked if they stand within 30 m of one another, or within 400 m and are called alike. Only what riders know
/// by one name is looked at: stations, and stops that belong to none. Stops are put into cells of the larger distance,
/// so that each is compared with its neighbourhood only.
struct StopLinks {
  private static let metresMax = 30.0
  private static let metresMaxWithName = 400.0
  /// A cell's height in degrees, a little more than the distance.
  private static let cell = 0.004

  private struct Candidate {
    let stop: GraphKey<StopRow>
    let feed: Int
    let place: Coordinate
    let words: StopWords
  }

  private struct Cell: Hashable {
    let row: Int
    let column: Int
  }

  private let candidates: [Candidate]

  init(of writer: GraphWriter) throws(GraphError) {
    var candidates: [Candidate] = []
    // One feed alone has nothing to be linked with.
    if try (writer.database.number("select count(*) from main.feeds") ?? 0) > 1 {
      let statement = try writer.database.prepare(
        """
        select stop, feed, stop_lat, stop_lon, stop_name from main.stops
        where location_type = 1 or location_type = 0 and parent_station is null order by stop
        """)
      while try statement.step() {
        var row = statement.row
        let stop: GraphKey<StopRow> = row.next()
        let feed: Int = row.next()
        let place = Coordinate(row.next(), row.next())
        let name: String? = row.next()
        candidates.append(Candidate(stop: stop, feed: feed, place: place, words: StopWords(name ?? "")))
      }
    }
    self.candidates = candidates
  }

  /// All links, in both directions, in order.
  func found() -> [StopLinkRow] {
    var cells: [Cell: [Int]] = [:]
    for (index, candidate) in candidates.enumerated() { cells[cell(candidate.place), default: []].append(index) }
    var links: [StopLinkRow] = []
    for from in candidates {
      let home = cell(from.place)
      // Towards the poles a cell is narrower than high.
      let reach = Int((1 / max(0.02, cosine(from.place.latitude))).rounded(.up))
      for row in home.row - 1...home.row + 1 {
        for column in home.column - reach...home.column + reach {
          for index in cells[Cell(row: row, column: column)] ?? [] {
            if let link = link(from, candidates[index]) { links.append(link) }
          }
        }
      }
    }
    return links.sorted { ($0.fromStop, $0.toStop) < ($1.fromStop, $1.toStop) }
  }

  private func link(_ from: Candidate, _ to: Candidate) -> StopLinkRow? {
    guard from.feed != to.feed else { return nil }
    let metres = from.place.metres(to: to.place)
    guard metres <= Self.metresMaxWithName else { return nil }
    let isAlike = from.words.isAlike(to.words)
    guard metres <= Self.metresMax || isAlike else { return nil }
    return StopLinkRow(
      fromStop: from.stop, toStop: to.stop, distanceMetres: Int(metres.rounded()), hasSameName: isAlike)
  }

  private func cell(_ place: Coordinate) -> Cell {
    Cell(
      row: Int((place.latitude / Self.cell).rounded(.down)), column: Int((place.longitude / Self.cell).rounded(.down)))
  }

  /// A degree of longitude against one of latitude, well enough to choose cells by.
  private func cosine(_ latitude: Double) -> Double {
    Coordinate(latitude, 0).metres(to: Coordinate(latitude, 0.01)) / 1112
  }
}
