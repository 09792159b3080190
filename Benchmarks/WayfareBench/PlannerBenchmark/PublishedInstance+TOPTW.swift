import Planner

extension PublishedInstance {
  /// The team orienteering problem with time windows: Solomon's distances have one decimal, Cordeau's two.
  static func toptw(_ path: String, tours: Int) throws(BenchmarkError) -> PublishedInstance {
    let rows = try NumberTable(path: path).lines.dropFirst(2).filter { $0.count >= 7 }
    guard let depot = rows.first else { throw .usage("\(path) is no TOPTW instance: it has no points") }
    // Cordeau's coordinates have three decimals.
    let ticks = rows.contains { $0[1].decimals > 2 } ? 100 : 10
    var plane = Plane(ticksPerUnit: ticks)
    plane.add(depot[1], depot[2])
    var (activities, numbers): ([Activity], [Int]) = ([], [])
    for row in rows.dropFirst() {
      let window = StartWindow(opens: row[row.count - 2].unitsUp(ticks), lastStart: row[row.count - 1].units(ticks))
      plane.add(row[1], row[2])
      numbers.append(row[0].whole)
      activities.append(
        Activity(
          at: PlaceIndex(activities.count + 1), duration: row[3].unitsUp(ticks), score: row[4].whole,
          opening: .everyDay([window])))
    }
    let closes = depot[depot.count - 1].units(ticks)
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: depot[depot.count - 2].unitsUp(ticks), closes: closes)
    let days = [Day](repeating: day, count: tours)
    return PublishedInstance(
      name: name(of: path), problem: try problem(path, activities, days, plane.travel()), numbers: numbers,
      tours: tours)
  }
}
