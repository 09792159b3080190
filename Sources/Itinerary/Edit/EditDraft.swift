import Catalogue
import Kernel
import Planner

/// What may stand on the days of a stay after a change: what is there already, less what goes, and what is wanted.
struct EditDraft {
  /// Something that may be there.
  struct Candidate {
    var visit: KeptVisit
    /// The day on which it was; nil for what comes in.
    var oldDay: Int?
    /// The day on which it must be; nil for any.
    var day: Int?
    /// When it must begin; nil for any time.
    var start: Int?
    /// The change asks for it.
    var isWanted = false
    /// The traveller asked for it from the beginning.
    var isMust = false
    let sight: Sight?

    var isMandatory: Bool { isWanted || isMust || start != nil }
    var duration: Int { visit.end - visit.start }
  }

  /// What it adds to the score to begin when it did.
  private static let sameTimeBonus = 100
  /// What is of one's own is worth as much as a good sight.
  private static let ownScore = 600
  private static let mealScore = 60

  let days: [StayProblem.OpenDay]
  private(set) var candidates: [Candidate] = []
  private(set) var precedences: [Precedence] = []
  private(set) var removed: [Int] = []
  private let lodging: Coordinate
  private let request: TripRequest
  private let sights: [String: Sight]
  private var nextActivity: Int

  init(
    _ stay: KeptStay, _ ground: TripGround, _ request: TripRequest, days: [StayProblem.OpenDay], nextActivity: Int
  ) {
    lodging = stay.lodging
    self.request = request
    self.days = days
    self.nextActivity = nextActivity
    sights = Dictionary(
      (ground.catalogue.sights[stay.city] ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for day in stay.days {
      let index = days.firstIndex { $0.date == day.date }
      for visit in day.visits { candidates.append(candidate(visit, on: index)) }
    }
  }

  private func candidate(_ visit: KeptVisit, on day: Int?) -> Candidate {
    var sight: Sight?
    if case .sight(let id) = visit.kind { sight = sights[id] }
    var candidate = Candidate(visit: visit, oldDay: day, sight: sight)
    if visit.isPinned || visit.kind == .appointment { (candidate.day, candidate.start) = (day, visit.start) }
    // A meal of another day would be one too many there.
    if visit.kind == .meal { candidate.day = day }
    candidate.isMust = sight.map { request.mustSee.contains($0.id) } ?? false
    return candidate
  }

  // MARK: The change

  mutating func apply(_ change: StayChange) throws(EditError) {
    switch change {
    case .day(let date, let wanted): try set(date, wanted)
    case .add(let wanted, let date):
      let day = try date.map { (date) throws(EditError) in try index(of: date) }
      if case .sight(let sight) = wanted.what,
        let known = candidates.first(where: { $0.visit.kind == .sight(sight.id) })
      {
        throw .already(name: sight.name, activity: known.visit.activity)
      }
      _ = try want(wanted, on: day)
    case .remove(let number):
      guard let place = candidates.firstIndex(where: { $0.visit.activity == number }) else { throw .noActivity(number) }
      removed.append(number)
      candidates.remove(at: place)
    }
  }

  private mutating func set(_ date: LocalDate, _ wanted: [WantedVisit]) throws(EditError) {
    let day = try index(of: date)
    func isNamed(_ candidate: Candidate) -> Bool {
      wanted.contains {
        switch $0.what {
        case .kept(let number): candidate.visit.activity == number
        case .sight(let sight): candidate.visit.kind == .sight(sight.id)
        case .own: false
        }
      }
    }
    let gone = candidates.filter { $0.oldDay == day && !isNamed($0) }.map(\.visit.activity)
    removed += gone
    candidates.removeAll { gone.contains($0.visit.activity) }
    var before: Int?
    for visit in wanted {
      let place = try want(visit, on: day)
      if let before { precedences.append(Precedence(ActivityIndex(before), before: ActivityIndex(place))) }
      before = place
    }
  }

  private func index(of date: LocalDate) throws(EditError) -> Int {
    guard let index = days.firstIndex(where: { $0.date == date }) else { throw .noDay(date, days: days.map(\.date)) }
    return index
  }

  /// Makes something wanted, and gives its place among the candidates.
  private mutating func want(_ wanted: WantedVisit, on day: Int?) throws(EditError) -> Int {
    let place = try place(of: wanted)
    guard !candidates[place].isWanted else { throw .twice(name: candidates[place].visit.name) }
    candidates[place].isWanted = true
    // What has its time keeps it on its day; elsewhere it has none until somebody says so.
    if let day, candidates[place].day != day { (candidates[place].day, candidates[place].start) = (day, nil) }
    if let start = wanted.start {
      candidates[place].start = start
      candidates[place].visit.isPinned = true
    }
    if let minutes = wanted.minutes {
      candidates[place].visit.end = candidates[place].visit.start + minutes * 60
    }
    return place
  }

  private mutating func place(of wanted: WantedVisit) throws(EditError) -> Int {
    let kind: (KeptVisit.Kind, name: String, Coordinate, seconds: Int, Sight?)
    switch wanted.what {
    case .kept(let number):
      guard let place = candidates.firstIndex(where: { $0.visit.activity == number }) else { throw .noActivity(number) }
      return place
    case .sight(let sight):
      // What is called by its name may be there already.
      if let place = candidates.firstIndex(where: { $0.visit.kind == .sight(sight.id) }) { return place }
      kind = (.sight(sight.id), sight.name, sight.point, request.visitSeconds(sight), sight)
    case .own(let name, let point): kind = (.own, name, point, 3600, nil)
    }
    let visit = KeptVisit(
      activity: nextActivity, kind: kind.0, name: kind.name, point: kind.2, start: 0, end: kind.seconds, isPinned: false
    )
    nextActivity += 1
    candidates.append(Candidate(visit: visit, oldDay: nil, sight: kind.4))
    return candidates.count - 1
  }

  // MARK: Hours

  /// What is wanted must be open on its day, at its time.
  func checkOpening() throws(EditError) {
    for candidate in candidates where candidate.isWanted {
      let name = candidate.visit.name
      let hours = candidate.sight?.hours ?? ""
      let offers = candidate.day.map { [$0] } ?? Array(days.indices)
      let windows = offers.map { self.windows(candidate, on: $0) }
      guard zip(offers, windows).contains(where: { overlap($0.1, 0..<86_400) && overlap($0.1, span(of: $0.0)) }) else {
        guard let day = candidate.day else { throw .closedAlways(name: name, hours: hours) }
        if overlap(windows[0], 0..<86_400) {
          throw .outsideDay(name: name, days[day].date, opens: days[day].opens, closes: days[day].closes)
        }
        throw .closed(name: name, days[day].date, hours: hours)
      }
      guard let start = candidate.start, let day = candidate.day else { continue }
      let end = start + candidate.duration
      guard windows[0].contains(where: { $0.opens <= start && start <= $0.lastStart && end <= $0.closes }) else {
        throw .notOpen(name: name, days[day].date, start: start, hours: hours)
      }
      guard start >= days[day].opens, end <= days[day].closes else {
        throw .outsideDay(name: name, days[day].date, opens: days[day].opens, closes: days[day].closes)
      }
    }
  }

  private func span(of day: Int) -> Range<Int> { days[day].opens..<days[day].closes }

  /// Whether any window has a start within a span; those of the night before and the day after are windows too.
  private func overlap(_ windows: [StartWindow], _ span: Range<Int>) -> Bool {
    windows.contains { $0.opens < span.upperBound && min($0.lastStart, $0.closes) > span.lowerBound }
  }

  /// When it may begin on a day.
  private func windows(_ candidate: Candidate, on day: Int) -> [StartWindow] {
    let always = StartWindow(opens: Problem.timeMin, lastStart: Problem.timeMax)
    if candidate.visit.kind == .meal { return [mealWindow(candidate)] }
    guard let sight = candidate.sight, !sight.hours.isEmpty, let hours = try? OpeningHours(sight.hours) else {
      // Hours that cannot be read are no reason to leave a sight out, as when it was planned.
      return [always]
    }
    return hours.startWindows(on: days[day].date, in: OpeningContext(sun: nil))
  }

  private func mealWindow(_ candidate: Candidate) -> StartWindow {
    // As when it was planned; what somebody moved may stay where it is.
    let usual =
      candidate.visit.start < 16 * 3600 ? (opens: 41_400, last: 50_400) : (opens: 64_800, last: 73_800)
    guard let start = candidate.start else { return StartWindow(opens: usual.opens, lastStart: usual.last) }
    return StartWindow(opens: min(usual.opens, start), lastStart: max(usual.last, start))
  }

  /// The latest moment up to a bound at which it may begin on a day.
  func latestStart(_ place: Int, on day: Int, by bound: Int) -> Int {
    let candidate = candidates[place]
    if let start = candidate.start { return start }
    return windows(candidate, on: day).map { window in
      let latest = min(window.lastStart, window.closes - candidate.duration, bound)
      return latest >= window.opens ? latest : Int.min
    }.max() ?? Int.min
  }

  /// When it begins, between two moments: when it did on the day, to the minute, else as early as it can.
  func start(_ place: Int, on day: Int, from earliest: Int, by latest: Int) -> Int? {
    let candidate = candidates[place]
    if let start = candidate.start { return start }
    func first(from moment: Int) -> Int? {
      windows(candidate, on: day).compactMap { window in
        let start = max(moment, window.opens)
        return start <= min(window.lastStart, window.closes - candidate.duration, latest) ? start : nil
      }.min()
    }
    if candidate.oldDay == day, let same = first(from: max(earliest, candidate.visit.start)),
      same < candidate.visit.start + 60
    {
      return same
    }
    return first(from: earliest)
  }

  // MARK: Places

  /// The lodging, and each place where something may be done, once: between things at one place there is no way.
  var points: [Coordinate] {
    var points = [lodging]
    for candidate in candidates where !points.contains(candidate.visit.point) { points.append(candidate.visit.point) }
    return points
  }

  /// Where among the points each may be done.
  func places(_ points: [Coordinate]) -> [Int] {
    candidates.map { candidate in points.firstIndex(of: candidate.visit.point) ?? 0 }
  }

  // MARK: The problem

  /// What may be done, each in one way, as the planner wants it.
  func activities(_ prices: [Money], at places: [Int]) -> [Activity] {
    candidates.indices.map { number in
      let (candidate, price) = (candidates[number], prices[number])
      let score =
        switch candidate.visit.kind {
        case .sight: sightScore(candidate)
        case .meal: Self.mealScore
        case .appointment: 1000
        case .own: Self.ownScore
        }
      var activity = Activity(
        at: PlaceIndex(places[number]), duration: candidate.duration, score: score, price: Int(price.minorUnits),
        opening: .eachDay(days.indices.map { offered(candidate, on: $0) }))
      if let start = candidate.start, let day = candidate.day {
        activity.pin(toDay: day, ofDays: days.count, at: start)
      }
      activity.isMandatory = candidate.isMandatory
      return activity
    }
  }

  /// The windows of a day, the minute in which it began before among them: times are kept to the minute.
  private func offered(_ candidate: Candidate, on day: Int) -> [StartWindow] {
    if let only = candidate.day, only != day { return [] }
    let windows = windows(candidate, on: day)
    guard candidate.oldDay == day, candidate.start == nil else { return windows }
    let start = candidate.visit.start
    return windows
      + windows.filter { $0.opens <= start && start <= $0.lastStart }.map {
        StartWindow(
          opens: start, lastStart: min(start + 59, $0.lastStart), closes: $0.closes, bonus: Self.sameTimeBonus)
      }
  }

  private func sightScore(_ candidate: Candidate) -> Int {
    guard let sight = candidate.sight else { return 300 }
    let isShort = candidate.duration < request.visitSeconds(sight) * 9 / 10
    return request.worth(of: sight) * (isShort ? 7 : 10)
  }

  /// What is there already, by day, in order.
  var keptVisits: [[(activity: ActivityIndex, start: Int)]] {
    days.indices.map { day in
      candidates.indices.filter { candidates[$0].oldDay == day }
        .sorted { candidates[$0].visit.start < candidates[$1].visit.start }
        .map { (ActivityIndex($0), candidates[$0].visit.start) }
    }
  }

  /// What the change came to.
  func repair(days: [StayRepair.Day], _ tickets: Money, _ repair: Repair?) -> StayRepair {
    func numbers(_ list: [ActivityIndex]?) -> [Int] { (list ?? []).map { candidates[$0.position].visit.activity } }
    let score = (repair?.plan.activities.joined()).map { present in
      present.reduce(0) { sum, activity in
        let candidate = candidates[activity.position]
        guard case .sight = candidate.visit.kind else { return sum }
        return sum + sightScore(candidate)
      }
    }
    let fares = days.flatMap { $0.visits.map(\.taxiBefore) + [$0.taxiAfter] }.compactMap(\.self)
    let taxis = Money(minorUnits: fares.reduce(0) { $0 + $1.minorUnits }, request.currency)
    return StayRepair(
      days: days, score: (score ?? 0) / 10, tickets: tickets, taxis: taxis, kept: numbers(repair?.kept),
      moved: numbers(repair?.moved), dropped: numbers(repair?.dropped), added: numbers(repair?.added), removed: removed)
  }
}
