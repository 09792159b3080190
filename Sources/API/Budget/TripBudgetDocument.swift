import BudgetWire
import HTTP
import JSON

/// A trip's budget as it is kept, to which scenarios are added and from which they are taken, the rest word for word.
struct TripBudgetDocument {
  /// What an edit came to.
  struct Edited: Sendable {
    /// The whole budget as JSON.
    let text: String
    /// Where the scenario that was sent stands; nil if none was.
    let sentAt: String?

    /// The answer to the whole.
    ///
    /// - Throws: `JSONError` about what was sent, with pointers into that; a `Problem` about what was kept.
    func reckoned(_ ground: BudgetGround) throws -> [UInt8] {
      do throws(JSONError) {
        return try BudgetAnswer(json: JSONDocument(text: text).root, ground).jsonBytes()
      } catch {
        guard let sentAt, error.errors.allSatisfy({ $0.pointer.hasPrefix(sentAt) }) else {
          throw error.aboutWhatIsKept
        }
        throw error.moved(from: sentAt)
      }
    }
  }

  private let root: JSONNode
  private let scenarios: [JSONNode]

  init(_ text: String) throws(JSONError) {
    root = try JSONDocument(text: text).root
    if let node = root.find("/scenarios"), node.kind != .null {
      scenarios = try Array(node.array)
    } else {
      scenarios = []
    }
  }

  /// With one more scenario.
  func adding(_ scenario: JSONNode) throws -> Edited {
    // Read here too, so that a scenario that is no object at all points at the body.
    _ = try scenario.members
    guard scenarios.count < BudgetRequest.scenariosMax else {
      throw Problem(
        .conflict, detail: "This trip has \(scenarios.count) scenarios, as many as are kept: remove one first.")
    }
    return Edited(text: try written(scenarios + [scenario]), sentAt: "/scenarios/\(scenarios.count)")
  }

  /// Without a scenario.
  func removing(_ name: String) throws -> Edited {
    let rest = try scenarios.filter { try $0.find("/name")?.string != name }
    guard rest.count < scenarios.count else {
      throw Problem(.notFound, detail: "This trip has no scenario of that name; GET lists them.")
    }
    return Edited(text: try written(rest), sentAt: nil)
  }

  private func written(_ scenarios: [JSONNode]) throws -> String {
    let members = try Array(root.members)
    var writer = JSONWriter()
    writer.object { object in
      for (name, value) in members where name != "scenarios" { object.field(named: name, value) }
      object.field("scenarios", scenarios)
    }
    let bytes = writer.finish()
    guard bytes.count <= BudgetRoutes.bytesMax else { throw Problem.contentTooLarge(limit: BudgetRoutes.bytesMax) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension JSONError {
  /// The same faults with their places counted from a part of the document.
  fileprivate func moved(from place: String) -> JSONError {
    JSONError(
      errors.map { error in
        let rest = String(error.pointer.dropFirst(place.count))
        let detail =
          error.detail.hasPrefix(error.pointer)
          ? (rest.isEmpty ? "the document" : rest) + error.detail.dropFirst(error.pointer.count) : error.detail
        return JSONFieldError(pointer: rest, kind: error.kind, detail: detail)
      })
  }
}
