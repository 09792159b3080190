import Transport

/// What a ride costs about, in euro cents, where its feed does not tell: a table that comes with the program.
///
/// It is told as an estimate wherever it is used.
enum FareGuess {
  static let table = ModeRates(csv: PackageResources.fare_guess_csv)

  /// Euro cents for a journey's rides.
  static func cents(_ journey: Journey) -> Int64 {
    journey.legs.reduce(0) { sum, leg in
      sum + Int64(leg.ride.map { table.amount(mode: $0.mode, metres: leg.metres, isSeated: $0.isSeated) } ?? 0)
    }
  }
}
