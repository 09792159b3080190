import Budget
import JSON

/// What is wrong with a question about the tables: which of its words, and the mend.
package struct BudgetFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The word's name.
  package let name: String
  /// The complaint with the mend.
  package let complaint: String

  init(name: String, _ complaint: String) {
    self.name = name
    self.complaint = complaint
  }

  /// One sentence.
  package var description: String { "\(name) \(complaint)" }
}

extension BudgetGround {
  /// A place by its id, or by its own name where only one has it.
  func place(_ text: String) throws(BudgetFault) -> Int {
    if let place = catalogue.findPlace(text) { return place }
    let key = String(text.lowercased().map { $0 == " " ? "-" : $0 })
    let same = catalogue.places.filter { $0.id.hasSuffix("/\(key)") || $0.name.lowercased() == text.lowercased() }
    if same.count > 1 {
      throw BudgetFault(
        name: "place",
        "must name one place, found \"\(text)\": it is one of \(same.map(\.id).joined(separator: ", "))")
    }
    let nearest = nearestName(to: text, among: catalogue.places.map(\.name))
    let mend = nearest.map { "did you mean \"\($0)\"?" } ?? "name its country, or add it to places.csv"
    throw BudgetFault(name: "place", "must be a known place, found \"\(text.prefix(60))\": \(mend)")
  }
}
