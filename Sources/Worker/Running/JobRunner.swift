import EventLoop
import Store
import Telemetry

/// Takes jobs, runs them, stores how they ended.
///
/// A few exchanges with the database go round and round: each carries what was finished since the last and what is
/// taken next, in one transaction, so that a job costs a hundredth of a round trip and of a commit. What waits in
/// memory is bounded by `concurrency`. Which lane is next is decided by `LaneTurns`, a value; what a job's error
/// means, by `RunOutcome`; this actor carries it out.
actor JobRunner: LoopBound {
  /// A job that this worker has.
  struct Held {
    let run: JobRun
    let kind: String
    let limit: Int32?
    let isLastTry: Bool
    let started: UInt64
    /// When its time is up, and why then.
    let stopAt: UInt64
    let stopReason: StopReason
    var task: Task<Void, Never>?
    var stop: StopReason?
    var stopAsked: UInt64 = 0
  }

  /// Why a handler was told to stop.
  enum StopReason {
    case cancelled
    case timeUp
    case deadline
    case lost
    case shutdown
  }

  nonisolated let loop: EventLoop
  let database: Database
  let handlers: JobHandlers
  let settings: WorkerSettings
  let logger: Logger
  let meters: WorkerMeters
  let tracer: Tracer?
  var turns: LaneTurns
  var held: [JobID: Held] = [:]
  private var heldOfKind: [String: Int] = [:]
  var finished: [FinishedRun] = []
  /// Endings that the database refused in company: sent one by one, to see which it was.
  var lonely: [(finish: FinishedRun, refusals: Int)] = []
  /// Exchanges under way.
  private var flights = 0
  private var restTimer = false
  /// Jobs of which watchers are told when they are stored: those that ran long enough for somebody to wait.
  private var watched: Set<JobID> = []
  /// Jobs that claims under way may bring.
  var expected = 0
  private var wantsLook = true
  private var lastLook: UInt64 = 0
  private var lookPause: UInt64 = 0
  var isAccepting = true
  var isEnding = false
  private var waiters: [UnsafeContinuation<Void, Never>] = []
  var emptyWaiters: [UnsafeContinuation<Void, Never>] = []
  private var random = SystemRandomNumberGenerator()
  /// Its number in the database; a new one after it was declared dead.
  var worker: Int32 = 0
  /// When the database last knew that it lives.
  var lastHeartbeat: UInt64 = 0
  var mustGiveBackUnknown = false

  init(
    loop: EventLoop, database: Database, handlers: JobHandlers, settings: WorkerSettings, logger: Logger,
    meters: WorkerMeters, tracer: Tracer?
  ) {
    self.loop = loop
    self.database = database
    self.handlers = handlers
    self.settings = settings
    self.logger = logger
    self.meters = meters
    self.tracer = tracer
    turns = LaneTurns(queues: settings.queues.map { Set($0) }, kinds: Set(handlers.byName.keys))
  }

  /// How often an ending is offered alone before it is stored as a failure.
  private static let refusalsMax = 3

  // MARK: Wake-ups

  /// Something has changed that an exchange may act on.
  func wake() {
    let waiting = waiters
    waiters = []
    for waiter in waiting { waiter.resume() }
  }

  /// There may be work that is not known of.
  func look() {
    wantsLook = true
    wake()
  }

  /// Hears what the queue announces.
  func hear(_ signal: JobSignal) async {
    switch signal {
    case .ready(let queue): if settings.queues?.contains(queue) ?? true { look() }
    case .pauseChanged: await readPauses()
    case .cancel(let id): stop(id, .cancelled)
    case .changed: break
    case .gap:
      await readPauses()
      look()
    }
  }

  /// Reads which queues are paused; tried again with the next poll when the database is away.
  func readPauses() async {
    do {
      turns.pause(try await database.jobs.pausedQueues())
      look()
    } catch {
      logger.debug("which queues are paused cannot be read now", ["error": .string("\(error)")])
    }
  }

  // MARK: Exchanges

  /// Goes round until the runner ends; several of these run at once.
  func exchange() async {
    var failures = 0
    while true {
      if mustGiveBackUnknown, flights == 0, worker != 0, !isEnding {
        do { try await giveBackUnknown() } catch { await pause(after: 3) }
        continue
      }
      let now = EventLoop.nanoseconds
      let alone = lonely.popLast()
      let next = alone.map { JobExchange(alone: $0.finish) } ?? nextExchange(now)
      guard !next.isEmpty else {
        if isEnding { return }
        await waitForWake()
        continue
      }
      flights += 1
      do {
        try await carryOut(next, started: now)
        flights -= 1
        failures = 0
      } catch {
        flights -= 1
        failures += 1
        takeBack(next, error, refusals: alone?.refusals)
        await pause(after: failures)
      }
      // Somebody may wait for a moment without exchanges, or for something to send.
      if mustGiveBackUnknown || !lonely.isEmpty { wake() }
    }
  }

  private func waitForWake() async {
    await withUnsafeContinuation { continuation in
      // Seen again here, because a turn of the loop may lie between the last look at the state and this.
      let hasWork = !finished.isEmpty || !lonely.isEmpty || mustGiveBackUnknown && flights == 0 && worker != 0
      if isEnding || hasWork { continuation.resume() } else { waiters.append(continuation) }
    }
  }

  private func nextExchange(_ now: UInt64) -> JobExchange {
    var next = JobExchange()
    next.finished = Array(finished.prefix(settings.batch))
    finished.removeFirst(next.finished.count)
    for finish in next.finished {
      // A notification has room for so many; whoever watches the rest looks by himself.
      if watched.remove(finish.run.id) != nil, next.watched.count < JobStore.watchedMost {
        next.watched.append(finish.run.id)
      }
    }
    // While it is not known what this worker holds, nothing is added to it.
    guard isAccepting, worker != 0, !mustGiveBackUnknown else { return next }
    let room = min(settings.batch, settings.concurrency - held.count - finished.count - expected)
    next.claims = turns.claims(
      room: room,
      roomOfKind: { [held = heldOfKind, handlers] kind in
        handlers.byName[kind]?.kind.perWorkerMax.map { max(0, $0 - held[kind, default: 0]) }
      }, now: now)
    expected += next.claims.reduce(0) { $0 + $1.take }
    if room > 0, isLookDue(now, hasClaims: !next.claims.isEmpty) {
      wantsLook = false
      lastLook = now
      next.known = turns.known
      next.swept = turns.sweeps(now: now)
    }
    return next
  }

  /// A look is due when somebody said so, and every now and then while others are served; never so often that it takes
  /// more than a fifth of the time.
  private func isLookDue(_ now: UInt64, hasClaims: Bool) -> Bool {
    if now < lastLook &+ lookPause, hasClaims || !held.isEmpty { return false }
    return wantsLook || now &- lastLook >= UInt64(settings.lookInterval / .nanoseconds(1)) && hasClaims
  }

  private func carryOut(_ next: JobExchange, started: UInt64) async throws {
    if !next.finished.isEmpty { try await Failpoint.reach(.finishing) }
    let number = worker
    let answer = try await database.jobs.exchange(next, worker: number)
    let now = EventLoop.nanoseconds
    meters.exchange.observe(Double(now &- started) / 1e9)
    if !next.finished.isEmpty { try await Failpoint.reach(.finished) }
    settle(next.finished, answer.accepted)
    expected -= next.claims.reduce(0) { $0 + $1.take }
    turns.took(next.claims, answer.claims, now: now)
    if turns.hasResting { lookAfterRest() }
    if next.known != nil {
      turns.looked(ready: answer.readyLanes, new: answer.newLanes, now: now)
      lookPause = (now &- started) &* 4
      // What was found wants another round at once; what came in meanwhile, another look.
      if turns.hasReady(now: now) { wake() }
    }
    if !next.swept.isEmpty { turns.swept(late: answer.lateLanes, took: now &- started, now: now) }
    // A lane that gave less than it was asked for may not be the only one.
    if answer.claims.jobs.count < next.claims.reduce(0, { $0 + $1.take }) { wantsLook = true }
    if !answer.claims.jobs.isEmpty { try await Failpoint.reach(.claimed) }
    // Taken under a number that has been lost meanwhile, they belong to others by now.
    for job in answer.claims.jobs where worker == number { begin(job, now) }
    resumeEmptyWaiters()
  }

  /// Nothing of the exchange is known to have taken place.
  private func takeBack(_ next: JobExchange, _ error: any Error, refusals: Int?) {
    expected -= next.claims.reduce(0) { $0 + $1.take }
    wantsLook = true
    mustGiveBackUnknown = mustGiveBackUnknown || !next.claims.isEmpty
    if case StoreError.faulty = error {
      logger.error("what jobs gave could not be stored", ["error": .string("\(error)")])
      guard let refusals else {
        // The database refuses something in all this: what it is shows when each goes alone.
        lonely += next.finished.map { ($0, 0) }
        return
      }
      // It may be the database that is at fault rather than the ending: not at once given up.
      lonely += next.finished.map { finish in
        guard refusals >= JobRunner.refusalsMax else { return (finish, refusals + 1) }
        return (finish.refused(because: "\(error)", using: &random), 0)
      }
    } else {
      finished.insert(contentsOf: next.finished, at: 0)
      logger.warning("the queue cannot be reached; trying again", ["error": .string("\(error)")])
    }
  }

  private func pause(after failures: Int) async {
    let most = min(5.0, 0.1 * Double(1 << min(failures, 10)))
    // Cancelled only when the process ends.
    try? await loop.sleep(for: .seconds(most * Double.random(in: 0.5...1, using: &random)))
  }

  /// The answer to a claim may have been lost on its way: the database then holds jobs that this worker knows nothing of.
  ///
  /// Nothing else is under way meanwhile, and no claim begins before this is done.
  private func giveBackUnknown() async throws {
    flights += 1
    defer { flights -= 1 }
    let known = Array(held.keys) + finished.map(\.run.id) + lonely.map(\.finish.run.id)
    let count = try await database.jobs.giveBackUnknown(worker: worker, holding: known)
    mustGiveBackUnknown = false
    if count > 0 { logger.notice("jobs given back whose claim was never answered", ["jobs": .int(count)]) }
    look()
  }

  /// Lanes whose limit is used up are asked again after a moment, not at once and for ever.
  private func lookAfterRest() {
    guard !restTimer else { return }
    restTimer = true
    _ = loop.schedule(after: .nanoseconds(Int64(LaneTurns.restNanoseconds))) {
      self.assumeIsolated {
        $0.restTimer = false
        $0.look()
      }
    }
  }

  private func settle(_ sent: [FinishedRun], _ accepted: Set<JobID>) {
    for finish in sent {
      guard accepted.contains(finish.run.id) else {
        meters.lost.increment()
        logger.warning("a run was not stored, because its lease had ended", ["job": .string("\(finish.run.id)")])
        continue
      }
      meters.ended(finish.ending)
    }
  }

  // MARK: Runs

  private func begin(_ job: ClaimedJob, _ now: UInt64) {
    guard let handler = handlers.byName[job.lane.kind] else { return }
    meters.waited.observe(max(0, job.waitedSeconds))
    let limit = handler.kind.timeLimit / .nanoseconds(1)
    let toDeadline = (job.secondsToDeadline ?? .infinity) * 1e9
    let stopAt = now &+ UInt64(max(0, min(limit, toDeadline, 1e18)))
    held[job.run.id] = Held(
      run: job.run, kind: job.lane.kind, limit: job.lane.limit, isLastTry: job.attempt >= job.attemptsMax, started: now,
      stopAt: stopAt, stopReason: toDeadline < limit ? .deadline : .timeUp)
    heldOfKind[job.lane.kind, default: 0] += 1
    if job.isCancelled { return end(job.run, .cancelled, hasProgress: false) }
    if let seconds = job.secondsToDeadline, seconds <= 0 {
      let error = RunOutcome.error(job, "deadline", "its deadline had passed before it started")
      return end(job.run, .dead(error: error), hasProgress: false)
    }
    let context = JobContext(
      job: job, worker: worker, database: database, logger: logger.with(["job": .string("\(job.run.id)")]), started: now
    )
    let task = Task.immediate(executorPreference: loop) { await self.carryOut(job, handler, context) }
    // It may be over already.
    held[job.run.id]?.task = task
  }

  private func carryOut(_ job: ClaimedJob, _ handler: JobHandler, _ context: JobContext) async {
    let span = tracer?.start(
      "job \(job.lane.kind)", kind: .consumer, parent: job.trace.flatMap { TraceContext(traceparent: $0) })
    let result = await outcome(of: handler, context)
    if var span {
      if case .failure(let error) = result { span.status = .error("\(error)") }
      span["job.id"] = .string("\(job.run.id)")
      tracer?.finish(span)
    }
    let reason = held[job.run.id].flatMap { $0.run == job.run ? $0.stop : nil }
    let outcome = RunOutcome(job, handler.kind, result, stop: reason, resultBytesMax: settings.resultBytesMax)
    switch outcome {
    case .nothing: forget(job.run)
    case .ending(let ending):
      end(job.run, ending.withDelay(job, handler.kind, using: &random), hasProgress: context.hasProgress)
    }
  }

  private func outcome(of handler: JobHandler, _ context: JobContext) async -> Result<JobAnswer, any Error> {
    do {
      try await Failpoint.reach(.starting)
      let answer = try await handler.run(context)
      try await Failpoint.reach(.handled)
      return .success(answer)
    } catch {
      return .failure(error)
    }
  }

  /// Puts an ending where the next exchange finds it.
  func end(_ run: JobRun, _ ending: JobEnding, hasProgress: Bool) {
    guard let job = held[run.id], job.run == run else { return }
    let milliseconds = Int((EventLoop.nanoseconds &- job.started) / 1_000_000)
    finished.append(
      FinishedRun(
        run: run, ending: ending, ranMilliseconds: milliseconds, hasProgress: hasProgress, isLimited: job.limit != nil,
        isLastTry: job.isLastTry))
    if let limit = job.limit { turns.ended(limit: limit) }
    if milliseconds >= 20 || hasProgress { watched.insert(run.id) }
    meters.ran.observe(Double(milliseconds) / 1000)
    forget(run)
    wake()
  }

  private func forget(_ run: JobRun) {
    guard let job = held[run.id], job.run == run else { return }
    held[run.id] = nil
    heldOfKind[job.kind, default: 1] -= 1
    resumeEmptyWaiters()
    wake()
  }
}
