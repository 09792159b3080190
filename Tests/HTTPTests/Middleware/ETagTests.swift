import Testing

@testable import HTTP

@Suite("Conditional requests")
struct ETagTests {
  private let current = ETag("v7")

  private func status(_ body: () throws(Problem) -> Void) -> Int {
    do throws(Problem) {
      try body()
      return 200
    } catch {
      return error.status.code
    }
  }

  @Test("read tags and lists of them")
  func parsing() {
    #expect(ETagCondition("*") == .any)
    #expect(ETagCondition("\"v7\"") == .oneOf([current]))
    #expect(ETagCondition(" W/\"v7\" ,\"\", \"a,b\"\t") == .oneOf([ETag("v7", isWeak: true), ETag(""), ETag("a,b")]))
    for text in [
      "", "v7", "\"v7", "v7\"", "w/\"v7\"", "W/v7", "\"a\" \"b\"", "\"a\",", ",\"a\"", "*,\"a\"", "\"a b\"",
      "\"a\u{1}\"",
    ] {
      #expect(ETagCondition(text) == nil, "\(text)")
    }
    #expect(ETag("v7", isWeak: true).description == "W/\"v7\"")
    #expect(ETag(version: 7) == current)
  }

  @Test(
    "with If-Match change only the version that was meant",
    arguments: [
      (nil, 200), ("\"v7\"", 200), ("W/\"v7\"", 200), ("\"v6\", \"v7\"", 200), ("*", 200), ("\"v6\"", 412), ("v7", 400),
    ])
  func ifMatch(_ field: String?, _ expected: Int) throws {
    let request = try Request.make(.put, headers: field.map { [("If-Match", $0)] } ?? [])
    #expect(status { () throws(Problem) in try request.checkIfMatch(current) } == expected)
    #expect(status { () throws(Problem) in try request.requireIfMatch(current) } == (field == nil ? 428 : expected))
    let missing = field == nil ? 200 : field == "v7" ? 400 : 412
    #expect(status { () throws(Problem) in try request.checkIfMatch(nil) } == missing)
  }

  @Test(
    "with If-None-Match are spared what they have",
    arguments: [
      (nil, false), ("\"v7\"", true), ("W/\"v7\"", true), ("*", true), ("\"v6\"", false), ("\"v6\",\"v7\"", true),
    ])
  func ifNoneMatch(_ field: String?, _ expected: Bool) throws {
    let headers = field.map { [("If-None-Match", $0)] } ?? []
    #expect(try Request.make(.get, headers: headers).isNotModified(current) == expected)
    #expect(try Request.make(.head, headers: headers).isNotModified(current) == expected)
    #expect(try !Request.make(.post, headers: headers).isNotModified(current))
  }

  @Test("with If-None-Match: * create but never replace")
  func createOnly() throws {
    let request = try Request.make(.put, headers: [("If-None-Match", "*")])
    #expect(status { () throws(Problem) in try request.checkIfNoneMatch(nil) } == 200)
    #expect(status { () throws(Problem) in try request.checkIfNoneMatch(current) } == 412)
  }

  @Test("are answered with the tag")
  func answers() {
    let response = Response.notModified(current)
    #expect(response.status == .notModified)
    #expect(response.fields["ETag"] == "\"v7\"")
    #expect(Response.text("x").with(current).fields["ETag"] == "\"v7\"")
  }
}
