package import Kernel

/// What ways without a timetable take, cost and emit: tables from files that come with the program.
///
/// Walking is not in them: its speed is that of all footpaths.
package enum OwnWays {
  /// How fast one way is, and how far one goes by it.
  private struct Manner {
    let metresPerSecond: Double
    let detour: Double
    /// Besides the way itself.
    let seconds: Double
    let accessMetres: Double
    let directMetres: Double
  }

  private struct Tariff {
    let currency: Currency
    let base: Int64
    let perKilometre: Int64

    /// In minor units, rounded up.
    func price(length: Int) -> Int64 { base + (perKilometre * Int64(length) + 999) / 1000 }
  }

  private struct Tariffs {
    var byCurrency: [OwnWay: [Currency: Tariff]] = [:]
    var byCountry: [OwnWay: [String: Tariff]] = [:]
  }

  /// Prices are whole multiples of so many minor units, so that a search can count in units that are not too small.
  static let priceStep: Int64 = 10

  private static let manners = readManners(PackageResources.own_ways_csv)
  private static let tariffs = readTariffs(PackageResources.own_way_fares_csv)

  /// As the crow flies, how far a first or last stop may be.
  static func accessMetres(_ way: OwnWay) -> Double { manners[way].map { $0.accessMetres / $0.detour } ?? 0 }

  /// Whether somebody would go all the way so, as far as it is as the crow flies.
  static func isDirect(_ way: OwnWay, metres: Double) -> Bool {
    manners[way].map { metres * $0.detour <= $0.directMetres } ?? false
  }

  /// How long it takes to a place so far away as the crow flies.
  package static func seconds(_ way: OwnWay, metres: Double) -> Int32 {
    guard let manner = manners[way] else { return FootpathList.seconds(metres: metres) }
    return Int32((metres * manner.detour / manner.metresPerSecond + manner.seconds).rounded(.up))
  }

  /// How long the way is to a place so far away as the crow flies.
  package static func length(_ way: OwnWay, metres: Double) -> Int {
    Int((metres * (manners[way]?.detour ?? FootpathList.detour)).rounded())
  }

  static func grams(_ way: OwnWay, length: Int) -> Int {
    way == .walk ? 0 : Emissions.table.amount(mode: way.rawValue, metres: length)
  }

  /// The price in minor units; nil where nothing is known of this currency.
  static func price(_ way: OwnWay, length: Int, _ currency: Currency?) -> Int64? {
    if way == .walk || way == .bike { return 0 }
    guard let currency, let tariff = tariffs.byCurrency[way]?[currency] else { return nil }
    return (tariff.price(length: length) + priceStep - 1) / priceStep * priceStep
  }

  /// What a taxi costs in a country, in its currency.
  ///
  /// Where nothing is known of a country it is what the euro area's is.
  package static func taxiPrice(length: Int, country: String) -> Money {
    let known = tariffs.byCountry[.taxi]?[country] ?? tariffs.byCurrency[.taxi]?[.euro]
    return known.map { Money(minorUnits: $0.price(length: length), $0.currency) } ?? .zero(.euro)
  }

  // MARK: The tables

  private static func lines(_ csv: [UInt8]) -> [[Substring]] {
    String(decoding: csv, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  private static func readManners(_ csv: [UInt8]) -> [OwnWay: Manner] {
    var manners: [OwnWay: Manner] = [:]
    for line in lines(csv) {
      let numbers = line.dropFirst().compactMap { Double($0) }
      guard let name = line.first, let way = OwnWay(rawValue: String(name)), numbers.count == 6 else { continue }
      manners[way] = Manner(
        metresPerSecond: numbers[0] / 3.6, detour: 1 + numbers[1] / 100, seconds: (numbers[2] + numbers[3]) * 60,
        accessMetres: numbers[4] * 1000, directMetres: numbers[5] * 1000)
    }
    return manners
  }

  private static func readTariffs(_ csv: [UInt8]) -> Tariffs {
    var tariffs = Tariffs()
    for line in lines(csv) {
      guard line.count == 5, let way = OwnWay(rawValue: String(line[0])), let currency = try? Currency(line[1]),
        let base = Int64(line[3]), let perKilometre = Int64(line[4])
      else { continue }
      let tariff = Tariff(currency: currency, base: base, perKilometre: perKilometre)
      if tariffs.byCurrency[way]?[currency] == nil { tariffs.byCurrency[way, default: [:]][currency] = tariff }
      for country in line[2].split(separator: " ") { tariffs.byCountry[way, default: [:]][String(country)] = tariff }
    }
    return tariffs
  }
}
