import Budget
import Catalogue
package import Itinerary
import Kernel

/// What an option costs, a line each, for spreadsheets.
package struct TripCosts {
  private let option: TripOption

  /// An option to be written.
  package init(_ option: TripOption) { self.option = option }

  /// The file: `place,category,what,source,amount,currency`, then a column for each traveller.
  package var text: String {
    let estimate = option.estimate
    var rows = [["place", "category", "what", "source", "amount", "currency"] + estimate.plan.party.map(\.name)]
    for line in estimate.lines where !line.isIncluded {
      rows.append(
        [
          line.stay.map { option.stays[$0].city.name } ?? "", line.category.name, line.what, line.source.shown,
          line.amount.amountText, line.amount.currency.code,
        ] + line.perPerson.map(\.amountText))
    }
    return rows.map { $0.map(TripCosts.field).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
