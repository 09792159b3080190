import Foundation
import JSON
import TestSupport
import Testing

@testable import wayfare

@Suite("The commands about money")
struct BudgetCommandTests {
  private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data/examples")

  private func run(_ command: String, _ text: String, _ flags: [String] = []) throws -> (Int32, String, String) {
    let file = TestCluster.makeDirectory("budget") + "/request.json"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let result = try ServerProcess.run([command, file] + flags)
    return (result.status, result.output, result.errors)
  }

  @Test("the example of a split prints exactly what the contract says")
  func splits() throws {
    let file = Self.examples.appending(path: "split.json").path
    let machine = try ServerProcess.run(["split", file, "--json"])
    // 90 by three and 15 by 2 to 1: A bears 40, B 35, C 30.
    #expect(
      machine.output == """
        {"balances":{"A":"50.00","B":"-25.00","C":"-25.00"},"transfers":[{"from":"B","to":"A","amount":"25.00"},\
        {"from":"C","to":"A","amount":"25.00"}],"optimal":true}

        """)
    let people = try ServerProcess.run(["split", file])
    #expect(people.output.contains("A       90.00  40.00    50.00\n"), "\(people.output)")
    #expect(people.output.contains("B pays A  25.00 EUR"))
  }

  @Test("the example of a budget sums up, for people and for machines")
  func budgets() throws {
    let file = Self.examples.appending(path: "budget.json").path
    let people = try ServerProcess.run(["budget", file])
    #expect(people.status == 0, "\(people.errors)")
    for word in ["total", "Cannes", "+145.33", "in October", "Cheapest first day", "Best choice"] {
      #expect(people.output.contains(word), "\(word)")
    }
    let root = try JSONDocument(text: try ServerProcess.run(["budget", file, "--json"]).output).root
    func cents(_ pointer: String) throws -> Int {
      let node = try #require(root.find(pointer))
      let digits = try node.string.replacing(".", with: "")
      return try #require(Int(digits))
    }
    var lines = 0
    for (index, line) in try #require(root.find("/lines")).array.enumerated() where line.find("/included") == nil {
      lines += try cents("/lines/\(index)/amount")
    }
    #expect(try cents("/total") == lines)
    #expect(try cents("/perPerson/Ann") + cents("/perPerson/Ben") + cents("/perPerson/Cleo") == lines)
  }

  @Test("a choice that nothing allows is no result, with the way out")
  func infeasible() throws {
    let (status, output, _) = try run(
      "budget",
      """
      {"start":"2026-06-01","place":"Lisbon","nights":3,"optimize":{"caps":{"total":"80.00"},"lines":[
        {"name":"hotel","category":"lodging","alternatives":[{"name":"A","cost":"100.00","value":1}]}]}}
      """)
    #expect(status == 1)
    #expect(output.contains("the total by 20.00"), "\(output)")
  }

  @Test("a file in the data directory replaces a table, and a fault in it is named")
  func replacesTables() throws {
    let home = TestCluster.makeDirectory("home")
    try FileManager.default.createDirectory(atPath: home + "/budget", withIntermediateDirectories: true)
    try "kind,category,word,factor\nceiling,food,grand,nine\n".write(
      toFile: home + "/budget/factors.csv", atomically: true, encoding: .utf8)
    let file = Self.examples.appending(path: "budget.json").path
    let result = try ServerProcess.run(["budget", file, "--home", home])
    #expect(result.status == 2)
    #expect(result.errors.contains("budget/factors.csv:2: factor must be"), "\(result.errors)")
  }

  @Test(
    "what is wrong in a request is one sentence with pointer and mend, and exit 2",
    arguments: [
      ("budget", #"{"start":"2026-06-01","place":"Lisbn","nights":3}"#, "/place must be a known place", "Lisbon"),
      ("budget", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"stile":"luxury"}"#, "/stile is not", "style"),
      ("budget", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"style":"luxus"}"#, "/style must be", "luxury"),
      ("budget", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"party":-2}"#, "/party must be", "1 and 100"),
      ("budget", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"currency":"EUX"}"#, "/currency", "mean EUR"),
      ("budget", #"{"start":"2026-06-01","place":"Lisbon","nights":3,"budget":1e9999999999}"#, "/budget", "12.50"),
      (
        "budget",
        #"{"start":"2026-06-01","place":"Lisbon","nights":3,"rules":[{"id":"a","kind":"percent","value":1,"onTopOf":["a"]}]}"#,
        "/rules/0", "reckoned on itself"
      ),
      (
        "split", #"{"currency":"EUR","people":["A","B"],"expenses":[{"paidBy":"C","amount":"1"}]}"#, "/paidBy", "people"
      ),
      (
        "split",
        #"{"currency":"EUR","people":["A"],"expenses":[{"paidBy":"A","amount":"1","split":{"percent":{"A":90}}}]}"#,
        "/expenses/0/split/percent", "sum to 100"
      ),
      ("split", "nonsense", "not JSON", "line 1"),
    ])
  func refuses(_ command: String, _ text: String, _ place: String, _ mend: String) throws {
    let (status, output, errors) = try run(command, text)
    #expect(status == 2)
    #expect(output.isEmpty)
    #expect(errors.contains(place) && errors.contains(mend), "\(errors)")
    #expect(errors.split(separator: "\n").count == 1)
  }
}
