package import Catalogue
package import Kernel
import JSON

/// Sights, stations, airports and neighbourhoods read from GeoJSON whose points and areas carry OpenStreetMap's keys, as extracts of it do.
///
/// A point or area is kept if ``MappedKind`` knows one of its keys and it has a name; all others, and lines, are passed
/// over. An area is where its middle is. `opening_hours`, `fee` and `charge` say when it is open and what it costs.
package struct GeoJSONPlaces: Sendable {
  /// What is kept, in the order of the file.
  package private(set) var places: [CataloguePlace] = []
  /// Features that are no points or areas, have no name or are nothing of this.
  package private(set) var passedOverCount = 0

  private var sights: MappedSights

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - file: a FeatureCollection.
  ///   - source: what the ids begin with.
  ///   - fault: told of each feature that is wrong, which is then left out; it may throw.
  /// - Throws: `TableError` for what is wrong with the file as a whole, and what `fault` throws.
  package init(
    _ file: TableFile, source: String, fault: (TableError) throws(TableError) -> Void
  ) throws(TableError) {
    sights = MappedSights(source: source)
    let features: JSONArray
    do throws(JSONError) {
      let limits = JSONLimits(bytesMax: 255 << 20, depthMax: 64, valuesMax: 50_000_000)
      let root = try JSONDocument(bytes: file.bytes, limits: limits).root
      guard try root.find("/type")?.string == "FeatureCollection", let list = root.find("/features") else {
        throw root.invalid("must be a GeoJSON FeatureCollection with features")
      }
      features = try list.array
    } catch {
      throw TableError(file: file.name, line: 1, complaint: "it is no GeoJSON that can be read: \(error)")
    }
    for feature in features {
      do throws(JSONError) {
        if let place = try place(feature) { places.append(place) } else { passedOverCount += 1 }
      } catch {
        try fault(TableError(file: file.name, line: feature.line, complaint: "\(error)"))
      }
    }
  }

  private mutating func place(_ feature: JSONNode) throws(JSONError) -> CataloguePlace? {
    guard let geometry = feature.find("/geometry"), !geometry.isNull, let type = try geometry.find("/type")?.string,
      ["Point", "Polygon", "MultiPolygon"].contains(type), let properties = feature.find("/properties"),
      !properties.isNull
    else { return nil }
    var values: [String: String] = [:]
    for (name, value) in try properties.members where value.kind == .string { values[name] = try value.string }
    guard let kind = MappedKind(values) else { return nil }
    let id: String?
    if let own = values["@id"] ?? values["osm_id"] ?? values["id"] {
      id = own
    } else if let node = feature.find("/id") {
      id = node.kind == .string ? try node.string : node.kind == .number ? String(try node.int) : nil
    } else {
      id = nil
    }
    let point = try Self.point(geometry, type)
    do throws(MappedSights.Fault) {
      return try sights.place(kind, values, id: id, at: point)
    } catch {
      throw feature.invalid(error.rule)
    }
  }

  private static func point(_ geometry: JSONNode, _ type: String) throws(JSONError) -> Coordinate {
    guard let list = geometry.find("/coordinates") else {
      throw geometry.invalid("must have coordinates: degrees east, then degrees north")
    }
    switch type {
    case "Point": return try point(list)
    case "Polygon": return try middle(list).point
    default:
      var largest: (point: Coordinate, size: Double)?
      for polygon in try list.array {
        let middle = try middle(polygon)
        if middle.size > largest?.size ?? -1 { largest = middle }
      }
      guard let largest else { throw list.invalid("must have a polygon") }
      return largest.point
    }
  }

  /// The middle of a polygon's outer ring, and how large it is.
  private static func middle(_ polygon: JSONNode) throws(JSONError) -> (point: Coordinate, size: Double) {
    var ring: [Coordinate] = []
    if let outer = polygon.find("/0") { for node in try outer.array { ring.append(try point(node)) } }
    guard let middle = AreaMiddle(of: ring) else {
      throw polygon.invalid("must begin with a ring of at least four points, of which the last is the first")
    }
    return (middle.point, middle.size)
  }

  private static func point(_ list: JSONNode) throws(JSONError) -> Coordinate {
    let numbers = try [Double](json: list)
    guard numbers.count >= 2, abs(numbers[0]) <= 180, abs(numbers[1]) <= 90 else {
      throw list.invalid("must be degrees east, then degrees north, such as [2.2945, 48.8584]")
    }
    return Coordinate(numbers[1], numbers[0])
  }
}
