/// Something once a ride and per kilometre, by mode: a table of `mode,base,per kilometre` that comes with a program.
package struct ModeRates: Sendable {
  private struct Rate {
    let base: Int
    let perKilometre: Int
  }

  private let rates: [String: Rate]

  /// Reads a table; lines that begin with `#` are skipped, and those that are none.
  package init(csv: [UInt8]) {
    var rates: [String: Rate] = [:]
    for line in String(decoding: csv, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: ",")
      guard fields.count == 3, let base = Int(fields[1]), let perKilometre = Int(fields[2]) else { continue }
      rates[String(fields[0])] = Rate(base: base, perKilometre: perKilometre)
    }
    self.rates = rates
  }

  /// Once a ride, and per kilometre; a mode that the table lacks is what `other` is.
  package func rate(of mode: String) -> (base: Int32, perKilometre: Int32) {
    guard let rate = rates[mode] ?? rates["other"] else { return (0, 0) }
    return (Int32(clamping: rate.base), Int32(clamping: rate.perKilometre))
  }

  /// Of some metres, rounded up: getting off and on again never saves any.
  static func amount(_ perKilometre: Int, _ metres: Int) -> Int { (perKilometre * metres + 999) / 1000 }

  /// Of a passenger's ride; one that goes on without leaving the vehicle does not begin anew.
  package func amount(mode: String, metres: Int, isSeated: Bool = false) -> Int {
    let rate = rate(of: mode)
    return (isSeated ? 0 : Int(rate.base)) + Self.amount(Int(rate.perKilometre), metres)
  }
}
