import EventLoop
import Store
import Telemetry

/// How runs are told to stop, and how a worker comes to its end.
extension JobRunner {
  /// Tells a handler to stop.
  func stop(_ id: JobID, _ reason: StopReason) {
    guard let job = held[id], job.stop == nil || reason == .lost else { return }
    held[id]?.stop = reason
    held[id]?.stopAsked = EventLoop.nanoseconds
    job.task?.cancel()
  }

  /// What runs belongs to others now: nothing of it may be stored under another number.
  func loseAll() {
    for id in held.keys { stop(id, .lost) }
    if !finished.isEmpty {
      logger.warning("runs were not stored, because the lease had ended", ["jobs": .int(finished.count)])
      meters.lost.increment(by: UInt64(finished.count))
    }
    finished = []
    lonely = []
    mustGiveBackUnknown = false
    worker = 0
  }

  /// Stops what has run for too long, and gives up on what does not stop.
  func checkTimes() {
    let now = EventLoop.nanoseconds
    let grace = UInt64(settings.stopGrace / .nanoseconds(1))
    for job in held.values {
      if job.stop == nil, now >= job.stopAt {
        stop(job.run.id, job.stopReason)
      } else if let reason = job.stop, now &- job.stopAsked > grace {
        logger.error("a handler does not stop though it was told to", ["job": .string("\(job.run.id)")])
        end(job.run, RunOutcome.abandoned(reason), hasProgress: true)
      }
    }
  }

  /// Takes no more jobs.
  func stopAccepting() {
    isAccepting = false
    wake()
  }

  /// Waits until nothing runs and everything is stored, or for a while.
  func waitUntilEmpty(for limit: Duration) async -> Bool {
    let timer = loop.schedule(after: limit) { self.assumeIsolated { $0.resumeEmptyWaiters(isTimeUp: true) } }
    await withUnsafeContinuation { continuation in
      if isEmpty { continuation.resume() } else { emptyWaiters.append(continuation) }
    }
    loop.cancel(timer)
    return isEmpty
  }

  private var isEmpty: Bool { held.isEmpty && finished.isEmpty && lonely.isEmpty && expected == 0 }

  func resumeEmptyWaiters(isTimeUp: Bool = false) {
    guard !emptyWaiters.isEmpty, isEmpty || isTimeUp else { return }
    let waiting = emptyWaiters
    emptyWaiters = []
    for waiter in waiting { waiter.resume() }
  }

  /// Tells everything that runs to stop, because the process ends.
  func stopAll() {
    for id in held.keys { stop(id, .shutdown) }
  }

  /// Gives back what has not stopped.
  func giveBackAll() {
    for job in held.values { end(job.run, .givenBack, hasProgress: true) }
  }

  /// Lets the exchanges end once there is nothing more to store.
  func endExchanges() {
    isEnding = true
    wake()
  }
}
