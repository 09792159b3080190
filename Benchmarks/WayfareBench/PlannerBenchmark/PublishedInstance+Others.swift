import Planner

extension PublishedInstance {
  /// Several windows a tour, a budget, and caps on ten kinds of visits.
  static func mctopmtw(_ path: String, tours: Int?) throws(BenchmarkError) -> PublishedInstance {
    let rows = try NumberTable(path: path).lines
    guard rows.count > 2, rows[0].count >= 13, rows[1].count >= 7 else {
      throw .usage("\(path) is no MC-TOP-MTW instance: its first lines are too short")
    }
    let head = rows[0]
    let tours = tours ?? head[0].whole
    // Cordeau's coordinates have three decimals.
    let ticks = rows.dropFirst().contains { $0.count > 2 && $0[1].decimals > 2 } ? 100 : 10
    var limits = [Limit("budget", most: head[2].whole, of: .money)]
    for kind in 0..<10 { limits.append(Limit("kind \(kind + 1)", most: head[3 + kind].whole)) }
    var plane = Plane(ticksPerUnit: ticks)
    plane.add(rows[1][1], rows[1][2])
    var (activities, numbers): ([Activity], [Int]) = ([], [])
    for row in rows.dropFirst(2) where row.count >= 22 {
      plane.add(row[1], row[2])
      numbers.append(row[0].whole)
      var activity = Activity(
        at: PlaceIndex(activities.count + 1), duration: row[3].unitsUp(ticks), score: row[4].whole,
        price: row[11].whole, opening: .eachDay((0..<tours).map { mctopmtwWindows(row, tour: $0, ticks) }))
      activity.uses = (0..<10).filter { row[12 + $0].whole == 1 }.map { .init(of: LimitIndex(1 + $0), amount: 1) }
      activities.append(activity)
    }
    let day = Day(
      from: PlaceIndex(0), to: PlaceIndex(0), opens: rows[1][5].unitsUp(ticks), closes: rows[1][6].units(ticks))
    let days = [Day](repeating: day, count: tours)
    return PublishedInstance(
      name: name(of: path), problem: try problem(path, activities, days, plane.travel(), limits: limits),
      numbers: numbers, tours: tours)
  }

  /// Of the four windows a tour has every other one; `E` says which.
  private static func mctopmtwWindows(_ row: [NumberTable.Number], tour: Int, _ ticks: Int) -> [StartWindow] {
    let isFirst = (tour % 2 == 0) == (row[10].whole == 1)
    return (isFirst ? [0, 2] : [1, 3]).map { part in
      StartWindow(opens: row[5 + part].unitsUp(ticks), lastStart: row[6 + part].units(ticks))
    }
  }

  /// A tourist's days: a window for each weekday.
  static func ttdp(_ path: String, tours: Int?) throws(BenchmarkError) -> PublishedInstance {
    let rows = try NumberTable(path: path).lines
    guard rows.count > 1, rows[0].count >= 4, rows[1].count >= 7 else {
      throw .usage("\(path) is no TTDP instance: its first lines are too short")
    }
    let (tours, startDay, ticks) = (tours ?? rows[0][1].whole, rows[0][2].whole, 100)
    var plane = Plane(ticksPerUnit: ticks)
    plane.add(rows[1][1], rows[1][2])
    var (activities, numbers): ([Activity], [Int]) = ([], [])
    for row in rows.dropFirst(2) where row.count >= 20 {
      plane.add(row[1], row[2])
      numbers.append(row[0].whole)
      let windows = (0..<tours).map { tour -> [StartWindow] in
        let column = 6 + 2 * ((startDay + tour) % 7)
        let (opens, closes) = (row[column].unitsUp(ticks), row[column + 1].units(ticks))
        // Both zero: closed on that weekday.
        return closes == 0 ? [] : [StartWindow(opens: opens, lastStart: closes)]
      }
      activities.append(
        Activity(
          at: PlaceIndex(activities.count + 1), duration: row[3].unitsUp(ticks), score: row[4].whole,
          opening: .eachDay(windows)))
    }
    let day = Day(
      from: PlaceIndex(0), to: PlaceIndex(0), opens: rows[1][5].unitsUp(ticks), closes: rows[1][6].units(ticks))
    let days = [Day](repeating: day, count: tours)
    return PublishedInstance(
      name: name(of: path), problem: try problem(path, activities, days, plane.travel()), numbers: numbers,
      tours: tours)
  }

  /// One day with travel times that change every quarter of an hour from six to eight; `tt*.TXT` lies beside the file.
  static func tdoptw(_ path: String) throws(BenchmarkError) -> PublishedInstance {
    let rows = try NumberTable(path: path).lines
    guard rows.count > 3, rows[0].count == 1, rows[1].count == 1 else {
      throw .usage("\(path) is no TD-OPTW instance: its first lines must be the count and the longest time")
    }
    let (count, longest) = (rows[0][0].whole, rows[1][0].whole)
    let points = Array(rows.dropFirst(2).prefix(count))
    guard points.count == count, points.allSatisfy({ $0.count >= 6 }) else {
      throw .usage("\(path) names \(count) points and has fewer, or too short lines")
    }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let matrix = (folder.isEmpty ? "" : folder + "/") + "tt\(count).TXT"
    let travel = try quarterHours(matrix, places: count)
    let activities = points.indices.dropFirst().dropLast().map { index in
      let row = points[index]
      return Activity(
        at: PlaceIndex(index), duration: row[3].whole, score: row[1].whole,
        opening: .everyDay([StartWindow(opens: row[4].whole, lastStart: row[5].whole)]))
    }
    let (first, last) = (points[0], points[count - 1])
    let opens = first[4].whole
    let day = Day(
      from: PlaceIndex(0), to: PlaceIndex(count - 1), opens: opens, closes: min(opens + longest, last[5].whole))
    return PublishedInstance(
      name: name(of: path), problem: try problem(path, activities, [day], travel),
      numbers: Array(1..<max(1, count - 1)), tours: 1)
  }

  private static func quarterHours(_ path: String, places: Int) throws(BenchmarkError) -> Travel {
    let values = try NumberTable(path: path).lines.joined().map(\.whole)
    let slots = 56
    guard values.count == places * places * slots else {
      throw .usage("\(path) has \(values.count) times; \(places) places have \(places * places * slots)")
    }
    var durations = [Int](repeating: 0, count: values.count)
    for cell in 0..<places * places {
      for slot in 0..<slots { durations[slot * places * places + cell] = values[cell * slots + slot] }
    }
    let departures = (0..<slots).map { 21_600_000 + $0 * 900_000 }
    return Travel(placeCount: places, profile: Travel.Profile(departures: departures, durations: durations))
  }
}
