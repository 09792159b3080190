/// What there is to plan: activities, days, travel and limits, checked once when it is made.
public struct Problem: Sendable {
  /// Times lie between this and ``timeMax``, so that sums of them fit in 32 bits.
  public static let timeMin = -(1 << 28)
  /// The latest time.
  public static let timeMax = 1 << 28
  /// Prices and uses are not larger.
  public static let amountMax = 1 << 40
  /// Scores and bonuses are not larger, so that mandatory wishes can be worth more than all of them together.
  public static let scoreMax = 1 << 28
  /// The most activities, places or days.
  public static let countMax = 4000

  /// What could be done.
  public let activities: [Activity]
  /// The days to fill.
  public let days: [Day]
  /// What lies between places.
  public let travel: Travel
  /// What there is only so much of.
  public let limits: [Limit]
  /// Activities of which few are wanted.
  public let groups: [ActivityGroup]
  /// Which activity comes before which.
  public let precedences: [Precedence]

  /// A problem.
  ///
  /// - Throws: what does not fit together, with its place.
  public init(
    activities: [Activity], days: [Day], travel: Travel, limits: [Limit] = [], groups: [ActivityGroup] = [],
    precedences: [Precedence] = []
  ) throws(ProblemError) {
    self.activities = activities
    self.days = days
    self.travel = travel
    self.limits = limits
    self.groups = groups
    self.precedences = precedences
    try checkTravel()
    try checkDays()
    for index in activities.indices { try checkActivity(index) }
    try checkRules()
  }

  private func checkTravel() throws(ProblemError) {
    let cells = travel.placeCount * travel.placeCount
    guard (1...Self.countMax).contains(travel.placeCount) else { throw .count(of: "places", travel.placeCount) }
    if let profile = travel.profile {
      try checkProfile(profile, cells: cells)
    } else {
      try checkMatrix(travel.durations, named: "durations", cells: cells, most: Self.timeMax)
    }
    if !travel.fares.isEmpty { try checkMatrix(travel.fares, named: "fares", cells: cells, most: Self.amountMax) }
    if !travel.walks.isEmpty { try checkMatrix(travel.walks, named: "walks", cells: cells, most: Self.amountMax) }
  }

  private func checkProfile(_ profile: Travel.Profile, cells: Int) throws(ProblemError) {
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
    try checkMatrix(profile.durations, named: "profile durations", cells: all, most: Self.timeMax)
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

  private func isPlace(_ place: PlaceIndex) -> Bool { (0..<travel.placeCount).contains(place.position) }
  private func isActivity(_ activity: ActivityIndex) -> Bool { activities.indices.contains(activity.position) }
  private func isTime(_ time: Int) -> Bool { (Self.timeMin...Self.timeMax).contains(time) }
}
