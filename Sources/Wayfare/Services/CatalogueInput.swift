import Catalogue
import Glibc
import ItineraryWire
import Kernel

/// Records of the catalogue, read from a folder of tables, a GeoJSON file or an extract of OpenStreetMap; single faults are told, not fatal.
struct CatalogueInput {
  /// Bytes of one file.
  private static let bytesMax = 255 << 20
  /// Faults that are told one by one.
  private static let faultsShownMax = 20

  /// What can be imported.
  private(set) var places: [CataloguePlace] = []
  /// Rows that were left out because they are wrong.
  private(set) var faultCount = 0
  /// Features that are nothing to see.
  private(set) var passedOverCount = 0
  /// Of those that are wrong, some, with file, line and mend.
  private(set) var faults: [TableError] = []

  /// Reads what a path names.
  ///
  /// - Throws: `UsageError` for what is wrong with a file as a whole.
  init(_ path: String, source: String) throws(UsageError) {
    var faults: [TableError] = []
    var faultCount = 0
    let keep = { (fault: TableError) throws(TableError) -> Void in
      faultCount += 1
      if faults.count < Self.faultsShownMax { faults.append(fault) }
    }
    do throws(TableError) {
      if path.hasSuffix(".geojson") || path.hasSuffix(".json") {
        let read = try GeoJSONPlaces(try Self.file(path), source: source, fault: keep)
        (places, passedOverCount) = (read.places, read.passedOverCount)
      } else if path.hasSuffix(".osm") || path.hasSuffix(".pbf") {
        let read = try MapPlaces(try Self.file(path), source: source, fault: keep)
        (places, passedOverCount) = (read.places, read.passedOverCount)
      } else {
        places = try CatalogueTables(
          cities: try Self.file("\(path)/cities.csv"), sights: try Self.file("\(path)/sights.csv"),
          lodgings: try Self.file("\(path)/lodging.csv"), fault: keep
        ).places
      }
    } catch {
      throw UsageError("\(error)")
    }
    self.faults = faults
    self.faultCount = faultCount
  }

  private static func file(_ path: String) throws(TableError) -> TableFile {
    guard let bytes = readFile(path, limit: bytesMax) else {
      let reason = errno == EFBIG ? "it is larger than \(bytesMax >> 20) MB" : String(cString: strerror(errno))
      throw TableError(
        file: path, line: 1,
        complaint:
          "it cannot be read (\(reason)): name a folder with cities.csv, sights.csv and lodging.csv, or a .geojson, .osm or .osm.pbf file"
      )
    }
    return TableFile(name: path, bytes: bytes)
  }
}
