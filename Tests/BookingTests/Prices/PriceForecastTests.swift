import Kernel
import TestPace
import Testing

@testable import Booking

/// Forecasts of prices, on series whose law is known.
@Suite("Forecasts of prices", .heavy)
struct PriceForecastTests {
  /// How a price goes from day to day before a departure.
  enum Law: String, CaseIterable, Sendable {
    /// A walk by chance that rises in the last ten days.
    case drift
    /// It is drawn back to what is usual.
    case reverting
  }

  private static let first = LocalDate(daysSinceEpoch: 20_000)
  private static let daysBefore = 60

  /// A normal number, nearly: the sum of twelve even ones.
  private static func normal(_ random: inout SeededRandom) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
  }

  /// One departure's prices, from 60 days before on.
  private static func series(_ law: Law, _ number: Int, _ random: inout SeededRandom) -> PriceSeries {
    var price = 20_000.0 * (1 + 0.1 * normal(&random))
    var points: [PriceSeries.Point] = []
    for left in stride(from: daysBefore, through: 0, by: -1) {
      points.append(PriceSeries.Point(daysLeft: left, price: Int64(max(price, 1000))))
      switch law {
      case .drift: price *= 1 + 0.02 * normal(&random) + (left <= 10 ? 0.03 : 0)
      case .reverting: price += 0.3 * (20_000 - price) + 1200 * normal(&random)
      }
    }
    return PriceSeries(first.adding(days: number), points)
  }

  private static func world(_ law: Law, seed: UInt64, days: Int) -> [PriceSeries] {
    var random = SeededRandom(seed: seed)
    return (0..<days).map { series(law, $0, &random) }
  }

  /// What an interval loses: the pinball loss at its two ends.
  private static func loss(_ low: Double, _ high: Double, _ outcome: Double) -> Double {
    let below = outcome < low ? (low - outcome) * 0.9 : (outcome - low) * 0.1
    let above = outcome > high ? (outcome - high) * 0.9 : (high - outcome) * 0.1
    return below + above
  }

  @Test(
    "the interval holds four of five outcomes it has not seen, and loses less than that prices stay",
    arguments: Law.allCases)
  func coverage(_ law: Law) throws {
    var (held, asked) = (0, 0)
    var (ours, naive) = (0.0, 0.0)
    for seed in UInt64(1)...3 {
      let world = Self.world(law, seed: seed, days: 330)
      for (left, ahead) in [(30, 7), (12, 7), (40, 14), (5, 3)] {
        for target in stride(from: 200, to: 330, by: 3) {
          let date = Self.first.adding(days: target)
          let today = date.adding(days: -left)
          let past = world.enumerated().filter { $0.offset != target }.map(\.element)
          let points = world[target].points
          let (now, then) = (points[Self.daysBefore - left].price, points[Self.daysBefore - left + ahead].price)
          let answer = try PriceForecast(past).answer(.init(date, on: today, price: now, ahead: ahead))
          asked += 1
          if (answer.low...answer.high).contains(then) { held += 1 }
          ours += Self.loss(Double(answer.low), Double(answer.high), Double(then)) / Double(now)
          let width = Self.constantWidth(world.prefix(target - Self.daysBefore))
          naive += Self.loss(Double(now) * (1 - width), Double(now) * (1 + width), Double(then)) / Double(now)
        }
      }
    }
    let share = Double(held) / Double(asked)
    print(
      "\(law.rawValue): \(held) of \(asked) held (\(share)); loss \(ours / Double(asked)), staying \(naive / Double(asked))"
    )
    #expect((0.75...0.85).contains(share))
    #expect(ours < naive)
  }

  /// The width around "it stays" that would have held four of five of the same questions before.
  private static func constantWidth(_ past: ArraySlice<PriceSeries>) -> Double {
    var moves: [Double] = []
    for series in past.suffix(100) {
      for (left, ahead) in [(30, 7), (12, 7), (40, 14), (5, 3)] {
        let points = series.points
        let (now, then) = (points[daysBefore - left].price, points[daysBefore - left + ahead].price)
        moves.append(abs(Double(then) / Double(now) - 1))
      }
    }
    moves.sort()
    return moves[moves.count * 4 / 5]
  }

  @Test("the backtest that an answer carries is near what it will hold")
  func backtest() throws {
    let world = Self.world(.drift, seed: 9, days: 400)
    let date = Self.first.adding(days: 400)
    let answer = try PriceForecast(world).answer(
      .init(date, on: date.adding(days: -20), price: 20_000, ahead: 7))
    #expect((0.75...0.85).contains(answer.coverage), "\(answer)")
    #expect(answer.trials > 200 && answer.low < answer.middle && answer.middle < answer.high)
  }

  @Test("nothing that became known after the day of the question goes into the answer")
  func noLookingAhead() throws {
    var world = Self.world(.reverting, seed: 5, days: 300)
    let date = Self.first.adding(days: 200)
    let today = date.adding(days: -20)
    let question = PriceForecast.Question(date, on: today, price: 21_000, ahead: 7)
    let answer = try PriceForecast(world).answer(question)
    // Whatever happened later is changed beyond recognition.
    world = world.map { series in
      PriceSeries(
        series.date,
        series.points.map { point in
          let day = series.date.adding(days: -point.daysLeft)
          return day > today ? .init(daysLeft: point.daysLeft, price: 999_999) : point
        })
    }
    #expect(try PriceForecast(world).answer(question) == answer)
  }

  @Test("with too few departures nothing is said, and it is told how many it takes")
  func tooFew() {
    let world = Self.world(.drift, seed: 2, days: 20)
    let date = Self.first.adding(days: 30)
    #expect(throws: PriceForecast.Refusal.tooFew(known: 20, needed: 30)) {
      try PriceForecast(world).answer(.init(date, on: date.adding(days: -2), price: 20_000, ahead: 1))
    }
    #expect(throws: PriceForecast.Refusal.tooFew(known: 0, needed: 30)) {
      try PriceForecast([]).answer(.init(date, on: date.adding(days: -2), price: 20_000, ahead: 1))
    }
  }

  @Test("where departures are nothing alike, the forecast fails its own test and is not told")
  func failing() {
    // Each departure of the second year moves ten times as far as the one before it said it would.
    let world = (0..<120).map { number in
      let move = 1 + Double(number) * Double(number) / 400
      return PriceSeries(
        Self.first.adding(days: number),
        (0...30).map { .init(daysLeft: $0, price: Int64(20_000 * ($0 < 10 ? move : 1))) })
    }
    let date = Self.first.adding(days: 150)
    do {
      let answer = try PriceForecast(world).answer(.init(date, on: date.adding(days: -12), price: 20_000, ahead: 7))
      Issue.record("\(answer)")
    } catch {
      guard case .failed(let coverage, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(coverage < 0.7)
    }
  }
}
