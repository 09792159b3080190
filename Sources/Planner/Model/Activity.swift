/// Something that could be done: a visit to a museum, a meal, a walk.
///
/// Times are ticks of the day's own axis; a tick is whatever the caller makes it, usually a second after midnight, and
/// an axis may pass 24:00. Scores and prices are whole numbers of the caller's unit.
public struct Activity: Hashable, Sendable {
  /// A way to do it: longer for more, shorter for less.
  public struct Variant: Hashable, Sendable {
    /// How long it takes.
    public var duration: Int
    /// What it is worth.
    public var score: Int
    /// What it costs.
    public var price: Int

    /// A way to do it.
    public init(duration: Int, score: Int, price: Int = 0) {
      self.duration = duration
      self.score = score
      self.price = price
    }
  }

  /// When it may begin.
  public enum Opening: Hashable, Sendable {
    /// At any time of any day.
    case always
    /// Within one of these windows, the same on all days.
    case everyDay([StartWindow])
    /// Within one of the windows of its day; there is one list per day of the problem.
    case eachDay([[StartWindow]])
  }

  /// How much of a limit it uses.
  public struct Use: Hashable, Sendable {
    /// Which limit.
    public var limit: LimitIndex
    /// How much.
    public var amount: Int

    /// A use of a limit.
    public init(of limit: LimitIndex, amount: Int) {
      self.limit = limit
      self.amount = amount
    }
  }

  /// How much of a limit it uses on each day.
  public struct DayUse: Hashable, Sendable {
    /// Which limit.
    public var limit: LimitIndex
    /// How much, by day.
    public var amounts: [Int]

    /// A use of a limit.
    public init(of limit: LimitIndex, amounts: [Int]) {
      self.limit = limit
      self.amounts = amounts
    }
  }

  /// Where it takes place.
  public var place: PlaceIndex
  /// The ways to do it, of which at most one is chosen.
  public var variants: [Variant]
  /// When it may begin.
  public var opening: Opening
  /// What is added to the score on each day (season, weather, crowds); empty for nothing.
  public var dayBonuses: [Int] = []
  /// What is added to the price on each day; empty for nothing.
  public var daySurcharges: [Int] = []
  /// What it uses of limits beside its price.
  public var uses: [Use] = []
  /// What it uses of limits where that depends on the day: one person's price in the season.
  public var dayUses: [DayUse] = []
  /// Whether it is a rest after which one can go on: a meal, a bath.
  public var isRest = false
  /// Whether a plan without it is worse than any plan with it.
  public var isMandatory = false

  /// Something that could be done in several ways.
  public init(at place: PlaceIndex, variants: [Variant], opening: Opening = .always) {
    self.place = place
    self.variants = variants
    self.opening = opening
  }

  /// Something that could be done in one way.
  public init(at place: PlaceIndex, duration: Int, score: Int, price: Int = 0, opening: Opening = .always) {
    self.init(at: place, variants: [Variant(duration: duration, score: score, price: price)], opening: opening)
  }

  /// Keeps it to one day and, if a moment is given, to that moment, and makes it mandatory.
  ///
  /// Its opening hours then no longer matter: whoever pins something knows better.
  public mutating func pin(toDay day: Int, ofDays count: Int, at start: Int? = nil) {
    let free = StartWindow(opens: start ?? Problem.timeMin, lastStart: start ?? Problem.timeMax)
    var windows = [[StartWindow]](repeating: [], count: count)
    if windows.indices.contains(day) {
      switch opening {
      case _ where start != nil: windows[day] = [free]
      case .always: windows[day] = [free]
      case .everyDay(let list): windows[day] = list
      case .eachDay(let lists): windows[day] = day < lists.count ? lists[day] : []
      }
    }
    opening = .eachDay(windows)
    isMandatory = true
  }
}

/// A stretch of a day in which an activity may begin.
public struct StartWindow: Hashable, Sendable {
  /// The earliest start.
  public var opens: Int
  /// The latest start (last admission).
  public var lastStart: Int
  /// When it must have ended.
  public var closes: Int
  /// What beginning within this window adds to the score: hours that are liked better.
  public var bonus: Int

  /// A window.
  public init(opens: Int, lastStart: Int, closes: Int = Problem.timeMax, bonus: Int = 0) {
    self.opens = opens
    self.lastStart = lastStart
    self.closes = closes
    self.bonus = bonus
  }
}
