import Planner

extension PublishedInstance {
  /// Orienteering with hotel selection: trips of given lengths, each ending at one of the hotels, where the next begins.
  ///
  /// Distances are cut off after five decimals: no file has lengths that are finer.
  static func ophs(_ path: String) throws(BenchmarkError) -> PublishedInstance {
    let rows = try NumberTable(path: path).lines
    guard rows.count > 5, rows[0].count >= 3 else {
      throw .usage("\(path) is no OPHS instance: its first line must have the counts of points, hotels and trips")
    }
    let (count, hotels, tours, ticks) = (rows[0][0].whole, rows[0][1].whole, rows[0][2].whole, 100_000)
    let points = rows.dropFirst(3)
    guard tours > 0, rows[2].count >= tours, hotels >= 0, count > hotels, points.count >= count,
      points.allSatisfy({ $0.count >= 3 })
    else { throw .usage("\(path) is no OPHS instance: lengths of \(tours) trips and \(count) points must follow") }
    var plane = Plane(ticksPerUnit: ticks, finePerUnit: ticks)
    for point in points { plane.add(point[0], point[1]) }
    let places = (0..<points.count).map { PlaceIndex($0) }
    let sights = points.indices.dropFirst(2 + hotels)
    let activities = sights.map { index in
      Activity(at: places[index - points.startIndex], duration: 0, score: points[index][2].whole)
    }
    let days = (0..<tours).map { trip in
      Day(
        from: places[0], to: trip + 1 == tours ? places[1] : places[0], opens: 0, closes: rows[2][trip].units(ticks))
    }
    let lodgings = places.prefix(2 + hotels).map { Night.Lodging(at: $0) }
    let nights = (0..<tours - 1).map { Night(afterDay: $0, lodgings) }
    return PublishedInstance(
      name: name(of: path), problem: try problem(path, activities, days, plane.travel(), nights: nights),
      numbers: sights.map { $0 - points.startIndex }, tours: tours)
  }
}
