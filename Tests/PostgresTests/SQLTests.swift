import Glibc
import Testing

@testable import Postgres

@Suite("SQL")
struct SQLTests {
  @Test("a value becomes a parameter of its own type and never part of the text")
  func binds() {
    let name = "Robert'); DROP TABLE trip; --"
    let sql: SQL = "SELECT * FROM trip WHERE name = \(name) AND id = \(Int64(7)) AND hidden = \(Bool?.none)"
    #expect(sql.text == "SELECT * FROM trip WHERE name = $1 AND id = $2 AND hidden = $3")
    #expect(sql.parameters.types == [25, 20, 16])
    #expect(sql.parameters.lengths == [Int32(name.utf8.count), 8, -1])
  }

  @Test("a nested statement is spliced in with its parameters renumbered, even beyond nine")
  func nests() {
    let inner: SQL = "b = \(2) OR c = \(3)"
    let outer: SQL = "a = \(1) AND (\(inner)) AND d = \(4) AND (\(inner)) AND (\(inner)) AND (\(inner))"
    #expect(
      outer.text
        == "a = $1 AND (b = $2 OR c = $3) AND d = $4 AND (b = $5 OR c = $6)"
        + " AND (b = $7 OR c = $8) AND (b = $9 OR c = $10)")
    let twice: SQL = "\(outer) OR \(outer)"
    #expect(twice.text.hasSuffix("AND (b = $19 OR c = $20)"))
    #expect(twice.parameters.count == 20)
  }

  @Test("a fragment without values keeps the dollar signs of its own text")
  func keepsDollars() {
    let literal: SQL = "price LIKE '$1%'"
    let sql: SQL = "id = \(1) AND \(literal) AND n = \(2)"
    let nested: SQL = "x = \(0) AND \(sql)"
    #expect(nested.text == "x = $1 AND id = $2 AND price LIKE '$1%' AND n = $3")
  }

  @Test("statements are joined with a separator")
  func joins() {
    let conditions: [SQL] = ["a = \(1)", "b = \("x")", "c IS NULL"]
    #expect(conditions.joined(separator: " AND ").text == "a = $1 AND b = $2 AND c IS NULL")
    #expect([SQL]().joined(separator: ", ").text.isEmpty)
  }

  @Test("only what is marked as unsafe becomes text, and a description never shows values")
  func unsafeText() {
    let sql: SQL = "SELECT \(unsafe: "1 + 1"), \("secret")"
    #expect(sql.description == "SELECT 1 + 1, $1")
  }

  @Test("bytes, arrays and dates name the server's types")
  func types() {
    let sql: SQL =
      "\([UInt8]([1]))\([1, 2])\(["a", nil])\([[UInt8]]([[1]]))\(PostgresDate(days: 1))\(JSONB("{}"))\(PostgresUUID(high: 1, low: 2))"
    #expect(sql.parameters.types == [17, 1016, 1009, 1001, 1082, 3802, 2950])
  }

  @Test("the compiler refuses to make SQL from computed text", .enabled(if: Compiler.path != nil))
  func refusesComputedText() throws {
    let compiler = try #require(Compiler())
    #expect(try compiler.accepts("let statement: SQL = \"SELECT \\(input)\""))
    #expect(try !compiler.accepts("let statement: SQL = \"SELECT \" + input"))
    #expect(try !compiler.accepts("let statement = SQL(input)"))
    #expect(try !compiler.accepts("let statement = SQL(stringLiteral: input)"))
    #expect(try !compiler.accepts("let statement: SQL = input"))
    #expect(try !compiler.accepts("let text = \"SELECT 1\"\nlet statement = text as SQL"))
  }
}

/// The Swift compiler, given snippets that use the module under test.
private struct Compiler {
  static let path: String? = {
    let which = try? Subprocess(program: "sh", arguments: ["-c", "command -v swiftc"]).inheritingPath()
      .run(timeout: .seconds(5))
    guard let which, which.status == 0 else { return nil }
    return oneLine(which.output)
  }()

  let modules: String

  init?() {
    guard let executable = Directory.real("/proc/self/exe"), let slash = executable.lastIndex(of: "/") else {
      return nil
    }
    var directory = String(executable[..<slash])
    // Under some versions the tests run inside a helper: then the package's own build directory has to do.
    if !Directory.exists(directory + "/Modules") { directory = ".build/debug" }
    modules = directory + "/Modules"
    guard Directory.exists(modules) else { return nil }
  }

  func accepts(_ code: String) throws -> Bool {
    let source = "/tmp/wayfare-snippet-\(getpid()).swift"
    defer { unlink(source) }
    try Directory.write(
      "import Postgres\nfunc check(input: String) {\n\(code)\n_ = statement\n}\n", to: source,
      owner: Account(name: "oneself", uid: geteuid(), gid: getegid()))
    let absolute = Directory.real(modules) ?? modules
    // A module is only loaded together with the module maps of the C libraries beneath it.
    let sources = String(#filePath.dropLast("Tests/PostgresTests/SQLTests.swift".count)) + "Sources/"
    let folders = [absolute, sources + "CLinux", sources + "CPostgres", "/usr/include/postgresql"]
    let arguments = ["-typecheck", "-swift-version", "6"] + folders.flatMap { ["-I", $0] } + [source]
    return try Subprocess(program: Compiler.path ?? "", arguments: arguments).inheritingPath()
      .run(timeout: .seconds(60)).status == 0
  }
}

extension Subprocess {
  fileprivate func inheritingPath() -> Subprocess {
    var copy = self
    copy.environment = ["PATH=" + (getenv("PATH").map { String(cString: $0) } ?? ""), "HOME=/tmp"]
    return copy
  }
}
