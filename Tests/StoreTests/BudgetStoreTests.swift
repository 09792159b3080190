import Budget
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite("Budgets in the store")
struct BudgetStoreTests {
  private func withStore(_ body: (Database, PostgresClient) async throws -> Void) async throws {
    try await withTestClient(holding: .schema) { client, _ in
      try await body(Database(client), client)
    }
  }

  private func own(_ what: String, _ amount: Int64 = 1200) throws -> OwnDefault {
    let category = try #require(CostCategory("food"))
    return OwnDefault(
      scope: "fr/paris", category: category, style: "comfort",
      cost: CostDefault(
        what: what, unit: .person, period: .day, price: Money(minorUnits: amount, .euro),
        own: [.child: Money(minorUnits: 700, .euro), .infant: .zero(.euro)], spread: 0.25))
  }

  @Test("an own default comes back as it was kept, and every change makes a new revision")
  func keepsDefaults() async throws {
    try await withStore { database, client in
      let store = database.ownDefaults
      let nothing = try await store.defaults(unless: 0)
      #expect(nothing == nil)
      guard case .added(let added) = try await store.add(try own("meals")) else {
        Issue.record("there was none")
        return
      }
      let first = try #require(try await store.defaults(unless: 0))
      #expect(first.defaults == [added])
      #expect(first.defaults.first?.own == (try own("meals")))
      let same = try await store.defaults(unless: first.revision)
      #expect(same == nil)
      let again = try await store.add(try own("meals", 900))
      #expect(again == .taken(by: added.id))
      try await client.execute("update budget_default set amount_minor = 5 where id = \(added.id)")
      let second = try #require(try await store.defaults(unless: first.revision))
      #expect(second.defaults.first?.own.cost.price.minorUnits == 5)
      let isGone = try await store.remove(added.id)
      let isGoneAgain = try await store.remove(added.id)
      #expect(isGone && !isGoneAgain)
      let last = try #require(try await store.defaults(unless: second.revision))
      #expect(last.defaults.isEmpty)
    }
  }

  @Test("the database itself refuses what cannot be a default or a trip's budget")
  func refuses() async throws {
    try await withStore { _, client in
      let bad: [SQL] = [
        "insert into budget_default (scope, category, style, what, unit, period, amount_minor, currency) values ('fr', 'Food', '', 'x', 'person', 'day', 1, 'EUR')",
        "insert into budget_default (scope, category, style, what, unit, period, amount_minor, currency) values ('fr', 'food', '', 'x', 'person', 'day', -1, 'EUR')",
        "insert into budget_default (scope, category, style, what, unit, period, amount_minor, currency) values ('fr', 'food', '', 'x', 'head', 'day', 1, 'EUR')",
        "insert into trip_budget (trip_id, request) values ('a b', '{}')",
        "insert into trip_budget (trip_id, request) values ('a', '[]')",
      ]
      for statement in bad { await #expect(throws: PostgresError.self) { try await client.execute(statement) } }
    }
  }

  @Test("a trip's budget is changed and removed only from the revision that is known")
  func keepsTripBudgets() async throws {
    try await withStore { database, _ in
      let store = database.tripBudgets
      let none = try await store.find("t")
      #expect(none == nil)
      let text = #"{"b":"\u0000", "a":12.50}"#
      let first = try #require(try await store.create("t", request: text))
      #expect(first.request == text, "word for word")
      #expect(first.revision == 1)
      let twice = try await store.create("t", request: "{}")
      #expect(twice == nil)
      let second = try #require(try await store.replace("t", request: "{}", from: 1))
      #expect(second.revision == 2)
      let stale = try await store.replace("t", request: text, from: 1)
      #expect(stale == nil)
      let kept = try await store.remove("t", from: 1)
      let removed = try await store.remove("t", from: 2)
      #expect(!kept && removed)
    }
  }
}
