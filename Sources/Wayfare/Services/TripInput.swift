import BudgetWire
import Catalogue
import Glibc
import ItineraryWire
import Kernel
import Synchronization
import Transport

/// Cities, sights and places to stay, read from a folder: faults name the file.
enum TripInput {
  private static let bytesMax = 64 << 20

  /// What a process plans trips with: the folder is read when it is first asked for, and only while nothing is stored.
  static func library(
    _ settings: Settings, _ budget: BudgetLibrary, stored: StoredCatalogue = StoredCatalogue(),
    routers: RouterLibrary? = nil
  ) -> TripLibrary {
    let routers = routers ?? self.routers(settings)
    let fromFolder = Mutex<CatalogueTables?>(nil)
    return TripLibrary(
      TripLibrary.Loading(
        catalogue: {
          if let tables = stored.tables { return tables }
          return try fromFolder.withLock { known in
            let tables = try known ?? folder(settings)
            known = tables
            return tables
          }
        }, router: { try routers.router() },
        generation: { routers.generation }), budget: budget)
  }

  /// The timetables of the data directory: opened when the first question comes.
  static func routers(_ settings: Settings) -> RouterLibrary { RouterLibrary { try settings.home() } }

  /// What a command plans with: the folder that is named, else what the database has, else the usual folder.
  static func catalogue(_ settings: Settings) throws -> CatalogueTables {
    try StoredCatalogue.tables(settings) ?? folder(settings)
  }

  private static func folder(_ settings: Settings) throws -> CatalogueTables {
    let folder = try settings.string(.catalogue) ?? "\(settings.home())/catalogue"
    func file(_ name: String) throws(UsageError) -> TableFile {
      let path = "\(folder)/\(name)"
      guard let text = readTextFile(path, limit: bytesMax) else {
        throw UsageError(
          "\(path) cannot be read: \(String(cString: strerror(errno))); name the folder of a catalogue with --catalogue, such as data/world, or import it with wayfare catalogue import"
        )
      }
      return TableFile(name: path, bytes: Array(text.utf8))
    }
    let (cities, sights, lodgings) = (try file("cities.csv"), try file("sights.csv"), try file("lodging.csv"))
    do throws(TableError) {
      return try CatalogueTables(cities: cities, sights: sights, lodgings: lodgings)
    } catch {
      throw UsageError("\(error)")
    }
  }
}
