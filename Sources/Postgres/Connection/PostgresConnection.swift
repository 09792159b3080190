import CPostgres
public import EventLoop
import Glibc

/// One connection, in pipeline mode for all its life.
///
/// Calls from several tasks share the wire: each statement has a Sync of its own, so that they are answered in
/// order and one that fails does not take the others along. Nothing blocks a thread. A cancelled task cancels
/// its statement on the server, and no other statement is sent before that is known to be over.
///
/// This file is the shell around three pure values: `FlightQueue` (what may go out), `FlightPlanner` (how), and
/// libpq's handle, which does it.
public actor PostgresConnection: LoopBound {
  /// The loop it lives on.
  public nonisolated let loop: EventLoop
  /// How it was connected.
  public nonisolated let settings: PostgresSettings
  let workPool: WorkPool
  var handle: LibpqHandle?
  var watch: SocketWatch?
  var queue: FlightQueue
  var planner: FlightPlanner
  /// Why no more statements are taken.
  private(set) var ending: PostgresError?
  var flightCounter: UInt64 = 0
  private var watchdog: Timer?
  /// When the server last said something, or was last given something to do after it had nothing.
  private var lastSignOfLife: UInt64 = 0
  private var settleWaiters: [UnsafeContinuation<Void, Never>] = []
  var exclusiveWaiters = Fifo<UnsafeContinuation<Void, Never>>()
  var isExclusiveFree = true
  private var endWaiters: [UnsafeContinuation<Void, Never>] = []
  private var endTimer: Timer?
  /// Called once, when the connection ends on its own or is closed.
  private var onEnd: (@Sendable (PostgresError) -> Void)?
  /// Called for each notification.
  private var onNotification: (@Sendable (_ channel: String, _ payload: String, _ pid: Int32) -> Void)?

  init(settings: PostgresSettings, loop: EventLoop, workPool: WorkPool) {
    self.loop = loop
    self.settings = settings
    self.workPool = workPool
    queue = FlightQueue(depth: settings.pipelineDepth, limit: settings.pipelineQueueLimit)
    planner = FlightPlanner(
      isPooled: settings.pooler == .transactionPooler, defaults: settings.timeouts,
      statements: StatementCache(limit: settings.statementCacheLimit))
  }

  /// Whether a pooler stands between this and the server.
  public var isPooled: Bool { planner.isPooled }

  /// The server process, or a number the pooler made up.
  public var serverProcess: Int32 { handle?.backendPID ?? 0 }

  var isAlive: Bool { ending == nil && handle != nil }

  /// Runs a statement and gives its rows.
  ///
  /// - Throws: `PostgresError`, or `CancellationError` once the server has stopped the statement.
  public func query(_ sql: SQL, timeouts: Timeouts? = nil) async throws -> Rows {
    try await run(Request(sql: sql, setting: .standalone(timeouts)))
  }

  /// Runs several statements in one flight of messages; each succeeds or fails for itself.
  ///
  /// - Throws: `CancellationError` if the task was cancelled before; what becomes of a statement is in its result.
  public func pipeline(_ statements: [SQL]) async throws -> [Result<Rows, any Error>] {
    try await run(statements.map { Request(sql: $0, setting: .standalone(nil)) })
  }

  /// Runs several statements as one transaction in one round trip; all or none take place.
  ///
  /// - Throws: `PostgresError` of the first that failed, or `CancellationError` once the server has stopped it.
  public func atomically(_ statements: [SQL], timeouts: Timeouts? = nil) async throws -> [Rows] {
    try await run(together: statements, .atomic(timeouts))
  }

  /// Ends the connection; what is under way throws `PostgresError.closed`.
  public func close() { end(.closed) }

  /// Sets what is called when the connection ends; at once if it has.
  func whenEnded(_ body: @escaping @Sendable (PostgresError) -> Void) {
    if let ending { body(ending) } else { onEnd = body }
  }

  /// Waits until the connection ends, or for a while.
  func waitForEnd(upTo limit: Duration) async {
    await withUnsafeContinuation { continuation in
      guard ending == nil else { return continuation.resume() }
      endWaiters.append(continuation)
      endTimer = loop.schedule(after: limit) { self.assumeIsolated { $0.resumeEndWaiters() } }
    }
  }

  private func resumeEndWaiters() {
    if let endTimer { loop.cancel(endTimer) }
    endTimer = nil
    let waiters = endWaiters
    endWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  /// Sets what is called for each notification.
  func whenNotified(_ body: @escaping @Sendable (_ channel: String, _ payload: String, _ pid: Int32) -> Void) {
    onNotification = body
  }

  // MARK: Flights

  /// Runs several statements in one flight with one Sync: the first that fails has the rest passed over.
  func run(together statements: [SQL], _ setting: Request.Setting) async throws -> [Rows] {
    guard let last = statements.last else { return [] }
    let answers = try await fly(Request(sql: last, setting: setting, earlier: Array(statements.dropLast())))
    guard answers.count == statements.count else { throw PostgresError.noAnswer }
    return answers.map { Rows($0) }
  }

  func run(_ request: Request) async throws -> Rows {
    guard let result = try await fly(request).last else { throw PostgresError.noAnswer }
    return Rows(result)
  }

  /// Runs a statement to its end, whether or not the task is cancelled: what cleans up must not be skipped.
  @discardableResult
  func runShielded(_ sql: SQL) async throws -> Rows {
    let (_, answer) = launch(Request(sql: sql, setting: .inTransaction(nil)))
    guard let result = try await answer.shieldedValue().last else { throw PostgresError.noAnswer }
    return Rows(result)
  }

  /// One round trip without a statement; ends the connection when it takes too long.
  func probe(within limit: Duration) async throws {
    let timer = loop.schedule(after: limit) { self.assumeIsolated { $0.end(.timeout(.silence)) } }
    defer { loop.cancel(timer) }
    _ = try await fly(Request(sql: "", setting: .probe))
  }

  private func fly(_ request: Request) async throws -> [ResultHandle] {
    try Task.checkCancellation()
    let (id, answer) = launch(request)
    return try await answer.value { [self] in loop.execute { self.assumeIsolated { $0.cancel(id) } } }
  }

  /// Queues a request and sends what may be sent.
  private func launch(_ request: Request) -> (id: UInt64, answer: Answer<[ResultHandle]>) {
    let answer = Answer<[ResultHandle]>()
    flightCounter += 1
    start(Flight(id: flightCounter, request: request) { answer.complete($0) })
    pump()
    return (flightCounter, answer)
  }

  func run(_ requests: [Request]) async throws -> [Result<Rows, any Error>] {
    try Task.checkCancellation()
    guard !requests.isEmpty else { return [] }
    let first = flightCounter + 1
    let answers = FlightAnswers(count: requests.count)
    for (index, request) in requests.enumerated() {
      flightCounter += 1
      start(Flight(id: flightCounter, request: request) { answers.take($0, at: index) })
    }
    let last = flightCounter
    pump()
    return try await answers.all.value { [self] in
      loop.execute { self.assumeIsolated { for id in first...last { $0.cancel(id) } } }
    }
  }

  private func start(_ flight: Flight) {
    if let ending { return flight.completion(.failure(ending)) }
    guard flight.request.sql.parameters.count <= 65_535 else {
      return flight.completion(
        .failure(PostgresError.misuse("a statement takes at most 65535 values; bind an array instead")))
    }
    if !queue.add(flight) { flight.completion(.failure(PostgresError.queueFull(limit: queue.limit))) }
  }

  /// Sends whatever may be sent.
  func pump() {
    guard let handle, ending == nil else { return }
    while var flight = queue.takeSendable() {
      planner.plan(&flight)
      guard send(flight, through: handle) else { return }
    }
    startExclusiveIfQuiet()
    resumeSettled()
  }

  /// Writes a flight's messages; false when the connection is lost over it.
  func send(_ flight: Flight, through handle: LibpqHandle) -> Bool {
    queue.didSend(flight)
    for step in flight.steps {
      guard handle.send(step) else {
        end(.connectionLost(reason: handle.errorMessage))
        return false
      }
    }
    guard handle.sendSync() else {
      end(.connectionLost(reason: handle.errorMessage))
      return false
    }
    armWatchdog()
    return flush()
  }

  private func flush() -> Bool {
    guard let handle else { return false }
    switch handle.flush() {
    case 0:
      watch?.listen(for: .read)
      return true
    case 1:
      watch?.listen(for: [.read, .write])
      return true
    default:
      end(.connectionLost(reason: handle.errorMessage))
      return false
    }
  }

  // MARK: Answers

  /// Hears of the socket, as long as the connection is in pipeline mode.
  func listen() {
    watch?.handler = { [weak self] readiness in self?.assumeIsolated { $0.ready(readiness) } }
    watch?.listen(for: .read)
  }

  private func ready(_ readiness: Readiness) {
    guard let handle else { return }
    if readiness.contains(.writable), !flush() { return }
    guard !readiness.isDisjoint(with: [.readable, .peerClosed, .failed]) else { return }
    let isOpen = handle.consumeInput()
    lastSignOfLife = EventLoop.nanoseconds
    readResults(handle)
    readNotifications()
    // What arrived before the end still counts: it says why the server ended the connection.
    if !isOpen { end(.connectionLost(reason: handle.errorMessage)) } else { pump() }
  }

  func readNotifications() {
    while let handle, let notification = handle.nextNotification() {
      onNotification?(notification.channel, notification.payload, notification.pid)
    }
  }

  private func readResults(_ handle: LibpqHandle) {
    var nothing = 0
    while ending == nil, !queue.sent.isEmpty, !handle.isBusy {
      guard let result = handle.nextResult() else {
        // libpq ends each statement's results with one nil; more than that means there is nothing to read.
        nothing += 1
        if nothing > 2 { return }
        continue
      }
      nothing = 0
      receive(result)
    }
    // One more nil makes libpq itself see that nothing is under way; only then does it tell the transaction's state.
    if ending == nil, queue.sent.isEmpty, !handle.isBusy { _ = handle.nextResult() }
  }

  private func receive(_ result: ResultHandle) {
    switch result.status {
    case PGRES_PIPELINE_SYNC: settle(queue.receive(.sync))
    case PGRES_PIPELINE_ABORTED: settle(queue.receive(.skipped))
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
      let error = result.serverError
      if error.sqlState == "25P03" {
        end(.timeout(.idleInTransaction))
      } else if result.isFatal || error.sqlState.isEmpty {
        end(.connectionLost(reason: error.message))
      } else {
        settle(queue.receive(.refused(error)))
      }
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      // libpq cannot leave COPY within a pipeline, so that this connection is of no more use.
      end(.misuse("COPY is not a query; use copyIn or copyOut"))
    default: settle(queue.receive(.result(result)))
    }
  }

  private func settle(_ settlement: FlightQueue.Settlement) {
    switch settlement {
    case .none: return
    case .resent(let flight):
      planner.settle(flight)
      queue.addFirst(flight.renewed)
    case .finished(let flight, let result):
      planner.settle(flight)
      if flight.isWrapped, flight.failure != nil { recover() }
      flight.completion(result)
    }
    cancelHeadIfUnwanted()
  }

  /// Ends the transaction that a wrapped statement has left behind by failing.
  private func recover() {
    flightCounter += 1
    queue.addFirst(Flight(id: flightCounter, request: Request(sql: "ROLLBACK", setting: .recovery)) { _ in })
  }

  // MARK: The end

  /// Ends a connection on which the server has been silent for longer than its own limits allow.
  private func armWatchdog() {
    guard watchdog == nil else { return }
    lastSignOfLife = EventLoop.nanoseconds
    setWatchdog(after: patience(with: queue.sent.first))
  }

  private func setWatchdog(after delay: Duration) {
    watchdog = loop.schedule(after: delay) { self.assumeIsolated { $0.checkSigns() } }
  }

  private func checkSigns() {
    watchdog = nil
    guard !queue.sent.isEmpty, ending == nil else { return }
    let silence = Duration.nanoseconds(Int64(EventLoop.nanoseconds &- lastSignOfLife))
    let limit = patience(with: queue.sent.first)
    if silence >= limit { return end(.timeout(.silence)) }
    setWatchdog(after: limit - silence)
  }

  /// How long the server may be silent over a flight: a little longer than it gives itself.
  func patience(with flight: Flight?) -> Duration {
    let limit = (flight?.request.setting.timeouts ?? settings.timeouts).statement
    return limit > .zero ? limit + .seconds(15) : .seconds(86_400)
  }

  func end(_ reason: PostgresError) {
    guard ending == nil else { return }
    ending = reason
    if let watchdog { loop.cancel(watchdog) }
    watchdog = nil
    watch?.close()
    watch = nil
    let flights = queue.removeAll()
    // Freed last: PQfinish says goodbye to the server.
    handle = nil
    for flight in flights { flight.completion(.failure(reason)) }
    while let waiter = exclusiveWaiters.popFirst() { waiter.resume() }
    resumeSettled()
    resumeEndWaiters()
    onEnd?(reason)
    onEnd = nil
    onNotification = nil
  }

  // MARK: Settling

  /// Waits until nothing is under way and ends whatever transaction is open; false when the connection is lost.
  func settle() async -> Bool {
    while ending == nil, !queue.isIdle {
      await withUnsafeContinuation { continuation in
        // Seen again here, because a turn of the loop may lie between the loop's condition and this.
        if ending != nil || queue.isIdle { continuation.resume() } else { settleWaiters.append(continuation) }
      }
    }
    guard ending == nil, let status = handle?.transactionStatus else { return false }
    if status == PQTRANS_IDLE { return true }
    _ = try? await runShielded("ROLLBACK")
    return isClean
  }

  /// Whether the connection is alive, with nothing under way and no transaction open.
  var isClean: Bool { ending == nil && queue.isIdle && handle?.transactionStatus == PQTRANS_IDLE }

  func resumeSettled() {
    guard !settleWaiters.isEmpty, queue.isIdle || ending != nil else { return }
    let waiters = settleWaiters
    settleWaiters = []
    for waiter in waiters { waiter.resume() }
  }
}
