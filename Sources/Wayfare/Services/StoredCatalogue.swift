import Catalogue
import EventLoop
import Postgres
import Store
import Synchronization
import Telemetry

/// The catalogue of the database: read when a process starts and again when it was changed; nothing while there is none.
final class StoredCatalogue: Sendable {
  private let known = Mutex<CatalogueTables?>(nil)
  private let watching = Mutex<Task<Void, Never>?>(nil)

  /// What was read.
  var tables: CatalogueTables? { known.withLock { $0 } }

  /// Reads it as a service that starts after the schema's; where a folder is named, that one counts.
  ///
  /// A database that is away or not migrated yet keeps nobody from starting: trips are planned from the folder until it
  /// can be read.
  func service(_ runtime: Runtime, _ database: DatabaseAccess, _ listener: Listener) -> Service {
    let logger = runtime.logger.named("catalogue")
    let loop = runtime.group.loops[0]
    let store = Database(database.client).catalogue
    let isWanted = runtime.settings.string(.catalogue) == nil
    return Service(
      name: "catalogue",
      start: { [self] in
        guard isWanted else { return }
        var isRead = true
        do {
          try await read(store, logger)
        } catch let error as StoreError {
          logger.warning("the catalogue of the database cannot be read yet", ["error": .string("\(error)")])
          isRead = false
        }
        let task = Task(executorPreference: loop) { [isRead] in
          if !isRead { await self.readUntilItSucceeds(store, on: loop, logger) }
          do {
            for await _ in try await listener.subscribe(CatalogueStore.channel) {
              await self.readUntilItSucceeds(store, on: loop, logger)
            }
          } catch {
            logger.error("changes of the catalogue are not heard", ["error": .string("\(error)")])
          }
        }
        watching.withLock { $0 = task }
      }, stop: { [self] in watching.withLock { $0.take() }?.cancel() })
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
        try await stored.read(Database(database.client).catalogue, nil)
      } catch {
        await database.close(runtime)
        throw error
      }
      await database.close(runtime)
      return .done
    }
    return stored.tables
  }

  private func read(_ store: CatalogueStore, _ logger: Logger?) async throws {
    let tables = try await store.isEmpty() ? nil : store.tables()
    let wasThere = known.withLock { known in
      defer { known = tables }
      return known != nil
    }
    if wasThere || tables != nil { logger?.info("the catalogue is read", ["cities": .int(tables?.cities.count ?? 0)]) }
  }

  /// An announcement that comes while the database is away must not be lost.
  private func readUntilItSucceeds(_ store: CatalogueStore, on loop: EventLoop, _ logger: Logger) async {
    while !Task.isCancelled {
      do {
        return try await read(store, logger)
      } catch {
        logger.debug("the catalogue cannot be read yet", ["error": .string("\(error)")])
      }
      // Cancelled while it sleeps, it ends with the loop's condition.
      try? await loop.sleep(for: .seconds(1))
    }
  }
}
