import CLinux
import EventLoop
import Glibc
import Synchronization
import Telemetry

/// What all connections of a server share.
final class ConnectionService: Sendable {
  let responder: any Responder
  let settings: ServerSettings
  let patience: Patience
  let logger: Logger
  let open = Atomic<Int>(0)
  let accepted = Atomic<Int>(0)
  let refusedHeads = Atomic<Int>(0)
  let timedOut = Atomic<Int>(0)
  private let draining = Atomic<Bool>(false)

  init(responder: any Responder, settings: ServerSettings, logger: Logger) {
    self.responder = responder
    self.settings = settings
    patience = Patience(settings.timeouts)
    self.logger = logger
  }

  var isDraining: Bool { draining.load(ordering: .relaxed) }
  func startDraining() { draining.store(true, ordering: .relaxed) }
}

/// One accepted socket: reads requests, hands each to the responder, writes the answers in order.
///
/// The rule that keeps it simple: one request at a time. While its handler runs nothing further is parsed, so a
/// pipelining client is held back by TCP itself. Bytes are parsed where the kernel put them (a buffer shared by
/// the loop's connections) and copied only when a head or body is incomplete, so an idle connection holds no buffer.
actor Connection: LoopBound {
  enum Phase {
    /// Between requests: → head, responding, closed.
    case idle
    /// Part of a head has come: → responding, lingering, closed.
    case head
    /// A handler runs or its answer streams: → idle, discarding, lingering, closed.
    case responding
    /// The answer is out, the rest of the request's body is read past: → idle, lingering, closed.
    case discarding
    /// The last answer is (being) written; what still comes is thrown away: → closed.
    case lingering
    /// The descriptor is gone.
    case closed
  }

  nonisolated let loop: EventLoop
  nonisolated let peer: PeerAddress
  let service: ConnectionService
  let listener: Listener
  let descriptor: Int32

  var phase = Phase.idle
  var parser: RequestParser
  /// What was read and not taken yet, from `inputStart` on.
  var input: [UInt8] = []
  var inputStart = 0
  var output: [UInt8] = []
  var outputStart = 0
  var incoming = IncomingBody.none
  var bodyWaiter: UnsafeContinuation<[UInt8]?, any Error>?
  /// Writers of a streamed answer that wait for the peer to take what is written.
  var drainWaiters: [UnsafeContinuation<Void, any Error>] = []
  var owesContinue = false
  var isProcessing = false
  var isStreaming = false
  /// The kernel has, or may have, bytes that were not read yet.
  var hasUnread = false
  var peerHasFinished = false
  /// The request that waits for somebody to answer it.
  var unanswered: Request?
  /// Who answers the current request, once somebody does.
  var worker: RequestWorker?
  var requestStarted: UInt64 = 0
  var bodyReceived = 0
  var writeStarted: UInt64 = 0
  var written = 0

  private var registration: Registration?
  private(set) var deadlines = Deadlines()
  private var timer: Timer?
  private var timerDue = Deadlines.never

  init(descriptor: Int32, peer: PeerAddress, service: ConnectionService, listener: Listener) {
    self.descriptor = descriptor
    self.peer = peer
    self.service = service
    self.listener = listener
    loop = listener.loop
    parser = RequestParser(limits: service.settings.limits)
  }

  /// Begins to watch the socket; the loop keeps the connection alive until it closes.
  func start() {
    do {
      registration = try loop.register(descriptor, interest: [.read, .write], trigger: .edge) { [self] readiness in
        onLoop(readiness, Connection.ready)
      }
      setDeadline(.idle, after: service.patience.head)
    } catch {
      service.logger.warning("connection not watched", ["error": .string("\(error)")])
      tearDown()
    }
  }

  /// Lets the current request finish and takes no other; an idle connection closes at once.
  func drain() {
    switch phase {
    case .idle, .head: tearDown()
    case .responding where isStreaming: worker?.cancel()
    default: break
    }
  }

  private static let ready: @Sendable (isolated Connection, Readiness) -> Void = { $0.ready($1) }

  private func ready(_ readiness: Readiness) {
    if readiness.contains(.failed) {
      tearDown()
      return
    }
    if readiness.contains(.peerClosed) {
      peerHasFinished = true
      // Somebody who follows a stream has nothing to say; that side closed means nobody follows any more.
      if isStreaming { worker?.cancel() }
    }
    if readiness.contains(.writable), outputStart < output.count { flush() }
    if readiness.contains(.readable) {
      hasUnread = true
      readAvailable()
    }
  }

  /// Closes the socket and wakes whoever waits for it; the handler's task is cancelled.
  func tearDown() {
    guard phase != .closed else { return }
    phase = .closed
    if let registration { loop.deregister(registration) }
    registration = nil
    close(descriptor)
    if let timer { loop.cancel(timer) }
    timer = nil
    unanswered = nil
    worker?.cancel()
    worker = nil
    input = []
    output = []
    outputStart = 0
    bodyWaiter.take()?.resume(throwing: ConnectionError.peerGone)
    for waiter in drainWaiters { waiter.resume(throwing: ConnectionError.peerGone) }
    drainWaiters = []
    listener.assumeIsolated { $0.forget(self) }
  }

  // MARK: Deadlines

  /// Sets a deadline so many nanoseconds from the beginning of this turn of the loop.
  func setDeadline(_ kind: Deadlines.Kind, after nanoseconds: UInt64) {
    setDeadline(kind, at: loop.turnNanoseconds &+ nanoseconds)
  }

  func setDeadline(_ kind: Deadlines.Kind, at time: UInt64) {
    deadlines[kind] = time
    // A timer that is due too early finds nothing expired and sets itself anew: cheaper than moving it per request.
    if time < timerDue { armTimer(at: time) }
  }

  func clearDeadline(_ kind: Deadlines.Kind) {
    deadlines[kind] = Deadlines.never
  }

  private func armTimer(at time: UInt64) {
    if let timer { loop.cancel(timer) }
    let now = EventLoop.nanoseconds
    timerDue = time
    timer = loop.schedule(after: .nanoseconds(Int64(time > now ? time - now : 0))) { [self] in
      assumeIsolated { $0.timerFired() }
    }
  }

  private func timerFired() {
    timer = nil
    timerDue = Deadlines.never
    while phase != .closed, let kind = deadlines.takeExpired(at: EventLoop.nanoseconds) { expire(kind) }
    guard phase != .closed, deadlines.earliest != Deadlines.never else { return }
    armTimer(at: deadlines.earliest)
  }

  /// How long a cancelled handler has to give an answer after all.
  private static let heedNanoseconds: UInt64 = 10_000_000_000

  private func expire(_ kind: Deadlines.Kind) {
    if kind != .idle && kind != .linger { service.timedOut.add(1, ordering: .relaxed) }
    switch kind {
    case .idle where phase == .idle, .linger, .write: tearDown()
    case .idle: break
    case .head:
      refuse(.requestTimeout, "the request's head took too long; send it whole within the time limit")
    case .body:
      if bodyWaiter != nil { breakBody(.bodyTooSlow) } else if phase == .discarding { tearDown() }
    case .handler:
      worker?.cancel()
      // A handler that does not heed its cancellation must not hold the connection for ever.
      setDeadline(.linger, after: Connection.heedNanoseconds)
    }
  }
}

/// Why a body could not be read or an answer not be written to its end.
enum ConnectionError: Error, ProblemConvertible {
  case peerGone
  case bodyTooSlow
  case bodyMalformed(HTTPParseError)

  var problem: Problem {
    switch self {
    case .peerGone:
      Problem(.badRequest, detail: "the client closed the connection before the request's body was complete")
    case .bodyTooSlow:
      Problem(.requestTimeout, detail: "the request's body came too slowly; send it whole within the time limit")
    case .bodyMalformed(let error): error.problem
    }
  }
}
