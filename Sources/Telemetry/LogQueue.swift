import Glibc

/// The buffer behind a ``LogSink`` and the thread that empties it.
///
/// Two buffers take turns: callers fill one while the thread writes the other, so memory is bounded by twice the limit.
final class LogQueue: Sendable {
  private struct State: Sendable {
    var pending: [UInt8] = []
    var pendingLines = 0
    /// Dropped since the last report, and in all.
    var dropped = 0
    var droppedTotal = 0
    /// Dropped lines whose report is being written, and may yet fail.
    var reporting = 0
    var isUrgent = false
    var isClosing = false
    /// Lines taken in and lines written or given up: a flush waits for the one to reach the other.
    var appended = 0
    var settled = 0
  }

  private static let flushInterval = Duration.milliseconds(100)
  private static let idleWait = Duration.seconds(10)

  private let monitor = Monitor(State())
  private let descriptor: Int32
  private let bytesMax: Int
  private let dropReport: @Sendable (Int) -> [UInt8]

  init(descriptor: Int32, bytesMax: Int, dropReport: @escaping @Sendable (Int) -> [UInt8]) {
    self.descriptor = descriptor
    self.bytesMax = bytesMax
    self.dropReport = dropReport
  }

  var droppedTotal: Int { monitor.withLock { $0.droppedTotal } }

  func append(_ line: [UInt8], isUrgent: Bool) {
    let mustWake = monitor.withLock { state in
      guard state.pending.count + line.count <= bytesMax else {
        state.dropped += 1
        state.droppedTotal += 1
        return false
      }
      let wasIdle = state.pending.isEmpty
      state.pending += line
      state.pendingLines += 1
      state.appended += 1
      let becameUrgent = isUrgent && !state.isUrgent
      state.isUrgent = state.isUrgent || isUrgent
      return wasIdle || becameUrgent
    }
    if mustWake { monitor.wakeAll() }
  }

  func flush(timeout: Duration) -> Bool {
    let target = monitor.withLock { state in
      state.isUrgent = true
      return state.appended
    }
    monitor.wakeAll()
    return monitor.wait(atMost: timeout) { $0.settled >= target && $0.dropped + $0.reporting == 0 }
  }

  /// Lets the thread end once it has written what is there.
  func close() {
    monitor.withLock { $0.isClosing = true }
    monitor.wakeAll()
  }

  func start() {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<LogQueue>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    precondition(result == 0, "the log thread could not be started: error \(result)")
    pthread_detach(thread)
  }

  private func run() {
    // Signals belong to other threads; a closed pipe then answers with EPIPE instead of ending the process.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var batch: [UInt8] = []
    var isClosing = false
    while !isClosing {
      let hasWork = monitor.wait(atMost: Self.idleWait) { $0.pendingLines > 0 || $0.dropped > 0 || $0.isClosing }
      if !hasWork { continue }
      _ = monitor.wait(atMost: Self.flushInterval) { $0.isUrgent || $0.isClosing }
      isClosing = writeBatch(&batch)
    }
  }

  /// Takes what is there and writes it; true if the queue was closed and this was the last of it.
  private func writeBatch(_ batch: inout [UInt8]) -> Bool {
    batch.removeAll(keepingCapacity: true)
    let taken = monitor.withLock { state in
      swap(&state.pending, &batch)
      state.reporting = state.dropped
      defer { (state.pendingLines, state.dropped, state.isUrgent) = (0, 0, false) }
      return (lines: state.pendingLines, dropped: state.dropped, isClosing: state.isClosing)
    }
    let hasReport = taken.dropped > 0
    if hasReport { batch += dropReport(taken.dropped) }
    let written = batch.withUnsafeBytes { write($0) }
    let lost = batch[written...].count { $0 == UInt8(ascii: "\n") }
    let isReportLost = hasReport && lost > 0
    let lostLines = isReportLost ? lost - 1 : lost
    monitor.withLock { state in
      state.settled += taken.lines
      state.droppedTotal += lostLines
      state.reporting = 0
      state.dropped += lostLines + (isReportLost ? taken.dropped : 0)
    }
    monitor.wakeAll()
    return taken.isClosing
  }

  /// Writes all it can; fewer bytes than given mean that the descriptor takes no more.
  private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    var written = 0
    while written < bytes.count, let start = bytes.baseAddress {
      let count = Glibc.write(descriptor, start + written, bytes.count - written)
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let isReady = poll(&wait, 1, 1000) > 0
        if !isReady, monitor.withLock({ $0.isClosing }) { break }
      } else if errno != EINTR {
        break
      }
    }
    return written
  }
}
