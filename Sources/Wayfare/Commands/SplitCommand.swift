import Budget
import BudgetWire
import JSON
import Kernel

extension Command {
  /// The command `wayfare split`.
  static let split = Command(
    name: "split", summary: "divide a group's expenses and say who pays whom",
    discussion: """
      Reads who paid what and how each expense is divided (docs/budget.md describes the file; - reads standard
      input), and prints balances and the fewest payments that settle them: proven for up to 16 people with open
      balances, else a good settlement that is not claimed to be the best.
      """,
    operands: [Operand(name: "EXPENSES.json", help: "the expenses, such as data/examples/split.json")],
    settings: [.home, .json]
  ) { arguments in
    let ground = try BudgetInput.ground(try Settings(arguments))
    let split = try BudgetInput.read(arguments) { node throws(JSONError) in try SplitRequest(json: node, ground) }
    if arguments.flags[Setting.json.name] != nil {
      print(String(decoding: split.jsonBytes(), as: UTF8.self))
    } else {
      print(SplitText(split).text, terminator: "")
    }
    return .done
  }
}

/// A split as people read it.
private struct SplitText {
  let split: SplitRequest

  init(_ split: SplitRequest) { self.split = split }

  var text: String {
    let currency = split.books.currency
    func money(_ units: Int64) -> String { Money(minorUnits: units, currency).amountText }
    var table = AlignedTable(leftColumns: 1)
    table.add(["in \(currency)", "paid", "bears", "balance"])
    for (name, balance) in zip(split.people, split.books.balances) {
      table.add([name, money(balance.paid), money(balance.borne), money(balance.owed)])
    }
    var text = table.text + "\n"
    let transfers = split.settlement.transfers
    if transfers.isEmpty { return text + "Everyone is even.\n" }
    var payments = AlignedTable(leftColumns: 1)
    for transfer in transfers {
      payments.add(["\(split.people[transfer.from]) pays \(split.people[transfer.to])", "\(transfer.amount)"])
    }
    text += payments.text
    let count = transfers.count == 1 ? "1 payment" : "\(transfers.count) payments"
    text += split.settlement.isOptimal ? "\(count): no settlement needs fewer.\n" : "\(count), not proven fewest.\n"
    for (expense, conversion) in zip(split.expenses, split.books.conversions) {
      guard let rate = conversion.rate else { continue }
      let since = rate.date.map { "of \($0)" } ?? "as stated"
      text += "\(expense.what): \(conversion.original) = \(conversion.converted) at \(rate.shown) \(since)\n"
    }
    return text
  }
}
