import Catalogue
import HTTP
import JSON
import Kernel
import Store
import TestSupport
import Testing

@testable import API

/// One body per fact, run against the routes in process and against a live server.
@Suite("Search routes")
struct SearchTests {
  private typealias Fixture = ApplicationFixture

  private static func fill(_ app: Fixture) async throws {
    let source = try #require(CatalogueSource(name: "test", licence: "CC0-1.0"))
    let facts = CataloguePlace.SightFacts(
      tags: ["art"], hours: "Tu off", minutes: 180, price: Money(minorUnits: 2200, .euro))
    _ = try await app.database.catalogue.replace(
      source,
      with: [
        CataloguePlace(
          id: "fr/paris", name: "Paris", point: Coordinate(48.8566, 2.3522), city: nil, category: "city", score: 90,
          facts: .city(country: "FR", zone: "Europe/Paris")),
        CataloguePlace(
          id: "fr/paris/musee-d-orsay", name: "Musée d'Orsay", point: Coordinate(48.86, 2.3266), city: "fr/paris",
          category: "museum", score: 92, facts: .sight(facts)),
        CataloguePlace(
          id: "fr/paris/louvre", name: "Louvre", point: Coordinate(48.8606, 2.3376), city: "fr/paris",
          category: "museum", score: 100, facts: .sight(facts)),
      ])
  }

  @Test("a place is found by its name, with and without the version", arguments: ApplicationFixture.Way.allCases)
  func finds(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      try await Self.fill(app)
      for prefix in ["", "/v1"] {
        let answer = try await app.send(.get, "\(prefix)/search?q=musee+orsai&lat=48.86&lon=2.34&limit=5")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.string("/results/0/id") == "fr/paris/musee-d-orsay")
        #expect(try answer.string("/results/0/city/name") == "Paris")
        #expect(try answer.string("/results/0/price") == "22.00")
        #expect(try answer.string("/results/0/licence") == "CC0-1.0")
        #expect(try JSONDocument(bytes: answer.body).root.find("/results/0/metres")?.int ?? 0 > 900)
        #expect(try answer.string("/facets/0/category") == "museum")
        let suggestions = try await app.send(.get, "\(prefix)/search/suggest?q=mus")
        #expect(try suggestions.string("/suggestions/0/name") == "Musée d'Orsay", "\(suggestions.text)")
        let one = try await app.send(.get, "\(prefix)/search/poi/fr/paris/louvre")
        #expect(try one.string("/openingHours") == "Tu off", "\(one.text)")
      }
    }
  }

  @Test("pages lead on to the next")
  func pages() async throws {
    try await Fixture.run(.inProcess) { app in
      try await Self.fill(app)
      let first = try await app.send(.get, "/search?lat=48.86&lon=2.34&radius=5000&limit=2")
      let next = try #require(try first.string("/next"))
      let encoded = next.replacing("~", with: "%7E").replacing("/", with: "%2F")
      let second = try await app.send(.get, "/search?lat=48.86&lon=2.34&radius=5000&limit=2&cursor=\(encoded)")
      #expect(try second.string("/results/0/id") == "fr/paris", "\(second.text)")
      #expect(try second.string("/next") == nil)
      let museums = try await app.send(.get, "/search?lat=48.86&lon=2.34&category=museum")
      #expect(try JSONDocument(bytes: museums.body).root.find("/results")?.array.count == 2)
    }
  }

  /// What is asked, what is answered, and what the answer says.
  private static let bad: [(path: String, status: Int, hint: String)] = [
    ("/search", 400, "'q' is missing"), ("/search?q=", 400, "letter or digit"),
    ("/search?q=%2B%2B", 400, "letter or digit"),
    ("/search?q=\(String(repeating: "a", count: 101))", 400, "100 characters"),
    ("/search?q=%00", 400, "letter or digit"),
    ("/search?lat=48", 400, "'lon'"), ("/search?q=a&radius=5", 400, "'lat'"), ("/search?lat=91&lon=0", 400, "between"),
    ("/search?q=a&lat=1&lon=1&radius=0", 400, "between"), ("/search?q=a&limit=51", 400, "between 1 and 50"),
    ("/search?q=a&category=Museum", 400, "museum"), ("/search?q=a&cursor=x", 400, "'next'"),
    ("/search?q=a&categori=museum", 400, "'category'"), ("/search/suggest", 400, "'q'"),
    ("/search/poi/fr/paris/nothing", 404, "no such place"), ("/search/poi", 404, "nothing at"),
  ]

  @Test("bad questions are refused with the parameter and the mend", arguments: ApplicationFixture.Way.allCases)
  func refuses(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      for (path, status, hint) in Self.bad {
        let answer = try await app.send(.get, path)
        #expect(answer.status == status, "\(path): \(answer.text)")
        #expect(answer.text.contains(hint), "\(path): \(answer.text)")
        #expect(answer.field("Content-Type") == "application/problem+json", "\(path)")
      }
    }
  }
}
