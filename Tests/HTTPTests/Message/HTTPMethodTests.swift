import Testing

@testable import HTTP

@Suite("Methods")
struct HTTPMethodTests {
  @Test(
    "known by name are the same as those read from text",
    arguments: [
      (HTTPMethod.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.patch, "PATCH"),
      (.delete, "DELETE"), (.options, "OPTIONS"), (.connect, "CONNECT"),
    ])
  func names(_ method: HTTPMethod, _ name: String) {
    #expect(method.rawValue == name)
    #expect(HTTPMethod(rawValue: name) == method)
  }

  @Test("unknown to us keep their names, up to sixteen characters, and differ in case")
  func unknown() throws {
    let longest = try #require(HTTPMethod(rawValue: "ABCDEFGHIJKLMNOP"))
    #expect(longest.rawValue == "ABCDEFGHIJKLMNOP")
    #expect(HTTPMethod(rawValue: "ABCDEFGHIJKLMNOPQ") == nil)
    #expect(HTTPMethod(rawValue: "") == nil)
    #expect(HTTPMethod(rawValue: "G T") == nil)
    #expect(try #require(HTTPMethod(rawValue: "get")) != .get)
  }
}

@Suite("Statuses")
struct HTTPStatusTests {
  @Test("have the phrases registered for them")
  func phrases() {
    #expect(HTTPStatus.ok.description == "200 OK")
    #expect(HTTPStatus.unprocessableContent.description == "422 Unprocessable Content")
    #expect(HTTPStatus.httpVersionNotSupported.reason == "HTTP Version Not Supported")
    #expect(HTTPStatus(code: 299).description == "299")
    #expect(HTTPStatus.tooManyRequests.classDigit == 4)
  }

  @Test("forbid a body where RFC 9110 does")
  func bodies() {
    let forbidding = (100...599).map { HTTPStatus(code: $0) }.filter(\.forbidsBody).map(\.code)
    #expect(forbidding == Array(100...199) + [204, 304])
  }
}
