import API
import EventLoop
import JSON
import Kernel
import Store

extension JobAction {
  func run(_ jobs: JobStore, on loop: EventLoop) async throws -> ExitCode {
    do {
      return try await carryOut(jobs, on: loop)
    } catch let refusal as JobRefusal {
      throw UsageError(refusal.description)
    }
  }

  private func carryOut(_ jobs: JobStore, on loop: EventLoop) async throws -> ExitCode {
    switch self {
    case .submit(let job, let wait): return try await JobAction.submit(job, wait: wait, jobs, on: loop)
    case .list(let before): try await JobAction.list(before: before, jobs)
    case .show(let id):
      guard let job = try await jobs.find(id) else { return JobAction.unknown(id) }
      print(String(decoding: job.jsonBytes(isPretty: true), as: UTF8.self))
    case .cancel(let id): return try await JobAction.tell(jobs.cancel(id), id)
    case .retry(let id): return try await JobAction.tell(jobs.retry(id), id)
    case .queues: for queue in try await jobs.queues() { print(queue.line) }
    case .setPaused(let isPaused, let queue): try await jobs.setPaused(isPaused, queue: queue)
    case .limits: for limit in try await jobs.limits() { print(limit.line) }
    case .setLimit(let limit): try await jobs.setLimit(limit)
    case .schedules: for schedule in try await jobs.schedules() { print(schedule.line) }
    case .setSchedule(let request):
      let schedule = try request.schedule(after: try await jobs.now())
      try await jobs.setSchedule(schedule)
      print("next \(schedule.nextAt)")
    case .removeSchedule(let name):
      guard try await jobs.removeSchedule(name) else {
        say("wayfare: there is no schedule \"\(name)\"; wayfare jobs schedules shows all")
        return .noResult
      }
    case .workers: for worker in try await jobs.workers() { print(worker.line) }
    }
    return .done
  }

  private static func list(before: JobID?, _ jobs: JobStore) async throws {
    var filter = JobFilter()
    filter.before = before
    let page = try await jobs.list(filter)
    for job in page.jobs { print(job.line) }
    if let next = page.next { say("wayfare: there are more; wayfare jobs list --before \(next) goes on") }
  }

  private static func submit(
    _ job: NewJob, wait: Int?, _ jobs: JobStore, on loop: EventLoop
  ) async throws -> ExitCode {
    guard let id = try await jobs.submit([job], isAnnounced: true).first?.id else { return .noResult }
    guard let wait else {
      print(id)
      return .done
    }
    let end = EventLoop.nanoseconds &+ UInt64(wait) &* 1_000_000_000
    while EventLoop.nanoseconds < end {
      if let job = try await jobs.find([id]).first, job.state.isOver {
        guard let whole = try await jobs.find(id) else { return unknown(id) }
        print(String(decoding: whole.jsonBytes(isPretty: true), as: UTF8.self))
        return whole.state == .succeeded ? .done : .noResult
      }
      try await loop.sleep(for: .milliseconds(100))
    }
    say("wayfare: job \(id) is not over after \(wait) seconds and goes on; wayfare jobs show \(id) tells how far it is")
    return .noResult
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

extension JobLimit {
  fileprivate var line: String {
    let atOnce = concurrency.map { "  at most \($0) at once" } ?? ""
    return "\(key)\(atOnce)\(rate.map { "  at most \($0.count) in \($0.seconds) s" } ?? "")"
  }
}

extension JobSchedule {
  fileprivate var line: String {
    "\(name)  \(pattern)  \(zone)  \(kind)  \(isPaused ? "paused" : "next \(nextAt)")\(lastAt.map { "  last \($0)" } ?? "")"
  }
}

extension WorkerRecord {
  fileprivate var line: String {
    let end = endedAt.map { "  \(wasLost ? "lost" : "ended") \($0)" } ?? "  heartbeat \(heartbeatAt)"
    return
      "\(id)  \(name)  \(running) running  since \(startedAt)\(end)  \(queues?.joined(separator: ",") ?? "all queues")"
  }
}
