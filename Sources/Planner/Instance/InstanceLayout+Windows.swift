extension InstanceLayout {
  /// Windows, values and prices by day and node.
  struct Windows {
    var dayStride = 0
    var first: [Int32] = []
    var end: [Int32] = []
    var opens: [Int32] = []
    var closes: [Int32] = []
    var earliestOpen: [Int32] = []
    var latestClose: [Int32] = []
    var value: [Int64] = []
    var price: [Int64] = []
    var hasSeveral = false
  }

  /// More than all scores together, so that one more mandatory wish beats every score.
  var mandatoryValue: Int64 {
    var sum: Int64 = 1
    for activity in problem.activities {
      let best = activity.variants.map(\.score).max() ?? 0
      let windowBonus = bonusMax(of: activity)
      sum += Int64(best + windowBonus + max(0, activity.dayBonuses.max() ?? 0))
    }
    for night in problem.nights { sum += Int64(night.lodgings.map(\.score).max() ?? 0) }
    return sum + mostLost
  }

  /// More than discomfort and repetition can cost.
  private var mostLost: Int64 {
    var sum: Int64 = 0
    for day in problem.days {
      let length = day.closes - day.opens
      for rate in [day.comfort.lateness, day.comfort.waiting, day.comfort.haste] {
        sum += Int64(rate.points(for: length))
      }
    }
    for variety in problem.varieties { sum += Int64(variety.loss(variety.members.count)) }
    return sum
  }

  private func bonusMax(of activity: Activity) -> Int {
    switch activity.opening {
    case .always: 0
    case .everyDay(let list): list.map(\.bonus).max() ?? 0
    case .eachDay(let lists): lists.joined().map(\.bonus).max() ?? 0
    }
  }

  private var isSameEveryDay: Bool {
    let first = problem.days[0]
    return problem.days.allSatisfy { $0.opens == first.opens && $0.closes == first.closes }
      && problem.activities.allSatisfy { activity in
        guard activity.dayBonuses.isEmpty, activity.daySurcharges.isEmpty, activity.dayUses.isEmpty else {
          return false
        }
        if case .eachDay(let lists) = activity.opening { return lists.allSatisfy { $0 == lists[0] } }
        return true
      }
  }

  func windows() -> Windows {
    var result = Windows()
    let isSame = isSameEveryDay
    result.dayStride = isSame ? 0 : origins.count
    let wished = wishes()
    let bonus = mandatoryValue
    for day in problem.days.indices where day == 0 || !isSame {
      for node in origins.indices {
        let origin = origins[node]
        let activity = problem.activities[origin.activity]
        let variant = activity.variants[origin.variant]
        let dayBonus = activity.dayBonuses.isEmpty ? 0 : activity.dayBonuses[day]
        let surcharge = activity.daySurcharges.isEmpty ? 0 : activity.daySurcharges[day]
        let score = variant.score + dayBonus + origin.bonus
        result.value.append(Int64(score) + Int64(wished[origin.activity]) * bonus)
        result.price.append(Int64(variant.price + surcharge))
        // What makes a day worse is not offered on it, unless it is wished for by all means.
        let isOffered = score >= 0 || wished[origin.activity] > 0
        result.add(isOffered ? startWindows(of: origin, on: day) : [])
      }
    }
    return result
  }

  /// How many mandatory wishes an activity keeps.
  func wishes() -> [Int] {
    var result = problem.activities.map { $0.isMandatory ? 1 : 0 }
    for group in problem.groups where group.isMandatory {
      for member in group.members { result[member.position] += 1 }
    }
    return result
  }

  /// When a node may begin on a day: cut to the day, ascending, apart.
  private func startWindows(of origin: Instance.Origin, on day: Int) -> [(opens: Int, closes: Int)] {
    let activity = problem.activities[origin.activity]
    let duration = activity.variants[origin.variant].duration
    let bounds = problem.days[day]
    let windows: [StartWindow]
    switch activity.opening {
    case .always: windows = [StartWindow(opens: Problem.timeMin, lastStart: Problem.timeMax)]
    case .everyDay(let list): windows = list
    case .eachDay(let lists): windows = lists[day]
    }
    let cut = windows.filter { $0.bonus == origin.bonus }.compactMap { window -> (opens: Int, closes: Int)? in
      let opens = max(window.opens, bounds.opens)
      let closes = min(window.lastStart, window.closes - duration, bounds.closes - duration)
      return opens <= closes ? (opens, closes) : nil
    }
    var apart: [(opens: Int, closes: Int)] = []
    for window in cut.sorted(by: { $0 < $1 }) {
      if let last = apart.last, window.opens <= last.closes + 1 {
        apart[apart.count - 1].closes = max(last.closes, window.closes)
      } else {
        apart.append(window)
      }
    }
    return apart
  }
}

extension InstanceLayout.Windows {
  mutating func add(_ windows: [(opens: Int, closes: Int)]) {
    first.append(Int32(opens.count))
    for window in windows {
      opens.append(Int32(window.opens))
      closes.append(Int32(window.closes))
    }
    end.append(Int32(opens.count))
    earliestOpen.append(windows.first.map { Int32($0.opens) } ?? Instance.never)
    latestClose.append(windows.last.map { Int32($0.closes) } ?? Instance.always)
    if windows.count > 1 { hasSeveral = true }
  }
}
