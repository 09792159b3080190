import Kernel
import Testing

@testable import Catalogue

/// Cities, sights and places to stay, read from tables.
@Suite("The catalogue")
struct CatalogueTests {
  private static let cities = """
    city,country,zone,station,station_lat,station_lon,airport,airport_name,airport_lat,airport_lon
    Åby,SE,Europe/Stockholm,Åby station,58.66,16.18,NRK,Kungsängen,58.586,16.251
    Port,SE,Europe/Stockholm,Port,58.60,16.20,,,,
    """
  private static let sights = """
    city,name,lat,lon,category,tags,hours,minutes,price,currency,score
    Åby,Old Mill,58.661,16.181,museum,history family,"Mo-Fr 10:00-16:00; Sa off",60,5.50,EUR,70
    Åby,Green,58.665,16.185,park,nature,,30,0,EUR,40
    """
  private static let lodgings = """
    city,name,class,lat,lon,price,currency
    Åby,Inn,comfort,58.66,16.18,90,EUR
    """

  private func tables(
    cities: String = cities, sights: String = sights, lodgings: String = lodgings
  ) throws(TableError) -> CatalogueTables {
    func file(_ name: String, _ text: String) -> TableFile { TableFile(name: name, bytes: Array(text.utf8)) }
    return try CatalogueTables(
      cities: file("cities.csv", cities), sights: file("sights.csv", sights), lodgings: file("lodging.csv", lodgings))
  }

  @Test("what has something to see is a city; ids are plain letters")
  func reads() throws {
    let tables = try tables()
    #expect(tables.cities.map(\.id) == ["se/aby"])
    #expect(tables.cities.first?.code == "NRK" && CatalogueTables(tables.places).cities == tables.cities)
    let bad = Self.cities.replacing("NRK", with: "Norrk")
    #expect(throws: TableError.self) { try self.tables(cities: bad) }
    #expect(tables.sights["se/aby"]?.map(\.id) == ["se/aby/old-mill", "se/aby/green"])
    #expect(tables.sights["se/aby"]?.first?.hours == "Mo-Fr 10:00-16:00; Sa off")
    #expect(tables.lodgings["se/aby"]?.first?.price == (try Money("90", .euro)))
  }

  @Test("stations and airports of cities are waypoints, those of a port without a city")
  func waypoints() throws {
    let tables = try tables()
    #expect(
      tables.waypoints.map(\.id) == ["se/aby/station/aby-station", "se/aby/airport/kungsangen", "se/port/station/port"])
    #expect(tables.waypoints.map(\.city) == ["se/aby", "se/aby", nil])
    #expect(tables.waypoints.map(\.facts) == [.waypoint(.station), .waypoint(.airport), .waypoint(.station)])
    #expect(tables.places.suffix(3) == tables.waypoints[...])
    let bad = Self.cities.replacing("58.586", with: "98.586")
    #expect(throws: TableError.self) { try self.tables(cities: bad) }
  }

  @Test(
    "a fault is told with file, line and mend",
    arguments: [
      ("Åby,Old Mill,91,16.181,museum,,,60,0,EUR,70", "sights.csv:2: lat and lon must be degrees"),
      ("Aby,Old Mill,58,16.181,museum,,,60,0,EUR,70", "sights.csv:2: there is no city \"Aby\""),
      ("Åby,Old Mill,58,16.181,museum,,,2,0,EUR,70", "sights.csv:2: minutes must be a whole number from 5"),
      ("Åby,Old Mill,58,16.181,museum,,,60,0,EUX,70", "sights.csv:2: currency must be"),
      ("Åby,Old Mill,58,16.181,museum,,,60,-1,EUR,70", "sights.csv:2: minutes, score and price must be given"),
      (
        "Åby,Old Mill,58,16,museum,,,60,0,EUR,70\nÅby,Old mill,58,16,museum,,,60,0,EUR,70",
        "sights.csv:3: \"Old mill\" stands twice"
      ),
    ])
  func refuses(_ rows: String, _ complaint: String) throws {
    let head = "city,name,lat,lon,category,tags,hours,minutes,price,currency,score\n"
    let error = #expect(throws: TableError.self) { try tables(sights: head + rows) }
    #expect(try #require(error).description.hasPrefix(complaint), "\(String(describing: error))")
  }

  @Test(
    "distances are those of the earth", arguments: [(48.8584, 2.2945, 48.8606, 2.3376, 3163.0), (0, 0, 0, 1, 111_195)])
  func distances(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ metres: Double) {
    let found = Coordinate(a, b).flatMetres(to: Coordinate(c, d))
    #expect(abs(found - metres) < metres / 500, "\(found)")
  }
}
