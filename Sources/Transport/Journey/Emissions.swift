/// What a ride emits: a table by mode, from a file that comes with the program.
struct Emissions: Sendable {
  /// The table that comes with the program; a mode that it lacks emits what `other` does.
  static let table = Emissions(PackageResources.co2_csv)

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

  /// Grams once a ride, and per kilometre.
  func rate(of mode: String) -> (base: Int32, perKilometre: Int32) {
    guard let rate = rates[mode] ?? rates["other"] else { return (0, 0) }
    return (Int32(rate.base), Int32(rate.perKilometre))
  }

  /// Grams of some metres, rounded up: getting off and on again never saves any.
  static func grams(_ perKilometre: Int, _ metres: Int) -> Int { (perKilometre * metres + 999) / 1000 }

  /// Grams of a passenger's ride; one that goes on without leaving the vehicle does not begin anew.
  func grams(mode: String, metres: Int, isSeated: Bool = false) -> Int {
    guard let rate = rates[mode] ?? rates["other"] else { return 0 }
    return (isSeated ? 0 : rate.base) + Self.grams(rate.perKilometre, metres)
  }
}

extension Journey {
  /// Grams of CO2 equivalent for a passenger; walking emits none.
  package var co2Grams: Int {
    emitted
      ?? legs.reduce(0) { sum, leg in
        sum + (leg.ride.map { Emissions.table.grams(mode: $0.mode, metres: leg.metres, isSeated: $0.isSeated) } ?? 0)
      }
  }
}
