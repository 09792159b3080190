package import Catalogue
import Kernel
import Postgres

/// What became of an import.
package struct CatalogueImport: Sendable, Hashable {
  /// Records that are kept now.
  package var keptCount = 0
  /// Records left out because another record has their id.
  package var takenCount = 0
  /// The ids of some of those.
  package var taken: [String] = []
  /// Sights that lie far from all cities that are known: they can be found, but are in no plan.
  package var homelessCount = 0
}

/// Why the catalogue stays as it is.
package enum CatalogueRefusal: Error, Hashable, CustomStringConvertible {
  /// Cities that would go are those of other sources' places, or were never known.
  case citiesInUse(source: String)

  /// One sentence with the mend.
  package var description: String {
    switch self {
    case .citiesInUse(let source):
      "places belong to cities that would then be missing, so \"\(source)\" stays as it is: remove or import again the sources of those places first (wayfare catalogue list)"
    }
  }
}

extension CatalogueStore {
  /// Records that travel at once.
  private static let batchCount = 2000
  /// Ids of doubles that are told.
  private static let takenShownMax = 20

  /// Replaces all records of a source, or makes it; searches see the old ones until all new ones are there.
  ///
  /// Sights without a city are given the nearest one. `progress` hears how many records have been written; what it
  /// throws leaves everything as it was.
  /// - Throws: `CatalogueRefusal`; `StoreError`; what `progress` throws.
  package func replace(
    _ source: CatalogueSource, with places: [CataloguePlace], progress: (Int) throws -> Void = { _ in }
  ) async throws -> CatalogueImport {
    // The best first: a search looks at a limited number of records in the order in which they were written.
    let order = places.indices.sorted { (places[$1].score, $0) < (places[$0].score, $1) }
    return try await refusing(source.name) {
      try await database.transaction(timeouts: CatalogueStore.patience) { transaction in
        // The row's lock makes imports of one source wait for one another.
        try await transaction.execute(
          """
          insert into catalogue_source (name, licence) values (\(source.name), \(source.licence))
          on conflict (name) do update set licence = excluded.licence, imported_at = now()
          """)
        try await transaction.execute("delete from catalogue_place where source = \(source.name)")
        let homes = try await CatalogueStore.homes(places, transaction)
        var report = CatalogueImport()
        var next = 0
        while next < order.count {
          let part = order[next..<min(next + CatalogueStore.batchCount, order.count)]
          let batch = CatalogueBatch(part.map { ($0, places[$0]) }, from: next, of: order.count, homes)
          let kept = try await transaction.query(batch.insertion(into: source)).decode(String.self)
          report.homelessCount += batch.homelessCount
          report.add(kept: kept, of: batch.ids, shownMax: CatalogueStore.takenShownMax)
          next += part.count
          try progress(next)
        }
        try await transaction.execute("set constraints all immediate")
        try await CatalogueStore.gatherWords(transaction)
        try await transaction.execute("analyze catalogue_place")
        return report
      }
    }
  }

  /// Counts the words of all records anew, as the last of what changes them; whoever else does so waits.
  static func gatherWords(_ transaction: Transaction) async throws {
    try await transaction.execute("lock table catalogue_word in share row exclusive mode")
    try await transaction.execute("delete from catalogue_word")
    try await transaction.execute(
      """
      insert into catalogue_word (word, count)
      select word, count(*) from catalogue_place, unnest(tsvector_to_array(words)) word
      where strpos(word, '/') = 0 group by 1
      """)
    try await transaction.execute("analyze catalogue_word")
    try await transaction.execute("select pg_notify(\(CatalogueStore.channel), '')")
  }

  /// The cities of other sources and of this one.
  private static func homes(_ places: [CataloguePlace], _ transaction: Transaction) async throws -> CityHomes {
    let rows = try await transaction.query(
      "select id, name, location[1], location[0] from catalogue_place where kind = 'city'")
    var homes = CityHomes()
    for (id, name, north, east) in try rows.decode(String.self, String.self, Double.self, Double.self) {
      homes.add(id: id, name: name, Coordinate(north, east))
    }
    for place in places {
      if case .city = place.facts { homes.add(id: place.id, name: place.name, place.point) }
    }
    homes.close()
    return homes
  }

  /// Says a missing city in words.
  func refusing<Value>(_ source: String, _ body: () async throws -> Value) async throws -> Value {
    do {
      return try await translating {
        do {
          return try await body()
        } catch PostgresError.server(let error) where error.sqlState == "23503" {
          throw CatalogueRefusal.citiesInUse(source: source)
        }
      }
    }
  }
}

extension CatalogueImport {
  fileprivate mutating func add(kept: [String], of ids: [String], shownMax: Int) {
    keptCount += kept.count
    guard kept.count < ids.count else { return }
    takenCount += ids.count - kept.count
    var left = Set(kept)
    for id in ids where left.remove(id) == nil && taken.count < shownMax { taken.append(id) }
  }
}

/// What cities are called and where they are.
struct CityHomes {
  private(set) var names: [String: String] = [:]
  private var points: [(id: String, point: Coordinate)] = []
  private(set) var finder = CityFinder([])

  mutating func add(id: String, name: String, _ point: Coordinate) {
    names[id] = name
    points.append((id, point))
  }

  mutating func close() { finder = CityFinder(points) }
}
