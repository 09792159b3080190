import Catalogue
import Kernel
import Postgres

/// Rows of the catalogue as values.
enum CatalogueRows {
  /// What ``place(_:)`` reads, of `place` and its city `home`.
  static var columns: SQL {
    """
    place.id, place.source, place.licence, place.kind, place.name, place.location[0] as east,
    place.location[1] as north, place.city, home.name as home, place.category, place.score, place.country, place.zone,
    place.tags, place.hours, place.minutes, place.style, place.price_minor, place.currency, place.wheelchair,
    place.code
    """
  }

  static func place(_ row: Row) throws -> StoredPlace {
    let place = CataloguePlace(
      id: try row["id"], name: try row["name"], point: Coordinate(try row["north"], try row["east"]),
      city: try row["city"], category: try row["category"], score: Int(try row["score", as: Int16.self]),
      wheelchair: try wheelchair(row), code: try row["code"],
      facts: try facts(row))
    return StoredPlace(place: place, cityName: try row["home"], source: try row["source"], licence: try row["licence"])
  }

  private static func wheelchair(_ row: Row) throws -> WheelchairAccess? {
    guard let word = try row["wheelchair", as: String?.self] else { return nil }
    guard let access = WheelchairAccess(rawValue: word) else {
      throw StoreError.faulty(reason: "a record of the catalogue takes wheelchairs \"\(word)\"")
    }
    return access
  }

  private static func facts(_ row: Row) throws -> CataloguePlace.Facts {
    switch try row["kind", as: String.self] {
    case "city": return .city(country: try row["country"], zone: try row["zone"])
    case "lodging": return .lodging(style: try row["style"], price: try price(row))
    case "sight":
      return .sight(
        CataloguePlace.SightFacts(
          tags: try row["tags"], hours: try row["hours"], minutes: Int(try row["minutes", as: Int16.self]),
          price: try price(row)))
    case "waypoint":
      let name: String = try row["category"]
      guard let kind = CataloguePlace.Waypoint(rawValue: name) else {
        throw StoreError.faulty(reason: "a waypoint of the catalogue is of the unknown kind \"\(name)\"")
      }
      return .waypoint(kind)
    case let kind: throw StoreError.faulty(reason: "a record of the catalogue is of the unknown kind \"\(kind)\"")
    }
  }

  private static func price(_ row: Row) throws -> Money {
    let code: String = try row["currency"]
    let minorUnits: Int64 = try row["price_minor"]
    do throws(CurrencyError) {
      return Money(minorUnits: minorUnits, try Currency(code))
    } catch {
      throw StoreError.faulty(reason: "a price of the catalogue has the currency \(code): \(error)")
    }
  }
}
