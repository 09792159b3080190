import Glibc
import Synchronization

/// Why the pool did not take a piece of work.
public enum WorkPoolError: Error, Sendable, CustomStringConvertible {
  /// As much waits as the pool is willing to keep; the caller should shed load.
  case full(limit: Int)
  /// The pool has been shut down.
  case closed

  /// One sentence for a log.
  public var description: String {
    switch self {
    case .full(let limit): "the work pool already has \(limit) pieces of work waiting; try again later"
    case .closed: "the work pool is closed"
    }
  }
}

/// A few threads and a bounded queue for what computes or blocks.
///
/// Routing, planning, compression, name resolution: neither an event loop nor Swift's cooperative pool ever runs such work.
public final class WorkPool: Sendable {
  private struct State {
    var waiting: [(@Sendable () -> Void)?] = []
    var head = 0
    var isClosed = false
    var threads: [pthread_t] = []

    var count: Int { waiting.count - head }

    mutating func popFirst() -> (@Sendable () -> Void)? {
      guard head < waiting.count else { return nil }
      // Taken out, so that what it captured lives no longer than its work.
      let body = waiting[head].take()
      head += 1
      if head == waiting.count || head > 1024 {
        waiting.removeFirst(head)
        head = 0
      }
      return body
    }
  }

  private let queueLimit: Int
  private let state = Mutex(State())
  private let available: Semaphore

  /// Starts the pool's threads.
  ///
  /// - Parameters:
  ///   - threads: how many pieces of work run at once.
  ///   - queueLimit: how many more may wait before `run` throws `full`.
  public init(threads: Int, queueLimit: Int) {
    precondition(threads > 0 && queueLimit > 0, "a pool needs a thread and room for work")
    self.queueLimit = queueLimit
    available = Semaphore()
    for number in 1...threads {
      guard let thread = startThread(named: "work-\(number)", { [self] in work() }) else { continue }
      state.withLock { $0.threads.append(thread) }
    }
    precondition(state.withLock { !$0.threads.isEmpty }, "the system has no thread left for the work pool")
  }

  /// How many pieces of work run at once.
  public var threadCount: Int { state.withLock { $0.threads.count } }

  /// How many pieces of work wait for a thread.
  public var waitingCount: Int { state.withLock { $0.count } }

  /// Runs a closure on one of the pool's threads and gives its result to the caller's own executor.
  ///
  /// A task cancelled before its turn comes throws `CancellationError` and its closure never runs; a closure
  /// that runs is not interrupted and should look at a stopping rule of its own.
  /// - Throws: what the closure throws, `WorkPoolError.full` or `.closed`, or `CancellationError`.
  public func run<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let isCancelled = Flag()
    return try await withTaskCancellationHandler {
      // Named here, so that the closure runs where its caller runs and not on the global pool.
      _ = isolation
      return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Result, any Error>) in
        do {
          try submit {
            if isCancelled.isRaised {
              continuation.resume(throwing: CancellationError())
            } else {
              continuation.resume(with: Swift.Result(catching: body))
            }
          }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      isCancelled.raise()
    }
  }

  /// Lets what waits finish, then ends the threads; returns when they are gone.
  public func shutdown() {
    let threads = state.withLock { state in
      state.isClosed = true
      defer { state.threads = [] }
      return state.threads
    }
    for _ in threads { available.signal() }
    for thread in threads { pthread_join(thread, nil) }
  }

  private func submit(_ body: @escaping @Sendable () -> Void) throws(WorkPoolError) {
    try state.withLock { state throws(WorkPoolError) in
      if state.isClosed { throw .closed }
      if state.count >= queueLimit { throw .full(limit: queueLimit) }
      state.waiting.append(body)
    }
    available.signal()
  }

  private func work() {
    while true {
      available.wait()
      let (body, isClosed) = state.withLock { ($0.popFirst(), $0.isClosed) }
      if let body { body() } else if isClosed { return }
    }
  }
}

/// Raised once, seen from any thread.
private final class Flag: Sendable {
  private let state = Atomic<Bool>(false)
  var isRaised: Bool { state.load(ordering: .acquiring) }
  func raise() { state.store(true, ordering: .releasing) }
}

/// A POSIX semaphore at an address that stays put.
///
/// `@unchecked Sendable` because a semaphore is made to be shared.
private final class Semaphore: @unchecked Sendable {
  private let storage = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(storage, 0, 0) }
  deinit {
    sem_destroy(storage)
    storage.deallocate()
  }

  func signal() { sem_post(storage) }
  func wait() { while sem_wait(storage) != 0 {} }
}
