import CLinux
import EventLoop
import Glibc
import Synchronization
import Telemetry

/// One loop's share of a server: accepts connections on the loop and keeps what they share.
actor Listener: LoopBound {
  nonisolated let loop: EventLoop
  let service: ConnectionService
  /// Where the loop's connections read into: only on the loop, and never held across a wait.
  nonisolated(unsafe) let scratch: UnsafeMutableRawBufferPointer
  /// Where the loop's connections put small answers together until they leave.
  nonisolated(unsafe) let answerScratch: UnsafeMutableBufferPointer<UInt8>
  /// None once it has stopped: their numbers are then somebody else's.
  private var sockets: [ListeningSocket]
  private var registrations: [Registration] = []
  private var connections: [Int32: Connection] = [:]
  private var dateValue: [UInt8] = []
  private var dateSecond = 0
  private var dateTurn: UInt64 = 0
  private var isPaused = false
  private var isDraining = false
  private var parkedWorkers: [RequestWorker] = []
  /// Who waits for a worker, and whether one is on its way.
  var line = RequestWorker.Line()
  var isWorkerCalled = false
  /// What leaves once the jobs that are queued have run.
  var batch = AnswerBatch()
  private var emptyWaiters: [UnsafeContinuation<Void, Never>] = []

  private static let acceptsPerTurn = 64
  /// As many tasks are kept for further requests; more are made where more requests wait at once.
  private static let parkedWorkersMax = 256
  private static let scratchBytes = 64 * 1024
  private static let answerScratchBytes = 32 * 1024

  init(sockets: [ListeningSocket], loop: EventLoop, service: ConnectionService) {
    self.sockets = sockets
    self.loop = loop
    self.service = service
    scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Listener.scratchBytes, alignment: 64)
    answerScratch = .allocate(capacity: Listener.answerScratchBytes)
  }

  deinit {
    scratch.deallocate()
    answerScratch.deallocate()
  }

  var connectionCount: Int { connections.count }

  /// Begins to accept.
  func start() throws(EventLoopError) {
    for socket in sockets {
      registrations.append(
        try loop.register(socket.descriptor, interest: .read, trigger: .level) { [self] _ in
          assumeIsolated { $0.accept(from: socket.descriptor) }
        })
    }
  }

  /// Stops accepting, ends idle connections, and returns when the others are done or `limit` has passed; more than once does
  /// no harm.
  func drain(within limit: Duration) async {
    stopAccepting()
    guard !connections.isEmpty else { return }
    let timer = loop.schedule(after: limit) { [self] in assumeIsolated { $0.closeAll() } }
    await withUnsafeContinuation { continuation in
      // Looked at again, because a turn of the loop may lie between the guard above and this.
      if connections.isEmpty { continuation.resume() } else { emptyWaiters.append(continuation) }
    }
    loop.cancel(timer)
  }

  private func stopAccepting() {
    isDraining = true
    for worker in parkedWorkers { worker.wake() }
    parkedWorkers = []
    for registration in registrations { loop.deregister(registration) }
    registrations = []
    for socket in sockets { close(socket.descriptor) }
    sockets = []
    for connection in Array(connections.values) { connection.assumeIsolated { $0.drain() } }
  }

  func forget(_ connection: Connection) {
    connections[connection.descriptor] = nil
    service.open.subtract(1, ordering: .relaxed)
    if isPaused { resumeAccepting() }
    guard connections.isEmpty else { return }
    for waiter in emptyWaiters { waiter.resume() }
    emptyWaiters = []
  }

  /// Whether a worker that has answered is kept for the next request.
  var hasRoomForParkedWorker: Bool { !isDraining && parkedWorkers.count < Listener.parkedWorkersMax }

  func keepParked(_ worker: RequestWorker) { parkedWorkers.append(worker) }

  func takeParkedWorker() -> RequestWorker? { parkedWorkers.popLast() }

  /// The value of the `Date` field, formatted once a second.
  var date: [UInt8] {
    // All answers of one turn may say the same.
    if loop.turnNanoseconds == dateTurn { return dateValue }
    dateTurn = loop.turnNanoseconds
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    if now.tv_sec != dateSecond {
      dateSecond = now.tv_sec
      dateValue = HTTPDate.format(now.tv_sec)
    }
    return dateValue
  }

  private func closeAll() {
    service.logger.warning("connections cut off at shutdown", ["connections": .int(connections.count)])
    for connection in Array(connections.values) { connection.assumeIsolated { $0.tearDown() } }
  }

  private func accept(from listener: Int32) {
    for _ in 0..<Listener.acceptsPerTurn {
      guard service.open.load(ordering: .relaxed) < service.settings.connectionsMax else { return pauseAccepting() }
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let descriptor = withUnsafeMutablePointer(to: &storage) { pointer in
        wayfare_accept(listener, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
      }
      if descriptor >= 0 {
        admit(descriptor, PeerAddress(storage))
      } else if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM {
        service.logger.error(
          "no descriptor left for a connection; raise the limit of open files", ["errno": .int(Int(errno))])
        return pauseAccepting()
      } else if errno != ECONNABORTED && errno != EINTR {
        return
      }
    }
  }

  private func admit(_ descriptor: Int32, _ peer: PeerAddress) {
    service.open.add(1, ordering: .relaxed)
    service.accepted.add(1, ordering: .relaxed)
    let connection = Connection(descriptor: descriptor, peer: peer, service: service, listener: self)
    connections[descriptor] = connection
    connection.assumeIsolated { $0.start() }
  }

  /// Leaves further connections in the kernel's backlog until one ends, or for a tenth of a second.
  private func pauseAccepting() {
    guard !isPaused else { return }
    isPaused = true
    for registration in registrations { loop.update(registration, interest: []) }
    _ = loop.schedule(after: .milliseconds(100)) { [self] in assumeIsolated { $0.resumeAccepting() } }
  }

  private func resumeAccepting() {
    guard isPaused else { return }
    isPaused = false
    for registration in registrations { loop.update(registration, interest: .read) }
  }
}
