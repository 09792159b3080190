import Catalogue
package import Kernel

/// What somebody looks for.
package struct CatalogueQuery: Sendable, Hashable {
  /// Around where.
  package struct Near: Sendable, Hashable {
    /// The middle.
    package let point: Coordinate
    /// How far from it at most; nil where nearer is only better.
    package let radiusMetres: Double?

    /// Around a point.
    package init(_ point: Coordinate, radiusMetres: Double?) {
      self.point = point
      self.radiusMetres = radiusMetres
    }
  }

  /// What was typed; nil for all that is near.
  package let text: String?
  /// Around where; nil for anywhere.
  package let near: Near?
  /// Only of this category.
  package var category: String?
  /// At most so many.
  package var limit = 20
  /// After which record of an earlier page.
  package var cursor: CatalogueCursor?

  /// A search by name, which may prefer or want what is near.
  package init(text: String, near: Near? = nil) {
    self.text = text
    self.near = near
  }

  /// A search of what is around a point.
  package init(around point: Coordinate, radiusMetres: Double) {
    text = nil
    near = Near(point, radiusMetres: radiusMetres)
  }
}

/// Where a page ended.
package struct CatalogueCursor: Sendable, Hashable, CustomStringConvertible {
  let rank: Int32
  let id: String

  init(rank: Int32, id: String) {
    self.rank = rank
    self.id = id
  }

  /// Reads what ``description`` wrote.
  package init?(_ text: String) {
    let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let rank = Int32(parts[0]), !parts[1].isEmpty, parts[1].utf8.count <= 1200,
      !parts[1].utf8.contains(0)
    else { return nil }
    self.init(rank: rank, id: String(parts[1]))
  }

  /// As it travels.
  package var description: String { "\(rank)~\(id)" }
}

/// A record that was found.
package struct FoundPlace: Sendable, Hashable {
  /// What it is.
  package let stored: StoredPlace
  /// How far from where it was looked for.
  package let metres: Double?
}

/// Some of what was found, best first.
package struct CataloguePage: Sendable, Hashable {
  /// The records.
  package let found: [FoundPlace]
  /// Where the next page begins; nil when these were the last.
  package let next: CatalogueCursor?
}

/// How many of what was found are of a category.
package struct CategoryCount: Sendable, Hashable {
  /// The category.
  package let category: String
  /// Records, among those that a search ranks.
  package let count: Int
}
