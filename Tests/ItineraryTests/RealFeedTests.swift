import BudgetWire
import Catalogue
import Foundation
import Itinerary
import JSON
import Kernel
import Testing
import Transport

@testable import ItineraryWire

/// Real timetables and real places of interest work the way the sample world does.
@Suite("Real feeds")
struct RealFeedTests {
  private static let data = ProcessInfo.processInfo.environment["WAYFARE_TEST_DATA"]

  /// The sights of a table of points with OpenStreetMap's `key=value`.
  private func sights(_ path: String, city: String) throws -> [CataloguePlace] {
    let file = TableFile(name: "sights.csv", bytes: Array(try Data(contentsOf: URL(filePath: path))))
    let columns = ["osm_id", "name", "category", "lon", "lat", "opening_hours", "fee", "wikidata", "website"]
    var maker = MappedSights(source: "osm")
    return try TableReader.rows(file, columns: columns) { _ in }.compactMap { row in
      let category = row["category"].components(separatedBy: "=")
      var tags = ["name": row["name"], "opening_hours": row["opening_hours"], "fee": row["fee"]]
      tags[category[0]] = category.last
      tags["wikidata"] = row["wikidata"].isEmpty ? nil : row["wikidata"]
      let point = Coordinate(try #require(Double(row["lat"])), try #require(Double(row["lon"])))
      guard let kind = SightKind(tags).map(MappedKind.sight), point.flatMetres(to: Coordinate(37.775, -122.43)) < 9000
      else { return nil }
      var place = try? maker.place(kind, tags, id: row["osm_id"], at: point)
      place?.city = city
      return place
    }
  }

  @Test(
    "a day in San Francisco, there by BART, its sights from OpenStreetMap",
    .enabled(if: data != nil, "WAYFARE_TEST_DATA names no folder of test data"))
  func sanFrancisco() throws {
    let folder = try #require(Self.data)
    let home = FileManager.default.temporaryDirectory.appending(path: "wayfare-real-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: home) }
    _ = try FeedStore(home: home).add(FeedName("bart"), from: folder + "/gtfs/bart_2023.zip") { _ in true }
    func city(_ id: String, _ name: String, _ point: Coordinate) -> CataloguePlace {
      CataloguePlace(
        id: id, name: name, point: point, city: nil, category: "city", score: 90,
        facts: .city(country: "US", zone: "America/Los_Angeles"))
    }
    let (oakland, francisco) = ("us/oakland", "us/san-francisco")
    let found = try sights(folder + "/poi/sf_bay_sights_osm2017.csv", city: francisco)
    let lodging = CataloguePlace(
      id: francisco + "/inn", name: "Inn at Powell Street", point: Coordinate(37.7844, -122.4080), city: francisco,
      category: "lodging", score: 10,
      facts: .lodging(style: "comfort", price: Money(minorUnits: 18_000, try Currency("USD"))))
    let home1 = CataloguePlace(
      id: oakland + "/lake", name: "Lake Merritt", point: Coordinate(37.8023, -122.2586), city: oakland,
      category: "park", score: 50,
      facts: .sight(CataloguePlace.SightFacts(tags: [], hours: "", minutes: 30, price: .zero(.euro))))
    let catalogue = CatalogueTables(
      [
        city(oakland, "Oakland", Coordinate(37.8037, -122.2714)),
        city(francisco, "San Francisco", Coordinate(37.7793, -122.4193)), lodging, home1,
      ] + found)
    let budget = try BudgetGround()
    let request = try TripQuestion(
      json: JSONDocument(
        text: """
          {"origin": "Oakland", "destinations": [{"place": "San Francisco", "nights": 1}], "currency": "USD",
           "dates": {"start": "2023-06-06", "end": "2023-06-07"}, "party": 2}
          """
      ).root, catalogue, budget
    ).request
    let ground = TripGround(
      catalogue: catalogue, router: Router(try Transit(home: home)), costs: budget.catalogue, rates: budget.rates)
    let answer = try TripPlanner(ground).plan(request)
    print(TripPage(answer).text)
    let best = try #require(answer.options.first)
    #expect(best.sightCount >= 5)
    #expect(best.legs.allSatisfy { $0.modes.contains("metro") || $0.modes.contains("rail") })
    #expect(best.legs.allSatisfy { (10...90).contains($0.minutes) })
  }
}
