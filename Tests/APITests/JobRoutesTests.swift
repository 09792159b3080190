import EventLoop
import HTTP
import JSON
import Kernel
import Postgres
import Store
import Telemetry
import TestSupport
import Testing
import Worker

@testable import API

/// Jobs as callers see them, over the routes and with a worker where one is wanted.
@Suite("Jobs over HTTP")
struct JobRoutesTests {
  private typealias Fixture = ApplicationFixture
  private static let json: HTTPFields = ["Content-Type": "application/json"]

  private static func withKinds(_ surroundings: inout Surroundings) {
    surroundings.jobKinds = [.probe]
    surroundings.jobWatch = JobWatch(surroundings.database.jobs, on: TestCluster.loops.loops[0])
  }

  private func submit(_ app: ApplicationFixture, _ body: String = #"{"kind":"probe"}"#) async throws -> JobID {
    let answer = try await app.send(.post, "/v1/jobs", Self.json, body: body)
    #expect(answer.status == 202, "\(answer.text)")
    return try #require(try answer.string("/id").flatMap { JobID($0) })
  }

  @Test(
    "a job that was accepted is stored, tells where it stands, and has no result yet", arguments: Fixture.Way.allCases)
  func accepts(_ way: ApplicationFixture.Way) async throws {
    try await Fixture.run(way, change: Self.withKinds) { app in
      let answer = try await app.send(
        .post, "/v1/jobs", Self.json, body: #"{"kind":"probe","payload":{"echo":"hi"},"priority":2,"tenant":"t"}"#)
      #expect(answer.status == 202)
      let id = try #require(try answer.string("/id"))
      #expect(answer.field("Location") == "/v1/jobs/\(id)")
      let job = try await app.send(.get, "/v1/jobs/\(id)")
      #expect(try job.string("/state") == "waiting")
      #expect(try job.string("/tenant") == "t")
      #expect(try job.string("/payload/echo") == "hi")
      let tag = try #require(job.field("ETag"))
      let again = try await app.status(.get, "/v1/jobs/\(id)", ["If-None-Match": tag])
      #expect(again == 304)
      let result = try await app.send(.get, "/v1/jobs/\(id)/result")
      #expect(result.status == 409)
      #expect(result.field("Retry-After") == "1")
    }
  }

  @Test(
    "what a job must not be is refused with the place and the mend, and nothing is stored",
    arguments: [
      (#"{"kind":"prob"}"#, "/kind", "did you mean"), (#"{}"#, "/kind", "missing"),
      (#"{"kind":"probe","payload":{"steps":"x"}}"#, "/payload/steps", "whole number"),
      (#"{"kind":"probe","priority":10}"#, "/priority", "between 0 and 9"),
      (#"{"kind":"probe","attempts":0}"#, "/attempts", "between 1 and 1000"),
      (#"{"kind":"probe","queue":"Upper"}"#, "/queue", "a-z"),
      (#"{"kind":"probe","runAt":"tomorrow"}"#, "/runAt", "2026-06-01T08:00:00Z"),
      (#"{"kind":"probe","runAt":"2199-01-01T00:00:00Z"}"#, "/runAt", "2000 to 2099"),
      (
        #"{"kind":"probe","runAt":"2030-01-02T00:00:00Z","deadline":"2030-01-01T00:00:00Z"}"#, "/deadline",
        "later than runAt"
      ), (#"{"kind":"probe","tenant":"a\u0000"}"#, "/tenant", "NUL"),
      (#"{"kind":"probe","uniqueScope":"waiting"}"#, "/uniqueScope", "uniqueKey"),
      (#"{"kind":"probe","quue":"x"}"#, "/quue", "did you mean \"queue\""),
    ])
  func refuses(_ body: String, _ pointer: String, _ mend: String) async throws {
    try await Fixture.run(.inProcess, change: Self.withKinds) { app in
      let answer = try await app.send(.post, "/v1/jobs", Self.json, body: body)
      #expect(answer.status == 422)
      #expect(try answer.string("/errors/0/pointer") == pointer)
      #expect(try answer.string("/errors/0/detail")?.contains(mend) == true, "\(answer.text)")
      let stored = try await app.database.jobs.list(JobFilter()).jobs
      #expect(stored.isEmpty)
    }
  }

  @Test("a unique key that is too long, an unknown limit, and a payload that is too large are refused")
  func refusesSizes() async throws {
    try await Fixture.run(.live, change: Self.withKinds) { app in
      let long = String(repeating: "k", count: 201)
      let key = try await app.send(.post, "/v1/jobs", Self.json, body: #"{"kind":"probe","uniqueKey":"\#(long)"}"#)
      #expect(key.status == 422)
      let limit = try await app.send(.post, "/v1/jobs", Self.json, body: #"{"kind":"probe","limitKey":"nobody"}"#)
      #expect(limit.status == 422)
      #expect(limit.text.contains("wayfare jobs limit nobody"))
      let echo = String(repeating: "e", count: 600_000)
      let large = try await app.send(
        .post, "/v1/jobs", Self.json, body: #"{"kind":"probe","payload":{"echo":"\#(echo)"}}"#)
      #expect(large.status == 413)
      let plain = try await app.status(.post, "/v1/jobs", ["Content-Type": "text/plain"], body: "x")
      #expect(plain == 415)
    }
  }

  @Test("the same Idempotency-Key gives the same answer, another request with it 422, one under way 409")
  func idempotency() async throws {
    try await Fixture.run(.live, change: Self.withKinds) { app in
      var fields = Self.json
      fields.set("Idempotency-Key", "\"trip-1\"")
      let first = try await app.send(.post, "/v1/jobs", fields, body: #"{"kind":"probe","priority":1}"#)
      let second = try await app.send(.post, "/v1/jobs", fields, body: #"{"kind":"probe", "priority":1}"#)
      #expect(first.status == 202 && second.status == 202)
      #expect(first.body == second.body)
      let other = try await app.send(.post, "/v1/jobs", fields, body: #"{"kind":"probe","priority":2}"#)
      #expect(other.status == 422)
      #expect(try other.string("/type") == "/problems/idempotency-key")
      let count = try await app.database.jobs.list(JobFilter()).jobs.count
      #expect(count == 1)
      // Somebody who holds the key and has not finished yet.
      try await app.database.transaction { transaction in
        _ = try await transaction.query(
          "select pg_advisory_xact_lock(hashtextextended('' || chr(10) || 'trip-2', 7246002))")
        var busy = Self.json
        busy.set("Idempotency-Key", "trip-2")
        let answer = try await app.send(.post, "/v1/jobs", busy, body: #"{"kind":"probe"}"#)
        #expect(answer.status == 409)
        #expect(answer.field("Retry-After") == "1")
      }
      let empty = try await app.status(
        .post, "/v1/jobs", ["Content-Type": "application/json", "Idempotency-Key": "two words"],
        body: #"{"kind":"probe"}"#)
      #expect(empty == 400)
    }
  }

  @Test("jobs that are submitted at once share commits, and one that cannot be stored takes no other down")
  func together() async throws {
    try await Fixture.run(.live, change: Self.withKinds) { app in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<200 {
          let body = number == 77 ? #"{"kind":"probe","limitKey":"nobody"}"# : #"{"kind":"probe"}"#
          group.addTask { try await app.status(.post, "/v1/jobs", Self.json, body: body) }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.filter { $0 == 202 }.count == 199)
      #expect(statuses.filter { $0 == 422 }.count == 1)
      var filter = JobFilter()
      filter.limit = 200
      let stored = try await app.database.jobs.list(filter).jobs.count
      #expect(stored == 199)
    }
  }

  @Test("a list is walked by its cursor from the newest to the oldest, each job once, and filtered")
  func pages() async throws {
    try await Fixture.run(.inProcess, change: Self.withKinds) { app in
      var submitted: [String] = []
      for number in 0..<7 {
        submitted.append(try await submit(app, #"{"kind":"probe","tenant":"t\#(number % 2)"}"#).description)
      }
      var seen: [String] = []
      var cursor = ""
      repeat {
        let page = try await app.send(.get, "/v1/jobs?limit=3\(cursor)")
        let root = try JSONDocument(bytes: page.body).root
        for index in 0..<3 { if let id = try root.find("/jobs/\(index)/id")?.string { seen.append(id) } }
        let next = root.find("/next")?.isNull == false ? try root.find("/next")?.string : nil
        cursor = next.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      #expect(seen == submitted.reversed())
      let filtered = try await app.send(.get, "/v1/jobs?tenant=t1&state=waiting")
      #expect(filtered.text.components(of: #""tenant":"t1""#) == 3)
      let misspelt = try await app.send(.get, "/v1/jobs?stat=waiting")
      #expect(misspelt.status == 400 && misspelt.text.contains("did you mean 'state'"))
    }
  }

  @Test("a waiting job is cancelled once; a dead letter is retried, anything else is not")
  func changes() async throws {
    try await Fixture.run(.inProcess, change: Self.withKinds) { app in
      let id = try await submit(app)
      let cancelled = try await app.send(.delete, "/v1/jobs/\(id)")
      #expect(try cancelled.string("/state") == "cancelled")
      let again = try await app.status(.delete, "/v1/jobs/\(id)")
      let result = try await app.status(.get, "/v1/jobs/\(id)/result")
      let retry = try await app.status(.post, "/v1/jobs/\(id)/retry")
      #expect([again, result, retry] == [409, 410, 409])
      let nobody = try await app.status(.delete, "/v1/jobs/999999")
      let noNumber = try await app.status(.get, "/v1/jobs/07")
      #expect([nobody, noNumber] == [404, 400])
    }
  }

  @Test("a watcher hears each state once, the end last, and after the end that nothing more comes")
  func watches() async throws {
    try await Fixture.run(.live, change: Self.withKinds) { app in
      let id = try await submit(app, #"{"kind":"probe","payload":{"steps":3,"workMilliseconds":900}}"#)
      let loop = TestCluster.loops.loops[0]
      let worker = Worker(
        database: app.database, handlers: JobHandlers([.probe(on: loop)]), settings: WorkerSettings(), loop: loop,
        signals: nil, zones: .system, logger: app.logger, metrics: MetricRegistry())
      worker.start()
      let answer = try await app.send(.get, "/v1/jobs/\(id)/events")
      await worker.stop(within: .seconds(5))
      #expect(answer.status == 200)
      #expect(answer.field("Content-Type")?.hasPrefix("text/event-stream") == true)
      let ids = answer.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map(String.init)
      #expect(Set(ids).count == ids.count, "\(ids)")
      #expect(ids.last == "id: 1.1.succeeded.0")
      #expect(ids.contains { $0.hasPrefix("id: 1.1.running.") }, "\(ids)")
      #expect(answer.text.components(of: "event: end") == 1)
      let after = try await app.status(.get, "/v1/jobs/\(id)/events", ["Last-Event-ID": "1.1.succeeded.0"])
      #expect(after == 204)
      let resumed = try await app.send(.get, "/v1/jobs/\(id)/events", ["Last-Event-ID": "1.1.running.2"])
      #expect(resumed.text.components(of: "event: ") == 1)
      let result = try await app.send(.get, "/v1/jobs/\(id)/result")
      #expect(result.status == 200)
      #expect(try JSONDocument(bytes: result.body).root.find("/attempt") != nil)
      let nobody = try await app.status(.get, "/v1/jobs/999999/events")
      #expect(nobody == 404)
    }
  }

  @Test("queues are for operators, who pause and resume them")
  func queues() async throws {
    try await Fixture.run(.inProcess, change: Self.withKinds) { app in
      _ = try await submit(app)
      let stranger = try await app.status(.get, "/v1/job-queues")
      #expect(stranger == 401)
      let paused = try await app.status(
        .patch, "/v1/job-queues/default", Fixture.operatorFields(), body: #"{"paused":true}"#)
      #expect(paused == 204)
      let queues = try await app.send(.get, "/v1/job-queues", Fixture.operatorFields())
      #expect(try queues.string("/queues/0/pausedAt") != nil)
      #expect(queues.text.contains(#""waiting":1"#))
    }
  }
}

extension String {
  /// How often a text is in it.
  fileprivate func components(of text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let first = rest.first {
      if rest.hasPrefix(text) { count += 1 }
      _ = first
      rest = rest.dropFirst()
    }
    return count
  }
}
