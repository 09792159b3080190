package import Kernel

/// Cities with their sights and places to stay, read and checked.
package struct CatalogueTables: Sendable {
  /// All cities, by name.
  package private(set) var cities: [City] = []
  /// What there is to see, by city.
  package private(set) var sights: [String: [Sight]] = [:]
  /// Where one can stay, by city.
  package private(set) var lodgings: [String: [Lodging]] = [:]

  /// Stations and airports of the cities, and of what is a port alone.
  package private(set) var waypoints: [CataloguePlace] = []

  /// Nothing.
  package init() {}

  /// Reads three tables.
  ///
  /// - Parameters:
  ///   - cities: `city,country,zone,station,station_lat,station_lon,airport,airport_name,airport_lat,airport_lon`.
  ///   - sights: `city,name,lat,lon,category,tags,hours,minutes,price,currency,score`, and `wheelchair` if it is known.
  ///   - lodgings: `city,name,class,lat,lon,price,currency`, and `wheelchair`.
  /// - Throws: `TableError` with file, line and mend.
  package init(cities: TableFile, sights: TableFile, lodgings: TableFile) throws(TableError) {
    try self.init(cities: cities, sights: sights, lodgings: lodgings) { error throws(TableError) in throw error }
  }

  /// Reads three tables of which single rows may be wrong.
  ///
  /// - Parameters:
  ///   - cities: as above.
  ///   - sights: as above.
  ///   - lodgings: as above.
  ///   - fault: told of each row that is wrong, which is then left out; it may throw.
  /// - Throws: `TableError` for what is wrong with a table as a whole, and what `fault` throws.
  package init(
    cities: TableFile, sights: TableFile, lodgings: TableFile, fault: (TableError) throws(TableError) -> Void
  ) throws(TableError) {
    var byName: [String: City] = [:]
    var waypoints: [(city: City, place: CataloguePlace)] = []
    for row in try TableReader.rows(cities, columns: Self.cityColumns, fault: fault) {
      do throws(TableError) {
        let city = try Self.city(row)
        guard byName[city.name] == nil else { throw row.error("\"\(city.name)\" stands twice: keep one of them") }
        byName[city.name] = city
        waypoints += try Self.waypoints(row, of: city).map { (city, $0) }
      } catch {
        try fault(error)
      }
    }
    var ids: Set<String> = []
    for row in try TableReader.rows(sights, columns: Self.sightColumns, optional: Self.optionalColumns, fault: fault) {
      do throws(TableError) {
        let sight = try Self.sight(row, byName)
        guard ids.insert(sight.id).inserted else {
          throw row.error("\"\(sight.name)\" stands twice: keep one of them")
        }
        self.sights[sight.city, default: []].append(sight)
      } catch {
        try fault(error)
      }
    }
    for row in try TableReader.rows(
      lodgings, columns: Self.lodgingColumns, optional: Self.optionalColumns, fault: fault)
    {
      do throws(TableError) {
        let lodging = try Self.lodging(row, byName)
        self.lodgings[lodging.city, default: []].append(lodging)
      } catch {
        try fault(error)
      }
    }
    keepCities(byName.values)
    keepWaypoints(waypoints)
  }

  /// Puts together what is known of places; whatever lies in a city that is not among them is left out.
  package init(_ places: some Sequence<CataloguePlace>) {
    var cities: [City] = []
    for place in places {
      switch place.facts {
      case .city(let country, let zone):
        cities.append(
          City(id: place.id, name: place.name, country: country, zone: zone, point: place.point, code: place.code))
      case .sight(let facts):
        guard let city = place.city else { continue }
        sights[city, default: []].append(
          Sight(
            id: place.id, city: city, name: place.name, point: place.point, category: place.category, tags: facts.tags,
            hours: facts.hours, minutes: facts.minutes, price: facts.price, score: place.score,
            wheelchair: place.wheelchair))
      case .lodging(let style, let price):
        guard let city = place.city else { continue }
        lodgings[city, default: []].append(
          Lodging(
            id: place.id, city: city, name: place.name, style: style, point: place.point, price: price,
            wheelchair: place.wheelchair))
      case .waypoint: waypoints.append(place)
      }
    }
    keepCities(cities)
  }

  /// A port or a second station is no city: those have something to see.
  private mutating func keepCities(_ all: some Sequence<City>) {
    cities = all.filter { sights[$0.id] != nil }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }

  /// A port's station lies in no city here; it is in whichever is near.
  private mutating func keepWaypoints(_ all: [(city: City, place: CataloguePlace)]) {
    let known = Set(cities.map(\.id))
    waypoints = all.map { city, place in
      var place = place
      place.city = known.contains(city.id) ? city.id : nil
      return place
    }
  }

  private static let cityColumns = [
    "city", "country", "zone", "station", "station_lat", "station_lon", "airport", "airport_name", "airport_lat",
    "airport_lon",
  ]

  private static let sightColumns = [
    "city", "name", "lat", "lon", "category", "tags", "hours", "minutes", "price", "currency", "score",
  ]
  private static let lodgingColumns = ["city", "name", "class", "lat", "lon", "price", "currency"]
  private static let optionalColumns = ["wheelchair"]

  private static func city(_ row: TableRow) throws(TableError) -> City {
    let name = try row.required("city")
    let country = try row.required("country")
    return City(
      id: "\(country.lowercased())/\(key(name))", name: name, country: country, zone: try row.required("zone"),
      point: try point(row, "station_lat", "station_lon"), code: try code(row))
  }

  /// The airport's code by IATA, which those who sell know the city by.
  private static func code(_ row: TableRow) throws(TableError) -> String? {
    let code = row["airport"]
    if code.isEmpty { return nil }
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (65...90).contains($0) }) else {
      throw row.error("airport must be three capital letters such as CDG, or empty")
    }
    return code
  }

  /// The station and the airport that a row of the table of cities names.
  private static func waypoints(_ row: TableRow, of city: City) throws(TableError) -> [CataloguePlace] {
    var found: [CataloguePlace] = []
    for (kind, name) in [(CataloguePlace.Waypoint.station, row["station"]), (.airport, row["airport_name"])]
    where !name.isEmpty {
      found.append(
        CataloguePlace(
          id: "\(city.id)/\(kind.rawValue)/\(key(name))", name: name,
          point: try point(row, "\(kind.rawValue)_lat", "\(kind.rawValue)_lon"), city: city.id,
          category: kind.rawValue, score: kind.score, facts: .waypoint(kind)))
    }
    return found
  }

  private static func sight(_ row: TableRow, _ cities: [String: City]) throws(TableError) -> Sight {
    let city = try city(row, cities)
    let name = try row.required("name")
    guard let minutes = try row.whole("minutes", in: 5...1440), let score = try row.whole("score", in: 1...100),
      let price = try row.amount("price", try row.currency("currency")), !price.isNegative
    else { throw row.error("minutes, score and price must be given, the price not below zero") }
    return Sight(
      id: "\(city.id)/\(key(name))", city: city.id, name: name, point: try point(row, "lat", "lon"),
      category: try row.required("category"), tags: row["tags"].split(separator: " ").map(String.init),
      hours: row["hours"], minutes: minutes, price: price, score: score, wheelchair: try wheelchair(row))
  }

  private static func lodging(_ row: TableRow, _ cities: [String: City]) throws(TableError) -> Lodging {
    let city = try city(row, cities)
    let name = try row.required("name")
    guard let price = try row.amount("price", try row.currency("currency")), !price.isNegative else {
      throw row.error("price must be given and not below zero")
    }
    return Lodging(
      id: "\(city.id)/\(key(name))", city: city.id, name: name, style: try row.required("class"),
      point: try point(row, "lat", "lon"), price: price, wheelchair: try wheelchair(row))
  }

  private static func city(_ row: TableRow, _ cities: [String: City]) throws(TableError) -> City {
    let name = try row.required("city")
    guard let city = cities[name] else {
      throw row.error("there is no city \"\(name)\" in the table of cities: add it or mend the name")
    }
    return city
  }

  private static func wheelchair(_ row: TableRow) throws(TableError) -> WheelchairAccess? {
    let word = row["wheelchair"]
    guard !word.isEmpty else { return nil }
    guard let access = WheelchairAccess(rawValue: word) else {
      throw row.error("wheelchair must be yes, limited or no, or empty where it is not known")
    }
    return access
  }

  private static func point(_ row: TableRow, _ latitude: String, _ longitude: String) throws(TableError) -> Coordinate {
    guard let north = Double(row[latitude]), let east = Double(row[longitude]), abs(north) <= 90, abs(east) <= 180
    else {
      throw row.error("\(latitude) and \(longitude) must be degrees, such as 48.8584 and 2.2945")
    }
    return Coordinate(north, east)
  }

  /// What a name is called among others: lower case, letters without accents, all else as hyphens.
  package static func key(_ name: String) -> String {
    var key = ""
    for character in name.lowercased() {
      let plain = character.decomposedLetter
      if plain.isASCII, plain.isLetter || plain.isNumber {
        key.append(plain)
      } else if character != "'", key.last.map({ $0 != "-" }) ?? false {
        key.append("-")
      }
    }
    if key.last == "-" { key.removeLast() }
    return key
  }
}
