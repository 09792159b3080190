public import EventLoop
public import Store
import Synchronization
import Telemetry

/// Tells watchers how jobs change: one look at the database for all of a process, however many watch.
///
/// Announcements say which jobs to look at; because they may be lost, and jobs that are done at once are not announced,
/// all watched jobs are also looked at now and then, the less often the longer that takes. A watcher that is slow gets
/// the newest state, not every one.
public final class JobWatch: Sendable {
  private struct Watcher {
    let id: JobID
    let stream: AsyncStream<Job>.Continuation
  }

  private struct State {
    var watchers: [Int: Watcher] = [:]
    var nextNumber = 0
    var numbers: [JobID: Set<Int>] = [:]
    var changed: Set<JobID> = []
    var seen: [JobID: String] = [:]
    var isLooking = false
    var isEnded = false
  }

  /// The most that may watch.
  public static let watchersMost = 50_000
  private static let tick: Duration = .milliseconds(50)
  private static let jobsPerLook = 1000
  /// Jobs that nobody announces are looked at this often, or in 20 times the time that a look takes.
  private static let fullInterval: UInt64 = 250_000_000

  private let jobs: JobStore
  private let loop: EventLoop
  private let state = Mutex(State())
  private let hearing = Mutex<Task<Void, Never>?>(nil)

  /// A watch over a queue.
  public init(_ jobs: JobStore, on loop: EventLoop) {
    self.jobs = jobs
    self.loop = loop
  }

  /// Begins to hear announcements; without them changes are seen a quarter of a second later.
  public func start(_ signals: JobSignals) {
    let task = Task(executorPreference: loop) { [self] in
      // A listener that cannot listen leaves the looks that come anyway.
      _ = try? await signals.forWatchers { signal in
        guard case .changed(let ids) = signal else { return }
        self.state.withLock { state in
          for id in ids where state.numbers[id] != nil { state.changed.insert(id) }
        }
      }
    }
    hearing.withLock { $0 = task }
  }

  /// Ends every watch.
  public func stop() {
    hearing.withLock { $0.take() }?.cancel()
    let streams = state.withLock { state in
      state.isEnded = true
      return state.watchers.values.map(\.stream)
    }
    for stream in streams { stream.finish() }
  }

  /// The states of a job as they change, the first one soon; ends when the job is over or gone.
  ///
  /// - Returns: nil when too many watch already.
  func states(of id: JobID) -> AsyncStream<Job>? {
    let (stream, continuation) = AsyncStream.makeStream(of: Job.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    // Before the watcher is entered, so that an end that comes at once is heard.
    continuation.onTermination = { [weak self] _ in self?.remove(number) }
    let isEntered = state.withLock { state in
      guard state.watchers.count < JobWatch.watchersMost, !state.isEnded else { return false }
      state.watchers[number] = Watcher(id: id, stream: continuation)
      state.numbers[id, default: []].insert(number)
      // Somebody new has seen nothing yet.
      state.seen[id] = nil
      state.changed.insert(id)
      return true
    }
    guard isEntered else { return nil }
    let starts = state.withLock { state in
      defer { state.isLooking = true }
      return !state.isLooking
    }
    if starts { Task(executorPreference: loop) { await self.look() } }
    return stream
  }

  private func remove(_ number: Int) {
    state.withLock { state in
      guard let watcher = state.watchers.removeValue(forKey: number) else { return }
      state.numbers[watcher.id]?.remove(number)
      guard state.numbers[watcher.id]?.isEmpty == true else { return }
      state.numbers[watcher.id] = nil
      state.changed.remove(watcher.id)
      state.seen[watcher.id] = nil
    }
  }

  /// Looks as long as anybody watches.
  private func look() async {
    var lastFull: UInt64 = 0
    var interval = JobWatch.fullInterval
    while true {
      let now = EventLoop.nanoseconds
      let isFull = now &- lastFull >= interval
      let ids: [JobID]? = state.withLock { state in
        guard !state.watchers.isEmpty, !state.isEnded else {
          state.isLooking = false
          return nil
        }
        defer { state.changed = [] }
        return isFull ? Array(state.numbers.keys) : Array(state.changed)
      }
      guard let ids else { return }
      await tell(ids)
      if isFull {
        lastFull = EventLoop.nanoseconds
        interval = max(JobWatch.fullInterval, 20 * (lastFull &- now))
      }
      // Nobody cancels this task.
      try? await loop.sleep(for: JobWatch.tick)
    }
  }

  private func tell(_ ids: [JobID]) async {
    var rest = ids[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(JobWatch.jobsPerLook))
      rest = rest.dropFirst(some.count)
      // A database that is away for a moment is asked again with the next look at all.
      guard let found = try? await jobs.find(some) else { continue }
      let gone = Set(some).subtracting(found.map(\.id))
      for job in found { yield(job) }
      for id in gone { finish(id) }
    }
  }

  private func yield(_ job: Job) {
    let streams = state.withLock { state -> [AsyncStream<Job>.Continuation] in
      guard let numbers = state.numbers[job.id], state.seen[job.id] != job.revision else { return [] }
      state.seen[job.id] = job.revision
      return numbers.compactMap { state.watchers[$0]?.stream }
    }
    for stream in streams {
      stream.yield(job)
      if job.state.isOver { stream.finish() }
    }
  }

  private func finish(_ id: JobID) {
    let streams = state.withLock { state in
      (state.numbers[id] ?? []).compactMap { state.watchers[$0]?.stream }
    }
    for stream in streams { stream.finish() }
  }
}
