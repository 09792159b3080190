package import Budget
package import JSON
import Kernel

/// Expenses to split, as `wayfare split` reads them, with the books they make.
package struct SplitRequest: Sendable {
  /// Who.
  package let people: [String]
  /// The books, everything entered.
  package let books: SharedCosts
  /// Who pays whom.
  package let settlement: Settlement
  /// What was entered.
  package let expenses: [Expense]
  /// Who settles as one.
  package let couples: [[Int]]

  /// No group has more people.
  package static let peopleMax = 500
  /// No group has more expenses.
  package static let expensesMax = 20_000

  /// Reads and settles.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    let object = try node.object(
      required: "currency", "people", "expenses", optional: "rates", "ratesDaysMax", "couples", "payments")
    let currency = try object.required("currency", as: JSONNode.self).currency()
    people = try SplitRequest.people(object)
    var rates = ground.rates
    if let stated = try object.optional("rates", as: JSONNode.self) {
      let (base, table) = try [Currency: DecimalFraction].rates(stated, base: currency)
      rates = rates.stating(table, base: base)
    }
    let reader = SplitReader(people: people, currency: currency)
    couples = try reader.couples(object)
    expenses = try reader.expenses(try object.required("expenses", as: JSONNode.self))
    let payments = try reader.payments(object)
    let daysMax = try object.optional("ratesDaysMax", in: 0...3650) ?? RateTable.daysMaxUsual
    do throws(SplitError) {
      var books = try SharedCosts(
        people: people.count, currency: currency, couples: couples, rates: rates, daysMax: daysMax)
      for (number, expense) in expenses.enumerated() { try books.enter(expense, number: number) }
      for (number, payment) in payments.enumerated() { try books.enter(payment, number: number) }
      settlement = try books.settlement()
      self.books = books
    } catch {
      throw error.fault(in: node, people)
    }
  }

  private static func people(_ object: JSONObject) throws(JSONError) -> [String] {
    let nodes = try object.required("people", count: 1...peopleMax, of: JSONNode.self)
    var names: [String] = []
    for node in nodes {
      let name = try node.string(length: 1...100)
      if names.contains(name) { throw node.fault("must be a name that nobody else has, found \"\(name)\" twice") }
      names.append(name)
    }
    return names
  }
}

/// Reads what names people.
struct SplitReader {
  let people: [String]
  let currency: Currency
  private let places: [String: Int]

  /// - Precondition: no two people have the same name.
  init(people: [String], currency: Currency) {
    self.people = people
    self.currency = currency
    places = Dictionary(uniqueKeysWithValues: zip(people, people.indices))
  }

  func person(_ name: String, _ node: JSONNode) throws(JSONError) -> Int {
    guard let index = places[name] else {
      let mend = nearestName(to: name, among: people).map { "did you mean \"\($0)\"?" } ?? "add the name to people"
      throw node.fault("names \"\(name.prefix(40))\", who is not among the people: \(mend)")
    }
    return index
  }

  func person(_ node: JSONNode) throws(JSONError) -> Int { try person(try node.string, node) }

  func group(_ node: JSONNode) throws(JSONError) -> [Int] {
    var result: [Int] = []
    var seen: Set<Int> = []
    for element in try node.array {
      let person = try person(element)
      if !seen.insert(person).inserted { throw element.fault("names \"\(people[person])\" twice: once is enough") }
      result.append(person)
    }
    return result
  }

  func couples(_ object: JSONObject) throws(JSONError) -> [[Int]] {
    guard let node = try object.optional("couples", as: JSONNode.self) else { return [] }
    var result: [[Int]] = []
    for element in try node.array {
      let couple = try group(element)
      guard couple.count == 2 else { throw element.fault("must have two people, found \(couple.count)") }
      if let person = couple.first(where: { one in result.contains { $0.contains(one) } }) {
        throw element.fault("must not have \"\(people[person])\", who is in a couple already")
      }
      result.append(couple)
    }
    return result
  }

  func expenses(_ node: JSONNode) throws(JSONError) -> [Expense] {
    var result: [Expense] = []
    for element in try node.elements(count: 0...SplitRequest.expensesMax, of: JSONNode.self) {
      let object = try element.object(
        required: "paidBy", "amount", optional: "what", "split", "currency", "date")
      let currency = try object.optional("currency", as: JSONNode.self)?.currency() ?? currency
      let amount = try object.required("amount", as: JSONNode.self).money(currency)
      result.append(
        Expense(
          what: try object.optional("what", length: 0...200) ?? "", amount: amount,
          paidBy: try payers(object.required("paidBy"), amount), split: try split(object, currency),
          date: try object.optional("date", as: JSONNode.self)?.date()))
    }
    return result
  }

  func payments(_ object: JSONObject) throws(JSONError) -> [Payment] {
    var result: [Payment] = []
    for element in try object.optional("payments", count: 0...SplitRequest.expensesMax, of: JSONNode.self) ?? [] {
      let payment = try element.object(required: "from", "to", "amount", optional: "currency", "date")
      let currency = try payment.optional("currency", as: JSONNode.self)?.currency() ?? currency
      let from = try person(payment.required("from"))
      let to = try person(payment.required("to"))
      if from == to { throw element.fault("must be from one person to another, found \"\(people[to])\" twice") }
      result.append(
        Payment(
          from: from, to: to, amount: try payment.required("amount", as: JSONNode.self).cost(currency),
          date: try payment.optional("date", as: JSONNode.self)?.date()))
    }
    return result
  }

  private func payers(_ node: JSONNode, _ amount: Money) throws(JSONError) -> [Int: Money] {
    if node.kind == .string { return [try person(node): amount] }
    guard node.kind == .object else { throw node.wrongType("a name, or an object of names and amounts") }
    var result: [Int: Money] = [:]
    for (name, value) in try node.members { result[try person(name, value)] = try value.money(amount.currency) }
    return result
  }

  private func split(_ object: JSONObject, _ currency: Currency) throws(JSONError) -> Split {
    guard let node = try object.optional("split", as: JSONNode.self) else { return .equal(Array(people.indices)) }
    let split = try node.object(
      fields: "equal", "equalByCouple", "shares", "percent", "exact", "items", "nights")
    let ways = try Array(node.members)
    guard ways.count == 1 else {
      throw node.fault(
        "must name one way to split, found \(ways.count): equal, equalByCouple, shares, percent, exact, items or nights"
      )
    }
    if let value = split.find("equal") { return .equal(try group(value)) }
    if let value = split.find("equalByCouple") { return .equalByCouple(try group(value)) }
    if let value = split.find("shares") {
      return .shares(try table(value) { node throws(JSONError) in try node.decimal() })
    }
    if let value = split.find("percent") {
      return .percent(try table(value) { node throws(JSONError) in try node.percentage() })
    }
    if let value = split.find("exact") {
      return .exact(try table(value) { node throws(JSONError) in try node.money(currency) })
    }
    if let value = split.find("nights") {
      return .nights(try table(value) { node throws(JSONError) in try node.value(in: 0...3650) })
    }
    return .items(try items(split.required("items"), currency))
  }

  private func table<Value>(
    _ node: JSONNode, _ read: (JSONNode) throws(JSONError) -> Value
  ) throws(JSONError) -> [Int: Value] {
    var result: [Int: Value] = [:]
    for (name, value) in try node.members { result[try person(name, value)] = try read(value) }
    return result
  }

  private func items(_ node: JSONNode, _ currency: Currency) throws(JSONError) -> [SplitItem] {
    var result: [SplitItem] = []
    for element in try node.elements(count: 1...500, of: JSONNode.self) {
      let item = try element.object(required: "amount", "for", optional: "what")
      _ = try item.optional("what", length: 0...200)
      result.append(
        SplitItem(
          amount: try item.required("amount", as: JSONNode.self).money(currency),
          people: try group(item.required("for"))))
    }
    return result
  }
}

extension SplitError {
  /// The fault with its place in the request.
  func fault(in node: JSONNode, _ people: [String]) -> JSONError {
    func at(_ path: String, _ complaint: String) -> JSONError { node.fault(complaint, at: path) }
    switch self {
    case .paidDiffers(let number, let paid, let cost):
      return at("/expenses/\(number)/paidBy", "must sum to the amount of \(cost.amountText), found \(paid.amountText)")
    case .percentSum(let number, let sum):
      return at("/expenses/\(number)/split/percent", "must sum to 100, found \(sum): mend the percentages")
    case .exactSum(let number, let sum, let cost):
      return at(
        "/expenses/\(number)/split/exact", "must sum to the amount of \(cost.amountText), found \(sum.amountText)")
    case .nobody(let number):
      return at("/expenses/\(number)/split", "must have somebody who bears the cost, with a share above zero")
    case .badShare(let number, let person):
      return at(
        "/expenses/\(number)/split",
        "must give \"\(people[person])\" a share that is not below zero, has the sign of the amount and at most six decimals"
      )
    case .badItem(let number, let item):
      return at(
        "/expenses/\(number)/split/items/\(item)", "must have people and an amount with the sign of the whole amount")
    case .exchange(let number, let error): return at("/expenses/\(number)", error.complaint)
    case .payment(let number, let error): return at("/payments/\(number)", error.complaint)
    case .twoCouples(let person): return at("/couples", "must not have \"\(people[person])\" twice")
    case .money(let error): return at("", "\(error)")
    }
  }
}
