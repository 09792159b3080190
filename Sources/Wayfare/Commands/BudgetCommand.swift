import Budget
import BudgetWire
import JSON
import Kernel

extension Command {
  /// The command `wayfare budget`.
  static let budget = Command(
    name: "budget", summary: "say what a trip costs, when, for whom and how sure that is",
    discussion: """
      Reads a trip (docs/budget.md describes the file; - reads standard input): where, when and who is enough.
      Prices come from the tables in the program; files of the same names in the folder budget of the data
      directory replace them.
      """,
    operands: [Operand(name: "REQUEST.json", help: "the trip, such as data/examples/budget.json")],
    settings: [.home, .json]
  ) { arguments in
    let ground = try BudgetInput.ground(try Settings(arguments))
    let answer = try BudgetInput.read(arguments) { node throws(JSONError) in try BudgetAnswer(json: node, ground) }
    if arguments.flags[Setting.json.name] != nil {
      print(String(decoding: answer.jsonBytes(), as: UTF8.self))
    } else {
      print(BudgetText(answer).text, terminator: "")
    }
    if case .infeasible? = answer.optimize?.result { return .noResult }
    return .done
  }
}
