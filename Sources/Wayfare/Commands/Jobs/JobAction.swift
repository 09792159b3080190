import API
import JSON
import Kernel
import Store

/// What is asked of the queue, read and checked before anything is connected.
enum JobAction: Sendable {
  /// For how many seconds to wait for the end; nil for not at all.
  case submit(NewJob, wait: Int?)
  case list(before: JobID?)
  case show(JobID)
  case cancel(JobID)
  case retry(JobID)
  case queues
  case setPaused(Bool, queue: String)
  case limits
  case setLimit(JobLimit)
  case schedules
  case setSchedule(ScheduleRequest)
  case removeSchedule(String)
  case workers

  private static let names = [
    "submit", "list", "show", "cancel", "retry", "queues", "pause", "resume", "limits", "limit", "schedules",
    "schedule",
    "unschedule", "workers",
  ]

  init(_ arguments: Arguments) throws {
    let kinds = JobService.kinds(BudgetInput.library(try Settings(arguments)))
    let name = arguments.operand(0) ?? ""
    let what = arguments.operand(1)
    if name != "schedule", let extra = arguments.operand(2) {
      throw UsageError("wayfare jobs \(name) does not know what to do with \"\(extra)\" (see wayfare jobs --help)")
    }
    if ["list", "queues", "limits", "schedules", "workers"].contains(name), let what {
      throw UsageError("wayfare jobs \(name) shows all and takes no \"\(what)\" (see wayfare jobs --help)")
    }
    switch name {
    case "list": self = .list(before: try arguments.flags[Setting.before.name].map { try JobAction.id($0, name) })
    case "queues": self = .queues
    case "limits": self = .limits
    case "schedules": self = .schedules
    case "workers": self = .workers
    case "submit":
      let job = try JobFile.read(try JobAction.need(what, name)) { json throws(JSONError) in
        try JobRequest.read(json, kinds: kinds)
      }
      let limit = try Settings(arguments).int(.waitSeconds, in: 1...604_800)
      self = .submit(job, wait: arguments.flags[Setting.wait.name] == nil ? nil : limit)
    case "show": self = .show(try JobAction.id(what, name))
    case "cancel": self = .cancel(try JobAction.id(what, name))
    case "retry": self = .retry(try JobAction.id(what, name))
    case "pause", "resume": self = .setPaused(name == "pause", queue: try JobAction.need(what, name))
    case "limit": self = .setLimit(try JobAction.limit(try JobAction.need(what, name), arguments))
    case "unschedule": self = .removeSchedule(try JobAction.need(what, name))
    case "schedule":
      let schedule = try JobAction.need(what, name)
      let file = try JobAction.need(arguments.operand(2), name)
      self = .setSchedule(
        try JobFile.read(file) { json throws(JSONError) in try JobFile.schedule(json, name: schedule, kinds) })
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

  private static func limit(_ key: String, _ arguments: Arguments) throws(UsageError) -> JobLimit {
    guard (1...NewJob.Limits.limitKey).contains(key.count) else {
      throw UsageError("a limit's key has 1 to \(NewJob.Limits.limitKey) characters")
    }
    var limit = JobLimit(key: key)
    limit.concurrency = try TypedTime.number(arguments.flags[Setting.atOnce.name], .atOnce, in: 1...100_000)
    if let text = arguments.flags["rate"] {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let count = try TypedTime.number(parts[0], .rate, in: 1...1_000_000),
        let seconds = try TypedTime.number(parts[1], .rate, in: 1...86_400)
      else { throw UsageError("--rate: \"\(text)\" is not a rate; write JOBS/SECONDS, as in 100/60") }
      limit.rate = JobLimit.Rate(count: count, seconds: seconds)
    }
    guard limit.concurrency != nil || limit.rate != nil else {
      throw UsageError("wayfare jobs limit wants --at-once N, --rate JOBS/SECONDS, or both")
    }
    return limit
  }
}
