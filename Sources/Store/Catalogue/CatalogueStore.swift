package import Catalogue
package import Kernel
import Postgres

/// Where a part of the catalogue is from; imported and removed as a whole.
package struct CatalogueSource: Sendable, Hashable {
  /// What it is called here: lower case letters, digits and hyphens.
  package let name: String
  /// Under which terms its records may be used.
  package let licence: String

  /// A source; nil if it cannot be called so.
  package init?(name: String, licence: String) {
    let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard isPlain, !name.hasPrefix("-"), (1...60).contains(name.utf8.count),
      (1...200).contains(licence.unicodeScalars.count), !licence.utf8.contains(0)
    else { return nil }
    self.name = name
    self.licence = licence
  }
}

/// A source as it is kept.
package struct StoredSource: Sendable, Hashable {
  /// What it is.
  package let source: CatalogueSource
  /// When it was last imported.
  package let importedAt: Instant
  /// Records of each kind.
  package let cityCount, sightCount, lodgingCount, waypointCount: Int
}

/// A record with where it is from.
package struct StoredPlace: Sendable, Hashable {
  /// What it is.
  package let place: CataloguePlace
  /// The name of its city.
  package let cityName: String?
  /// The name of its source.
  package let source: String
  /// Under which terms it may be used.
  package let licence: String
}

/// The catalogue in the database.
package struct CatalogueStore: Sendable {
  /// Announces that the catalogue has changed.
  package static let channel = "catalogue_changed"
  /// Records that a plan takes into memory at most, best first.
  package static let tableCountMax = 200_000

  let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  /// All sources by name.
  ///
  /// - Throws: `StoreError`.
  package func sources() async throws -> [StoredSource] {
    try await translating {
      let rows = try await database.query(
        """
        select source.name, source.licence, source.imported_at, count(*) filter (where kind = 'city') as cities,
          count(*) filter (where kind = 'sight') as sights, count(*) filter (where kind = 'lodging') as lodgings,
          count(*) filter (where kind = 'waypoint') as waypoints
        from catalogue_source source left join catalogue_place place on place.source = source.name
        group by source.name order by source.name
        """)
      return try rows.map { row in
        let name: String = try row["name"]
        guard let source = CatalogueSource(name: name, licence: try row["licence"]) else {
          throw StoreError.faulty(reason: "the catalogue has a source \"\(name)\", which none may be called")
        }
        let at: PostgresTimestamp = try row["imported_at"]
        return StoredSource(
          source: source, importedAt: Instant(secondsSinceEpoch: at.microseconds / 1_000_000),
          cityCount: Int(try row["cities", as: Int64.self]), sightCount: Int(try row["sights", as: Int64.self]),
          lodgingCount: Int(try row["lodgings", as: Int64.self]),
          waypointCount: Int(try row["waypoints", as: Int64.self]))
      }
    }
  }

  /// Takes a source away with all its records; false if there is none of this name.
  ///
  /// - Throws: `CatalogueRefusal` while places of other sources lie in its cities; `StoreError`.
  package func remove(_ name: String) async throws -> Bool {
    try await refusing(name) {
      try await database.transaction(timeouts: CatalogueStore.patience) { transaction in
        try await transaction.execute("delete from catalogue_place where source = \(name)")
        let gone = try await transaction.execute("delete from catalogue_source where name = \(name)")
        try await transaction.execute("set constraints all immediate")
        try await CatalogueStore.gatherWords(transaction)
        return gone == 1
      }
    }
  }

  /// A record by its id.
  ///
  /// - Throws: `StoreError`.
  package func find(_ id: String) async throws -> StoredPlace? {
    try await translating {
      try await database.query(
        """
        select \(CatalogueRows.columns) from catalogue_place place left join catalogue_place home on home.id = place.city
        where place.id = \(id)
        """
      ).first.map(CatalogueRows.place)
    }
  }

  /// Cities with what there is to see and where one can stay, as plans want them; nil for all cities.
  ///
  /// - Throws: `StoreError`.
  package func tables(cities: [String]? = nil) async throws -> CatalogueTables {
    let condition: SQL = cities.map { "place.id = any(\($0)) or place.city = any(\($0))" } ?? "true"
    return try await translating {
      let rows = try await database.query(
        """
        select * from (
          select \(CatalogueRows.columns), place.number
          from catalogue_place place left join catalogue_place home on home.id = place.city
          where (\(condition)) and (place.kind = 'city' or place.city is not null) and place.kind <> 'waypoint'
          order by place.kind = 'city' desc, place.score desc, place.id limit \(Int32(CatalogueStore.tableCountMax))
        ) best order by source, number
        """, timeouts: CatalogueStore.patience)
      return CatalogueTables(try rows.map { try CatalogueRows.place($0).place })
    }
  }

  /// Whether anything is in the catalogue.
  ///
  /// - Throws: `StoreError`.
  package func isEmpty() async throws -> Bool {
    try await translating { try await database.query("select from catalogue_place limit 1").isEmpty }
  }

  /// For what reads or writes a whole source.
  static let patience = Timeouts(statement: .seconds(600), lock: .seconds(60), idleInTransaction: .seconds(60))
}
