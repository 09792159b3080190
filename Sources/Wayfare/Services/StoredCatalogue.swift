import Catalogue
import Postgres
import Store
import Synchronization
import Telemetry

/// The catalogue of the database, read once when a process starts; nothing while there is none.
final class StoredCatalogue: Sendable {
  private let known = Mutex<CatalogueTables?>(nil)

  /// What was read.
  var tables: CatalogueTables? { known.withLock { $0 } }

  /// Reads it as a service that starts after the schema's; where a folder is named, that one counts.
  ///
  /// A database that is away or not migrated yet keeps nobody from starting: trips are then planned from the folder.
  func service(_ runtime: Runtime, _ database: DatabaseAccess) -> Service {
    let logger = runtime.logger.named("catalogue")
    let isWanted = runtime.settings.string(.catalogue) == nil
    return Service(
      name: "catalogue",
      start: { [self] in
        guard isWanted else { return }
        do {
          try await read(Database(database.client).catalogue)
          if let tables { logger.info("the catalogue is read", ["cities": .int(tables.cities.count)]) }
        } catch let error as StoreError {
          logger.warning("the catalogue of the database cannot be read", ["error": .string("\(error)")])
        }
      }, stop: {})
  }

  /// What a command plans with: nil where a folder is named, where there is no database, or nothing in it.
  static func tables(_ settings: Settings) throws -> CatalogueTables? {
    guard settings.string(.catalogue) == nil else { return nil }
    let isOutside = try DatabaseAccess.outsideAddress(settings) != nil
    guard try isOutside || PrivateCluster.prospects(home: settings.home()).exists else { return nil }
    let runtime = try Runtime(settings)
    let stored = StoredCatalogue()
    _ = try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        if database.cluster != nil { _ = try await Migrations(Schema.migrations, on: database.client).apply() }
        try await stored.read(Database(database.client).catalogue)
      } catch {
        await database.close(runtime)
        throw error
      }
      await database.close(runtime)
      return .done
    }
    return stored.tables
  }

  private func read(_ store: CatalogueStore) async throws {
    guard try await !store.isEmpty() else { return }
    let tables = try await store.tables()
    known.withLock { $0 = tables }
  }
}
