import Kernel
import Testing

@testable import Catalogue

/// What search stands on: names as they are compared, the city of a point, boxes around a circle.
@Suite("Names and places")
struct FindingTests {
  @Test(
    "a folded name forgives case, accents and signs, and keeps every script",
    arguments: [
      ("Musée d'Orsay", "musee d orsay"), ("MUSEE  D’ORSAY!", "musee d orsay"), ("Straße 7", "strasse 7"),
      ("Mus\u{65}\u{301}e", "musee"), ("Ακρόπολη", "ακρόπολη"), ("Œuvre", "oeuvre"), ("' & !", ""), ("", ""),
    ])
  func folds(_ name: String, _ folded: String) {
    #expect(foldedName(name) == folded)
  }

  @Test("a point belongs to the nearest city within thirty kilometres, also across the date line")
  func findsCities() {
    let finder = CityFinder([
      ("a", Coordinate(48.85, 2.35)), ("b", Coordinate(48.95, 2.35)), ("c", Coordinate(-17, 179.95)),
      ("d", Coordinate(78.22, 15.65)),
    ])
    #expect(finder.city(at: Coordinate(48.86, 2.34)) == "a")
    #expect(finder.city(at: Coordinate(48.91, 2.34)) == "b")
    // 0.4 degrees north of b are 44 km.
    #expect(finder.city(at: Coordinate(49.35, 2.35)) == nil)
    #expect(finder.city(at: Coordinate(78.22, 14.5)) == "d", "a degree of longitude is 23 km there")
  }

  @Test(
    "every point of a circle lies in its boxes",
    arguments: [(48.9, 2.3), (0, 179.99), (0, -179.99), (89.5, 10), (-60, 0)])
  func boxes(_ north: Double, _ east: Double) {
    let middle = Coordinate(north, east)
    let boxes = CircleBox.around(middle, 20_000)
    for step in [(1.0, 0.0), (0, 1), (-1, 0), (0, -1), (0.7, 0.7), (-0.7, -0.7)] {
      // 0.17 degrees are 18.9 km; a degree of longitude shrinks with the cosine.
      let latitude = min(90, max(-90, north + 0.17 * step.0))
      var longitude = east + 0.17 * step.1 / Angle.cosine(min(89.9, abs(latitude)))
      if longitude > 180 { longitude -= 360 }
      if longitude < -180 { longitude += 360 }
      let isInside = boxes.contains {
        ($0.southWest.latitude...$0.northEast.latitude).contains(latitude)
          && ($0.southWest.longitude...$0.northEast.longitude).contains(longitude)
      }
      #expect(isInside, "\(latitude) \(longitude)")
    }
  }

  @Test("a wrong row costs that row, and records become tables again")
  func isTolerant() throws {
    func file(_ name: String, _ text: String) -> TableFile { TableFile(name: name, bytes: Array(text.utf8)) }
    var faults: [String] = []
    let tables = try CatalogueTables(
      cities: file(
        "cities.csv",
        """
        city,country,zone,station,station_lat,station_lon,airport,airport_name,airport_lat,airport_lon
        Åby,SE,Europe/Stockholm,Åby station,58.66,16.18,,,,
        """),
      sights: file(
        "sights.csv",
        """
        city,name,lat,lon,category,tags,hours,minutes,price,currency,score
        Åby,Old Mill,58.661,16.181,museum,history,,60,5.50,EUR,70
        Åby,Bad,99,16.185,park,nature,,30,0,EUR,40
        Åby,Short,58
        Åby,Green,58.665,16.185,park,nature,,30,0,EUR,40
        """),
      lodgings: file("lodging.csv", "city,name,class,lat,lon,price,currency\nÅby,Inn,comfort,58.66,16.18,90,EUR\n")
    ) { error throws(TableError) in faults.append("\(error)") }
    #expect(faults.count == 2)
    #expect(faults.contains { $0.hasPrefix("sights.csv:3: lat and lon must be degrees") }, "\(faults)")
    #expect(faults.contains { $0.hasPrefix("sights.csv:4: there are 3 fields") }, "\(faults)")
    #expect(tables.sights["se/aby"]?.map(\.name) == ["Old Mill", "Green"])
    let again = CatalogueTables(tables.places)
    #expect(again.cities == tables.cities)
    #expect(again.sights == tables.sights)
    #expect(again.lodgings == tables.lodgings)
  }
}
