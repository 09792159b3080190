import Testing

@testable import HTTP

@Suite("CORS")
struct CORSTests {
  private static let app = "https://app.example.org"

  private func answer(
    _ cors: CORS, _ method: HTTPMethod = .get, origin: String?, headers: [(String, String)] = []
  ) async throws -> Response {
    let request = try Request.make(method, headers: (origin.map { [("Origin", $0)] } ?? []) + headers)
    return try await cors.answer(to: request) { _, _ in .text("ok") }
  }

  @Test("lets the pages of a listed origin read answers, and nobody else's")
  func origins() async throws {
    let cors = CORS(origins: .these([Self.app]), allowsCredentials: true)
    let allowed = try await answer(cors, origin: Self.app)
    #expect(allowed.fields["Access-Control-Allow-Origin"] == Self.app)
    #expect(allowed.fields["Access-Control-Allow-Credentials"] == "true")
    #expect(allowed.fields["Access-Control-Expose-Headers"]?.contains("ETag") == true)
    #expect(allowed.fields["Vary"] == "Origin")
    for other in [
      "https://evil.example.org", "http://app.example.org", Self.app + ".evil.org", Self.app + ":444", "null", "*",
    ] {
      let response = try await answer(cors, origin: other)
      #expect(!response.fields.contains("Access-Control-Allow-Origin"))
      #expect(response.fields["Vary"] == "Origin")
    }
    #expect(try await answer(cors, origin: nil).fields["Vary"] == "Origin")
  }

  @Test("takes two Origin fields for none, and adds to what a handler says itself")
  func unusual() async throws {
    let cors = CORS(origins: .these([Self.app]))
    let twice = try await answer(cors, origin: Self.app, headers: [("Origin", Self.app)])
    #expect(!twice.fields.contains("Access-Control-Allow-Origin"))
    let request = try Request.make(.get, headers: [("Origin", Self.app)])
    let varied = try await cors.answer(to: request) { _, _ in
      Response(status: .ok, fields: ["Vary": "Accept", "Access-Control-Allow-Origin": "https://wrong.example"])
    }
    #expect(varied.fields["Vary"] == "Accept, Origin")
    #expect(varied.fields.all.filter { $0.name.hasPrefix("Access-Control-Allow") }.map(\.value) == [Self.app])
  }

  @Test("for any origin never comes with credentials")
  func anyOrigin() async throws {
    let response = try await answer(CORS(origins: .any), origin: "https://x.example")
    #expect(response.fields["Access-Control-Allow-Origin"] == "*")
    #expect(!response.fields.contains("Access-Control-Allow-Credentials"))
    #expect(!response.fields.contains("Vary"))
    await #expect(processExitsWith: .failure) { _ = CORS(origins: .any, allowsCredentials: true) }
    await #expect(processExitsWith: .failure) { _ = CORS(origins: .these(["https://*.example.org"])) }
  }

  @Test("answers preflights without asking the handler")
  func preflight() async throws {
    let cors = CORS(origins: .these([Self.app]), methods: [.get, .put], headers: ["If-Match"], maxAgeSeconds: 60)
    let asking = [("Access-Control-Request-Method", "PUT")]
    let response = try await answer(cors, .options, origin: Self.app, headers: asking)
    #expect(response.status == .noContent)
    #expect(response.fields["Access-Control-Allow-Methods"] == "GET, PUT")
    #expect(response.fields["Access-Control-Allow-Headers"] == "If-Match")
    #expect(response.fields["Access-Control-Max-Age"] == "60")
    #expect(response.fields["Vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
    #expect(try await answer(cors, .options, origin: "https://evil.org", headers: asking).status == .forbidden)
    #expect(try await answer(cors, .options, origin: Self.app).text == "ok")
  }

  @Test("is on problems too")
  func problems() async throws {
    let request = try Request.make(headers: [("Origin", Self.app)])
    let response = try await CORS(origins: .these([Self.app])).answer(to: request) { _, _ in throw Problem(.conflict) }
    #expect(response.status == .conflict)
    #expect(response.fields["Access-Control-Allow-Origin"] == Self.app)
  }
}

@Suite("Security headers")
struct SecurityHeadersTests {
  @Test("are added unless the handler set them")
  func added() async throws {
    let response = try await SecurityHeaders().answer(to: try .make()) { _, _ in
      Response(status: .ok, fields: ["x-frame-options": "SAMEORIGIN"])
    }
    #expect(response.fields["X-Content-Type-Options"] == "nosniff")
    #expect(response.fields["X-Frame-Options"] == "SAMEORIGIN")
    #expect(response.fields["Referrer-Policy"] == "no-referrer")
    #expect(response.fields["Cross-Origin-Resource-Policy"] == "same-site")
    #expect(response.fields.all.count == 6)
  }

  @Test("are told apart from what answers mostly have without a search, and added where that cannot be")
  func toldApart() async throws {
    let usual: HTTPFields = [
      "Content-Type": "application/json", "RateLimit-Policy": "p", "RateLimit": "r", "Vary": "Origin", "ETag": "e",
      "Access-Control-Allow-Origin": "o", "Access-Control-Expose-Headers": "h", "Cache-Control": "no-store",
      "Location": "/", "X-Request-Id": "1",
    ]
    #expect(!usual.mayShareNames(with: SecurityHeaders().allFields))
    // As long as one of the names, and with the same first letter.
    let alike: HTTPFields = ["X-Grain-Options": "1"]
    #expect(alike.mayShareNames(with: SecurityHeaders().allFields))
    let response = try await SecurityHeaders().answer(to: try .make()) { _, _ in Response(status: .ok, fields: alike) }
    #expect(response.fields.all.count == 7)
  }

  @Test("say what does not follow default-src, and hold browsers to TLS where the request came by it")
  func strict() async throws {
    let plain = try await SecurityHeaders().answer(to: try .make()) { _, _ in .text("ok") }
    let policy = try #require(plain.fields["Content-Security-Policy"])
    for directive in ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
      #expect(policy.contains(directive))
    }
    #expect(!plain.fields.contains("Strict-Transport-Security"))
    let secure = try await SecurityHeaders().answer(to: try .make(headers: [("X-Forwarded-Proto", "https")])) { _, _ in
      .text("ok")
    }
    #expect(secure.fields["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains")
  }
}
