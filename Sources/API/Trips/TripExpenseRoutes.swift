import BudgetWire
import HTTP
import JSON
import Kernel
import Store
import Trips
import TripsWire

/// `/trips/{trip}/expenses` and `/settlement`: who paid what for whom, and who owes whom.
///
/// An expense is said as `wayfare split` reads it, with people's ids for their names; it is reckoned by the same code.
struct TripExpenseRoutes: Sendable {
  private static let bytesMax = 64 * 1024

  let gate: TripGate
  let desk: BudgetDesk
  var store: TripStore { gate.store }

  func addRoutes(to group: RouteGroup) {
    gate.on(
      .get, "/expenses", .follow, group,
      .json(
        "Who paid what for whom", .tripTalk,
        gives: .fields(["expenses": .list(.fields(["id": .id, "by?": .id, "createdAt": .moment, "expense": .object]))]))
    ) { try await list($0) }
    gate.on(
      .post, "/expenses", .edit, group,
      .json(
        "Enters an expense, as wayfare split reads it", .tripTalk, fields: ["Idempotency-Key"],
        takes: .fields(["expense": .object, "id?": .id]), gives: .fields(["id": .id]), status: .created)
    ) { try await enter($0) }
    gate.on(.delete, "/expenses/{expense}", .edit, group, .empty("Takes an expense out", .tripTalk)) {
      try await remove($0)
    }
    gate.on(.get, "/settlement", .follow, group, .json("Who owes whom", .tripTalk, gives: .object)) {
      try await settle($0)
    }
  }

  private func list(_ visit: TripVisit) async throws -> Response {
    let expenses = try await store.expenses(of: visit.id).map { ($0, try StoredExpense(text: $0.document)) }
    return TripAnswers.fresh(
      Told { object in
        object.array("expenses") { array in
          for (expense, stored) in expenses {
            array.object {
              $0.field("id", expense.id.description)
              $0.field("by", ifPresent: expense.author?.description)
              $0.field("createdAt", expense.createdAt.description)
              $0.field("expense", stored.expense)
            }
          }
        }
      })
  }

  private func enter(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let json = try await visit.request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "expense", optional: "id")
    guard let node = object.find("expense") else { throw json.fault("must have \"expense\"") }
    let id: TripExpenseID = try object.find("id")?.findIdentifier() ?? TripChance.id()
    let people = try await store.members(of: visit.id).map(\.user.description)
    let stored = StoredExpense(expense: node, people: people)
    let currency = try await currency(visit)
    // The same reader that will settle it says now what is wrong with it.
    _ = try await reckon([stored], currency)
    return try await visit.make(json.jsonBytes()) { writer in
      guard let isNew = try await writer.enter(id, by: user, document: TripEditing.text(stored)) else {
        throw Problem(
          .unprocessableContent, detail: "A trip has \(TripLimits.expensesMax) expenses at most; take some out first.")
      }
      if isNew {
        _ = writer.append("expense.entered", by: user, body: Told { $0.field("expense", id.description) }.text)
      }
      return MadeAnswer(Told { $0.field("id", id.description) })
    }
  }

  private func remove(_ visit: TripVisit) async throws -> Response {
    let user = try visit.user()
    let id: TripExpenseID = try visit.parameter("expense")
    try await visit.write { writer in
      guard try await writer.remove(id) else {
        throw Problem(.notFound, detail: "There is no expense \(id) in this trip, or it was taken out.")
      }
      _ = writer.append("expense.removed", by: user, body: Told { $0.field("expense", id.description) }.text)
    }
    return Response(status: .noContent)
  }

  private func settle(_ visit: TripVisit) async throws -> Response {
    let expenses = try await store.expenses(of: visit.id).map { try StoredExpense(text: $0.document) }
    let members = try await store.members(of: visit.id).map(\.user.description)
    let all = expenses + [StoredExpense(expense: nil, people: members)]
    return Response(reckoned: try await reckon(all, try await currency(visit)))
  }

  /// The books of some expenses, as `wayfare split --json` tells them.
  private func reckon(_ expenses: [StoredExpense], _ currency: String) async throws -> [UInt8] {
    var people: [String] = []
    // Who has left is still in the books.
    for person in expenses.flatMap(\.people) where !people.contains(person) { people.append(person) }
    let named = people
    let request = Told { object in
      object.field("currency", currency)
      object.field("people", named)
      object.field("expenses", expenses.compactMap(\.expense))
    }
    let root = try JSONDocument(text: request.text).root
    return try await desk.reckon { ground in try SplitRequest(json: root, ground).jsonBytes() }
  }

  private func currency(_ visit: TripVisit) async throws -> String {
    let document = try await store.find(visit.id, visit.visitor)?.document ?? "{}"
    return try JSONDocument(text: document).root.find("/currency")?.string ?? "EUR"
  }
}

/// An expense as it was said, and who took part then.
private struct StoredExpense: JSONWritable, Sendable {
  let expense: JSONNode?
  let people: [String]

  init(expense: JSONNode?, people: [String]) {
    self.expense = expense
    self.people = people
  }

  init(text: String) throws {
    let object = try JSONDocument(text: text).root.object(required: "expense", "people")
    expense = object.find("expense")
    people = try object.required("people")
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("expense", expense)
      $0.field("people", people)
    }
  }
}
