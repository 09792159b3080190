/// The numbers of the search that were found by measuring.
package struct Tuning: Sendable {
  /// The temperature at the end, as a part of the mean value of a visit in the first plan.
  package var cold = 0.09
  /// The first temperature where there is one day only, whose order nothing but heat turns over; for several days it is
  /// divided by their number, and no less than for many.
  package var hotOnOneDay = 2.0
  package var hotOnManyDays = 0.5
  /// The first temperature where limits tie the days together.
  package var hotWithLimits = 2.0
  /// The last temperature where there is one day only.
  package var coldOnOneDay = 0.06
  /// The first temperature where travel changes over the day or goes several ways.
  package var hotWithSlowSteps = 0.3
  /// The last temperature where limits tie the days together.
  package var coldWithLimits = 0.02
  /// The most visits of every other string where there are limits.
  package var stringMaxWithLimits = 3
  /// The first temperature for a plan that is given.
  package var warm = 0.2
  /// With fewer steps in all than this the first temperature is lower.
  package var stepsForHeat = 30_000.0
  /// What the whole travel of a plan weighs, as a part of the mean value of a visit.
  package var travelWeight = 0.05
  /// The same where travel changes over the day or goes several ways.
  package var travelWeightWithSlowSteps = 0.1
  /// What the whole cost of a plan weighs, where money is limited.
  package var moneyWeight = 0.5
  /// How many visits a string has at most.
  package var stringMax = 7
  /// The same where travel changes over the day or goes several ways.
  package var stringMaxWithSlowSteps = 5
  /// How many days are opened at once at most.
  package var daysMax = 3
  /// The same where travel changes over the day or goes several ways.
  package var daysMaxWithSlowSteps = 2
  /// How often two days exchange their ends, of 256.
  package var crossings = 16
  /// How many visits are left out at most where a day is cut for that.
  package var cutMax = 3
  /// How often what is begun within some time is taken out of one day alone, of 256.
  package var slices = 32
  /// A night is spent elsewhere once in so many steps, and so many steps then fill its days before it is judged.
  package var stepsPerNight = 24
  /// Until which part of the search chains of nights are looked for, and how warm it is then again.
  package var nightsUntil = 0.5
  package var nightHeat = 0.4
  /// How many steps a chain of nights gets at first, and how warm they are.
  package var stepsPerChain = 60
  package var chainHeat = 0.4
  /// Until which part of that time the trip is planned as one long day and cut into days.
  package var longDaysUntil = 0.4
  /// For which part of this long days are planned from nothing, and how many.
  package var wholeLongDays = 0.5
  package var longDays = 4
  /// From how many of the best plans long days go on afterwards, for how many steps, and how warm.
  package var longParents = 3
  package var wanderSteps = 500
  package var wanderHeat = 0.4
  /// How often a day alone is tried between two lodgings at most.
  package var triesPerDay = 8
  /// How long one descent for one or two days takes, as a part of the search, and from how many steps on there are two.
  package var secondDescent = 0.3
  package var stepsForTwoDescents = 20_000.0
  /// How warm it is when the better of both is gone on with.
  package var heatOfBest = 0.5
  /// How often candidates are put in by chance alone, of 256.
  package var randomOrders = 100
  /// The same where travel changes over the day or goes several ways.
  package var randomOrdersWithSlowSteps = 5
  /// From which of the exponents of values on candidates are ordered where there are several ways to go: orders by little
  /// but delay hardly ever lead to a better plan there.
  package var leastExponentOfSeveralWays = 3
  /// Once in so many steps all ways of the opened days are made faster, and twice one way.
  package var stepsPerHaste = 6
  /// The same where money is limited.
  package var stepsPerHasteWithLimits = 24
  /// Delay that is added to every delay when values are weighed by it, as a part of the mean leg.
  package var delayFloor = 0.1
  /// The same where travel changes over the day or goes several ways.
  package var delayFloorWithSlowSteps = 0.3
  /// How often prices are moved before routes are packed.
  package var packingRounds = 24
  /// How much worse a plan may be, as a part of the mean value of a visit, whose days are kept for packing.
  package var recordBelow = 0.5

  package init() {}
}
