/// `BudgetData` carries the tables of `data/budget` inside the program: places and their ceilings, defaults, seasons,
/// taxes, factors and exchange rates.
///
/// It is: bytes by name. It is not: their reader, which is `Budget`, nor the place to edit them, which is `data/budget`.
///
/// Its one noun: ``BudgetData``.
package enum BudgetData {
  /// The names of the tables, as files.
  package static let names = ["places.csv", "defaults.csv", "seasons.csv", "factors.csv", "taxes.csv", "rates.csv"]

  /// A table's bytes; nil if there is none of that name.
  package static func table(_ name: String) -> [UInt8]? {
    switch name {
    case "places.csv": PackageResources.places_csv
    case "defaults.csv": PackageResources.defaults_csv
    case "seasons.csv": PackageResources.seasons_csv
    case "factors.csv": PackageResources.factors_csv
    case "taxes.csv": PackageResources.taxes_csv
    case "rates.csv": PackageResources.rates_csv
    default: nil
    }
  }
}
