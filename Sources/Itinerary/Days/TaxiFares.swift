import Budget
import Catalogue
import Kernel
import Transport

/// What taxis within a city cost a party, about, by ``OwnWays``, and how much of that a style allows: a table that comes
/// with the program.
struct TaxiFares {
  private static let days = ModeRates(csv: PackageResources.taxi_days_csv)
  private static let seats = 4

  /// So far a rate by the kilometre is told, so that little of it is lost in minor units.
  private static let longWay = 100_000

  private let base: Int
  private let perLongWay: Int
  /// What may be spent on a day, in minor units of the trip's currency; nothing for no taxis.
  let dayMax: Int

  /// The fares of a country for the party of a request.
  ///
  /// - Throws: `TripError` where there is no exchange rate for euros.
  init(_ request: TripRequest, country: String, _ rates: RateTable) throws(TripError) {
    let vehicles = (request.party.count + Self.seats - 1) / Self.seats
    func units(_ price: Money) throws(TripError) -> Int {
      do throws(ExchangeError) {
        let all = Money(minorUnits: price.minorUnits * Int64(vehicles), price.currency)
        return Int(try rates.convert(all, to: request.currency).converted.minorUnits)
      } catch {
        throw .budget(.exchange(error, category: .localTransport, price: nil))
      }
    }
    base = try units(OwnWays.taxiPrice(length: 0, country: country))
    perLongWay = try units(OwnWays.taxiPrice(length: Self.longWay, country: country)) - base
    let most = Money(minorUnits: Int64(Self.days.rate(of: request.style).base), .euro)
    dayMax = request.hasTaxis ? try units(most) : 0
  }

  /// What a ride costs the party.
  func fare(metres: Int) -> Int { base + perLongWay * metres / Self.longWay }
}
