import Budget
import BudgetWire
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
      added with wayfare feed add; cities, sights and places to stay come from the folder that --catalogue names, else
      from the database (wayfare catalogue import).
      """,
    operands: [Operand(name: "REQUEST.json", help: "the trip, such as data/examples/trip.json", isOptional: true)],
    settings: [.catalogue, .json, .schema, .ics, .gpx, .html, .csv, .option] + Setting.database + Setting.log
  ) { arguments in
    if arguments.flags[Setting.schema.name] != nil {
      print(String(decoding: TripSchema.bytes, as: UTF8.self), terminator: "")
      return .done
    }
    guard arguments.operand(0) != nil else {
      throw UsageError("wayfare plan wants the file of a request, such as data/examples/trip.json, or --schema")
    }
    let settings = try Settings(arguments)
    let budget = try BudgetInput.ground(settings)
    let catalogue = try TripInput.catalogue(settings)
    let question = try BudgetInput.read(arguments) { node throws(JSONError) in
      try TripQuestion(json: node, catalogue, budget)
    }
    let router = Router(try Transit(home: try settings.home()))
    let ground = TripGround(catalogue: catalogue, router: router, costs: budget.catalogue, rates: budget.rates)
    let bar = ProgressLine()
    let answer: TripAnswer
    do throws(TripError) {
      var soon = ""
      answer = try TripPlanner(ground).plan(
        question.request,
        progress: { (stage, done, total) throws(TripError) in
          guard bar.show("\(stage.rawValue) \(done) of \(total)\(soon)") else { throw TripError.cancelled }
        },
        first: { answer throws(TripError) in
          soon = answer.options.first.map { ", a trip for \($0.estimate.total) is possible" } ?? ""
        })
    } catch {
      bar.clear()
      say("wayfare: \(error)")
      return .noResult
    }
    bar.clear()
    if try PlanFiles(arguments).write(answer) { return answer.options.isEmpty ? .noResult : .done }
    if arguments.flags[Setting.json.name] != nil {
      print(String(decoding: TripAnswerJSON(answer).jsonBytes(), as: UTF8.self))
    } else {
      print(TripPage(answer).text, terminator: "")
    }
    return answer.options.isEmpty ? .noResult : .done
  }
}
