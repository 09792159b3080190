package import Catalogue
package import Kernel

/// Sights, stations, airports and neighbourhoods read from an extract of OpenStreetMap, XML (`.osm`) or binary (`.osm.pbf`).
///
/// Points, ways and relations are kept if ``MappedKind`` knows one of their keys and they have a name; a way lies where its
/// middle is, a relation in the middle of the ways around it.
package struct MapPlaces: Sendable {
  /// What is kept, points first.
  package private(set) var places: [CataloguePlace] = []
  /// Named points, ways and relations that are nothing of this.
  package private(set) var passedOverCount = 0

  /// Of a way, as many corners count, and of a relation as many ways: more say nothing about where its middle is.
  private static let cornersMax = 2000

  private struct Area {
    let name: String
    let kind: MappedKind
    let tags: [String: String]
    /// The points of each way around it; of a relation known once its ways have been read.
    var lines: [[Int64]] = []
    var ways: [Int64] = []
  }

  /// Reads an extract; relations need a second look for their ways, and ways one for their corners.
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
    func add(_ kind: MappedKind, _ tags: [String: String], _ id: String, _ point: Coordinate) throws(TableError) {
      do throws(MappedSights.Fault) {
        places.append(try sights.place(kind, tags, id: id, at: point))
      } catch {
        try fault(TableError(file: file.name, line: 1, complaint: "\(id) \(error.rule)"))
      }
    }
    try Self.read(file) { element throws(TableError) in
      guard element.tags["name"] != nil else { return }
      guard let kind = MappedKind(element.tags) else {
        passedOverCount += 1
        return
      }
      switch element.shape {
      case .point(let point): try add(kind, element.tags, "node/\(element.id)", point)
      case .line(let corners):
        areas.append(
          Area(
            name: "way/\(element.id)", kind: kind, tags: element.tags, lines: [Array(corners.prefix(Self.cornersMax))]))
      case .area(let ways):
        areas.append(
          Area(
            name: "relation/\(element.id)", kind: kind, tags: element.tags, ways: Array(ways.prefix(Self.cornersMax))))
      }
    }
    try Self.findWays(of: &areas, file)
    let found = try Self.corners(of: areas, file)
    for area in areas {
      let lines = area.lines.map { line in line.compactMap { found[$0] } }
      let corners = lines.flatMap(\.self)
      guard !corners.isEmpty else {
        let complaint = "\(area.name) has no corner in the file: cut the extract with complete ways"
        try fault(TableError(file: file.name, line: 1, complaint: complaint))
        continue
      }
      let middles = lines.compactMap { AreaMiddle(of: $0) }
      let middle = middles.max { $0.size < $1.size }?.point ?? AreaMiddle.average(corners)
      try add(area.kind, area.tags, area.name, middle)
    }
  }

  private static func findWays(of areas: inout [Area], _ file: TableFile) throws(TableError) {
    let wanted = Set(areas.flatMap(\.ways))
    if wanted.isEmpty { return }
    var found: [Int64: [Int64]] = [:]
    try read(file) { element throws(TableError) in
      if case .line(let corners) = element.shape, wanted.contains(element.id) {
        found[element.id] = Array(corners.prefix(cornersMax))
      }
    }
    for place in areas.indices { areas[place].lines += areas[place].ways.compactMap { found[$0] } }
  }

  private static func corners(of areas: [Area], _ file: TableFile) throws(TableError) -> [Int64: Coordinate] {
    let wanted = Set(areas.flatMap { $0.lines.flatMap(\.self) })
    if wanted.isEmpty { return [:] }
    var found: [Int64: Coordinate] = [:]
    try read(file) { element throws(TableError) in
      if case .point(let point) = element.shape, wanted.contains(element.id) { found[element.id] = point }
    }
    return found
  }

  private static func read(
    _ file: TableFile, _ each: (MapElement) throws(TableError) -> Void
  ) throws(TableError) {
    if file.name.hasSuffix(".pbf") { try MapBlocks(file).read(each) } else { try MapMarkup(file).read(each) }
  }
}

/// A point, way or relation of a map.
struct MapElement {
  enum Shape {
    case point(Coordinate)
    /// The ids of its points.
    case line([Int64])
    /// The ids of the ways around it.
    case area([Int64])
  }

  let id: Int64
  let shape: Shape
  let tags: [String: String]

  /// Whether a way with this role goes around its relation, not around a hole.
  static func isOutside(role: String) -> Bool { role.isEmpty || role == "outer" }
}
