package import Budget
package import JSON

/// Reads who travels, and how they share rooms.
package enum PartyReader {
  /// A number of adults, numbers of each kind, or people with names, kinds and ages.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package static func party(_ node: JSONNode) throws(JSONError) -> [Traveller] {
    switch node.kind {
    case .number: return travellers(try node.value(in: 1...100), .adult)
    case .array: return try named(node)
    default: return try counted(node)
    }
  }

  private static func travellers(_ count: Int, _ type: TravellerType) -> [Traveller] {
    let word = type == .adult ? "Traveller" : type.rawValue.prefix(1).uppercased() + type.rawValue.dropFirst()
    return (0..<count).map { Traveller(name: "\(word) \($0 + 1)", type: type) }
  }

  private static func counted(_ node: JSONNode) throws(JSONError) -> [Traveller] {
    let object = try node.object(fields: "adults", "children", "infants", "students", "seniors")
    let result =
      travellers(try object.optional("adults", in: 0...100) ?? 0, .adult)
      + travellers(try object.optional("students", in: 0...100) ?? 0, .student)
      + travellers(try object.optional("seniors", in: 0...100) ?? 0, .senior)
      + travellers(try object.optional("children", in: 0...100) ?? 0, .child)
      + travellers(try object.optional("infants", in: 0...100) ?? 0, .infant)
    if result.isEmpty { throw node.fault("must have at least one traveller") }
    return result
  }

  private static func named(_ node: JSONNode) throws(JSONError) -> [Traveller] {
    var result: [Traveller] = []
    for element in try node.elements(count: 1...100, of: JSONNode.self) {
      let object = try element.object(fields: "name", "type", "age")
      let name = try object.optional("name", length: 1...60) ?? "Traveller \(result.count + 1)"
      if result.contains(where: { $0.name == name }) {
        throw element.fault("must be a name that nobody else has", at: "/name")
      }
      let age = try object.optional("age", in: 0...130)
      let word = try object.optional("type", as: JSONNode.self)?.word(
        of: TravellerType.allCases.map(\.rawValue), "a kind of traveller")
      let type =
        word.flatMap(TravellerType.init) ?? age.map { $0 < 2 ? .infant : $0 < 13 ? .child : $0 < 65 ? .adult : .senior }
        ?? .adult
      result.append(Traveller(name: name, type: type, age: age))
    }
    return result
  }

  /// A number of rooms, or rules for how many people share one.
  ///
  /// - Throws: `JSONError` with the pointer and the mend.
  package static func rooms(_ node: JSONNode) throws(JSONError) -> RoomRules {
    var rules = RoomRules()
    if node.kind == .number {
      rules.rooms = try node.value(in: 1...100)
      return rules
    }
    let object = try node.object(fields: "adultsMax", "peopleMax")
    rules.adultsMax = try object.optional("adultsMax", in: 1...20) ?? rules.adultsMax
    rules.peopleMax = try object.optional("peopleMax", in: 1...20) ?? max(rules.peopleMax, rules.adultsMax)
    if rules.peopleMax < rules.adultsMax { throw node.fault("must not be below adultsMax", at: "/peopleMax") }
    return rules
  }
}
