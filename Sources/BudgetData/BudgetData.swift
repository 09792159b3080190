import CEmbedded

/// The tables of `data/budget`, by name.
package enum BudgetData {
  /// The names of the tables, as files.
  package static let names = ["places.csv", "defaults.csv", "seasons.csv", "factors.csv", "taxes.csv", "rates.csv"]

  /// A table's bytes; nil if there is none of that name.
  package static func table(_ name: String) -> [UInt8]? {
    switch name {
    case "places.csv": bytes(wayfare_budget_places())
    case "defaults.csv": bytes(wayfare_budget_defaults())
    case "seasons.csv": bytes(wayfare_budget_seasons())
    case "factors.csv": bytes(wayfare_budget_factors())
    case "taxes.csv": bytes(wayfare_budget_taxes())
    case "rates.csv": bytes(wayfare_budget_rates())
    default: nil
    }
  }

  private static func bytes(_ file: wayfare_file) -> [UInt8] {
    Array(UnsafeBufferPointer(start: file.start, count: file.count))
  }
}
