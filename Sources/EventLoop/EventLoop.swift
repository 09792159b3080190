import CLinux
import Glibc
import Synchronization

/// One thread around one epoll: it watches descriptors, fires timers, and executes the tasks and actors bound to it.
///
/// Jobs enqueued from the loop's own thread go to a queue without a lock; those from elsewhere go to a locked
/// inbox and wake the loop through an eventfd, once per batch. Each turn drains what is queued (bounded, so that
/// jobs that enqueue jobs cannot starve sockets), fires due timers, then waits for descriptors.
public final class EventLoop: SerialExecutor, TaskExecutor {
  /// What only the loop's own thread may touch.
  struct Confined {
    var jobs = JobQueue()
    var drained: [UnownedJob] = []
    /// What is to be done once the queued jobs have run.
    var endings: [@Sendable () -> Void] = []
    var timers: TimerWheel
    var watched: [WatchedDescriptor?] = []
    var generationCounter: UInt32 = 0
    /// When the events of this turn were taken from the kernel.
    var turnStarted = EventLoop.nanoseconds

    var hasWork: Bool { !jobs.isEmpty || !endings.isEmpty }
  }

  /// What other threads leave for the loop.
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var isStopping = false
  }

  let confined: LoopConfined<Confined>
  let epoll: Int32
  private let wakeUp: Int32
  private let inbox = Mutex(Inbox())
  private let threadIdentity = Atomic<UInt>(0)
  private let turnMicroseconds = Atomic<Int>(0)
  private let thread = Mutex<pthread_t?>(nil)

  /// The most jobs that run before sockets are looked at again.
  private static let jobsPerTurn = 128
  private static let eventsPerTurn = 256
  /// So many events are dispatched before what they set going runs: few enough that their bytes are still in the
  /// processor's caches, and enough that who serves them serves several at a time.
  private static let eventsPerGroup = 16
  /// A wait longer than this found the loop with nothing to do.
  private static let idleNanoseconds: UInt64 = 1_000_000

  /// Starts a loop on a thread of its own.
  ///
  /// - Parameter name: the thread's name in `top -H` and debuggers; the kernel keeps 15 characters.
  /// - Throws: `EventLoopError.system` when the kernel has no descriptor or thread left.
  public init(name: String) throws(EventLoopError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw .system(call: "epoll_create1", errno) }
    wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeUp >= 0 else {
      let code = errno
      close(epoll)
      throw .system(call: "eventfd", code)
    }
    confined = LoopConfined(Confined(timers: TimerWheel(now: EventLoop.milliseconds)))
    guard
      wayfare_epoll_control(epoll, EPOLL_CTL_ADD, wakeUp, EPOLLIN.rawValue | EPOLLET.rawValue, EventLoop.wakeUpPayload)
        == 0
    else { throw giveUp("epoll_ctl") }
    guard let started = startThread(named: name, { [self] in host() }) else { throw giveUp("pthread_create") }
    thread.withLock { $0 = started }
  }

  /// Closes what a loop that cannot start has opened.
  private func giveUp(_ call: String) -> EventLoopError {
    let code = errno
    close(epoll)
    close(wakeUp)
    return .system(call: call, code)
  }

  /// The loop whose thread this is, or nil on any other thread.
  public static var current: EventLoop? {
    guard let pointer = pthread_getspecific(currentLoopKey) else { return nil }
    return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Whether the caller runs on this loop's thread.
  @inline(__always)
  public var isCurrent: Bool { threadIdentity.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// How long the last turn kept other work waiting, in microseconds: the queueing delay that load shedding reads.
  ///
  /// Everything counts that the loop did between two waits: watchers, jobs and timers. It is 0 after a rest.
  public var lagMicroseconds: Int { turnMicroseconds.load(ordering: .relaxed) }

  /// Runs a closure on the loop, soon; from any thread.
  public func execute(_ body: @escaping @Sendable () -> Void) {
    Task(executorPreference: self) { body() }
  }

  /// Runs a closure on the loop once the jobs that are queued have run, and before sockets are looked at again: for what
  /// several of them leave to be done together.
  ///
  /// - Precondition: the caller is on the loop.
  public func afterJobs(_ body: @escaping @Sendable () -> Void) {
    precondition(isCurrent, "what follows jobs is left by those that run on the loop")
    confined.value.endings.append(body)
  }

  /// Ends the loop once everything already enqueued has run; returns when its thread is gone.
  ///
  /// Must not be called on the loop itself. Descriptors still registered are forgotten, not closed.
  public func shutdown() {
    precondition(!isCurrent, "a loop cannot wait for its own end")
    guard let thread = thread.withLock({ $0.take() }) else { return }
    inbox.withLock { $0.isStopping = true }
    wake()
    pthread_join(thread, nil)
    close(epoll)
    close(wakeUp)
  }

  // MARK: Executor

  /// Takes a job from Swift's runtime, from any thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    if isCurrent {
      confined.value.jobs.append(unowned)
      return
    }
    let wasEmpty = inbox.withLock { inbox in
      inbox.jobs.append(unowned)
      return inbox.jobs.count == 1
    }
    if wasEmpty { wake() }
  }

  /// The loop as executor of actors.
  public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// The loop as executor of tasks that prefer it.
  public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

  /// Stops the process when called off the loop: somebody assumed an isolation that is not there.
  public func checkIsolated() {
    precondition(isCurrent, "called off the event loop that owns this state")
  }

  /// Whether the caller may touch what the loop owns.
  public func isIsolatingCurrentContext() -> Bool? { isCurrent }

  // MARK: The turn

  private static let wakeUpPayload = UInt64.max

  /// The thread's body: all turns happen inside one job of an actor on this loop.
  ///
  /// Swift's runtime notes per thread which executor runs; only inside a job does it know that a watcher or timer
  /// called from here is on the loop, and resumes on the loop a task that one of them starts at once.
  private func host() {
    threadIdentity.store(UInt(pthread_self()), ordering: .releasing)
    pthread_setspecific(EventLoop.currentLoopKey, Unmanaged.passUnretained(self).toOpaque())
    let driver = Driver(loop: self)
    Task(executorPreference: self) { await driver.run() }
    // The first job finds its way to the actor; the second is the actor's, and returns when the loop has ended.
    while let job = confined.value.jobs.popFirst() {
      job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }
  }

  private actor Driver: LoopBound {
    nonisolated let loop: EventLoop

    init(loop: EventLoop) { self.loop = loop }

    func run() { loop.run() }
  }

  private func run() {
    let capacity = EventLoop.eventsPerTurn
    let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
    defer { events.deallocate() }
    var isStopping = false
    while true {
      var budget = EventLoop.jobsPerTurn
      isStopping = drainInbox() || isStopping
      runJobs(&budget)
      fireTimers()
      let hasWork = confined.value.hasWork
      if isStopping && !hasWork { return }
      let count = wait(events, Int32(capacity), atMost: hasWork || isStopping ? 0 : waitMilliseconds())
      for index in 0..<max(0, Int(count)) {
        dispatch(events[index])
        if index % EventLoop.eventsPerGroup == EventLoop.eventsPerGroup - 1 { runJobs(&budget) }
      }
      runJobs(&budget)
    }
  }

  /// Waits for descriptors; a turn lasts from one wait's end to the next one's beginning.
  private func wait(_ events: UnsafeMutablePointer<epoll_event>, _ capacity: Int32, atMost milliseconds: Int32) -> Int32
  {
    let ended = EventLoop.nanoseconds
    turnMicroseconds.store(Int((ended &- confined.value.turnStarted) / 1000), ordering: .relaxed)
    let count = epoll_wait(epoll, events, capacity, milliseconds)
    let started = EventLoop.nanoseconds
    confined.value.turnStarted = started
    // Where the loop had to wait for its events, nothing of what they bring has waited for the loop.
    if started &- ended > EventLoop.idleNanoseconds { turnMicroseconds.store(0, ordering: .relaxed) }
    return count
  }

  private func drainInbox() -> Bool {
    let isStopping = inbox.withLock { inbox in
      // The two arrays trade places, so that neither side allocates in the steady state.
      swap(&inbox.jobs, &confined.value.drained)
      return inbox.isStopping
    }
    for job in confined.value.drained { confined.value.jobs.append(job) }
    confined.value.drained.removeAll(keepingCapacity: true)
    return isStopping
  }

  private func runJobs(_ budget: inout Int) {
    let serial = asUnownedSerialExecutor()
    let tasks = asUnownedTaskExecutor()
    while confined.value.hasWork {
      while budget > 0, let job = confined.value.jobs.popFirst() {
        job.runSynchronously(isolatedTo: serial, taskExecutor: tasks)
        budget -= 1
      }
      runEndings()
      // Endings may bring jobs, and those endings: they are counted, too.
      guard budget > 0 else { return }
      budget -= 1
    }
  }

  private func runEndings() {
    guard !confined.value.endings.isEmpty else { return }
    let endings = confined.value.endings
    confined.value.endings = []
    for ending in endings { ending() }
  }

  private func fireTimers() {
    guard confined.value.timers.count > 0 else { return }
    let now = EventLoop.milliseconds
    while let body = confined.value.timers.popDue(at: now) { body() }
  }

  private func waitMilliseconds() -> Int32 {
    guard let due = confined.value.timers.nextWake else { return -1 }
    let now = EventLoop.milliseconds
    return due <= now ? 0 : Int32(min(due - now, 60_000))
  }

  private func dispatch(_ event: epoll_event) {
    let payload = event.data.u64
    if payload == EventLoop.wakeUpPayload {
      var count: UInt64 = 0
      _ = read(wakeUp, &count, 8)
      return
    }
    notifyWatcher(payload: payload, events: event.events)
  }

  private func wake() {
    var one: UInt64 = 1
    // The write can only fail when the counter is full, and then the loop is awake already.
    _ = write(wakeUp, &one, 8)
  }

  // MARK: Time

  /// The monotonic clock, in nanoseconds.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// The monotonic clock as it stood when the current turn began, in nanoseconds: for what need not be exact, such as
  /// a deadline many seconds away.
  ///
  /// - Precondition: the caller is on the loop.
  public var turnNanoseconds: UInt64 {
    precondition(isCurrent, "a turn's time is for those who are part of it")
    return confined.value.turnStarted
  }

  static var milliseconds: UInt64 { nanoseconds / 1_000_000 }

  private static let currentLoopKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()
}
