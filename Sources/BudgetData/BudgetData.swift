/// The tables of `data/budget`, by name.
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
