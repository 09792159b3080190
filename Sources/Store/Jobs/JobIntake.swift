import EventLoop
import Synchronization

/// Takes jobs one at a time and stores those that come close together with one statement and one commit.
///
/// Whoever comes while the database is busy with others waits for the next round trip, never longer; alone, a job is
/// stored at once. Each caller hears of its own job only when that is stored, and a job that the database refuses
/// takes no other down with it.
public final class JobIntake: Sendable {
  private typealias Answer = Result<Submission, any Error>

  private struct Waiter {
    let job: NewJob
    let answer: CheckedContinuation<Answer, Never>
  }

  private struct State {
    var waiting: [Waiter] = []
    var flights = 0
    var waitingBytes = 0
    var pace = AnnouncementPace()
  }

  /// The most jobs that wait; who comes then is told to come again.
  public static let waitingMost = 10_000
  /// The most bytes of payloads that wait.
  public static let waitingBytesMost = 64 << 20
  private static let batchMost = 500
  private static let batchBytesMost = 4 << 20
  /// Round trips under way at once: while one waits for the disk, the next is read.
  private static let flightsMost = 2

  private let jobs: JobStore
  private let state = Mutex(State())

  /// An intake to a queue.
  public init(_ jobs: JobStore) { self.jobs = jobs }

  /// Stores a job and tells workers of it; once this returns, it is safe.
  ///
  /// A caller that is cancelled still waits for the answer: what it asked for is on its way.
  /// - Throws: `JobRefusal` or `StoreError`.
  public func submit(_ job: NewJob) async throws -> Submission {
    let answer = await withCheckedContinuation { (answer: CheckedContinuation<Answer, Never>) in
      let (isRoom, starts) = state.withLock { state in
        guard state.waiting.count < JobIntake.waitingMost, state.waitingBytes < JobIntake.waitingBytesMost else {
          return (false, false)
        }
        state.waitingBytes += job.payload.utf8.count
        state.waiting.append(Waiter(job: job, answer: answer))
        guard state.flights < JobIntake.flightsMost else { return (true, false) }
        state.flights += 1
        return (true, true)
      }
      guard isRoom else {
        return answer.resume(
          returning: .failure(StoreError.overloaded(reason: "too many jobs wait to be stored already")))
      }
      // A task of its own: were it the caller's, its end would be the end for all who wait with it.
      if starts { Task(executorPreference: EventLoop.current) { await self.fly() } }
    }
    return try answer.get()
  }

  /// Stores what waits, until nothing does.
  private func fly() async {
    while true {
      let batch = state.withLock { state in
        var bytes = 0
        let batch = Array(
          state.waiting.prefix(JobIntake.batchMost).prefix { waiter in
            defer { bytes += waiter.job.payload.utf8.count }
            return bytes < JobIntake.batchBytesMost
          })
        state.waiting.removeFirst(batch.count)
        state.waitingBytes -= batch.reduce(0) { $0 + $1.job.payload.utf8.count }
        if batch.isEmpty { state.flights -= 1 }
        return batch
      }
      if batch.isEmpty { return }
      await store(batch)
    }
  }

  private func store(_ batch: [Waiter]) async {
    let queues = Set(batch.map(\.job.queue)).sorted()
    let loop = EventLoop.current
    // Without a loop nobody could announce later.
    let announced = queues.filter { queue in
      loop == nil || state.withLock { $0.pace.takesTurn(queue, now: EventLoop.nanoseconds) }
    }
    do {
      let submissions = try await jobs.submit(batch.map(\.job), announcing: announced)
      if let loop { announceLater(queues.filter { !announced.contains($0) }, on: loop) }
      for (waiter, submission) in zip(batch, submissions) { waiter.answer.resume(returning: .success(submission)) }
    } catch {
      guard batch.count > 1, JobIntake.isAboutOne(error) else {
        for waiter in batch { waiter.answer.resume(returning: .failure(error)) }
        return
      }
      // One of them cannot be stored, and the database does not say which: nothing was stored, so each half goes alone.
      let middle = batch.count / 2
      await store(Array(batch[..<middle]))
      await store(Array(batch[middle...]))
    }
  }

  /// Announces queues whose turn had not come when their jobs were stored.
  ///
  /// Only once they are: who is told before would look and find nothing.
  private func announceLater(_ queues: [String], on loop: EventLoop) {
    for queue in queues {
      guard let delay = state.withLock({ $0.pace.delay(of: queue, now: EventLoop.nanoseconds) }) else { continue }
      Task(executorPreference: loop) {
        // Cancelled by nobody; workers look by themselves once a second if it fails.
        try? await loop.sleep(for: .nanoseconds(Int64(delay)))
        self.state.withLock { $0.pace.announced(queue, now: EventLoop.nanoseconds) }
        try? await self.jobs.announce(queue)
      }
    }
  }

  private static func isAboutOne(_ error: any Error) -> Bool {
    if error is JobRefusal { return true }
    if case StoreError.faulty = error { return true }
    return false
  }
}
