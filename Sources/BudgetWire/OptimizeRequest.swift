package import Budget
package import JSON
package import Kernel

/// Alternatives to choose among under caps.
package struct OptimizeRequest: Sendable {
  /// In what costs are.
  package let currency: Currency
  /// Who shares.
  package let people: [String]
  /// What is chosen among.
  package let lines: [ChoiceLine]
  /// What may be spent.
  package let caps: ChoiceCaps
  let problem: ChoiceProblem

  /// Lines of a request, at most.
  package static let linesMax = 200
  /// Alternatives of a line, at most.
  package static let alternativesMax = 100

  /// Reads a request of its own.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    let object = try node.object(fields: "currency", "people", "lines", "caps", "rates")
    let currency = try object.optional("currency", as: JSONNode.self)?.currency() ?? .euro
    var ground = ground
    if let stated = try object.optional("rates", as: JSONNode.self) {
      let (base, table) = try [Currency: DecimalFraction].rates(stated, base: currency)
      ground = BudgetGround(ground.catalogue, ground.rates.stating(table, base: base))
    }
    var people: [String] = []
    for element in try object.optional("people", count: 1...100, of: JSONNode.self) ?? [] {
      let name = try element.string(length: 1...60)
      if people.contains(name) { throw element.fault("must be a name that nobody else has") }
      people.append(name)
    }
    try self.init(object, node, ground, currency, people.isEmpty ? ["everyone"] : people)
  }

  /// Reads the part of a budget request.
  init(json node: JSONNode, _ ground: BudgetGround, currency: Currency, people: [String]) throws(JSONError) {
    try self.init(try node.object(fields: "lines", "caps"), node, ground, currency, people)
  }

  private init(
    _ object: JSONObject, _ node: JSONNode, _ ground: BudgetGround, _ currency: Currency, _ people: [String]
  ) throws(JSONError) {
    self.currency = currency
    self.people = people
    let reader = ChoiceReader(
      ground: ground, currency: currency, names: SplitReader(people: people, currency: currency))
    var lines: [ChoiceLine] = []
    for element in try object.required("lines", count: 1...Self.linesMax, of: JSONNode.self) {
      lines.append(try reader.line(element))
    }
    self.lines = lines
    caps =
      try object.optional("caps", as: JSONNode.self).map { node throws(JSONError) in try reader.caps(node) }
      ?? ChoiceCaps()
    do throws(ChoiceError) {
      problem = try ChoiceProblem(lines: lines, caps: caps)
    } catch {
      throw error.fault(in: node)
    }
  }

  /// Minor units as an amount.
  package func text(_ units: Int64) -> String { Money(minorUnits: units, currency).amountText }
}

/// Reads lines and caps.
private struct ChoiceReader {
  let ground: BudgetGround
  let currency: Currency
  let names: SplitReader

  func line(_ node: JSONNode) throws(JSONError) -> ChoiceLine {
    let object = try node.object(required: "name", "category", "alternatives", optional: "for")
    let sharers = try object.optional("for", as: JSONNode.self).map { node throws(JSONError) in try names.group(node) }
    var alternatives: [Alternative] = []
    for element in try object.required("alternatives", count: 1...OptimizeRequest.alternativesMax, of: JSONNode.self) {
      let one = try element.object(required: "name", "cost", "value", optional: "currency")
      let own = try one.optional("currency", as: JSONNode.self)?.currency() ?? currency
      let cost = try one.required("cost", as: JSONNode.self)
      alternatives.append(
        Alternative(
          name: try one.required("name", length: 1...100), cost: try converted(cost, own),
          value: try one.required("value", in: 0...1_000_000)))
    }
    return ChoiceLine(
      name: try object.required("name", length: 1...100),
      category: try object.required("category", as: JSONNode.self).category(),
      people: sharers ?? Array(names.people.indices), alternatives: alternatives)
  }

  func caps(_ node: JSONNode) throws(JSONError) -> ChoiceCaps {
    let object = try node.object(fields: "total", "categories", "perPerson")
    var caps = ChoiceCaps()
    caps.total = try object.optional("total", as: JSONNode.self)?.cost(currency).minorUnits
    if let node = try object.optional("categories", as: JSONNode.self) {
      for (name, value) in try node.members {
        guard let category = CostCategory(name) else {
          throw value.fault("must stand under a category such as lodging")
        }
        caps.categories[category] = try value.cost(currency).minorUnits
      }
    }
    guard let each = try object.optional("perPerson", as: JSONNode.self) else { return caps }
    if each.kind == .object {
      for (name, value) in try each.members {
        caps.people[try names.person(name, value)] = try value.cost(currency).minorUnits
      }
    } else {
      let cap = try each.cost(currency).minorUnits
      for person in names.people.indices { caps.people[person] = cap }
    }
    return caps
  }

  private func converted(_ node: JSONNode, _ own: Currency) throws(JSONError) -> Int64 {
    let cost = try node.cost(own)
    do throws(ExchangeError) {
      return try ground.rates.convert(cost, to: currency).converted.minorUnits
    } catch {
      throw node.fault(error.complaint)
    }
  }
}

extension ChoiceError {
  func fault(in node: JSONNode) -> JSONError {
    switch self {
    case .noAlternative(let line): node.fault("must have an alternative", at: "/lines/\(line)/alternatives")
    case .nobody(let line):
      node.fault("must be shared by one to ten people where there are caps per person", at: "/lines/\(line)")
    case .badAlternative(let line, let alternative):
      node.fault(
        "must have a cost and value below \(ChoiceProblem.numberMax)",
        at: "/lines/\(line)/alternatives/\(alternative)")
    case .tooLarge(let limit):
      node.fault(
        "must be smaller: more than \(limit) partial choices would have to be kept; take away caps per person or alternatives, or give rounder values"
      )
    }
  }
}
