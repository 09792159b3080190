package import Catalogue
import BudgetWire
import JSON

/// Finds cities and sights by what people call them.
package struct PlaceNames: Sendable {
  private let tables: CatalogueTables

  /// Names of a catalogue.
  package init(_ tables: CatalogueTables) { self.tables = tables }

  /// A city by its id or name, accents and case forgiven.
  func city(_ node: JSONNode) throws(JSONError) -> City {
    let text = try node.string(length: 1...100)
    let key = CatalogueTables.key(text)
    let found = tables.cities.filter { $0.id == text.lowercased() || CatalogueTables.key($0.name) == key }
    if found.count == 1 { return found[0] }
    if found.count > 1 {
      throw node.fault("must name one city, found \"\(text)\": it is one of \(found.map(\.id).joined(separator: ", "))")
    }
    // Candidates that begin like it, or the one that is nearest.
    let alike = tables.cities.filter { CatalogueTables.key($0.name).hasPrefix(key) }.map(\.name)
    if !alike.isEmpty {
      throw node.fault("must be a city, found \"\(text)\": did you mean \(alike.joined(separator: " or "))?")
    }
    let nearest = nearestName(to: text, among: tables.cities.map(\.name))
    throw node.fault(
      "must be a city of the catalogue, found \"\(text)\": \(nearest.map { "did you mean \"\($0)\"?" } ?? "there are \(tables.cities.map(\.name).joined(separator: ", "))")"
    )
  }

  /// A sight in some cities, by its id or name.
  func sight(_ node: JSONNode, in cities: [City]) throws(JSONError) -> Sight {
    let text = try node.string(length: 1...200)
    let key = CatalogueTables.key(text)
    let all = cities.flatMap { tables.sights[$0.id] ?? [] }
    let found = all.filter { $0.id == text || CatalogueTables.key($0.name) == key }
    if let sight = found.first { return sight }
    let alike = all.filter { CatalogueTables.key($0.name).contains(key) }
    if alike.count == 1 { return alike[0] }
    if alike.count > 1 {
      throw node.fault(
        "must name one sight, found \"\(text)\": it is one of \(alike.prefix(8).map { "\"\($0.name)\"" }.joined(separator: ", "))"
      )
    }
    let nearest = nearestName(to: text, among: all.map(\.name))
    throw node.fault(
      "must be a sight of \(cities.map(\.name).joined(separator: ", ")), found \"\(text)\": \(nearest.map { "did you mean \"\($0)\"?" } ?? "look it up in the catalogue")"
    )
  }
}
