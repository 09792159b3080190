import Testing

@testable import HTTP

@Suite("The router")
struct RouterTests {
  /// Routes that answer with their own pattern and what their parameters took.
  private static func tree(_ routes: [(HTTPMethod, String)]) -> RouteTree {
    let router = Router()
    for (method, pattern) in routes {
      let names = RoutePattern(pattern).segments.compactMap(\.parameterName)
      router.on(method, pattern) { _, context in
        var text = "\(method) \(pattern)"
        for name in names { text += " \(name)=\(try context.parameters.require(name))" }
        return .text(text)
      }
    }
    return router.build()
  }

  private static let trips = tree([
    (.get, "/"),
    (.get, "/v1/trips"),
    (.post, "/v1/trips"),
    (.get, "/v1/trips/new"),
    (.get, "/v1/trips/{id}"),
    (.delete, "/v1/trips/{tripID}"),
    (.get, "/v1/trips/{id}/days/{day}"),
    (.get, "/v1/trips/{id}/days/today"),
    (.get, "/v1/trips/new/{kind}/x"),
    (.get, "/v1/caf\u{E9}"),
    (.get, "/v1/a-rather-long-literal"),
    (.get, "/v1/a-rather-long-literas"),
    (.get, "/files/{path*}"),
    (.post, "/files/upload"),
    (.head, "/only-head"),
    (.options, "/own-options"),
  ])

  @Test(
    "finds",
    arguments: [
      ("GET", "/", "GET /"),
      ("GET", "/v1/trips", "GET /v1/trips"),
      ("POST", "/v1/trips", "POST /v1/trips"),
      ("GET", "/v1/trips?limit=1", "GET /v1/trips"),
      ("GET", "http://localhost/v1/trips", "GET /v1/trips"),
      ("GET", "http://localhost", "GET /"),
      ("GET", "/v1/trips/new", "GET /v1/trips/new"),
      ("GET", "/v1/trips/newer", "GET /v1/trips/{id} id=newer"),
      ("GET", "/v1/trips/17", "GET /v1/trips/{id} id=17"),
      ("DELETE", "/v1/trips/17", "DELETE /v1/trips/{tripID} tripID=17"),
      // A literal without the method gives way to a parameter with it.
      ("DELETE", "/v1/trips/new", "DELETE /v1/trips/{tripID} tripID=new"),
      ("GET", "/v1/trips/17/days/3", "GET /v1/trips/{id}/days/{day} id=17 day=3"),
      ("GET", "/v1/trips/17/days/today", "GET /v1/trips/{id}/days/today id=17"),
      // The literal "new" leads nowhere here, so the search goes back.
      ("GET", "/v1/trips/new/days/3", "GET /v1/trips/{id}/days/{day} id=new day=3"),
      ("GET", "/v1/trips/new/car/x", "GET /v1/trips/new/{kind}/x kind=car"),
      ("GET", "/v1/a-rather-long-literas", "GET /v1/a-rather-long-literas"),
      ("GET", "/v1/caf%C3%A9", "GET /v1/caf\u{E9}"),
      ("GET", "/v1/%74rips", "GET /v1/trips"),
      ("GET", "/v1/trips/a%2Fb", "GET /v1/trips/{id} id=a/b"),
      ("GET", "/v1/trips/a%20b+c", "GET /v1/trips/{id} id=a b+c"),
      ("GET", "/v1/trips/.a", "GET /v1/trips/{id} id=.a"),
      ("GET", "/v1/trips/...", "GET /v1/trips/{id} id=..."),
      ("GET", "/files/", "GET /files/{path*} path="),
      ("GET", "/files/a", "GET /files/{path*} path=a"),
      ("GET", "/files/a/b//c/", "GET /files/{path*} path=a/b//c/"),
      ("GET", "/files/upload", "GET /files/{path*} path=upload"),
      ("POST", "/files/upload", "POST /files/upload"),
      ("HEAD", "/v1/trips/17", "GET /v1/trips/{id} id=17"),
      ("HEAD", "/only-head", "HEAD /only-head"),
      ("OPTIONS", "/own-options", "OPTIONS /own-options"),
    ])
  func finds(_ method: String, _ target: String, _ expected: String) async throws {
    let response = try await Self.trips.answer(try #require(HTTPMethod(rawValue: method)), target)
    #expect(response.status == .ok)
    #expect(try response.text == expected)
  }

  @Test(
    "has nothing at",
    arguments: [
      "/v1", "/v1/", "/v1/trip", "/v1/tripss", "/v1/trips/", "/v1/trips//", "/v1//trips", "//", "/v1/trips/17/",
      "/v1/trips/17/days", "/v1/trips//days/3", "/files", "/v1/a-rather-long-litera", "/V1/trips", "/v1%2Ftrips",
    ])
  func misses(_ target: String) async throws {
    #expect(try await Self.trips.answer(.get, target).status == .notFound)
  }

  @Test("says of a path with a slash too many that it has one")
  func trailingSlash() async throws {
    let text = try await Self.trips.answer(.get, "/v1/trips/").text
    #expect(text.contains("There is nothing at /v1/trips/; leave out the slash at its end."))
    #expect(try await !Self.trips.answer(.get, "/v2/trips/").text.contains("slash"))
  }

  @Test(
    "refuses",
    arguments: [
      "/v1/trips/%", "/v1/trips/%4", "/v1/trips/%zz", "/v1/trips/%ff", "/v1/trips/%00", "/v1/trips/a%00b",
      "/v1/trips/.", "/v1/trips/..", "/v1/../trips", "/..", "/v1/trips/%2e%2E", "/v1/trips/%2e", "/files/../etc",
      "/files/%2e%2e/etc", "/nowhere/%c0%af", "/v1/trips/%ed%a0%80",
    ])
  func refuses(_ target: String) async throws {
    let response = try await Self.trips.answer(.get, target)
    #expect(response.status == .badRequest)
    #expect(response.fields["Content-Type"] == "application/problem+json")
  }

  @Test("refuses an encoded slash where it could not be told from a real one")
  func encodedSlashInRest() async throws {
    #expect(try await Self.trips.answer(.get, "/files/a%2Fb").status == .badRequest)
  }

  @Test("answers a method that a path does not have with those it has")
  func notAllowed() async throws {
    let response = try await Self.trips.answer(.put, "/v1/trips")
    #expect(response.status == .methodNotAllowed)
    #expect(response.fields["Allow"] == "GET, POST, HEAD, OPTIONS")
    #expect(try await Self.trips.answer(.put, "/v1/trips/new").fields["Allow"] == "GET, DELETE, HEAD, OPTIONS")
    #expect(try await Self.trips.answer(.get, "/only-head").fields["Allow"] == "HEAD, OPTIONS")
    #expect(try await Self.trips.answer(try #require(HTTPMethod(rawValue: "BREW")), "/").status == .methodNotAllowed)
  }

  @Test("answers OPTIONS with what a path has, and * with all")
  func options() async throws {
    let response = try await Self.trips.answer(.options, "/v1/trips/5")
    #expect(response.status == .noContent)
    #expect(response.fields["Allow"] == "GET, DELETE, HEAD, OPTIONS")
    #expect(try await Self.trips.answer(.options, "*").fields["Allow"] == "GET, POST, DELETE, HEAD, OPTIONS")
    #expect(try await Self.trips.answer(.options, "/nowhere").status == .notFound)
  }

  @Test("lists its routes")
  func routes() {
    #expect(Self.trips.routes.count == 16)
    #expect(Self.trips.routes[4] == Route(method: .get, pattern: "/v1/trips/{id}", description: nil))
  }

  @Test("without routes finds nothing, and with only a rest finds everything")
  func extremes() async throws {
    #expect(try await Router().build().answer(.get, "/").status == .notFound)
    let all = Self.tree([(.get, "/{all*}")])
    for target in ["/", "/a", "/a/b/"] { #expect(try await all.answer(.get, target).status == .ok) }
  }

  @Test("finds what a slow search over all patterns finds", arguments: [UInt64.random(in: 0...UInt64.max)])
  func oracle(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let words = ["a", "b", "abcdefgh", "abcdefghi"]
    for _ in 0..<60 {
      var patterns: [String] = []
      for _ in 0..<8 {
        var text = ""
        for depth in 0..<Int.random(in: 1...3, using: &random) {
          let word = words.randomElement(using: &random) ?? ""
          text += "/" + (Int.random(in: 0..<3, using: &random) == 0 ? "{p\(depth)}" : word)
        }
        if !patterns.contains(where: { Self.shape($0) == Self.shape(text) }) { patterns.append(text) }
      }
      let tree = Self.tree(patterns.map { (.get, $0) })
      for _ in 0..<40 {
        let segments = (0..<Int.random(in: 1...3, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
        }
        let response = try await tree.answer(.get, "/" + segments.joined(separator: "/"))
        let best = patterns.filter { Self.matches($0, segments) }.min { Self.rank($0) < Self.rank($1) }
        #expect(
          try best.map { try response.text.hasPrefix("GET \($0)") } ?? (response.status == .notFound), "seed \(seed)")
      }
    }
  }

  private static func shape(_ pattern: String) -> String {
    rank(pattern) + pattern.filter { $0 == "/" } + literals(pattern)
  }

  private static func literals(_ pattern: String) -> String {
    pattern.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : String($0) }.joined(separator: "/")
  }

  /// Literals before parameters, from left to right.
  private static func rank(_ pattern: String) -> String {
    pattern.split(separator: "/").map { $0.hasPrefix("{") ? "1" : "0" }.joined()
  }

  private static func matches(_ pattern: String, _ segments: [String]) -> Bool {
    let parts = pattern.split(separator: "/")
    return parts.count == segments.count
      && zip(parts, segments).allSatisfy { part, segment in part.hasPrefix("{") || part == segment }
  }
}

@Suite("Route groups and middlewares")
struct RouteGroupTests {
  /// Notes on the way in and out that it was there.
  private struct Mark: Middleware {
    let name: String

    func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
      var response = try await next(request, context)
      response.fields.append("Mark", name + (context.route.map { "@" + $0 } ?? ""))
      return response
    }
  }

  private struct Failure: Error {
    let secret = "password"
  }

  private static func tree() -> RouteTree {
    let router = Router()
    router.get("/plain") { _, _ in .text("plain") }
    router.add(Mark(name: "outer"))
    let v1 = router.group("/v1")
    v1.add(Mark(name: "v1"))
    v1.get("/") { _, _ in .text("root") }
    let admin = v1.group("/admin")
    admin.add(Mark(name: "admin"))
    admin.post("/jobs/{id}") { _, context in .text("job \(try context.parameters.require("id", as: Int.self))") }
    admin.get("/fail") { _, _ in throw Failure() }
    return router.build()
  }

  @Test("put prefixes before patterns and middlewares around handlers, the outermost last to see the answer")
  func nesting() async throws {
    let response = try await Self.tree().answer(.post, "/v1/admin/jobs/7")
    #expect(try response.text == "job 7")
    let marks = response.fields.all.filter { $0.name == "Mark" }.map(\.value)
    #expect(marks == ["admin", "v1", "outer"].map { $0 + "@/v1/admin/jobs/{id}" })
    #expect(try await Self.tree().answer(.get, "/v1").text == "root")
  }

  @Test("apply the router's middlewares to routes added before, and where there is no route")
  func everywhere() async throws {
    #expect(try await Self.tree().answer(.get, "/plain").fields["Mark"] == "outer@/plain")
    #expect(try await Self.tree().answer(.get, "/nowhere").fields["Mark"] == "outer")
    #expect(try await Self.tree().answer(.put, "/plain").fields["Mark"] == "outer")
    #expect(try await Self.tree().answer(.get, "/%00").fields["Mark"] == "outer")
  }

  @Test("see problems as answers, and nothing of what failed inside gets out")
  func failures() async throws {
    let response = try await Self.tree().answer(.get, "/v1/admin/fail", headers: [("X-Request-Id", "abc")])
    #expect(response.status == .internalServerError)
    #expect(response.fields.all.filter { $0.name == "Mark" }.count == 3)
    let text = try response.text
    #expect(!text.contains("password") && !text.contains("Failure"))
    #expect(text.contains("\"requestId\":\"abc\""))
  }

  @Test("tell a parameter that is no such value by its name")
  func typedParameters() async throws {
    for text in ["x", "+7", "07", "99999999999999999999"] {
      let response = try await Self.tree().answer(.post, "/v1/admin/jobs/\(text)")
      #expect(response.status == .badRequest)
      #expect(try response.text.contains("The 'id' in the path must be a whole number."))
    }
  }

  @Test("stop the program at start if two routes match the same paths")
  func conflicts() async {
    await #expect(processExitsWith: .failure) {
      let router = Router()
      router.get("/a/{x}") { _, _ in .text("") }
      router.group("/a").get("/{y}") { _, _ in .text("") }
      _ = router.build()
    }
  }

  @Test(
    "stop the program at start if a pattern is malformed",
    arguments: ["a", "/a/", "/a//b", "/{a", "/a}", "/{}", "/{a*}/b", "/{a}/{a}", "/a*", "/a%20b", "/..", "/{a b}"])
  func malformed(_ pattern: String) async {
    await #expect(processExitsWith: .failure) { [pattern] in
      let router = Router()
      router.get(pattern) { _, _ in .text("") }
      _ = router.build()
    }
  }
}
