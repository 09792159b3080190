import Budget
import BudgetWire
import Catalogue
import Foundation
import Itinerary
import ItineraryWire
import JSON
import Kernel
import Synchronization
import Testing
import Transport

/// The sample world of the repository, imported once for all tests of a run.
enum SampleWorld {
  struct Loaded: Sendable {
    let catalogue: CatalogueTables
    let budget: BudgetGround
    let router: Router
    let home: String

    var ground: TripGround {
      TripGround(catalogue: catalogue, router: router, costs: budget.catalogue, rates: budget.rates)
    }

    func question(_ json: String) throws(JSONError) -> TripRequest {
      try TripQuestion(json: JSONDocument(text: json).root, catalogue, budget).request
    }
  }

  private static let loaded = Mutex<Loaded?>(nil)

  static func load() throws -> Loaded {
    try loaded.withLock { known in
      if let known { return known }
      let made = try make()
      known = made
      return made
    }
  }

  private static func make() throws -> Loaded {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "data/world")
    func file(_ name: String) throws -> TableFile {
      TableFile(name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
    let home = FileManager.default.temporaryDirectory.appending(path: "wayfare-trips-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    _ = try FeedStore(home: home).add(FeedName("sample"), from: folder.appending(path: "sample.zip").path) { _ in true }
    return Loaded(
      catalogue: try CatalogueTables(
        cities: file("cities.csv"), sights: file("sights.csv"), lodgings: file("lodging.csv")),
      budget: try BudgetGround(), router: Router(try Transit(home: home)), home: home)
  }
}
