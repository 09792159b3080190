package import Catalogue
package import Kernel
import JSON

/// Sights read from GeoJSON whose points carry OpenStreetMap's keys, as extracts of it do.
///
/// A point is a sight if ``SightKind`` knows one of its keys and it has a name; all others, and lines and areas, are
/// passed over. `opening_hours`, `fee` and `charge` say when it is open and what it costs.
package struct GeoJSONPlaces: Sendable {
  /// Sights, in the order of the file.
  package private(set) var places: [CataloguePlace] = []
  /// Features that are no points, have no name or are nothing to see.
  package private(set) var passedOverCount = 0

  /// What a visit costs of which only is known that it costs something: ten euros.
  private static let usualPrice = Money(minorUnits: 1000, .euro)
  private static let hoursLengthMax = 2000

  private let source: String
  private let file: String
  private var ids: Set<String> = []

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
    self.source = source
    self.file = file.name
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
    guard let geometry = feature.find("/geometry"), !geometry.isNull, try geometry.find("/type")?.string == "Point",
      let properties = feature.find("/properties"), !properties.isNull
    else { return nil }
    var values: [String: String] = [:]
    for (name, value) in try properties.members where value.kind == .string { values[name] = try value.string }
    guard let name = values["name"], let kind = SightKind.all.first(where: { values[$0.key] == $0.value }) else {
      return nil
    }
    guard (1...300).contains(name.unicodeScalars.count), !foldedName(name).isEmpty, !name.utf8.contains(0) else {
      throw properties.invalid("must have a name of 1 to 300 characters with a letter or digit among them")
    }
    let hours = values["opening_hours"] ?? ""
    guard hours.unicodeScalars.count <= Self.hoursLengthMax, !hours.utf8.contains(0) else {
      throw properties.invalid("must have opening_hours of at most \(Self.hoursLengthMax) characters")
    }
    return CataloguePlace(
      id: try id(feature, values, name), name: name, point: try Self.point(geometry), city: nil,
      category: kind.category, score: Self.score(values),
      facts: .sight(
        CataloguePlace.SightFacts(
          tags: kind.tags, hours: hours, minutes: kind.minutes, price: Self.price(values))))
  }

  private static func point(_ geometry: JSONNode) throws(JSONError) -> Coordinate {
    guard let list = geometry.find("/coordinates") else {
      throw geometry.invalid("must have coordinates: degrees east, then degrees north")
    }
    let numbers = try [Double](json: list)
    guard numbers.count >= 2, abs(numbers[0]) <= 180, abs(numbers[1]) <= 90 else {
      throw list.invalid("must be degrees east, then degrees north, such as [2.2945, 48.8584]")
    }
    return Coordinate(numbers[1], numbers[0])
  }

  /// The feature's own id where it has one, else its name; the second of a name is told by a number.
  private mutating func id(_ feature: JSONNode, _ values: [String: String], _ name: String) throws(JSONError) -> String
  {
    var own = values["@id"] ?? values["osm_id"] ?? values["id"]
    if own == nil, let node = feature.find("/id") {
      own = node.kind == .string ? try node.string : node.kind == .number ? String(try node.int) : nil
    }
    if let own, !own.isEmpty {
      let id = "\(source)/\(own)"
      guard id.unicodeScalars.count <= 300,
        !own.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "\0" })
      else { throw feature.invalid("must have an id of at most 200 characters without spaces") }
      guard ids.insert(id).inserted else {
        throw feature.invalid("has the id \(own), which stands twice: keep one of them")
      }
      return id
    }
    let base = "\(source)/" + foldedName(name).split(separator: " ").joined(separator: "-")
    var id = base
    var number = 1
    while !ids.insert(id).inserted {
      number += 1
      id = "\(base)-\(number)"
    }
    return id
  }

  /// What an encyclopedia writes of, or a list protects, more people want to see.
  private static func score(_ values: [String: String]) -> Int {
    if values["heritage"] != nil { return 70 }
    return values["wikidata"] != nil || values["wikipedia"] != nil ? 50 : 25
  }

  /// `charge` as `12 EUR`, `EUR 12` or `12 €`; otherwise free unless `fee` is `yes`.
  private static func price(_ values: [String: String]) -> Money {
    if let charge = values["charge"] {
      let words = charge.split(separator: " ").map(String.init)
      if words.count == 2 {
        for (amount, code) in [(words[0], words[1]), (words[1], words[0])] {
          // What is no amount in a currency, such as "2 adults", is told by `fee` alone.
          if let currency = try? Currency(code == "€" ? "EUR" : code), let price = try? Money(amount, currency),
            !price.isNegative
          {
            return price
          }
        }
      }
    }
    return values["fee"] == "yes" || values["charge"] != nil ? usualPrice : .zero(.euro)
  }
}

/// What a key of OpenStreetMap makes of a point.
struct SightKind: Sendable {
  let key: String
  let value: String
  let category: String
  let minutes: Int
  let tags: [String]

  private init(_ key: String, _ value: String, _ category: String, _ minutes: Int, _ tags: String...) {
    self.key = key
    self.value = value
    self.category = category
    self.minutes = minutes
    self.tags = tags
  }

  /// The first that fits counts; docs/trips.md has the same table.
  static let all: [SightKind] = [
    SightKind("tourism", "museum", "museum", 90, "art", "history"),
    SightKind("tourism", "gallery", "museum", 60, "art"),
    SightKind("tourism", "zoo", "zoo", 150, "nature", "family"),
    SightKind("tourism", "aquarium", "aquarium", 90, "nature", "family"),
    SightKind("tourism", "theme_park", "park", 240, "family"),
    SightKind("tourism", "viewpoint", "viewpoint", 20, "view"),
    SightKind("historic", "castle", "castle", 90, "history", "architecture"),
    SightKind("historic", "monument", "monument", 15, "history"),
    SightKind("historic", "memorial", "monument", 10, "history"),
    SightKind("historic", "archaeological_site", "monument", 45, "history"),
    SightKind("historic", "ruins", "monument", 30, "history"),
    SightKind("amenity", "place_of_worship", "church", 30, "history", "architecture"),
    SightKind("amenity", "theatre", "theatre", 120, "art", "night"),
    SightKind("amenity", "arts_centre", "museum", 60, "art"),
    SightKind("amenity", "marketplace", "market", 45, "food", "shopping"),
    SightKind("leisure", "park", "park", 45, "nature"),
    SightKind("leisure", "garden", "park", 45, "nature"),
    SightKind("tourism", "artwork", "monument", 10, "art"),
    SightKind("tourism", "attraction", "monument", 30, "history"),
  ]
}
