import Catalogue
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

/// A small world: two cities 300 km apart, a few sights, one place to stay.
@Suite("The catalogue in the store")
struct CatalogueStoreTests {
  private func withStore(_ body: (CatalogueStore, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await body(Database(client).catalogue, client)
    }
  }

  private static func source(_ name: String = "world") throws -> CatalogueSource {
    try #require(CatalogueSource(name: name, licence: "CC0-1.0"))
  }

  private static func city(_ id: String, _ name: String, _ north: Double, _ east: Double) -> CataloguePlace {
    CataloguePlace(
      id: id, name: name, point: Coordinate(north, east), city: nil, category: "city", score: 90, code: "CDG",
      facts: .city(country: "FR", zone: "Europe/Paris"))
  }

  private static func sight(
    _ id: String, _ name: String, _ north: Double, _ east: Double, city: String? = "fr/paris",
    category: String = "museum",
    score: Int = 50, tags: [String] = ["art"]
  ) -> CataloguePlace {
    CataloguePlace(
      id: id, name: name, point: Coordinate(north, east), city: city, category: category, score: score,
      facts: .sight(
        CataloguePlace.SightFacts(
          tags: tags, hours: "Tu off", minutes: 90, price: Money(minorUnits: 1250, .euro))))
  }

  private static let world: [CataloguePlace] = [
    city("fr/paris", "Paris", 48.8566, 2.3522), city("fr/lille", "Lille", 50.6365, 3.0635),
    sight("fr/paris/louvre", "Louvre", 48.8606, 2.3376, score: 100),
    sight("fr/paris/orsay", "Musée d'Orsay", 48.8600, 2.3266, score: 92),
    sight("fr/paris/eiffel", "Eiffel Tower", 48.8584, 2.2945, category: "monument", score: 99, tags: []),
    sight("fr/lille/beaux-arts", "Palais des Beaux-Arts", 50.6304, 3.0624, city: "fr/lille", score: 60),
    CataloguePlace(
      id: "fr/paris/inn", name: "Louvre Inn", point: Coordinate(48.861, 2.338), city: "fr/paris", category: "lodging",
      score: 10, wheelchair: .limited, facts: .lodging(style: "comfort", price: Money(minorUnits: 9000, .euro))),
  ]

  private func ids(_ store: CatalogueStore, _ query: CatalogueQuery) async throws -> [String] {
    try await store.search(query).found.map(\.stored.place.id)
  }

  @Test("a record comes back as it was imported, with the name of its city, its source and its licence")
  func keeps() async throws {
    try await withStore { store, _ in
      let isEmpty = try await store.isEmpty()
      #expect(isEmpty)
      var told: [Int] = []
      let report = try await store.replace(try Self.source(), with: Self.world) { told.append($0) }
      #expect(report == CatalogueImport(keptCount: 7))
      #expect(told == [7])
      for place in Self.world {
        let found = try #require(try await store.find(place.id))
        #expect(found.place == place)
        #expect(found.source == "world")
        #expect(found.licence == "CC0-1.0")
        #expect(found.cityName == place.city.map { $0 == "fr/paris" ? "Paris" : "Lille" })
      }
      let none = try await store.find("fr/paris/nothing")
      #expect(none == nil)
      let sources = try await store.sources()
      #expect(sources.map { [$0.cityCount, $0.sightCount, $0.lodgingCount] } == [[2, 4, 1]])
    }
  }

  @Test("waypoints are kept, found by name and category in the city near them, and nothing that plans look at")
  func waypoints() async throws {
    try await withStore { store, client in
      let nord = CataloguePlace(
        id: "fr/nord", name: "Gare du Nord", point: Coordinate(48.8809, 2.3553), city: nil, category: "station",
        score: 30, facts: .waypoint(.station))
      _ = try await store.replace(try Self.source(), with: Self.world + [nord])
      let found = try #require(try await store.find("fr/nord"))
      #expect(found.place.facts == .waypoint(.station) && found.place.city == "fr/paris")
      let named = try await ids(store, CatalogueQuery(text: "gare nord"))
      #expect(named == ["fr/nord"])
      let counted = try await store.sources().map(\.waypointCount)
      #expect(counted == [1])
      let tables = try await store.tables()
      #expect(tables.waypoints.isEmpty && tables.cities.count == 2)
      await #expect(throws: (any Error).self, "no fourth kind of waypoint") {
        try await client.execute("update catalogue_place set category = 'harbour' where id = 'fr/nord'")
      }
    }
  }

  @Test(
    "names are found whatever their case and accents, half typed or mistyped",
    arguments: [
      ("louvre", "fr/paris/louvre"), ("LOUVRE", "fr/paris/louvre"), ("musee d orsay", "fr/paris/orsay"),
      ("Musée d’Orsay", "fr/paris/orsay"), ("orsay", "fr/paris/orsay"), ("eif", "fr/paris/eiffel"),
      ("Eifel Towr", "fr/paris/eiffel"), ("luvre", "fr/paris/louvre"), ("paris", "fr/paris"),
      ("beaux arts", "fr/lille/beaux-arts"), ("museum lille", "fr/lille/beaux-arts"),
      ("tower eiffel", "fr/paris/eiffel"),
    ])
  func finds(_ text: String, _ id: String) async throws {
    try await withStore { store, _ in
      _ = try await store.replace(try Self.source(), with: Self.world)
      let found = try await ids(store, CatalogueQuery(text: text))
      #expect(found.first == id, "\(found)")
    }
  }

  @Test(
    "what a language of queries would take for its own is only text", arguments: ["' | 'a", "a:*", "!&|()", "%_\\"])
  func isSafe(_ text: String) async throws {
    try await withStore { store, _ in
      _ = try await store.replace(try Self.source(), with: Self.world)
      let page = try await store.search(CatalogueQuery(text: text))
      #expect(page.next == nil)
    }
  }

  @Test("around a point only what lies within the radius is found, with its distance, also across the date line")
  func isNear() async throws {
    try await withStore { store, _ in
      let far = [
        Self.sight("far/west", "West Point", 0, -179.99, city: nil),
        Self.sight("far/east", "East Point", 0, 179.99, city: nil),
      ]
      let report = try await store.replace(try Self.source(), with: Self.world + far)
      #expect(report.homelessCount == 2)
      let paris = try await store.search(CatalogueQuery(around: Coordinate(48.8606, 2.3376), radiusMetres: 1000))
      #expect(Set(paris.found.map(\.stored.place.id)) == ["fr/paris/louvre", "fr/paris/orsay", "fr/paris/inn"])
      #expect(paris.found.first?.stored.place.id == "fr/paris/louvre")
      let orsay = try #require(paris.found.first { $0.stored.place.id == "fr/paris/orsay" }?.metres)
      // 0.0110 degrees east at 48.86 north: 0.0110 x 111195 x 0.658 = 805 m; 0.0006 north: 67 m.
      #expect(abs(orsay - 808) < 3, "\(orsay)")
      let both = try await ids(store, CatalogueQuery(around: Coordinate(0, 180), radiusMetres: 2000))
      #expect(Set(both) == ["far/west", "far/east"])
      let near = CatalogueQuery.Near(Coordinate(50.63, 3.06), radiusMetres: 20_000)
      let museums = try await ids(store, CatalogueQuery(text: "museum", near: near))
      #expect(museums == ["fr/lille/beaux-arts"])
    }
  }

  @Test("pages follow one another without gap or double, and facets count every category")
  func pages() async throws {
    try await withStore { store, _ in
      let many = (0..<45).map {
        Self.sight("fr/paris/m\($0)", "Museum \($0)", 48.8, 2.3, category: $0 < 30 ? "museum" : "church", score: 50)
      }
      _ = try await store.replace(try Self.source(), with: Self.world + many)
      var query = CatalogueQuery(text: "museum")
      query.limit = 10
      let (first, facets) = try await store.searchWithFacets(query)
      // Of the small world, three sights are museums.
      #expect(facets == [CategoryCount(category: "museum", count: 33), CategoryCount(category: "church", count: 15)])
      var seen = first.found.map(\.stored.place.id)
      var cursor = first.next
      while let next = cursor {
        query.cursor = CatalogueCursor(next.description)
        let page = try await store.search(query)
        seen += page.found.map(\.stored.place.id)
        cursor = page.next
      }
      #expect(seen.count == 48)
      #expect(Set(seen).count == 48)
      query.cursor = nil
      query.category = "church"
      let churches = try await store.search(query)
      #expect(churches.found.allSatisfy { $0.stored.place.category == "church" })
    }
  }

  @Test("words that are not known are mended or left out, words that no record has together are taken for mistakes")
  func mends() async throws {
    try await withStore { store, _ in
      let more = [
        Self.sight("fr/paris/tour", "Tour Montparnasse", 48.842, 2.322),
        Self.sight("fr/paris/eifel", "Eifel", 48.8, 2.3),
      ]
      _ = try await store.replace(try Self.source(), with: Self.world + more)
      for (text, id) in [
        ("eifel towr", "fr/paris/eiffel"), ("louvre xyzzyq", "fr/paris/louvre"), ("orsey musee", "fr/paris/orsay"),
        ("montparnase", "fr/paris/tour"), ("montpqrn", "fr/paris/tour"), ("louvre lille", "fr/paris/louvre"),
      ] {
        let found = try await ids(store, CatalogueQuery(text: text))
        #expect(found.contains(id), "\(text): \(found)")
      }
      let nothing = try await ids(store, CatalogueQuery(text: "xyzzyq"))
      #expect(nothing.isEmpty)
      let far = CatalogueQuery.Near(Coordinate(0, 0), radiusMetres: 1000)
      let nowhere = try await ids(store, CatalogueQuery(text: "orsay", near: far))
      #expect(nowhere.isEmpty, "what is known elsewhere is no typing error")
    }
  }

  @Test("of what thousands have, the best known come first, and the very name before all")
  func manyAlike() async throws {
    try await withStore { store, client in
      let many = (0..<5000).map {
        Self.sight(
          "m/\($0)", "Museum \($0)", 48.8, 2.3, category: $0 % 2 == 0 ? "museum" : "gallery", score: 1 + $0 / 50)
      }
      let plain = Self.sight("m/plain", "Museum", 48.8, 2.3, score: 1)
      _ = try await store.replace(try Self.source(), with: [Self.world[0], plain] + many)
      let found = try await store.searchWithFacets(CatalogueQuery(text: "museum"))
      #expect(found.page.found.first?.stored.place.id == "m/plain")
      #expect(found.page.found.dropFirst().allSatisfy { $0.stored.place.score > 90 })
      #expect(found.facets.map(\.count).reduce(0, +) == CatalogueStore.namedCountMax + 1)
      let one = try await ids(store, CatalogueQuery(text: "museum 17"))
      #expect(one.first == "m/17")
      let marked = try await client.query(
        """
        select count(*) filter (where words @@ $$'1/museum'$$)::int, count(*) filter (where words @@ $$'2/museum'$$)::int
        from catalogue_place
        """
      ).decodeOnly(Int32.self, Int32.self)
      #expect(marked.0 == 200 && marked.1 == 1999, "the city is among the good ones")
      _ = try await store.remove("world")
      let left = try await client.query("select count(*) from catalogue_word").decodeOnly(Int64.self)
      #expect(left == 0)
    }
  }

  @Test("suggestions begin with what was typed, best known first")
  func suggests() async throws {
    try await withStore { store, _ in
      _ = try await store.replace(try Self.source(), with: Self.world)
      let names = try await store.suggest("lou").map(\.place.name)
      #expect(names == ["Louvre", "Louvre Inn"])
    }
  }

  @Test("a source is replaced as a whole or not at all, and none takes another's records")
  func replaces() async throws {
    try await withStore { store, _ in
      let world = try Self.source()
      _ = try await store.replace(world, with: Self.world)
      let other = try Self.source("other")
      let report = try await store.replace(
        other, with: [Self.world[2], Self.sight("osm/1", "Sainte-Chapelle", 48.8554, 2.3450, city: nil)])
      #expect(report == CatalogueImport(keptCount: 1, takenCount: 1, taken: ["fr/paris/louvre"]))
      let chapel = try await store.find("osm/1")
      #expect(chapel?.place.city == "fr/paris", "the nearest city")
      await #expect(throws: CatalogueRefusal.citiesInUse(source: "world")) { _ = try await store.remove("world") }
      await #expect(throws: CatalogueRefusal.citiesInUse(source: "world")) {
        _ = try await store.replace(world, with: [Self.world[1]])
      }
      struct Stop: Error {}
      await #expect(throws: Stop.self) {
        _ = try await store.replace(world, with: Array(Self.world.prefix(3))) { _ in throw Stop() }
      }
      let kept = try await store.sources().map(\.sightCount)
      #expect(kept == [1, 4])
      let isGone = try await store.remove("other")
      let isGoneAgain = try await store.remove("other")
      #expect(isGone && !isGoneAgain)
      let worldIsGone = try await store.remove("world")
      #expect(worldIsGone)
    }
  }

  @Test("plans read the tables that were imported, in their order")
  func snapshots() async throws {
    try await withStore { store, _ in
      _ = try await store.replace(try Self.source(), with: Self.world)
      let all = try await store.tables()
      let expected = CatalogueTables(Self.world)
      #expect(all.cities == expected.cities)
      #expect(all.sights == expected.sights)
      #expect(all.lodgings == expected.lodgings)
      let one = try await store.tables(cities: ["fr/lille"])
      #expect(one.cities.map(\.id) == ["fr/lille"])
      #expect(one.lodgings.isEmpty)
    }
  }

  @Test("the database itself refuses what cannot be a record")
  func refuses() async throws {
    try await withStore { _, client in
      try await client.execute("insert into catalogue_source (name, licence) values ('s', 'CC0')")
      let head: SQL =
        "insert into catalogue_place (source, licence, id, number, kind, name, folded, words, location, category, score"
      let bad: [SQL] = [
        "\(head)) values ('s', 'CC0', 'a b', 1, 'sight', 'n', 'n', '', '(0,0)', 'museum', 50)",
        "\(head)) values ('s', 'CC0', 'a', 1, 'sight', 'n', 'n', '', '(0,0)', 'museum', 50)",
        "\(head), country) values ('s', 'CC0', 'a', 1, 'city', 'n', 'n', '', '(0,0)', 'city', 50, 'FR')",
        "\(head), country, zone) values ('s', 'CC0', 'a', 1, 'city', 'n', 'n', '', '(0,91)', 'city', 50, 'FR', 'Z')",
        "\(head), country, zone) values ('t', 'CC0', 'a', 1, 'city', 'n', 'n', '', '(0,0)', 'city', 50, 'FR', 'Z')",
      ]
      for statement in bad { await #expect(throws: PostgresError.self) { try await client.execute(statement) } }
      try await client.execute(
        "\(head), country, zone) values ('s', 'CC0', 'a', 1, 'city', 'n', 'n', '', '(0,9)', 'city', 50, 'FR', 'Z')")
    }
  }
}
