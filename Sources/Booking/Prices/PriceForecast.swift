public import Kernel

/// Where a price will be in some days: an interval, judged by what it would have said before.
///
/// The idea is that departures of one route are alike: what the price did between 30 and 23 days before departures of
/// the past, as a ratio, is what it may do between 30 and 23 days before this one. Of the ratios those count whose
/// price was as dear for its time as this one is, as dear prices come down and cheap ones go up. The interval lies
/// between two of their quantiles, with the correction for few samples that conformal prediction has (Vovk, Gammerman
/// and Shafer, "Algorithmic Learning in a Random World", 2005), so that it holds whatever the prices' distribution, as
/// long as departures are alike.
///
/// They are not quite: prices drift over the year. So the forecast is made for every departure of the past in turn, from
/// what was known by then and nothing else, and the share left outside is adjusted as the outcomes come in (Gibbs and
/// Candès, "Adaptive Conformal Inference Under Distribution Shift", 2021). What share of those intervals held their outcome
/// is the backtest, which the answer carries; with too few of them there is no answer.
///
/// The invariant: nothing that became known after a forecast's day goes into it.
///
/// - Complexity: O(n² log n) for n departures of the past.
public struct PriceForecast: Sendable {
  /// The share of outcomes that an interval is to hold.
  public static let coverageWanted = 0.8
  /// Departures that an interval is made from, at least.
  public static let samplesMin = 30
  /// Departures that it was tried on, at least.
  public static let trialsMin = 20
  /// How far the backtest may be off before nothing is said.
  public static let coverageAccepted = 0.7...0.9
  /// Departures that are looked at, at most: the latest.
  public static let seriesMax = 800

  private let past: [PriceSeries]

  /// A forecast from the past of one route.
  public init(_ past: [PriceSeries]) {
    self.past = Array(past.sorted { $0.date < $1.date }.suffix(PriceForecast.seriesMax))
  }

  /// Where a price will lie.
  public struct Answer: Hashable, Sendable {
    /// The lower end, in minor units.
    public let low: Int64
    /// As likely above as below.
    public let middle: Int64
    /// The upper end.
    public let high: Int64
    /// Departures that the interval is made from.
    public let samples: Int
    /// Departures that it was tried on.
    public let trials: Int
    /// The share of them whose outcome the interval held.
    public let coverage: Double
  }

  /// Why nothing is said.
  public enum Refusal: Error, Hashable, Sendable {
    /// Departures like this one that are known, of those that it takes.
    case tooFew(known: Int, needed: Int)
    /// What would have been said before was wrong too often, or too vague.
    case failed(coverage: Double, trials: Int)
  }

  /// What is asked.
  public struct Question: Hashable, Sendable {
    /// The day it is about.
    public let date: LocalDate
    /// The day it is asked on.
    public let today: LocalDate
    /// The price today, in minor units.
    public let price: Int64
    /// How many days ahead.
    public let ahead: Int

    /// A question.
    public init(_ date: LocalDate, on today: LocalDate, price: Int64, ahead: Int) {
      self.date = date
      self.today = today
      self.price = price
      self.ahead = ahead
    }

    var daysLeft: Int { today.days(until: date) }
  }

  /// Where the price will be.
  ///
  /// - Throws: ``Refusal``.
  /// - Precondition: the day asked for lies between today and the departure.
  public func answer(_ question: Question) throws(Refusal) -> Answer {
    precondition(question.ahead > 0 && question.ahead <= question.daysLeft, "a forecast is for a day before departure")
    let known = samples(daysLeft: question.daysLeft, ahead: question.ahead).filter { $0.known <= question.today }
    let test = Backtest(known)
    guard known.count >= PriceForecast.samplesMin else {
      throw .tooFew(known: known.count, needed: PriceForecast.samplesMin)
    }
    guard test.trials.count >= PriceForecast.trialsMin else {
      throw .tooFew(known: known.count, needed: known.count + PriceForecast.trialsMin - test.trials.count)
    }
    guard PriceForecast.coverageAccepted.contains(test.coverage) else {
      throw .failed(coverage: test.coverage, trials: test.trials.count)
    }
    let span = RatioSpan(known, price: Double(question.price), outside: test.outside)
    func scaled(_ ratio: Double) -> Int64 { Int64((Double(question.price) * ratio).rounded()) }
    return Answer(
      low: scaled(span.low), middle: scaled(span.middle), high: scaled(span.high), samples: span.count,
      trials: test.trials.count, coverage: test.coverage)
  }

  /// What departures of the past did over the same days before.
  func samples(daysLeft: Int, ahead: Int) -> [Sample] {
    let tolerance = max(1, ahead / 4)
    return past.compactMap { series in
      guard let now = series.point(daysLeft, within: max(1, daysLeft / 10)),
        let then = series.point(now.daysLeft - ahead, within: tolerance), then.daysLeft < now.daysLeft
      else { return nil }
      return Sample(
        asked: series.date.adding(days: -now.daysLeft), known: series.date.adding(days: -then.daysLeft),
        price: Double(now.price), ratio: Double(then.price) / Double(now.price))
    }.sorted { $0.asked < $1.asked }
  }

  /// What one departure's price did.
  struct Sample: Sendable {
    /// The day from which it is looked ahead.
    let asked: LocalDate
    /// The day on which the outcome was known.
    let known: LocalDate
    /// The price on the first.
    let price: Double
    /// The outcome, as a share of that.
    let ratio: Double
  }
}

/// An interval of ratios, from samples of the past.
struct RatioSpan {
  let low: Double
  let middle: Double
  let high: Double
  let count: Int

  /// The span that leaves a share outside, half of it at each end.
  ///
  /// Of many samples the third counts whose prices were nearest to the one asked about.
  init(_ samples: [PriceForecast.Sample], price: Double, outside: Double) {
    var chosen = samples
    let wanted = max(PriceForecast.samplesMin, samples.count / 3)
    if samples.count > wanted {
      let near = samples.map { (distance: abs($0.price - price), sample: $0) }.sorted { $0.distance < $1.distance }
      chosen = near.prefix(wanted).map(\.sample)
    }
    let ratios = chosen.map(\.ratio).sorted()
    low = RatioSpan.quantile(ratios, outside / 2)
    middle = RatioSpan.quantile(ratios, 0.5)
    high = RatioSpan.quantile(ratios, 1 - outside / 2)
    count = ratios.count
  }

  /// The quantile that a further sample lies below with this chance: the (n+1)p-th, between neighbours in proportion.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = min(max(share * Double(sorted.count + 1) - 1, 0), Double(sorted.count - 1))
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}

/// Forecasts for every departure of the past in turn, each from what was known by then.
struct Backtest {
  /// One of them.
  struct Trial {
    let low: Double
    let high: Double
    let outcome: Double

    var holds: Bool { (low...high).contains(outcome) }
  }

  /// How fast the share left outside follows the outcomes.
  private static let pace = 0.02
  private static let outsideLimits = 0.04...0.5

  private(set) var trials: [Trial] = []
  /// The share to leave outside next.
  private(set) var outside = 1 - PriceForecast.coverageWanted

  /// Tries samples in the order in which they are asked.
  init(_ samples: [PriceForecast.Sample]) {
    var waiting: [(known: LocalDate, holds: Bool)] = []
    for sample in samples {
      for outcome in waiting where outcome.known <= sample.asked { learn(outcome.holds) }
      waiting.removeAll { $0.known <= sample.asked }
      let known = samples.filter { $0.known <= sample.asked }
      guard known.count >= PriceForecast.samplesMin else { continue }
      let span = RatioSpan(known, price: sample.price, outside: outside)
      let trial = Trial(low: span.low, high: span.high, outcome: sample.ratio)
      trials.append(trial)
      waiting.append((sample.known, trial.holds))
    }
    for outcome in waiting { learn(outcome.holds) }
  }

  /// The share of outcomes that lay within.
  var coverage: Double {
    trials.isEmpty ? 0 : Double(trials.count { $0.holds }) / Double(trials.count)
  }

  private mutating func learn(_ holds: Bool) {
    let missed = holds ? 0.0 : 1.0
    outside += Backtest.pace * (1 - PriceForecast.coverageWanted - missed)
    outside = min(max(outside, Backtest.outsideLimits.lowerBound), Backtest.outsideLimits.upperBound)
  }
}
