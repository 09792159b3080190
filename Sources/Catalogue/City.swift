package import Kernel

/// A city that one can go to.
package struct City: Hashable, Sendable {
  /// Its country and name: `fr/paris`.
  package let id: String
  /// As people write it.
  package let name: String
  /// Two letters, as ISO 3166 has them: `FR`.
  package let country: String
  /// The time zone: `Europe/Paris`.
  package let zone: String
  /// Where it is thought of as being.
  package let point: Coordinate
  /// What those who sell flights and beds call it: its airport's three letters; nil where that is not known.
  package let code: String?

  /// A city.
  package init(id: String, name: String, country: String, zone: String, point: Coordinate, code: String? = nil) {
    self.id = id
    self.name = name
    self.country = country
    self.zone = zone
    self.point = point
    self.code = code
  }
}
