import Testing

@testable import HTTP

@Suite("Query parameters")
struct QueryParametersTests {
  private func query(_ query: String) throws -> QueryParameters {
    try RequestHead(method: .get, target: "/?" + query).query
  }

  /// What a problem says, or what was read.
  private func outcome<Value>(_ body: () throws(Problem) -> Value) -> String {
    do throws(Problem) { return "\(try body())" } catch { return "\(error.status.code) \(error.detail ?? "")" }
  }

  @Test("are decoded, pluses too, and an empty one is there")
  func decoding() throws {
    let query = try query("a=1&b=x+y%20z%2B&c=&d&caf%C3%A9=%E2%82%AC&&e==f")
    #expect(try query.value("a") == "1")
    #expect(try query.value("b") == "x y z+")
    #expect(try query.value("c") == "")
    #expect(try query.value("d") == "")
    #expect(try query.value("café") == "€")
    #expect(try query.value("e") == "=f")
    #expect(try query.value("x") == nil)
    #expect(try query.names() == ["a", "b", "c", "d", "café", "e"])
    #expect(try RequestHead(method: .get, target: "/").query.isEmpty)
  }

  @Test(
    "are refused by name if they cannot be decoded", arguments: ["%", "%4", "%zz", "%ff", "a%c3", "%ed%a0%80", "%-1"])
  func undecodable(_ value: String) throws {
    let query = try query("b=2&a=\(value)")
    let expected = "400 The query parameter 'a' is not valid percent-encoded UTF-8; encode it again."
    #expect(outcome { () throws(Problem) in try query.value("a") } == expected)
    #expect(try query.value("b") == "2")
    #expect(outcome { () throws(Problem) in try query.allow("a", "b") } == expected)
    let name = try self.query("\(value)=1")
    #expect(
      outcome { () throws(Problem) in try name.value("a") }.hasPrefix("400 The query parameter '\(value)' is not"))
  }

  @Test("given twice are refused, unless a list is wanted")
  func repeated() throws {
    let query = try query("a=1&a=2")
    #expect(
      outcome { () throws(Problem) in try query.value("a") } == "400 The parameter 'a' is given 2 times; give it once.")
    #expect(try query.values("a") == ["1", "2"])
  }

  @Test(
    "are read as whole numbers strictly",
    arguments: ["+3", "03", " 3", "3.0", "1e3", "0x1", "", "-", "--1", "٣", "9223372036854775808"])
  func integers(_ text: String) throws {
    let query = try query("n=\(text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())")
    #expect(
      outcome { () throws(Problem) in try query.optional("n", as: Int.self) }
        == "400 The query parameter 'n' must be a whole number.")
  }

  @Test("within limits are read, beyond them refused")
  func limits() throws {
    #expect(try query("limit=500").optional("limit", as: Int.self, in: 1...500) == 500)
    #expect(try query("").optional("limit", as: Int.self, in: 1...500) == nil)
    #expect(try query("n=-0").optional("n", as: String.self) == "-0")
    #expect(try query("n=-12").optional("n", as: Int.self) == -12)
    for text in ["0", "501", "-1", "999999999999"] {
      let query = try query("limit=\(text)")
      #expect(
        outcome { () throws(Problem) in try query.optional("limit", as: Int.self, in: 1...500) }
          == "400 The query parameter 'limit' must lie between 1 and 500.")
    }
  }

  @Test("that are required are asked for")
  func required() throws {
    let query = try query("a=1")
    #expect(try query.require("a", as: Int.self) == 1)
    #expect(
      outcome { () throws(Problem) in try query.require("b", as: Int.self) }
        == "400 The query parameter 'b' is missing; it must be a whole number.")
  }

  private enum Mode: String, CaseIterable, PathParameter {
    case walk, bus
  }

  @Test("are read as cases, booleans and numbers, and messages say which there are")
  func others() throws {
    #expect(try query("m=bus").optional("m", as: Mode.self) == .bus)
    #expect(try query("b=true").optional("b", as: Bool.self) == true)
    #expect(try query("d=-1.5").optional("d", as: Double.self) == -1.5)
    let query = try query("m=Bus&b=1&d=nan")
    #expect(
      outcome { () throws(Problem) in try query.optional("m", as: Mode.self) }
        == "400 The query parameter 'm' must be one of 'walk', 'bus'.")
    #expect(
      outcome { () throws(Problem) in try query.optional("b", as: Bool.self) }
        == "400 The query parameter 'b' must be 'true' or 'false'.")
    #expect(
      outcome { () throws(Problem) in try query.optional("d", as: Double.self) }
        == "400 The query parameter 'd' must be a decimal number.")
  }

  @Test("nobody knows are refused, with the name that was probably meant")
  func unknown() throws {
    let query = try query("limt=5")
    #expect(
      outcome { () throws(Problem) in try query.allow("limit", "cursor") }
        == "400 The query parameter 'limt' is unknown; did you mean 'limit'?")
    #expect(
      outcome { () throws(Problem) in try query.allow("a", "b") }
        == "400 The query parameter 'limt' is unknown; this address takes 'a', 'b'.")
    #expect(
      outcome { () throws(Problem) in try query.allow() }
        == "400 The query parameter 'limt' is unknown; this address takes none.")
    #expect(throws: Never.self) { try query.allow("limt") }
  }
}
