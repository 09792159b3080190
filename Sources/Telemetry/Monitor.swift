import Glibc

/// A state behind a lock, and a way to wait for it to change, which `Synchronization.Mutex` lacks.
///
/// Waiting is for threads of one's own, never for the cooperative pool.
final class Monitor<State: Sendable>: @unchecked Sendable {  // Sendable: the state is touched under the lock only.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // Setting the time of day must not make anybody wait longer.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Wakes everybody who waits, to look at the state again.
  func wakeAll() {
    pthread_cond_broadcast(condition)
  }

  /// Waits until the state is as wished or time is up, and says which.
  func wait(atMost timeout: Duration, until isWished: (State) -> Bool) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = timeout.components
    let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
    deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !isWished(state) {
      if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return isWished(state) }
    }
    return true
  }
}
