package import Catalogue
package import Kernel

/// Sights read from an extract of OpenStreetMap, XML (`.osm`) or binary (`.osm.pbf`).
///
/// Points and closed ways are sights if ``SightKind`` knows one of their keys and they have a name; a way lies where its middle
/// is. Relations are passed over.
package struct MapPlaces: Sendable {
  /// Sights, points first.
  package private(set) var places: [CataloguePlace] = []
  /// Named points and ways that are nothing to see.
  package private(set) var passedOverCount = 0

  /// Of a way, as many corners count: more say nothing about where its middle is.
  private static let cornersMax = 2000

  private struct Area {
    let id: Int64
    let kind: SightKind
    let tags: [String: String]
    let corners: [Int64]
  }

  /// Reads an extract; ways need a second look for their corners.
  ///
  /// - Parameters:
  ///   - file: the bytes, and a name that ends in `.osm` or `.pbf`.
  ///   - source: what the ids begin with.
  ///   - fault: told of each place that is wrong, which is then left out; it may throw.
  /// - Throws: `TableError` for what is wrong with the file as a whole, and what `fault` throws.
  package init(
    _ file: TableFile, source: String, fault: (TableError) throws(TableError) -> Void
  ) throws(TableError) {
    var sights = MappedSights(source: source)
    var areas: [Area] = []
    func add(_ kind: SightKind, _ tags: [String: String], _ id: String, _ point: Coordinate) throws(TableError) {
      do throws(MappedSights.Fault) {
        places.append(try sights.place(kind, tags, id: id, at: point))
      } catch {
        try fault(TableError(file: file.name, line: 1, complaint: "\(id) \(error.rule)"))
      }
    }
    try Self.read(file) { element throws(TableError) in
      guard element.tags["name"] != nil else { return }
      guard let kind = SightKind(element.tags) else {
        passedOverCount += 1
        return
      }
      switch element.shape {
      case .point(let point): try add(kind, element.tags, "node/\(element.id)", point)
      case .line(let corners):
        areas.append(
          Area(id: element.id, kind: kind, tags: element.tags, corners: Array(corners.prefix(Self.cornersMax))))
      }
    }
    if areas.isEmpty { return }
    let wanted = Set(areas.flatMap(\.corners))
    var found: [Int64: Coordinate] = [:]
    try Self.read(file) { element throws(TableError) in
      if case .point(let point) = element.shape, wanted.contains(element.id) { found[element.id] = point }
    }
    for area in areas {
      let corners = area.corners.compactMap { found[$0] }
      guard !corners.isEmpty else {
        let complaint = "way/\(area.id) has no corner in the file: cut the extract with complete ways"
        try fault(TableError(file: file.name, line: 1, complaint: complaint))
        continue
      }
      let middle = AreaMiddle(of: corners)?.point ?? AreaMiddle.average(corners)
      try add(area.kind, area.tags, "way/\(area.id)", middle)
    }
  }

  private static func read(
    _ file: TableFile, _ each: (MapElement) throws(TableError) -> Void
  ) throws(TableError) {
    if file.name.hasSuffix(".pbf") { try MapBlocks(file).read(each) } else { try MapMarkup(file).read(each) }
  }
}

/// A point or way of a map.
struct MapElement {
  enum Shape {
    case point(Coordinate)
    /// The ids of its points.
    case line([Int64])
  }

  let id: Int64
  let shape: Shape
  let tags: [String: String]
}
