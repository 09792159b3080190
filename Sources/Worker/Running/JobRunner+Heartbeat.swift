import EventLoop
import Store
import Telemetry

extension JobRunner {
  /// Tells that the worker lives, enters it when it is not known, and hears what it has lost.
  func beat() async {
    do {
      try await Failpoint.reach(.heartbeat)
      if worker == 0 { try await enter() } else { try await tell() }
      lastHeartbeat = EventLoop.nanoseconds
    } catch {
      meters.heartbeatFailures.increment()
      logger.warning("the database did not hear the heartbeat", ["error": .string("\(error)")])
      dropWhatMustBeLost()
    }
  }

  private func enter() async throws {
    let kinds = handlers.byName.keys.sorted()
    worker = try await database.jobs.register(worker: settings.name, queues: settings.queues, kinds: kinds)
    logger.info("worker entered", ["worker": .int(Int(worker)), "kinds": .string(kinds.joined(separator: " "))])
    await readPauses()
    look()
  }

  private func tell() async throws {
    let runs = held.values.filter { $0.stop != .lost }.map(\.run)
    let answer = try await database.jobs.heartbeat(worker: worker, holding: runs.map(\.id))
    if answer.isDead {
      logger.error(
        "this worker was silent for longer than its lease and begins anew",
        ["worker": .int(Int(worker)), "jobs": .int(runs.count)])
      loseAll()
      return try await enter()
    }
    for id in answer.cancelled { stop(id, .cancelled) }
  }

  /// The lease has ended by now, though nobody can say so: others may have begun the same jobs.
  private func dropWhatMustBeLost() {
    let silence = EventLoop.nanoseconds &- lastHeartbeat
    guard worker != 0, silence > UInt64(JobStore.leaseSeconds) * 1_000_000_000 else { return }
    loseAll()
  }
}
