import Budget
package import JSON
import Kernel

/// What things cost at a place in a style where nobody has quoted a price, by category.
package struct PlaceDefaults: JSONWritable, Sendable {
  private let ground: BudgetGround
  private let place: Int
  private let style: String
  private let category: CostCategory?

  /// The defaults of a place.
  ///
  /// - Parameters:
  ///   - ground: prices, with the installation's own.
  ///   - place: a place by id or name; nil for the world.
  ///   - style: nil for the usual one.
  ///   - category: nil for every category.
  /// - Throws: ``BudgetFault``.
  package init(
    _ ground: BudgetGround, place: String?, style: String?, category: String?
  ) throws(BudgetFault) {
    let catalogue = ground.catalogue
    self.ground = ground
    self.place = try place.map { text throws(BudgetFault) in try ground.place(text) } ?? 0
    let usual = catalogue.styles.contains("comfort") ? "comfort" : catalogue.styles.first ?? ""
    self.style = style ?? usual
    guard catalogue.styles.contains(self.style) else {
      throw BudgetFault(
        name: "style", "must be one of \(catalogue.styles.joined(separator: ", ")), found \"\(self.style.prefix(40))\"")
    }
    self.category = try category.map { name throws(BudgetFault) in
      guard let category = CostCategory(name) else {
        throw BudgetFault(name: "category", "must be a category in small letters, digits and hyphens, such as food")
      }
      return category
    }
  }

  /// Writes each category with its defaults and where they are from.
  package func write(to writer: inout JSONWriter) {
    let catalogue = ground.catalogue
    writer.object { object in
      object.field("place", catalogue.places[place].id)
      object.field("name", catalogue.places[place].name)
      object.field("style", style)
      object.field("styles", catalogue.styles)
      object.array("categories") { array in
        for one in catalogue.categories where category == nil || category == one {
          array.object { write(one, to: &$0) }
        }
      }
    }
  }

  private func write(_ category: CostCategory, to object: inout JSONObjectWriter) {
    let catalogue = ground.catalogue
    object.field("category", category.name)
    object.field("spread", catalogue.spread(category))
    object.field("correlation", catalogue.correlation(category))
    // A ceiling whose share does not fit is no price: an estimate says so, here it is left out.
    guard let found = try? catalogue.prices(at: place, category, style: style) else { return }
    object.field("source", found.source.word)
    object.field("scope", catalogue.places[found.scope].id)
    object.array("defaults") { array in for one in found.defaults { array.object { one.write(to: &$0) } } }
  }
}
