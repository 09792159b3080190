import Planner

/// The best score by trying every order: for problems of a handful of activities, by the words of the problem alone.
struct ExactPlanner {
  let problem: Problem

  /// The greatest sum that any possible plan scores.
  func best() -> Int {
    var done = [Bool](repeating: false, count: problem.activities.count)
    return best(day: 0, place: problem.days[0].start, time: problem.days[0].opens, &done, money: money)
  }

  private var money: Int { problem.limits.first { $0.measure == .money }?.most ?? .max }

  private func travel(_ from: PlaceIndex, _ to: PlaceIndex) -> Int {
    problem.travel.options[0].durations[from.position * problem.travel.placeCount + to.position]
  }

  private func best(day: Int, place: PlaceIndex, time: Int, _ done: inout [Bool], money: Int) -> Int {
    let bounds = problem.days[day]
    guard time + travel(place, bounds.end) <= bounds.closes else { return .min / 2 }
    var most = 0
    if day + 1 < problem.days.count {
      let next = problem.days[day + 1]
      most = best(day: day + 1, place: next.start, time: next.opens, &done, money: money)
    }
    for index in problem.activities.indices where !done[index] {
      let activity = problem.activities[index]
      let variant = activity.variants[0]
      let reached = time + travel(place, activity.place)
      guard variant.price <= money, let start = start(activity, from: reached) else { continue }
      done[index] = true
      let rest = best(
        day: day, place: activity.place, time: start + variant.duration, &done, money: money - variant.price)
      most = max(most, variant.score + rest)
      done[index] = false
    }
    return most
  }

  private func start(_ activity: Activity, from time: Int) -> Int? {
    guard case .everyDay(let windows) = activity.opening else { return time }
    return windows.filter { $0.lastStart >= time }.map { max(time, $0.opens) }.min()
  }
}
