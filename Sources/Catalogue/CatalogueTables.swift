package import Kernel

/// Cities with their sights and places to stay, read and checked.
package struct CatalogueTables: Sendable {
  /// All cities, by name.
  package private(set) var cities: [City] = []
  /// What there is to see, by city.
  package private(set) var sights: [String: [Sight]] = [:]
  /// Where one can stay, by city.
  package private(set) var lodgings: [String: [Lodging]] = [:]

  /// Nothing.
  package init() {}

  /// Reads three tables.
  ///
  /// - Parameters:
  ///   - cities: `city,country,zone,station,station_lat,station_lon,airport,airport_name,airport_lat,airport_lon`.
  ///   - sights: `city,name,lat,lon,category,tags,hours,minutes,price,currency,score`.
  ///   - lodgings: `city,name,class,lat,lon,price,currency`.
  /// - Throws: `TableError` with file, line and mend.
  package init(cities: TableFile, sights: TableFile, lodgings: TableFile) throws(TableError) {
    var byName: [String: City] = [:]
    for row in try TableReader.rows(cities, columns: Self.cityColumns) {
      let name = try row.required("city")
      guard byName[name] == nil else { throw row.error("\"\(name)\" stands twice: keep one of them") }
      let country = try row.required("country")
      byName[name] = City(
        id: "\(country.lowercased())/\(Self.key(name))", name: name, country: country, zone: try row.required("zone"),
        point: try Self.point(row, "station_lat", "station_lon"))
    }
    try readSights(sights, byName)
    try readLodgings(lodgings, byName)
    // A port or a second station is no city: those have something to see.
    self.cities = byName.values.filter { self.sights[$0.id] != nil }.sorted { $0.name < $1.name }
  }

  private static let cityColumns = [
    "city", "country", "zone", "station", "station_lat", "station_lon", "airport", "airport_name", "airport_lat",
    "airport_lon",
  ]

  private mutating func readSights(_ file: TableFile, _ cities: [String: City]) throws(TableError) {
    let columns = [
      "city", "name", "lat", "lon", "category", "tags", "hours", "minutes", "price", "currency", "score",
    ]
    var ids: Set<String> = []
    for row in try TableReader.rows(file, columns: columns) {
      let city = try Self.city(row, cities)
      let name = try row.required("name")
      let id = "\(city.id)/\(Self.key(name))"
      guard ids.insert(id).inserted else { throw row.error("\"\(name)\" stands twice: keep one of them") }
      guard let minutes = try row.whole("minutes", in: 5...1440), let score = try row.whole("score", in: 1...100),
        let price = try row.amount("price", try row.currency("currency")), !price.isNegative
      else { throw row.error("minutes, score and price must be given, the price not below zero") }
      sights[city.id, default: []].append(
        Sight(
          id: id, city: city.id, name: name, point: try Self.point(row, "lat", "lon"),
          category: try row.required("category"), tags: row["tags"].split(separator: " ").map(String.init),
          hours: row["hours"], minutes: minutes, price: price, score: score))
    }
  }

  private mutating func readLodgings(_ file: TableFile, _ cities: [String: City]) throws(TableError) {
    for row in try TableReader.rows(file, columns: ["city", "name", "class", "lat", "lon", "price", "currency"]) {
      let city = try Self.city(row, cities)
      let name = try row.required("name")
      guard let price = try row.amount("price", try row.currency("currency")), !price.isNegative else {
        throw row.error("price must be given and not below zero")
      }
      lodgings[city.id, default: []].append(
        Lodging(
          id: "\(city.id)/\(Self.key(name))", city: city.id, name: name, style: try row.required("class"),
          point: try Self.point(row, "lat", "lon"), price: price))
    }
  }

  private static func city(_ row: TableRow, _ cities: [String: City]) throws(TableError) -> City {
    let name = try row.required("city")
    guard let city = cities[name] else {
      throw row.error("there is no city \"\(name)\" in the table of cities: add it or mend the name")
    }
    return city
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

extension Character {
  /// The letter without its accents, for those of Europe.
  fileprivate var decomposedLetter: Character {
    switch self {
    case "à", "á", "â", "ã", "ä", "å", "ā", "ă", "ą": "a"
    case "ç", "ć", "č": "c"
    case "ď", "đ": "d"
    case "è", "é", "ê", "ë", "ē", "ė", "ę", "ě": "e"
    case "ğ": "g"
    case "ì", "í", "î", "ï", "ī", "ı": "i"
    case "ł": "l"
    case "ñ", "ń", "ň": "n"
    case "ò", "ó", "ô", "õ", "ö", "ø", "ō", "ő": "o"
    case "ř": "r"
    case "ś", "š", "ş", "ș": "s"
    case "ť", "ț", "ţ": "t"
    case "ù", "ú", "û", "ü", "ū", "ů", "ű": "u"
    case "ý", "ÿ": "y"
    case "ź", "ż", "ž": "z"
    default: self
    }
  }
}
