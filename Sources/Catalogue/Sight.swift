package import Kernel

/// Something to see or do.
package struct Sight: Hashable, Sendable {
  /// What others name it by: `fr/paris/louvre`.
  package let id: String
  /// The city it belongs to.
  package let city: String
  /// As people call it.
  package let name: String
  /// Where it is.
  package let point: Coordinate
  /// What it is: `museum`, `church`, `park`.
  package let category: String
  /// What it is for: `art`, `history`, `nature`, `view`, `food`, `family`, `shopping`, `architecture`, `night`.
  package let tags: [String]
  /// When it is open, as OpenStreetMap writes it; empty for always.
  package let hours: String
  /// How long a visit takes.
  package let minutes: Int
  /// What an adult pays.
  package let price: Money
  /// How much most people want to see it, from 1 to 100.
  package let score: Int
  /// Whether a wheelchair gets in; nil where nobody has said.
  package let wheelchair: WheelchairAccess?

  /// A sight.
  package init(
    id: String, city: String, name: String, point: Coordinate, category: String, tags: [String], hours: String,
    minutes: Int, price: Money, score: Int, wheelchair: WheelchairAccess? = nil
  ) {
    self.id = id
    self.city = city
    self.name = name
    self.point = point
    self.category = category
    self.tags = tags
    self.hours = hours
    self.minutes = minutes
    self.price = price
    self.score = score
    self.wheelchair = wheelchair
  }
}
