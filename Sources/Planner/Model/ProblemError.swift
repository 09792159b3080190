/// Why something is no problem that could be planned.
public enum ProblemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are none or too many of something.
  case count(of: String, Int)
  /// A matrix of travel has the wrong size.
  case matrixSize(name: String, found: Int, needed: Int)
  /// A matrix of travel has a value out of range.
  case matrixValue(name: String, cell: Int, value: Int)
  /// The departures of a travel profile are not ascending by equal steps.
  case departures
  /// A day begins or ends at no place.
  case dayPlace(day: Int)
  /// A day ends before it begins.
  case dayTimes(day: Int)
  /// A day is too short even for going from its start to its end.
  case dayTooShort(day: Int)
  /// An activity is at no place.
  case activityPlace(ActivityIndex)
  /// An activity has no variant or one out of range.
  case variants(ActivityIndex)
  /// An activity's bonuses or surcharges are not one per day.
  case dayLists(ActivityIndex)
  /// An activity's windows are not one list per day.
  case windowLists(ActivityIndex, found: Int, needed: Int)
  /// A window is out of range.
  case window(ActivityIndex, StartWindow)
  /// A use names no limit or is out of range.
  case use(ActivityIndex, of: LimitIndex)
  /// A limit is out of range.
  case limit(LimitIndex)
  /// A group names no activity, or one twice.
  case group(Int)
  /// A precedence names no activity, or one twice.
  case precedence(Int)
  /// There is no way to go, or there are too many.
  case options(Int)
  /// A day's wishes are out of range.
  case comfort(day: Int)
  /// A night does not lie between two days, or another lies there already.
  case nightDay(night: Int)
  /// A night has no lodging, one out of range or two at one place.
  case lodgings(night: Int)
  /// A variety names no activity, one twice, or its losses fall.
  case variety(Int)
  /// There are not as many dates as days.
  case dates(found: Int, needed: Int)
  /// No choice of lodgings makes every day possible.
  case nowhereToSleep

  /// One sentence with the place and the mend.
  public var description: String {
    switch self {
    case .count(let what, let count):
      "there are \(count) \(what); a problem has 1 to \(Problem.countMax)"
    case .matrixSize(let name, let found, let needed):
      "the \(name) of travel have \(found) cells; give \(needed), row by row"
    case .matrixValue(let name, let cell, let value):
      "cell \(cell) of the \(name) of travel is \(value); it must not be negative nor so large"
    case .departures: "the departures of the travel profile must ascend by equal steps, 2 to 1000 of them"
    case .dayPlace(let day): "day \(day) begins or ends at a place that travel does not know"
    case .dayTimes(let day): "day \(day) must close at or after it opens, both within range"
    case .dayTooShort(let day): "day \(day) is too short, or its limits too tight, to go from its start to its end"
    case .activityPlace(let index): "activity \(index.position) is at a place that travel does not know"
    case .variants(let index):
      "activity \(index.position) needs 1 to 16 variants with durations, scores and prices that are not negative"
    case .dayLists(let index): "activity \(index.position) needs one bonus and surcharge per day, or none at all"
    case .windowLists(let index, let found, let needed):
      "activity \(index.position) has windows for \(found) days; give \(needed) lists"
    case .window(let index, let window):
      "activity \(index.position) has a window from \(window.opens) to \(window.lastStart) that is out of range"
    case .use(let index, let limit):
      "activity \(index.position) uses limit \(limit.position), which is not there, or an amount out of range"
    case .limit(let index): "limit \(index.position) must not be negative nor so large"
    case .group(let index): "group \(index) must name activities of the problem, each once"
    case .options(let count): "travel has \(count) ways to go; give 1 to \(Problem.optionsMax)"
    case .comfort(let day): "day \(day) has a wish whose time or rate is out of range; give points per ticks above 0"
    case .nightDay(let night): "night \(night) must follow a day that is not the last, and only one night each"
    case .lodgings(let night):
      "night \(night) needs 1 to 1000 lodgings at different places that travel knows, prices and scores not negative"
    case .variety(let index): "variety \(index) must name activities once each, and its losses must not fall"
    case .dates(let found, let needed): "there are \(found) dates for \(needed) days; give one for each"
    case .nowhereToSleep: "no choice of lodgings makes every day possible; lengthen a day or offer a lodging nearer"
    case .precedence(let index): "precedence \(index) must name two different activities of the problem"
    }
  }
}
