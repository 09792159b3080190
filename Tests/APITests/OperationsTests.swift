import HTTP
import Postgres
import Store
import Telemetry
import TestSupport
import Testing

@testable import API

/// One body per fact, run against the routes in process and against a live server.
@Suite("Operations")
struct OperationsTests {
  private typealias Fixture = ApplicationFixture
  private static let settingsPath = "/v1/runtime-settings"

  private static let rates: RequestRates = {
    var rates = RequestRates()
    rates.readsPerSecond = 1
    return rates
  }()

  @Test("the process says that it lives, and which version it is", arguments: ApplicationFixture.Way.allCases)
  func lives(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let answer = try await app.send(.get, "/health/live")
      #expect(answer.status == 200)
      #expect(answer.text == #"{"status":"ok","version":"1.2.3"}"#)
      #expect(answer.field("X-Request-Id")?.isEmpty == false)
    }
  }

  @Test(
    "it is ready while database and schema are well, and says what is not", arguments: ApplicationFixture.Way.allCases)
  func isReady(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let status = try await app.status(.get, "/health/ready")
      #expect(status == 200)
    }
    try await Fixture.run(way, change: { $0.schemaFault = { "2 migrations are pending; run: wayfare migrate" } }) {
      app in
      let answer = try await app.send(.get, "/health/ready")
      #expect(answer.status == 503)
      #expect(answer.text.contains("wayfare migrate"))
    }
  }

  @Test("without a database it lives, is not ready, and answers 503 with a time to come back")
  func survivesWithoutDatabase() async throws {
    let nowhere = PostgresClient(
      try PostgresSettings("host=127.0.0.1 port=1 user=nobody dbname=nothing"), on: TestCluster.loops)
    try await Fixture.run(.live, change: { $0.database = Database(nowhere) }) { app in
      #expect(try await app.status(.get, "/health/live") == 200)
      #expect(try await app.status(.get, "/health/ready") == 503)
      let answer = try await app.send(.get, Self.settingsPath, Fixture.operatorFields())
      #expect(answer.status == 503)
      #expect(answer.field("Retry-After") != nil)
      #expect(try answer.string("/type") == "/problems/database")
      #expect(!answer.text.contains("127.0.0.1"), "where the database is, is nobody's business")
    }
    await nowhere.close(timeout: .zero)
  }

  @Test("the metrics count what was asked, by route and not by path", arguments: ApplicationFixture.Way.allCases)
  func counts(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      for number in 0..<3 { _ = try await app.send(.get, "/nothing/\(number)") }
      _ = try await app.send(.get, "/health/live")
      let answer = try await app.send(.get, "/metrics")
      #expect(answer.field("Content-Type") == MetricRegistry.contentType)
      #expect(answer.text.contains(#"http_server_requests_total{method="GET",route="none",status="4xx"} 3"#))
      #expect(answer.text.contains(#"http_server_requests_total{method="GET",route="/health/live",status="2xx"} 1"#))
      #expect(!answer.text.contains("/nothing"))
    }
  }

  @Test("only operators read and change the settings", arguments: ApplicationFixture.Way.allCases)
  func gate(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let none = try await app.send(.get, Self.settingsPath)
      #expect(none.status == 401)
      #expect(none.field("WWW-Authenticate")?.hasPrefix("Bearer") == true)
      for value in ["Bearer wrong", "Bearer \(Fixture.token)x", "Bearer ", "Basic \(Fixture.token)", Fixture.token] {
        #expect(try await app.status(.get, Self.settingsPath, ["Authorization": value]) == 401, "\(value)")
      }
      #expect(try await app.status(.get, Self.settingsPath, ["Authorization": "bearer \(Fixture.token)"]) == 200)
    }
  }

  @Test(
    "a change needs the version it is for, takes effect at once, and is refused for an older version",
    arguments: ApplicationFixture.Way.allCases)
  func changes(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      let before = try await app.send(.get, Self.settingsPath, Fixture.operatorFields())
      let tag = try #require(before.field("ETag"))
      let body = #"{"logLevel":"debug","maintenance":{"message":"Back at noon","retrySeconds":90}}"#
      #expect(try await app.status(.patch, Self.settingsPath, Fixture.operatorFields(), body: body) == 428)
      let changed = try await app.send(.patch, Self.settingsPath, Fixture.operatorFields(ifMatch: tag), body: body)
      #expect(changed.status == 200)
      #expect(try changed.string("/maintenance/message") == "Back at noon")
      #expect(changed.field("ETag") != tag)
      let again = try await app.send(.patch, Self.settingsPath, Fixture.operatorFields(ifMatch: tag), body: body)
      #expect(again.status == 412)
      let current = try #require(changed.field("ETag"))
      var condition = Fixture.operatorFields()
      condition.set("If-None-Match", current)
      #expect(try await app.status(.get, Self.settingsPath, condition) == 304)
    }
  }

  @Test(
    "maintenance answers 503 with the operators' words, but lets operators and health through",
    arguments: ApplicationFixture.Way.allCases)
  func pauses(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      var change = RuntimeSettingsChange()
      change.maintenance = .some(RuntimeSettings.Maintenance(message: "Back at noon", retrySeconds: 90))
      let settings = try #require(try await app.database.runtimeSettings.change(change, from: 1))
      app.live.take(settings)
      let paused = try await app.send(.get, "/v1/anything")
      #expect(paused.status == 503)
      #expect(paused.field("Retry-After") == "90")
      #expect(try paused.string("/detail") == "Back at noon")
      #expect(try await app.status(.get, "/health/live") == 200)
      #expect(try await app.status(.get, Self.settingsPath, Fixture.operatorFields()) == 200)
    }
  }

  /// What is wrong, what is answered, and where it points.
  private static let bad: [(body: String, status: Int, pointer: String?, hint: String)] = [
    (#"{"logLevl":"debug"}"#, 422, "/logLevl", "did you mean"),
    (#"{"logLevel":"debgu"}"#, 422, "/logLevel", "did you mean"),
    (#"{"logLevel":7}"#, 422, "/logLevel", "must be text"),
    (#"{"logLevel":null,"maintenance":{}}"#, 422, "/maintenance/message", "missing"),
    (#"{"maintenance":{"message":""}}"#, 422, "/maintenance/message", ""),
    (#"{"maintenance":{"message":"x","retrySeconds":0}}"#, 422, "/maintenance/retrySeconds", "1"),
    (#"{"maintenance":{"message":"x","retrySeconds":1.5}}"#, 422, "/maintenance/retrySeconds", "whole number"),
    (#"{"maintenance":{"message":"x","retrySeconds":99999999999999999999}}"#, 422, "/maintenance/retrySeconds", ""),
    (#"{"maintenance":{"message":"x","retrySecond":5}}"#, 422, "/maintenance/retrySecond", "did you mean"),
    (#"["logLevel"]"#, 422, "", "object"),
    (#"{"logLevel":"info","logLevel":"debug"}"#, 400, "/logLevel", "twice"),
    (#"{"logLevel":"info",}"#, 400, nil, "line 1"),
    (#"{"logLevel":'info'}"#, 400, nil, "line 1"),
    ("{\"logLevel\":\"\u{1}\"}", 400, nil, "line 1"),
    ("", 400, nil, ""),
    (String(repeating: "[", count: 5000), 400, nil, ""),
  ]

  @Test("bad bodies are refused with place and mend, and nothing is stored", arguments: ApplicationFixture.Way.allCases)
  func refusesBadBodies(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way) { app in
      for (body, status, pointer, hint) in Self.bad {
        let answer = try await app.send(
          .patch, Self.settingsPath, Fixture.operatorFields(ifMatch: "\"v1\""), body: body)
        #expect(answer.status == status, "\(body.prefix(80)): \(answer.text)")
        #expect(answer.field("Content-Type") == "application/problem+json")
        #expect(try answer.string("/detail")?.contains(hint) == true, "\(answer.text)")
        if let pointer { #expect(try answer.string("/errors/0/pointer") == pointer, "\(answer.text)") }
      }
      let settings = try await app.database.runtimeSettings.settings()
      #expect(settings.revision == 1)
    }
  }

  @Test("bodies that are too long, of another type or bad UTF-8 are refused")
  func refusesOtherBodies() async throws {
    try await Fixture.run(.live) { app in
      let long = #"{"maintenance":{"message":"\#(String(repeating: "x", count: 20_000))"}}"#
      let tooLong = try await app.send(.patch, Self.settingsPath, Fixture.operatorFields(ifMatch: "\"v1\""), body: long)
      #expect(tooLong.status == 413)
      var other = Fixture.operatorFields(ifMatch: "\"v1\"")
      other.set("Content-Type", "text/plain")
      let wrongType = try await app.send(.patch, Self.settingsPath, other, body: "{}")
      #expect(wrongType.status == 415)
      #expect(wrongType.field("Accept") == "application/json")
    }
  }

  @Test("what a client sends too fast is refused with 429 and the time to come back; health never is")
  func limitsRate() async throws {
    try await Fixture.run(.live, change: { $0.rates = OperationsTests.rates }) { app in
      var refused: ApplicationFixture.Answer?
      for _ in 0..<12 {
        let answer = try await app.send(.post, "/v1/anything")
        #expect(answer.field("RateLimit") != nil)
        if answer.status == 429 { refused = answer }
      }
      #expect(refused?.field("Retry-After") != nil)
      for _ in 0..<20 { #expect(try await app.status(.get, "/health/live") == 200) }
    }
  }

  @Test("only the groups of routes that are asked for are served")
  func servesOnly() async throws {
    try await Fixture.run(.inProcess, change: { $0.only = [] }) { app in
      let settings = try await app.status(.get, Self.settingsPath, Fixture.operatorFields())
      let health = try await app.status(.get, "/health/live")
      #expect(settings == 404)
      #expect(health == 200)
    }
  }
}
