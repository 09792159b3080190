import Foundation
public import Testing

/// Has tests that reckon for seconds run on threads of their own, below all others.
///
/// The pool that tests share has as many threads as there are processors. What never lets go of one would keep those from going on
/// that wait for servers, with a limit to their patience.
public struct Heavy: SuiteTrait, TestTrait, TestScoping {
  /// Every test of a suite.
  public var isRecursive: Bool { true }

  /// Runs a test.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(HeavyThreads.shared) { try await function() }
  }
}

extension Trait where Self == Heavy {
  /// For tests that reckon for seconds without waiting for anything.
  public static var heavy: Heavy { Heavy() }
}

/// Two threads that take jobs in turn; the condition guards all that changes.
private final class HeavyThreads: TaskExecutor, @unchecked Sendable {
  static let shared = HeavyThreads(count: 2)

  /// Tells of new jobs.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  private init(count: Int) {
    for _ in 0..<count { Thread { [self] in run() }.start() }
  }

  private func run() -> Never {
    // On Linux it is the thread's alone.
    _ = nice(10)
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let job = jobs.removeFirst()
      condition.unlock()
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }
}
