import EventLoop
import JSON
import Kernel
import Postgres
import Store
import Telemetry
import Worker

extension Command {
  /// The command `wayfare jobs`.
  static let jobs = Command(
    name: "jobs", summary: "submit jobs, look at them, cancel and retry them",
    discussion: """
      submit FILE   stores a job: {"kind": "probe", "payload": {…}}, and optionally queue, priority (0 first, 9 last),
                    tenant, attempts, uniqueKey; with --wait it waits until the job is over
      list          the newest jobs
      show ID       one job with its payload, result and errors
      cancel ID     ends a job that waits, asks one that runs to stop
      retry ID      puts a dead letter back in its queue
      queues        how full each queue is
      pause QUEUE, resume QUEUE
                    keeps workers from starting jobs of a queue, or lets them again
      """,
    operands: [
      Operand(name: "ACTION", help: "submit, list, show, cancel, retry, queues, pause or resume"),
      Operand(name: "WHAT", help: "a file, a job's number or a queue", isOptional: true),
    ],
    settings: [.wait] + Setting.database + Setting.log
  ) { arguments in
    let action = try JobAction(arguments)
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        if database.cluster != nil {
          _ = try await Migrations(Schema.migrations, on: database.client).apply()
        }
        let code = try await action.run(Database(database.client).jobs, on: runtime.group.loops[0])
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }
}

/// What is asked of the queue, read and checked before anything is connected.
private enum JobAction: Sendable {
  case submit(NewJob, wait: Bool)
  case list
  case show(JobID)
  case cancel(JobID)
  case retry(JobID)
  case queues
  case setPaused(Bool, queue: String)

  private static let names = ["submit", "list", "show", "cancel", "retry", "queues", "pause", "resume"]

  init(_ arguments: Arguments) throws {
    let name = arguments.operand(0) ?? ""
    let what = arguments.operand(1)
    switch name {
    case "list": self = .list
    case "queues": self = .queues
    case "submit":
      self = .submit(
        try JobRequest.read(try JobAction.need(what, name), try Settings(arguments)),
        wait: arguments.flags["wait"] != nil)
    case "show": self = .show(try JobAction.id(what, name))
    case "cancel": self = .cancel(try JobAction.id(what, name))
    case "retry": self = .retry(try JobAction.id(what, name))
    case "pause", "resume": self = .setPaused(name == "pause", queue: try JobAction.need(what, name))
    default:
      let near = nearestName(to: name, among: JobAction.names).map { "; did you mean \($0)?" } ?? ""
      throw UsageError("wayfare jobs cannot \"\(name)\"\(near) (see wayfare jobs --help)")
    }
  }

  private static func need(_ what: String?, _ name: String) throws(UsageError) -> String {
    guard let what else { throw UsageError("wayfare jobs \(name) wants to know what (see wayfare jobs --help)") }
    return what
  }

  private static func id(_ what: String?, _ name: String) throws(UsageError) -> JobID {
    let text = try need(what, name)
    guard let id = JobID(text) else { throw UsageError("\"\(text)\" is not a job's number; write digits, as in 42") }
    return id
  }

  func run(_ jobs: JobStore, on loop: EventLoop) async throws -> ExitCode {
    do {
      return try await carryOut(jobs, on: loop)
    } catch let refusal as JobRefusal {
      throw UsageError(refusal.description)
    }
  }

  private func carryOut(_ jobs: JobStore, on loop: EventLoop) async throws -> ExitCode {
    switch self {
    case .submit(let job, let wait):
      let id = try await jobs.submit(job).id
      try await jobs.announce(job.queue)
      guard wait else {
        print(id)
        return .done
      }
      return try await JobAction.wait(for: id, jobs, on: loop)
    case .list:
      for job in try await jobs.list(JobFilter()) { print(job.line) }
      return .done
    case .show(let id):
      guard let job = try await jobs.find(id) else { return JobAction.unknown(id) }
      print(String(decoding: JobText(job: job).jsonBytes(isPretty: true), as: UTF8.self))
      return .done
    case .cancel(let id): return try await JobAction.tell(jobs.cancel(id), id)
    case .retry(let id): return try await JobAction.tell(jobs.retry(id), id)
    case .queues:
      for queue in try await jobs.queues() { print(queue.line) }
      return .done
    case .setPaused(let isPaused, let queue):
      try await jobs.setPaused(isPaused, queue: queue)
      return .done
    }
  }

  private static func wait(for id: JobID, _ jobs: JobStore, on loop: EventLoop) async throws -> ExitCode {
    while true {
      if let job = try await jobs.find([id]).first, job.state.isOver {
        guard let whole = try await jobs.find(id) else { return unknown(id) }
        print(String(decoding: JobText(job: whole).jsonBytes(isPretty: true), as: UTF8.self))
        return whole.state == .succeeded ? .done : .noResult
      }
      try await loop.sleep(for: .milliseconds(100))
    }
  }

  private static func tell(_ cancellation: Cancellation, _ id: JobID) -> ExitCode {
    switch cancellation {
    case .done: print("cancelled")
    case .asked: print("running; its worker was asked to stop")
    case .alreadyOver(let state):
      say("wayfare: job \(id) is over already: \(state.rawValue)")
      return .noResult
    case .unknown: return unknown(id)
    }
    return .done
  }

  private static func tell(_ retrial: Retrial, _ id: JobID) -> ExitCode {
    switch retrial {
    case .waiting: print("waiting")
    case .notDead(let state):
      say("wayfare: job \(id) is no dead letter but \(state.rawValue); only dead letters are retried")
      return .noResult
    case .replaced(let other):
      say("wayfare: job \(other) has the same unique key and does its work; cancel that first")
      return .noResult
    case .unknown: return unknown(id)
    }
    return .done
  }

  private static func unknown(_ id: JobID) -> ExitCode {
    say("wayfare: there is no job \(id), or none any more; wayfare jobs list shows the newest")
    return .noResult
  }
}

/// A job as a file asks for it.
private struct JobRequest {
  var job: NewJob

  static func read(_ path: String, _ settings: Settings) throws -> NewJob {
    guard let text = readTextFile(path, limit: 2 * NewJob.Limits.payload) else {
      throw UsageError("\(path): cannot be read, or is larger than \(2 * NewJob.Limits.payload) bytes")
    }
    let kinds = JobService.kinds(BudgetInput.library(settings))
    do throws(JSONError) {
      return try JobRequest(json: JSONDocument(text: text).root, kinds).job
    } catch {
      throw UsageError("\(path): \(error)")
    }
  }

  private init(json: JSONNode, _ kinds: [JobKind]) throws(JSONError) {
    let object = try json.object(fields: "kind", "payload", "queue", "priority", "tenant", "attempts", "uniqueKey")
    let name = try object.required("kind", length: 1...NewJob.Limits.kind)
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw (object.find("kind") ?? json).invalid(
        "is no kind of job: write one of \(kinds.map(\.name).joined(separator: ", "))")
    }
    job = NewJob(kind: name)
    if let payload = object.find("payload") {
      try kind.check(payload)
      job.payload = String(decoding: payload.jsonBytes(), as: UTF8.self)
    }
    job.queue = try object.optional("queue", length: 1...NewJob.Limits.queue) ?? kind.queue
    job.priority = try object.optional("priority", in: 0...9) ?? 5
    job.tenant = try object.optional("tenant", length: 0...NewJob.Limits.tenant) ?? ""
    job.attemptsMax = try object.optional("attempts", in: 1...NewJob.Limits.attempts) ?? kind.attemptsMax
    job.uniqueness = try object.optional("uniqueKey", length: 1...NewJob.Limits.uniqueKey).map {
      NewJob.Uniqueness(key: $0)
    }
  }
}

extension Job {
  fileprivate var line: String {
    "\(id)  \(state.rawValue)  \(kind)  \(queue)  try \(attempt) of \(attemptsMax)  \(createdAt)"
  }
}

extension QueueRecord {
  fileprivate var line: String {
    "\(name)  \(waiting) waiting  \(scheduled) scheduled  \(running) running\(pausedAt.map { "  paused since \($0)" } ?? "")"
  }
}

/// A job as it is shown.
private struct JobText: JSONWritable {
  let job: Job

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", job.id.description)
      $0.field("state", job.state.rawValue)
      $0.field("kind", job.kind)
      $0.field("queue", job.queue)
      $0.field("priority", job.priority)
      $0.field("tenant", job.tenant)
      $0.field("attempt", job.attempt)
      $0.field("attemptsMax", job.attemptsMax)
      $0.field("createdAt", job.createdAt.description)
      $0.field("runAt", ifPresent: job.runAt?.description)
      $0.field("finishedAt", ifPresent: job.finishedAt?.description)
      $0.field("ranMilliseconds", ifPresent: job.ranMilliseconds)
      $0.field("payload", ifPresent: job.payload.flatMap(JobText.node))
      $0.field("result", ifPresent: job.result.flatMap(JobText.node))
      $0.field("errors", ifPresent: job.errors.flatMap(JobText.node))
    }
  }

  /// What the database holds is JSON; should it not be, it is left out rather than printed wrongly.
  private static func node(_ text: String) -> JSONNode? { try? JSONDocument(text: text).root }
}
