import Budget
import JSON
import Kernel
import Synchronization
import Testing

@testable import BudgetWire

@Suite("Budgets as JSON")
struct BudgetWireTests {
  private func node(_ text: String) throws -> JSONNode { try JSONDocument(text: text).root }

  private func fault(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test("reading a request solves nothing: what takes long is done where it is asked for")
  func reads() throws {
    let ground = try BudgetGround()
    let text = #"""
      {"start":"2026-06-01","place":"Lisbon","nights":3,"optimize":{"caps":{"total":"80.00"},"lines":[
        {"name":"hotel","category":"lodging","alternatives":[{"name":"A","cost":"100.00","value":1}]}]}}
      """#
    let request = try BudgetRequest(json: node(text), ground)
    #expect(request.optimize?.lines.count == 1)
    let answer = try BudgetAnswer(json: node(text), ground)
    guard case .infeasible(let ways)? = answer.optimize?.result else {
      Issue.record("80 euros do not pay for 100")
      return
    }
    #expect(ways.map { $0.map(\.cap) } == [[.total]])
    #expect(ways.first?.first?.amount == 2000)
  }

  @Test("what would take too long together is refused with the largest that would not")
  func refusesLongWork() throws {
    let ground = try BudgetGround()
    let stays = (0..<40).map { _ in #"{"place":"Lisbon","nights":1}"# }.joined(separator: ",")
    let many = #"{"start":"2026-06-01","stays":[\#(stays)],"outlook":{"draws":1000000}}"#
    let said = fault { _ = try BudgetAnswer(json: node(many), ground) }
    #expect(said.hasPrefix("/outlook/draws must be at most "), "\(said)")
    let few = #"{"start":"2026-06-01","place":"Lisbon","nights":1,"outlook":{"draws":100}}"#
    #expect(fault { _ = try BudgetAnswer(json: node(few), ground) } == "none")
  }

  @Test("an own default goes before the table's for its place, category and style, and holds nowhere else")
  func ownDefaults() throws {
    let library = BudgetLibrary()
    let ground = try library.ground()
    let sent = try OwnDefaultRequest(
      json: node(
        #"{"place":"Lisbon","category":"food","what":"tavern","style":"comfort","amount":"31.00","currency":"EUR"}"#),
      ground)
    #expect(sent.own.scope == "pt/lisbon")
    try library.take([sent.own], revision: 7)
    #expect(library.revision == 7)
    let lisbon = try #require(ground.catalogue.findPlace("pt/lisbon"))
    let paris = try #require(ground.catalogue.findPlace("fr/paris"))
    let catalogue = try library.ground().catalogue
    #expect(try catalogue.prices(at: lisbon, .food, style: "comfort")?.defaults.map(\.what) == ["tavern"])
    #expect(try catalogue.prices(at: lisbon, .food, style: "luxury")?.defaults.map(\.what) == ["meals"])
    #expect(try catalogue.prices(at: paris, .food, style: "comfort")?.defaults.map(\.what) == ["meals"])
    try library.take([], revision: 8)
    #expect(
      try library.ground().catalogue.prices(at: lisbon, .food, style: "comfort")?.defaults.map(\.what) == ["meals"])
  }

  @Test("a bad own default is refused with pointer and mend")
  func badOwnDefaults() throws {
    let ground = try BudgetGround()
    let cases = [
      (#"{"category":"food","what":"x","amount":"1","currency":"EUR","style":"luxus"}"#, "/style", "luxury"),
      (#"{"category":"food","what":"x","amount":"-1","currency":"EUR"}"#, "/amount", "below zero"),
      (#"{"category":"food","what":"x","amount":"1","currency":"EUX"}"#, "/currency", "EUR"),
      (#"{"category":"Food!","what":"x","amount":"1","currency":"EUR"}"#, "/category", "small letters"),
      (#"{"category":"contingency","what":"x","amount":"1","currency":"EUR"}"#, "/category", "no price"),
      (#"{"category":"food","what":"x","amount":"1","currency":"EUR","place":"Lisbn"}"#, "/place", "Lisbon"),
      (
        #"{"category":"food","what":"x","amount":"1","currency":"EUR","travellers":{"chld":"1"}}"#,
        "/travellers/chld", "child"
      ),
      (
        #"{"category":"lodging","what":"x","amount":"1","currency":"EUR","per":"room","travellers":{"child":"1"}}"#,
        "/travellers", "leave it out"
      ),
      (#"{"category":"food","what":"x","amount":"1","currency":"EUR","spread":3}"#, "/spread", "2"),
    ]
    for (text, place, mend) in cases {
      let said = fault { _ = try OwnDefaultRequest(json: node(text), ground) }
      #expect(said.contains(place) && said.contains(mend), "\(said)")
    }
  }

  @Test("a place's seasons tell each category's factors, whose they are, and the factor of each day that is asked for")
  func seasons() throws {
    let ground = try BudgetGround()
    let from = try LocalDate("2026-12-24")
    let answer = try SeasonAnswer(ground, place: "fr/paris", from: from, days: 3)
    let root = try JSONDocument(bytes: answer.jsonBytes()).root
    #expect(try root.find("/id")?.string == "fr/paris")
    #expect(try root.find("/profiles/0/category")?.string == "lodging")
    #expect(try root.find("/profiles/0/months")?.array.count == 12)
    #expect(try root.find("/profiles/0/days/2/date")?.string == "2026-12-26")
    let paris = try #require(ground.catalogue.findPlace("fr/paris"))
    let factor = try #require(ground.catalogue.profile(at: paris, .lodging)).factor(on: from)
    #expect(try root.find("/profiles/0/days/0/factor")?.double == Double(factor) / 1e6)
    #expect(throws: BudgetFault.self) { try SeasonAnswer(ground, place: "nowhere-at-all", from: nil, days: 1) }
  }

  @Test("tables that cannot be loaded are tried again at the next question")
  func loadsAgain() throws {
    let attempts = Counter()
    let library = BudgetLibrary {
      let broken = ["taxes.csv": TableFile(name: "my/taxes.csv", bytes: Array("id\n".utf8))]
      return try BudgetGround(replacing: attempts.next() == 1 ? broken : [:])
    }
    #expect(fault { _ = try library.ground() }.contains("my/taxes.csv:1"))
    #expect(try library.ground().catalogue.places.count > 1000)
    _ = try library.ground()
    #expect(attempts.count == 2, "what is loaded stays")
  }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
