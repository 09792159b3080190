import BudgetWire
import Catalogue
import Glibc
import Itinerary
import ItineraryWire
import JSON
import Kernel
import Transport

extension Command {
  /// The command `wayfare plan`.
  static let plan = Command(
    name: "plan", summary: "plan whole trips: where on which days, by what, to see what, for how much",
    discussion: """
      Reads a request (docs/trips.md describes the file; - reads standard input): an origin, a destination and a month are
      enough. Prints a few trips of which none is beaten by another in everything, best fit first. Feeds must have been
      added with wayfare feed add; cities, sights and places to stay come from the folder that --catalogue names.
      """,
    operands: [Operand(name: "REQUEST.json", help: "the trip, such as data/examples/trip.json")],
    settings: [.home, .catalogue, .json]
  ) { arguments in
    let settings = try Settings(arguments)
    let budget = try BudgetInput.ground(settings)
    let catalogue = try CatalogueInput.tables(settings)
    let question = try BudgetInput.read(arguments) { node throws(JSONError) in
      try TripQuestion(json: node, catalogue, budget)
    }
    let router = Router(try Transit(home: try settings.home()))
    let ground = TripGround(catalogue: catalogue, router: router, costs: budget.catalogue, rates: budget.rates)
    let bar = ProgressLine()
    let answer: TripAnswer
    do throws(TripError) {
      answer = try TripPlanner(ground).plan(question.request) { (stage, done, total) throws(TripError) in
        guard bar.show("\(stage.rawValue) \(done) of \(total)") else { throw TripError.cancelled }
      }
    } catch {
      bar.clear()
      say("wayfare: \(error)")
      return .noResult
    }
    bar.clear()
    if arguments.flags[Setting.json.name] != nil {
      print(String(decoding: TripAnswerJSON(answer).jsonBytes(), as: UTF8.self))
    } else {
      print(TripPage(answer).text, terminator: "")
    }
    return answer.options.isEmpty ? .noResult : .done
  }
}

/// Cities, sights and places to stay, read from a folder: faults name the file.
enum CatalogueInput {
  private static let bytesMax = 64 << 20

  static func tables(_ settings: Settings) throws -> CatalogueTables {
    let folder = try settings.string(.catalogue) ?? "\(settings.home())/catalogue"
    func file(_ name: String) throws(UsageError) -> TableFile {
      let path = "\(folder)/\(name)"
      guard let text = readTextFile(path, limit: bytesMax) else {
        throw UsageError(
          "\(path) cannot be read: \(String(cString: strerror(errno))); name the folder of a catalogue with --catalogue, such as data/world"
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
