package import Budget
package import JSON
import Kernel

/// An own default as it is sent: `{"place": "fr/paris", "category": "food", "what": "meals", "amount": "45.00", …}`.
package struct OwnDefaultRequest: Sendable {
  /// What was read.
  package let own: OwnDefault

  /// Reads a default and checks it against the tables.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package init(json node: JSONNode, _ ground: BudgetGround) throws(JSONError) {
    let object = try node.object(
      required: "category", "what", "amount", "currency", optional: "place", "style", "per", "every", "spread",
      "travellers")
    let catalogue = ground.catalogue
    let reader = PlanReader(ground: ground, currency: .euro)
    let place = try object.optional("place", as: JSONNode.self).map { node throws(JSONError) in try reader.place(node) }
    let category = try object.required("category", as: JSONNode.self).category()
    if category == .contingency {
      throw node.fault("must not be contingency, which has no price: name what is bought", at: "/category")
    }
    let style = try object.optional("style", as: JSONNode.self)?.word(of: catalogue.styles, "a style")
    let currency = try object.required("currency", as: JSONNode.self).currency()
    var prices: [TravellerType: Money] = [:]
    if let node = try object.optional("travellers", as: JSONNode.self) {
      for (name, value) in try node.members {
        guard let type = TravellerType(rawValue: name) else {
          let known = TravellerType.allCases.map(\.rawValue)
          let mend = nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" }
          throw value.fault(
            "must stand under a kind of traveller: \(mend ?? "one of \(known.joined(separator: ", "))")")
        }
        prices[type] = try value.cost(currency)
      }
    }
    let what = try object.required("what", length: 1...100)
    if what.unicodeScalars.contains(where: { $0.value < 32 }) {
      throw node.fault("must be one line of text without control characters", at: "/what")
    }
    let unit = try object.optional("per", as: WireCostUnit.self)?.unit ?? .person
    if unit != .person, !prices.isEmpty {
      throw node.fault("must not be given where the price is not per person: leave it out", at: "/travellers")
    }
    own = OwnDefault(
      scope: place.map { catalogue.places[$0].id } ?? "world", category: category, style: style ?? "",
      cost: CostDefault(
        what: what, unit: unit,
        period: try object.optional("every", as: WireCostPeriod.self)?.period ?? .day,
        price: try object.required("amount", as: JSONNode.self).cost(currency), own: prices,
        spread: try object.optional("spread", in: 0.0...2.0)))
  }
}

extension CostDefault {
  /// Writes what something costs into an object.
  package func write(to object: inout JSONObjectWriter) {
    object.field("what", what)
    object.field("per", unit.rawValue)
    object.field("every", period.rawValue)
    object.field("amount", price.amountText)
    object.field("currency", price.currency.code)
    if !own.isEmpty {
      object.object("travellers") { object in
        for type in TravellerType.allCases {
          if let price = own[type] { object.field(named: type.rawValue, price.amountText) }
        }
      }
    }
    object.field("spread", ifPresent: spread)
  }
}
