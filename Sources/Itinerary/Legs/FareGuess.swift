import Kernel
import Transport

/// What a ride costs about, where its feed does not tell: a table by mode, from a file that comes with the program.
///
/// It is in euros, and told as an estimate wherever it is used.
struct FareGuess: Sendable {
  /// The table that comes with the program; a mode that it lacks costs what `other` does.
  static let table = FareGuess(PackageResources.fare_guess_csv)

  private struct Rate {
    let base: Int
    let perKilometre: Int
  }

  private let rates: [String: Rate]

  private init(_ csv: [UInt8]) {
    var rates: [String: Rate] = [:]
    for line in String(decoding: csv, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: ",")
      guard fields.count == 3, let base = Int(fields[1]), let perKilometre = Int(fields[2]) else { continue }
      rates[String(fields[0])] = Rate(base: base, perKilometre: perKilometre)
    }
    self.rates = rates
  }

  /// Euro cents for a journey's rides.
  func cents(_ journey: Journey) -> Int64 {
    var cents = 0
    for leg in journey.legs {
      guard let ride = leg.ride, let rate = rates[ride.mode] ?? rates["other"] else { continue }
      cents += (ride.isSeated ? 0 : rate.base) + rate.perKilometre * leg.metres / 1000
    }
    return Int64(cents)
  }
}
