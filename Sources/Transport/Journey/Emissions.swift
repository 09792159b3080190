/// What a ride emits, in grams of CO2 equivalent: a table by mode, from a file that comes with the program.
enum Emissions {
  static let table = ModeRates(csv: PackageResources.co2_csv)
}

extension Journey {
  /// Grams of CO2 equivalent for a passenger; walking emits none.
  package var co2Grams: Int {
    emitted
      ?? legs.reduce(0) { sum, leg in
        sum + (leg.ride.map { Emissions.table.amount(mode: $0.mode, metres: leg.metres, isSeated: $0.isSeated) } ?? 0)
      } + ownGrams
  }

  /// What ways without a timetable emit.
  var ownGrams: Int {
    legs.reduce(0) { $0 + ($1.ride == nil ? OwnWays.grams($1.way, length: $1.metres) : 0) }
  }
}
