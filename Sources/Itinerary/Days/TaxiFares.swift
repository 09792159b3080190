import Budget
import Catalogue
import Kernel
import Transport

/// What taxis within a city cost a party, about, and how much of that a style allows: tables that come with the program.
struct TaxiFares {
  private static let rates = ModeRates(csv: PackageResources.taxis_csv)
  private static let days = ModeRates(csv: PackageResources.taxi_days_csv)
  private static let seats = 4

  private let base: Int
  private let perKilometre: Int
  /// What may be spent on a day, in minor units of the trip's currency; nothing for no taxis.
  let dayMax: Int

  /// The fares of a country for the party of a request.
  ///
  /// - Throws: `TripError` where there is no exchange rate for euros.
  init(_ request: TripRequest, country: String, _ rates: RateTable) throws(TripError) {
    let vehicles = (request.party.count + Self.seats - 1) / Self.seats
    func units(_ cents: Int) throws(TripError) -> Int {
      do throws(ExchangeError) {
        let price = Money(minorUnits: Int64(cents * vehicles), .euro)
        return Int(try rates.convert(price, to: request.currency).converted.minorUnits)
      } catch {
        throw .budget(.exchange(error, category: .localTransport, price: nil))
      }
    }
    let rate = Self.rates.rate(of: country)
    base = try units(Int(rate.base))
    perKilometre = try units(Int(rate.perKilometre))
    dayMax = request.hasTaxis ? try units(Int(Self.days.rate(of: request.style).base)) : 0
  }

  /// What a ride costs the party.
  func fare(metres: Double) -> Int { base + perKilometre * Int(metres) / 1000 }
}
