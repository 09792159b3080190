import Planner

/// An instance as its authors published it, turned into a problem.
struct PublishedInstance {
  /// The families that can be read.
  enum Family: String, CaseIterable {
    case toptw, mctopmtw, ttdp, tdoptw, ophs
  }

  /// The file's name without its ending.
  let name: String
  let problem: Problem
  /// What the file calls each activity.
  let numbers: [Int]
  let tours: Int

  /// Places on a plane, and the distances that the authors' conventions make of them.
  struct Plane {
    /// How many ticks one unit of time has: distances are rounded down to one.
    let ticksPerUnit: Int
    private let finePerUnit: Int
    private var points: [(x: Int, y: Int)] = []

    init(ticksPerUnit: Int, finePerUnit: Int = 1000) {
      self.ticksPerUnit = ticksPerUnit
      self.finePerUnit = finePerUnit
    }

    mutating func add(_ x: NumberTable.Number, _ y: NumberTable.Number) {
      // Thousandths are as fine as most files.
      points.append((x.units(finePerUnit), y.units(finePerUnit)))
    }

    /// Euclidean distances rounded down to a tick, exactly: the root of a whole number is rounded down.
    func travel() -> Travel {
      var durations: [Int] = []
      durations.reserveCapacity(points.count * points.count)
      for from in points {
        for to in points {
          let (dx, dy) = (from.x - to.x, from.y - to.y)
          durations.append(wholeRoot(dx * dx + dy * dy) / (finePerUnit / ticksPerUnit))
        }
      }
      return Travel(placeCount: points.count, durations: durations)
    }
  }

  init(name: String, problem: Problem, numbers: [Int], tours: Int) {
    self.name = name
    self.problem = problem
    self.numbers = numbers
    self.tours = tours
  }

  /// Makes a problem, or says in a sentence what the file has wrong.
  static func problem(
    _ path: String, _ activities: [Activity], _ days: [Day], _ travel: Travel, limits: [Limit] = [],
    nights: [Night] = []
  ) throws(BenchmarkError) -> Problem {
    do throws(ProblemError) {
      return try Problem(activities: activities, days: days, travel: travel, limits: limits, nights: nights)
    } catch {
      throw .usage("\(path): \(error.description)")
    }
  }

  /// The file's name without folders and ending.
  static func name(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
  }
}
