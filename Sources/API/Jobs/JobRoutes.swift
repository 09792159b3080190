import Accounts
import EventLoop
public import HTTP
import JSON
import Kernel
public import Store
import Telemetry
import Trips

/// `/v1/jobs`: ask for work, see how far it is, fetch what came of it.
///
/// Work that nobody can ask for, such as mails that wait to be sent, is shown to operators alone.
struct JobRoutes: Sendable {
  private static let number: JSONSchema = .text(matching: "^[1-9][0-9]{0,17}$")
  private static let word: JSONSchema = .text(0...100)
  private static let ids: [String: JSONSchema] = ["id": number]

  let store: JobStore
  let intake: JobIntake
  let watch: JobWatch?
  let kinds: [JobKind]
  let operators: OperatorGate
  /// Whose the plans are that jobs make.
  let plans: PlanGate

  func addRoutes(to group: RouteGroup) {
    group.post("") { request, context in try await submit(request, context) }.describe(
      .json(
        "Asks for work", .jobs, .tokenOptional, fields: ["Idempotency-Key"], takes: JobRequest.schema,
        gives: Accepted.schema, status: .accepted
      ).scoped(.plan))
    group.get("") { request, context in try await list(request, context) }.describe(
      .json(
        "Jobs, newest first", .jobs, .tokenOptional,
        query: [
          "state": .words(JobState.self), "kind": Self.word, "queue": Self.word, "tenant": Self.word,
          "limit": .integer(1...200), "cursor": Self.number,
        ], gives: .page("jobs", Job.schema)
      ).scoped(.plan))
    group.get("/{id}") { request, context in try await show(request, context) }.describe(
      .json("A job", .jobs, .tokenOptional, path: Self.ids, gives: Job.schema).conditional.scoped(.plan))
    group.delete("/{id}") { request, context in try await cancel(try await job(request, context, to: .edit).id) }
      .describe(
        .json(
          "Cancels a job", .jobs, .tokenOptional, path: Self.ids, gives: Standing.schema,
          or: [.json(Standing.schema, status: .accepted)]
        ).scoped(.plan))
    group.get("/{id}/result") { request, context in try await result(try await job(request, context).id) }.describe(
      .json("What came of a job", .jobs, .tokenOptional, path: Self.ids, gives: .any, or: [.empty(.noContent)]).scoped(
        .plan))
    group.post("/{id}/retry") { request, context in
      try await retry(try await job(request, context, to: .edit).id)
    }.describe(
      .json(
        "Has a dead letter tried again", .jobs, .tokenOptional, path: Self.ids, gives: Standing.schema,
        status: .accepted
      ).scoped(.plan))
    group.get("/{id}/events") { request, context in try await events(request, try await job(request, context)) }
      .describe(
        RouteDescription(
          "The states of a job as they change", "Jobs", access: .tokenOptional, path: Self.ids,
          fields: ["Last-Event-ID"], answers: [.bytes("text/event-stream"), .empty(.noContent)]
        ).scoped(.plan))
  }

  private func find(_ context: RequestContext) throws -> JobID { try context.parameters.require("id", as: JobID.self) }

  /// The job that is meant; for whoever may not see it there is none.
  private func job(
    _ request: Request, _ context: RequestContext, to action: TripAction = .follow
  ) async throws -> Job {
    let id = try find(context)
    let found = try await shown(try await store.find([id]), for: action, request, context)
    guard let job = found.first else { throw Problem.noJob(id) }
    return job
  }

  /// Of jobs, those that a caller may do something with.
  private func shown(
    _ jobs: [Job], for action: TripAction, _ request: Request, _ context: RequestContext
  ) async throws -> [Job] {
    if operators.admits(request) { return jobs }
    return try await plans.shown(
      jobs.filter { job in kinds.contains { $0.name == job.kind } }, for: action, request, context)
  }

  // MARK: Asking

  private func submit(_ request: Request, _ context: RequestContext) async throws -> Response {
    let key = try request.idempotencyKey()
    let document = try await request.jsonDocument(limit: JobRequest.bytesMax)
    try prepare(for: document.root, context)
    var job = try JobRequest.read(document.root, kinds: kinds)
    job.trace = context.trace?.traceparent
    let caller = operators.admits(request) ? .operator : try await plans.caller(request, context)
    let answer = try await refusing {
      try await submit(job, caller, key.map { ($0, document.root.jsonBytes()) })
    }
    switch answer {
    case .first(let submission): return accepted(submission.id)
    case .again(let id): return accepted(id)
    case .different: throw Problem.keyUsedBefore
    case .inFlight: throw Problem.keyUnderWay
    }
  }

  private func submit(
    _ job: NewJob, _ caller: Caller, _ repeated: (key: String, content: [UInt8])?
  ) async throws -> IdempotentSubmission {
    let request = repeated.map { RepeatableRequest(caller: caller.keySpace, key: $0.key, content: $0.content) }
    if job.kind == PlannerRoutes.kind, caller.planOwner != .nobody {
      return try await plans.store.submit(job, for: caller.planOwner, on: TripChance.id(), request)
    }
    guard let repeated, let request else { return .first(try await intake.submit(job)) }
    return try await store.submit(job, caller: request.caller, key: repeated.key, request: repeated.content)
  }

  /// That a server cannot look at a job is not the caller's fault; why is for whoever runs it.
  private func prepare(for node: JSONNode, _ context: RequestContext) throws {
    // A kind that is no text, or none that is known, is told by what reads the job next.
    guard let name = try? node.find("/kind")?.string, let kind = kinds.first(where: { $0.name == name }) else { return }
    do {
      try kind.prepare()
    } catch {
      context.logger.error("jobs cannot be taken", ["kind": .string(name), "error": .string("\(error)")])
      throw Problem(
        .serviceUnavailable, name: "kind-unready", title: "Jobs of this kind cannot be taken",
        detail:
          "This server cannot read what jobs of kind \"\(name)\" are checked against, so it takes none; whoever runs it finds the reason in its log.",
        fields: ["Retry-After": "30"])
    }
  }

  /// The same however often a request is repeated.
  private func accepted(_ id: JobID) -> Response {
    .json(Accepted(id: id), status: .accepted, fields: ["Location": "/v1/jobs/\(id)"])
  }

  private func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let refusal as JobRefusal {
      throw Problem(.unprocessableContent, detail: "\(refusal).")
    }
  }

  // MARK: Looking

  private func list(_ request: Request, _ context: RequestContext) async throws -> Response {
    let query = request.query
    var filter = JobFilter()
    filter.state = try query.optional("state", as: JobState.self)
    filter.kind = try text(query, "kind")
    filter.queue = try text(query, "queue")
    filter.tenant = try text(query, "tenant")
    filter.limit = try query.optional("limit", as: Int.self, in: 1...200) ?? filter.limit
    filter.before = try query.optional("cursor", as: JobID.self)
    let page = try await store.list(filter)
    let shown = try await shown(page.jobs, for: .follow, request, context)
    return .json(Page(jobs: shown, next: page.next), fields: ["Cache-Control": "no-store"])
  }

  /// A text that the database can hold.
  private func text(_ query: QueryParameters, _ name: String) throws -> String? {
    guard let text: String = try query.optional(name) else { return nil }
    guard !text.utf8.contains(0), text.unicodeScalars.count <= 100 else {
      throw Problem.parameter(name, "The query parameter '\(name)' must be up to 100 characters without NUL.")
    }
    return text
  }

  private func show(_ request: Request, _ context: RequestContext) async throws -> Response {
    let id = try await job(request, context).id
    guard let job = try await store.find(id) else { throw Problem.noJob(id) }
    let tag = ETag(job.revision)
    if try request.isNotModified(tag) { return .notModified(tag) }
    return Response.json(job, fields: ["Cache-Control": "no-cache"]).with(tag)
  }

  private func result(_ id: JobID) async throws -> Response {
    guard let job = try await store.find(id) else { throw Problem.noJob(id) }
    switch job.state {
    case .succeeded:
      guard let result = job.result else { return Response(status: .noContent) }
      return Response(
        status: .ok, fields: ["Content-Type": "application/json", "Cache-Control": "no-cache"],
        body: .bytes(Array(result.utf8)))
    case .cancelled, .dead:
      throw Problem(
        .gone, detail: "Job \(id) is \(job.state.rawValue) and has no result; GET /v1/jobs/\(id) says why.")
    case .scheduled, .waiting, .retrying, .running, .cancelling:
      throw Problem(
        .conflict, name: "job-not-over", title: "Job not over",
        detail: "Job \(id) is \(job.state.rawValue); its result comes when it has succeeded.",
        fields: ["Retry-After": "1"])
    }
  }

  // MARK: Changing

  private func cancel(_ id: JobID) async throws -> Response {
    switch try await store.cancel(id) {
    case .done: return .json(Standing(id: id, state: .cancelled))
    case .asked: return .json(Standing(id: id, state: .cancelling), status: .accepted)
    case .alreadyOver(let state):
      throw Problem(.conflict, detail: "Job \(id) is over already: \(state.rawValue). Nothing is left to cancel.")
    case .unknown: throw Problem.noJob(id)
    }
  }

  private func retry(_ id: JobID) async throws -> Response {
    switch try await store.retry(id) {
    case .waiting: return .json(Standing(id: id, state: .waiting), status: .accepted)
    case .notDead(let state):
      throw Problem(
        .conflict, detail: "Job \(id) is no dead letter but \(state.rawValue); only dead letters are retried.")
    case .replaced(let other):
      throw Problem(
        .conflict, detail: "Job \(other) has the same unique key and does the work of \(id); cancel that one first.")
    case .unknown: throw Problem.noJob(id)
    }
  }

  // MARK: Watching

  /// A stream of the job's states.
  ///
  /// An event's id is the state's, so that who comes back with `Last-Event-ID` hears only what is new, and is told by 204
  /// that nothing more will come.
  private func events(_ request: Request, _ job: Job) async throws -> Response {
    let last = request.header("Last-Event-ID")
    if job.state.isOver, job.revision == last { return Response(status: .noContent) }
    guard let loop = EventLoop.current, let states = watch?.states(of: job.id) else {
      throw Problem(
        .serviceUnavailable, detail: "Jobs cannot be watched here right now; look with GET /v1/jobs/\(job.id) instead.",
        fields: ["Retry-After": "5"])
    }
    return .events(on: loop) { writer in
      var known = last
      for await job in states where job.revision != known {
        known = job.revision
        let name = job.state.isOver ? "end" : "progress"
        try await writer.send(
          ServerSentEvent(id: job.revision, name: name, data: String(decoding: job.jsonBytes(), as: UTF8.self)))
      }
    }
  }

  private struct Accepted: JSONWritable {
    static let schema: JSONSchema = .fields(["id": .text, "links": .map(.text)])

    let id: JobID

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("id", id.description)
        $0.object("links") {
          $0.field("self", "/v1/jobs/\(id)")
          $0.field("events", "/v1/jobs/\(id)/events")
          $0.field("result", "/v1/jobs/\(id)/result")
        }
      }
    }
  }

  private struct Standing: JSONWritable {
    static let schema: JSONSchema = .fields(["id": .text, "state": .words(JobState.self)])

    let id: JobID
    let state: JobState

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("id", id.description)
        $0.field("state", state.rawValue)
      }
    }
  }

  private struct Page: JSONWritable {
    let jobs: [Job]
    let next: JobID?

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.array("jobs") { for job in jobs { $0.element(job) } }
        $0.field("next", next?.description)
      }
    }
  }
}

extension Problem {
  fileprivate static func noJob(_ id: JobID) -> Problem {
    Problem(.notFound, detail: "There is no job \(id), or none any more; GET /v1/jobs lists the newest.")
  }
}

extension JobID: PathParameter {
  /// The number.
  public init?(parameter text: String) { self.init(text) }
  /// Says "a job's number".
  public static var parameterExpectation: String { "a job's number, as in 42" }
}

extension JobState: PathParameter {}
