package import Budget
package import Kernel
import BudgetData

/// What budgets are reckoned with: prices, seasons, taxes and exchange rates, loaded once.
package struct BudgetGround: Sendable {
  /// Prices, seasons and taxes.
  package var catalogue: CostCatalogue
  /// Exchange rates.
  package let rates: RateTable

  /// The files that an override may have.
  package static let fileNames = BudgetData.names

  /// Loads the tables in the program, each replaced by a file of the same name where there is one.
  ///
  /// - Throws: `TableError` with file, line and mend.
  package init(replacing files: [String: TableFile] = [:]) throws(TableError) {
    func file(_ name: String) -> TableFile {
      files[name] ?? TableFile(name: name, bytes: BudgetData.table(name) ?? [])
    }
    catalogue = try CostCatalogue(
      CostTables(
        places: file("places.csv"), defaults: file("defaults.csv"), seasons: file("seasons.csv"),
        factors: file("factors.csv"), taxes: file("taxes.csv")))
    rates = try RateTable(ecb: file("rates.csv"))
  }

  init(_ catalogue: CostCatalogue, _ rates: RateTable) {
    self.catalogue = catalogue
    self.rates = rates
  }

  var estimator: Estimator { Estimator(catalogue, rates) }
}
