import Kernel
import Planner

/// A week in a city that does not exist, the same for the same seed: 7 days, 150 places, two ways to go, money, meals.
///
/// Places lie in clusters on 12 by 9 kilometres. Public transport takes longer at the rush hours and costs little; a
/// taxi is faster and dear; short ways one walks. Museums close on Mondays, meals have their hours, money does not
/// suffice for all, one walks at most nine kilometres a day, and the fourth museum is worth less than the first.
struct MadeUpWeek {
  private static let placeCount = 150
  private static let departures = (0..<37).map { 21_600 + $0 * 1800 }

  private var random: SeededRandom
  private var points: [(x: Int, y: Int)] = []
  private var activities: [Activity] = []
  private var museums: [ActivityIndex] = []
  private var lunches: [ActivityIndex] = []
  private var dinners: [ActivityIndex] = []

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  /// The week.
  ///
  /// - Throws: `ProblemError` never, as long as this and the planner agree on what a problem is.
  mutating func problem() throws(ProblemError) -> Problem {
    makePoints()
    for place in 1..<Self.placeCount { addActivity(at: place) }
    let day = Day(from: PlaceIndex(0), to: PlaceIndex(0), opens: 32_400, closes: 79_200)
    let days = [
      Day(from: PlaceIndex(1), to: PlaceIndex(0), opens: 46_800, closes: 79_200), day, day, day, day, day,
      Day(from: PlaceIndex(0), to: PlaceIndex(1), opens: 32_400, closes: 57_600),
    ]
    return try Problem(
      activities: activities, days: days, travel: travel(),
      limits: [Limit("money", most: 42_000, of: .money), Limit("walking", most: 9000, per: .day, of: .walking)],
      groups: [ActivityGroup("lunch", lunches, per: .day), ActivityGroup("dinner", dinners, per: .day)],
      varieties: [Variety("museums", museums, losses: [0, 0, 0, 5, 10, 15, 20])])
  }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  private mutating func makePoints() {
    let centres = (0..<6).map { _ in (x: 1500 + below(9000), y: 1500 + below(6000)) }
    points = [(6000, 4500), (1000, 1000)]
    while points.count < Self.placeCount {
      let centre = centres[below(centres.count)]
      points.append((centre.x + below(3000) - 1500, centre.y + below(3000) - 1500))
    }
  }

  private mutating func addActivity(at place: Int) {
    let index = ActivityIndex(activities.count)
    switch place % 5 {
    case 0:
      lunches.append(index)
      add(place, minutes: 45 + below(30), score: 10 + below(25), price: 900 + below(1200), from: 41_400, last: 50_400)
    case 1:
      dinners.append(index)
      add(place, minutes: 60 + below(45), score: 15 + below(30), price: 1500 + below(2500), from: 64_800, last: 72_000)
    case 2:
      museums.append(index)
      let length = 60 + below(90)
      var museum = activity(place, minutes: length, score: 30 + below(60), price: 500 + below(1500))
      museum.variants.append(
        .init(duration: length * 40, score: museum.variants[0].score * 3 / 4, price: museum.variants[0].price))
      let window = StartWindow(opens: 36_000, lastStart: 61_200, closes: 64_800)
      let closed = below(3) == 0 ? 2 : 1
      museum.opening = .eachDay((0..<7).map { $0 == closed ? [] : [window] })
      activities.append(museum)
    case 3:
      add(place, minutes: 20 + below(60), score: 10 + below(40), price: 0, from: 28_800, last: 75_600)
    default:
      add(
        place, minutes: 30 + below(90), score: 15 + below(60), price: below(3) == 0 ? 1000 + below(3000) : 0,
        from: 36_000, last: 57_600)
    }
  }

  private func activity(_ place: Int, minutes: Int, score: Int, price: Int) -> Activity {
    Activity(at: PlaceIndex(place), duration: minutes * 60, score: score, price: price)
  }

  private mutating func add(_ place: Int, minutes: Int, score: Int, price: Int, from: Int, last: Int) {
    var activity = activity(place, minutes: minutes, score: score, price: price)
    activity.opening = .everyDay([StartWindow(opens: from, lastStart: last)])
    activities.append(activity)
  }

  // MARK: Travel

  private func travel() -> Travel {
    var (ride, walks, taxi, fares): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    for departure in Self.departures {
      for from in points { for to in points { ride.append(rideTime(metres(from, to), leaving: departure)) } }
    }
    for from in points {
      for to in points {
        let metres = metres(from, to)
        walks.append(metres < 1200 ? metres : min(metres, 600))
        taxi.append(metres == 0 ? 0 : 240 + metres * 60 / 400)
        fares.append(metres == 0 ? 0 : 500 + metres * 2 / 10)
      }
    }
    let fare = walks.indices.map { walks[$0] < 600 || walks[$0] == 0 ? 0 : 180 }
    return Travel(
      placeCount: points.count,
      options: [
        Travel.Option(
          "public transport", profile: Travel.Profile(departures: Self.departures, durations: ride), fares: fare,
          walks: walks),
        Travel.Option("taxi", durations: taxi, fares: fares),
      ])
  }

  private func metres(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int)) -> Int {
    let (dx, dy) = (from.x - to.x, from.y - to.y)
    return wholeRoot(dx * dx + dy * dy)
  }

  /// On foot below 1,200 metres, at 80 a minute; else by tram, which is slow in the rush hours.
  private func rideTime(_ metres: Int, leaving time: Int) -> Int {
    if metres < 1200 { return metres * 60 / 80 }
    let isRush = (25_200..<34_200).contains(time) || (57_600..<66_600).contains(time)
    return 600 + metres * 60 / (isRush ? 210 : 290)
  }
}
