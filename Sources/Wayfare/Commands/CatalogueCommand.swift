import Catalogue
import JSON
import Postgres
import Store

extension Command {
  /// The command `wayfare catalogue`.
  static let catalogue = Command(
    name: "catalogue", summary: "import, list and remove places: cities, sights, lodging",
    discussion: """
        wayfare catalogue import DIR|FILE           read places into the database, in place of those of the same source
        wayfare catalogue list                      the sources in the database
        wayfare catalogue remove NAME               take a source out of it

      DIR has cities.csv, sights.csv and lodging.csv, as data/world has; FILE is GeoJSON with OpenStreetMap's keys, or an
      extract of OpenStreetMap, .osm or .osm.pbf (docs/trips.md). A row that is wrong costs that row and is told with file and line. --source names what is imported
      (default: the name of the folder or file). The places answer GET /search, and trips are planned with them.
      """,
    operands: [
      Operand(name: "ACTION", help: "import, list or remove"),
      Operand(name: "WHAT", help: "a folder, a file or a source's name", isOptional: true),
    ],
    settings: [.source, .licence] + Setting.database + Setting.log
  ) { arguments in
    let action = try CatalogueAction(arguments)
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        if database.cluster != nil { _ = try await Migrations(Schema.migrations, on: database.client).apply() }
        let code = try await action.run(Database(database.client).catalogue)
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        if let refusal = error as? CatalogueRefusal { throw UsageError("\(refusal)") }
        throw error
      }
    }
  }
}

/// An action of `wayfare catalogue`, read whole before the database is opened.
enum CatalogueAction: Sendable {
  case list
  case remove(String)
  case importing(CatalogueSource, CatalogueInput)

  private static let names = ["import", "list", "remove"]

  init(_ arguments: Arguments) throws(UsageError) {
    let name = arguments.operand(0) ?? ""
    switch (name, arguments.operand(1)) {
    case ("list", nil): self = .list
    case ("remove", let source?): self = .remove(source)
    case ("import", let path?):
      let source = try Self.source(arguments, path)
      self = .importing(source, try CatalogueInput(path, source: source.name))
    case ("list", _): throw UsageError("wayfare catalogue list wants nothing after it")
    case ("remove", nil):
      throw UsageError("wayfare catalogue remove wants the name of a source (wayfare catalogue list)")
    case ("import", nil):
      throw UsageError("wayfare catalogue import wants a folder or a .geojson file, such as data/world")
    default:
      let near = nearestName(to: name, among: Self.names).map { "did you mean \($0)?" } ?? "say import, list or remove"
      throw UsageError("wayfare catalogue does not know \"\(name)\": \(near)")
    }
  }

  private static func source(_ arguments: Arguments, _ path: String) throws(UsageError) -> CatalogueSource {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let usual = CatalogueTables.key(file.split(separator: ".").first.map(String.init) ?? file)
    let name = arguments.flags[Setting.source.name] ?? usual
    let licence = arguments.flags[Setting.licence.name] ?? "not stated"
    guard let source = CatalogueSource(name: name, licence: licence) else {
      throw UsageError(
        "--source: a source has a name of 1 to 60 lower case letters, digits and hyphens, and a licence of up to 200 characters, found \"\(name)\" and \"\(licence)\""
      )
    }
    return source
  }

  func run(_ store: CatalogueStore) async throws -> ExitCode {
    switch self {
    case .list: try await Self.list(store)
    case .remove(let name):
      guard try await store.remove(name) else {
        say("wayfare: there is no source \"\(name)\"; wayfare catalogue list shows all")
        return .noResult
      }
      print("removed \(name)")
    case .importing(let source, let input): return try await Self.add(source, input, store)
    }
    return .done
  }

  private static func list(_ store: CatalogueStore) async throws {
    let sources = try await store.sources()
    if sources.isEmpty { return print("the catalogue is empty: fill it with wayfare catalogue import DIR") }
    var table = AlignedTable(leftColumns: 1)
    table.add(["source", "cities", "sights", "lodgings", "other", "imported", "licence"])
    for stored in sources {
      let counts = [stored.cityCount, stored.sightCount, stored.lodgingCount, stored.waypointCount].map(grouped)
      table.add([stored.source.name] + counts + ["\(stored.importedAt)", stored.source.licence])
    }
    print(table.text, terminator: "")
  }

  private static func add(
    _ source: CatalogueSource, _ input: CatalogueInput, _ store: CatalogueStore
  ) async throws -> ExitCode {
    for fault in input.faults { say("\(fault)") }
    if input.faultCount > input.faults.count { say("… and \(input.faultCount - input.faults.count) more") }
    guard !input.places.isEmpty else {
      say("wayfare: nothing there can be imported, so the catalogue stays as it was")
      return .noResult
    }
    let bar = ProgressLine()
    let report: CatalogueImport
    do {
      report = try await store.replace(source, with: input.places) { done in
        let text = "\(grouped(done)) of \(grouped(input.places.count)) places"
        guard bar.show(text) else { throw UsageError("stopped; the catalogue stays as it was") }
      }
    } catch {
      bar.clear()
      throw error
    }
    bar.clear()
    for id in report.taken { say("\(id) stands twice or is another source's: left out") }
    var parts = ["imported \(source.name): \(grouped(report.keptCount)) places"]
    if input.faultCount > 0 { parts.append("\(grouped(input.faultCount)) rows wrong") }
    if report.takenCount > 0 { parts.append("\(grouped(report.takenCount)) known already") }
    if input.passedOverCount > 0 { parts.append("\(grouped(input.passedOverCount)) features passed over") }
    if report.homelessCount > 0 { parts.append("\(grouped(report.homelessCount)) far from every city, so in no plan") }
    print(parts.joined(separator: ", "))
    return .done
  }
}
