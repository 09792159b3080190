import Catalogue
import Kernel

/// Makes sights of what is mapped with OpenStreetMap's keys, each with an id of its own.
///
/// `opening_hours`, `fee`, `charge` and `wheelchair` say when it is open, what it costs and who gets in.
struct MappedSights {
  /// What is wrong with a place.
  enum Fault: Error {
    case name
    case hours
    case id
    case twice(String)

    /// What it must be.
    var rule: String {
      switch self {
      case .name: "must have a name of 1 to 300 characters with a letter or digit among them"
      case .hours: "must have opening_hours of at most \(MappedSights.hoursLengthMax) characters"
      case .id: "must have an id of at most 200 characters without spaces"
      case .twice(let id): "has the id \(id), which stands twice: keep one of them"
      }
    }
  }

  /// What a visit costs of which only is known that it costs something: ten euros.
  private static let usualPrice = Money(minorUnits: 1000, .euro)
  private static let hoursLengthMax = 2000

  private let source: String
  private var ids: Set<String> = []

  /// - Parameter source: what the ids begin with.
  init(source: String) { self.source = source }

  /// A place of a kind.
  ///
  /// - Parameters:
  ///   - kind: what its tags make of it.
  ///   - tags: its name among them.
  ///   - own: its own id, where it has one.
  ///   - point: where it is.
  /// - Returns: the record.
  /// - Throws: `Fault`.
  mutating func place(
    _ kind: MappedKind, _ tags: [String: String], id own: String?, at point: Coordinate
  ) throws(Fault) -> CataloguePlace {
    let name = tags["name"] ?? ""
    guard (1...300).contains(name.unicodeScalars.count), !foldedName(name).isEmpty, !name.utf8.contains(0) else {
      throw .name
    }
    let hours = tags["opening_hours"] ?? ""
    guard hours.unicodeScalars.count <= Self.hoursLengthMax, !hours.utf8.contains(0) else { throw .hours }
    let (category, score, facts): (String, Int, CataloguePlace.Facts) =
      switch kind {
      case .waypoint(let waypoint): (waypoint.rawValue, waypoint.score, .waypoint(waypoint))
      case .sight(let sight):
        (
          sight.category, Self.score(tags),
          .sight(
            CataloguePlace.SightFacts(
              tags: sight.tags, hours: hours, minutes: sight.minutes, price: Self.price(tags)))
        )
      }
    return CataloguePlace(
      id: try id(own, name), name: name, point: point, city: nil, category: category, score: score,
      wheelchair: Self.wheelchair(tags), facts: facts)
  }

  /// Its own id where it has one, else its name; the second of a name is told by a number.
  private mutating func id(_ own: String?, _ name: String) throws(Fault) -> String {
    if let own, !own.isEmpty {
      let id = "\(source)/\(own)"
      guard id.unicodeScalars.count <= 300,
        !own.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "\0" })
      else { throw .id }
      guard ids.insert(id).inserted else { throw .twice(own) }
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
  private static func score(_ tags: [String: String]) -> Int {
    if tags["heritage"] != nil { return 70 }
    return tags["wikidata"] != nil || tags["wikipedia"] != nil ? 50 : 25
  }

  /// What is designated for wheelchairs takes them.
  private static func wheelchair(_ tags: [String: String]) -> WheelchairAccess? {
    tags["wheelchair"].flatMap { $0 == "designated" ? .yes : WheelchairAccess(rawValue: $0) }
  }

  /// `charge` as `12 EUR`, `EUR 12` or `12 €`; otherwise free unless `fee` is `yes`.
  private static func price(_ tags: [String: String]) -> Money {
    if let charge = tags["charge"] {
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
    return tags["fee"] == "yes" || tags["charge"] != nil ? usualPrice : .zero(.euro)
  }
}
