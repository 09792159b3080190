package import Kernel

/// Where one can stay.
package struct Lodging: Hashable, Sendable {
  /// What others name it by.
  package let id: String
  /// The city it is in.
  package let city: String
  /// As it is called.
  package let name: String
  /// Of which class: `budget`, `comfort`, `luxury`.
  package let style: String
  /// Where it is.
  package let point: Coordinate
  /// What a room costs a night, before the season.
  package let price: Money
  /// Whether a wheelchair gets in; nil where nobody has said.
  package let wheelchair: WheelchairAccess?

  /// A place to stay.
  package init(
    id: String, city: String, name: String, style: String, point: Coordinate, price: Money,
    wheelchair: WheelchairAccess? = nil
  ) {
    self.id = id
    self.city = city
    self.name = name
    self.style = style
    self.point = point
    self.price = price
    self.wheelchair = wheelchair
  }
}
