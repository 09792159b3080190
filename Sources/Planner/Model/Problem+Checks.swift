extension Problem {
  /// Whether everything fits together.
  func check() throws(ProblemError) {
    try checkTravel()
    try checkDays()
    for index in activities.indices { try checkActivity(index) }
    try checkRules()
    try checkNights()
    try checkVarieties()
  }

  private func checkTravel() throws(ProblemError) {
    let cells = travel.placeCount * travel.placeCount
    guard (1...Self.countMax).contains(travel.placeCount) else { throw .count(of: "places", travel.placeCount) }
    guard (1...Self.optionsMax).contains(travel.options.count) else { throw .options(travel.options.count) }
    for (index, option) in travel.options.enumerated() {
      let suffix = travel.options.count > 1 ? " of option \(index)" : ""
      if let profile = option.profile {
        try checkProfile(profile, cells: cells, suffix)
      } else {
        try checkMatrix(option.durations, named: "durations" + suffix, cells: cells, most: Self.timeMax)
      }
      for (name, matrix) in [("fares", option.fares), ("walks", option.walks)] where !matrix.isEmpty {
        try checkMatrix(matrix, named: name + suffix, cells: cells, most: Self.amountMax)
      }
    }
  }

  private func checkProfile(_ profile: Travel.Profile, cells: Int, _ suffix: String) throws(ProblemError) {
    let departures = profile.departures
    guard departures.count >= 2, departures.count <= 1000 else { throw .departures }
    let width = departures[1] - departures[0]
    guard width > 0, departures[0] >= Self.timeMin, departures[departures.count - 1] <= Self.timeMax else {
      throw .departures
    }
    for index in departures.indices.dropFirst() where departures[index] - departures[index - 1] != width {
      throw .departures
    }
    let all = cells * departures.count
    try checkMatrix(profile.durations, named: "profile durations" + suffix, cells: all, most: Self.timeMax)
  }

  private func checkMatrix(_ values: [Int], named name: String, cells: Int, most: Int) throws(ProblemError) {
    guard values.count == cells else { throw .matrixSize(name: name, found: values.count, needed: cells) }
    for (cell, value) in values.enumerated() where !(0...most).contains(value) {
      throw .matrixValue(name: name, cell: cell, value: value)
    }
  }

  private func checkDays() throws(ProblemError) {
    guard (1...Self.countMax).contains(days.count) else { throw .count(of: "days", days.count) }
    for (index, day) in days.enumerated() {
      guard isPlace(day.start), isPlace(day.end) else { throw .dayPlace(day: index) }
      guard isTime(day.opens), isTime(day.closes), day.opens <= day.closes else { throw .dayTimes(day: index) }
      let comfort = day.comfort
      guard [comfort.lateness, comfort.waiting, comfort.haste].allSatisfy({ isRate($0) }),
        isTime(comfort.lateFrom), isTime(comfort.restAfter), (0...Self.timeMax).contains(comfort.restLasts)
      else { throw .comfort(day: index) }
    }
  }

  private func checkActivity(_ index: Int) throws(ProblemError) {
    let activity = activities[index]
    let name = ActivityIndex(index)
    guard activities.count <= Self.countMax else { throw .count(of: "activities", activities.count) }
    guard isPlace(activity.place) else { throw .activityPlace(name) }
    guard (1...16).contains(activity.variants.count) else { throw .variants(name) }
    for variant in activity.variants {
      guard (0...Self.timeMax).contains(variant.duration), (0...Self.scoreMax).contains(variant.score),
        (0...Self.amountMax).contains(variant.price)
      else { throw .variants(name) }
    }
    for list in [activity.dayBonuses, activity.daySurcharges] where !list.isEmpty {
      guard list.count == days.count, list.allSatisfy({ abs($0) <= Self.amountMax }) else { throw .dayLists(name) }
    }
    guard activity.dayBonuses.allSatisfy({ abs($0) <= Self.scoreMax }) else { throw .dayLists(name) }
    for use in activity.uses {
      guard limits.indices.contains(use.limit.position), (0...Self.amountMax).contains(use.amount) else {
        throw .use(name, of: use.limit)
      }
    }
    for use in activity.dayUses {
      guard limits.indices.contains(use.limit.position), use.amounts.count == days.count,
        use.amounts.allSatisfy({ (0...Self.amountMax).contains($0) })
      else { throw .use(name, of: use.limit) }
    }
    try checkWindows(of: activity, name)
  }

  private func checkWindows(of activity: Activity, _ name: ActivityIndex) throws(ProblemError) {
    let lists: [[StartWindow]]
    switch activity.opening {
    case .always: lists = []
    case .everyDay(let list): lists = [list]
    case .eachDay(let all):
      guard all.count == days.count else { throw .windowLists(name, found: all.count, needed: days.count) }
      lists = all
    }
    for window in lists.joined() {
      guard isTime(window.opens), isTime(window.lastStart), isTime(window.closes),
        (0...Self.scoreMax).contains(window.bonus)
      else { throw .window(name, window) }
    }
  }

  private func checkRules() throws(ProblemError) {
    guard limits.count + groups.count <= Self.countMax else {
      throw .count(of: "limits and groups", limits.count + groups.count)
    }
    for (index, limit) in limits.enumerated() where !(0...(Self.amountMax * 1000)).contains(limit.most) {
      throw .limit(LimitIndex(index))
    }
    for (index, limit) in limits.enumerated() {
      if case .fares(let people) = limit.measure, people < 1 { throw .limit(LimitIndex(index)) }
    }
    for (index, group) in groups.enumerated() {
      guard group.most >= 0, group.members.allSatisfy({ isActivity($0) }),
        Set(group.members).count == group.members.count
      else { throw .group(index) }
    }
    for (index, precedence) in precedences.enumerated() {
      guard isActivity(precedence.first), isActivity(precedence.second), precedence.first != precedence.second else {
        throw .precedence(index)
      }
    }
  }

  private func checkNights() throws(ProblemError) {
    for (index, night) in nights.enumerated() {
      guard night.day >= 0, night.day + 1 < days.count, !nights[..<index].contains(where: { $0.day == night.day })
      else { throw .nightDay(night: index) }
      guard (1...1000).contains(night.lodgings.count), Set(night.lodgings.map(\.place)).count == night.lodgings.count,
        night.lodgings.allSatisfy({
          isPlace($0.place) && (0...Self.amountMax).contains($0.price) && (0...Self.scoreMax).contains($0.score)
        })
      else { throw .lodgings(night: index) }
    }
  }

  private func checkVarieties() throws(ProblemError) {
    guard varieties.count <= Self.countMax else { throw .count(of: "varieties", varieties.count) }
    for (index, variety) in varieties.enumerated() {
      guard variety.members.allSatisfy({ isActivity($0) }), Set(variety.members).count == variety.members.count,
        variety.losses.allSatisfy({ (0...Self.scoreMax).contains($0) }),
        zip(variety.losses, variety.losses.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw .variety(index) }
    }
  }

  private func isRate(_ rate: Comfort.Rate) -> Bool {
    (0...Self.scoreMax).contains(rate.points) && (1...Self.timeMax).contains(rate.ticks)
  }

  private func isPlace(_ place: PlaceIndex) -> Bool { (0..<travel.placeCount).contains(place.position) }
  private func isActivity(_ activity: ActivityIndex) -> Bool { activities.indices.contains(activity.position) }
  private func isTime(_ time: Int) -> Bool { (Self.timeMin...Self.timeMax).contains(time) }
}
