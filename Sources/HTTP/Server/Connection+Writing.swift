import CLinux
import EventLoop
import Glibc
import Synchronization
import Telemetry

extension Connection {
  /// Gives its request to who answers it; nil where the connection has closed meanwhile.
  static let takeRequest: @Sendable (isolated Connection, RequestWorker) -> Request? = { $0.takeRequest($1) }

  private func takeRequest(_ worker: RequestWorker) -> Request? {
    guard let request = unanswered.take() else { return nil }
    self.worker = worker
    // Its time may have run out while it waited for a worker.
    if deadlines[.handler] == Deadlines.never { worker.cancel() }
    return request
  }

  /// What the answer must know of its request.
  struct Exchange: Sendable {
    let isHead: Bool
    let keepsAlive: Bool
    let version: HTTPVersion

    init(_ head: RequestHead) {
      let facts = head.facts
      isHead = facts.method == .head
      keepsAlive = facts.keepAlive
      version = facts.version
    }
  }

  /// Sends an answer whose body is there; true where it is a stream, for which `deliverStream` is to be called.
  static let deliver: @Sendable (isolated Connection, (Response, Exchange)) -> Bool = { $0.deliver($1.0, $1.1) }

  private func deliver(_ response: Response, _ exchange: Exchange) -> Bool {
    guard phase == .responding else { return false }
    clearDeadline(.handler)
    clearDeadline(.linger)
    let body: [UInt8]
    switch response.body {
    case .empty: body = []
    case .bytes(let bytes): body = bytes
    case .stream: return true
    }
    let keepsAlive = mayStayOpen(response, exchange)
    let sentBody = exchange.isHead || response.status.forbidsBody ? [] : body
    let ending = ResponseSerializer.Ending(
      keepAlive: keepsAlive, chunked: false, contentLength: body.count, version: exchange.version)
    // Its task is free for others; nothing is left to be cancelled.
    worker = nil
    if putIntoBatch(response, ending, sentBody) { return false }
    appendHead(response, ending)
    append(sentBody)
    finishAnswer(keepsAlive: keepsAlive)
    return false
  }

  /// Sends an answer whose body is a stream.
  func deliverStream(_ response: Response, _ exchange: Exchange) async {
    guard phase == .responding, case .stream(let length, let produce) = response.body else { return }
    let chunked = length == nil && exchange.version == .http11
    let keepsAlive = mayStayOpen(response, exchange) && (chunked || length != nil)
    appendHead(
      response,
      ResponseSerializer.Ending(
        keepAlive: keepsAlive, chunked: chunked, contentLength: length, version: exchange.version))
    if !exchange.isHead && !response.status.forbidsBody {
      guard await stream(length: length, chunked: chunked, produce) else { return }
    }
    finishAnswer(keepsAlive: keepsAlive)
  }

  private func mayStayOpen(_ response: Response, _ exchange: Exchange) -> Bool {
    exchange.keepsAlive && !service.isDraining && bodyCanBePassed && !asksToClose(response)
  }

  private func asksToClose(_ response: Response) -> Bool {
    response.fields.mayHoldServerFields && response.fields["Connection"]?.lowercased() == "close"
  }

  /// Runs a streaming body; false when it could not end properly and the connection is gone.
  private func stream(
    length: Int?, chunked: Bool, _ produce: @Sendable (ResponseWriter) async throws -> Void
  ) async -> Bool {
    isStreaming = true
    defer { isStreaming = false }
    flush()
    // Written bytes are counted against the promised length, since a wrong count would garble the next answer.
    let promised = StreamedLength(length)
    do {
      try await produce(
        ResponseWriter { [self] bytes in
          try promised.add(bytes.count)
          try await writeStreamed(bytes, chunked: chunked)
        })
      guard promised.isComplete else { throw StreamedLength.Mismatch() }
    } catch {
      if !(error is CancellationError), !(error is ConnectionError) {
        service.logger.error("a streamed answer broke off", ["error": .string("\(error)")])
      }
      // There is no honest way to end the body: the client must see that it is incomplete.
      if chunked && service.isDraining && error is CancellationError {
        ChunkedEncoder.appendEnd(to: &output)
        finishAnswer(keepsAlive: false)
      } else {
        tearDown()
      }
      return false
    }
    guard phase == .responding else { return false }
    if chunked { ChunkedEncoder.appendEnd(to: &output) }
    return true
  }

  private func writeStreamed(_ bytes: [UInt8], chunked: Bool) async throws {
    guard phase == .responding else { throw ConnectionError.peerGone }
    guard !bytes.isEmpty else { return }
    if chunked { ChunkedEncoder.appendChunk(bytes, to: &output) } else { append(bytes) }
    flush()
    while phase == .responding, output.count - outputStart > service.settings.bufferedBytesMax {
      try await withUnsafeThrowingContinuation { continuation in
        // Looked at again, because a turn of the loop may lie between the loop's condition and this.
        let isFull = output.count - outputStart > service.settings.bufferedBytesMax
        if phase == .responding, isFull { drainWaiters.append(continuation) } else { continuation.resume() }
      }
    }
    guard phase == .responding else { throw ConnectionError.peerGone }
  }

  /// Puts a small answer into memory that the loop's connections share, so that one that the kernel takes whole needs
  /// no buffer; false where it does not fit or other bytes wait to be sent before it.
  private func putIntoBatch(_ response: Response, _ ending: ResponseSerializer.Ending, _ body: [UInt8]) -> Bool {
    let date = date
    let size = ResponseSerializer.headBytesMax(response, date: date) + body.count
    guard outputStart == output.count, let start = listener.onLoop(size, Listener.makeRoom) else { return false }
    var writer = ByteWriter(UnsafeMutableBufferPointer(rebasing: listener.answerScratch[start...]))
    ResponseSerializer.writeHead(response, date: date, ending, to: &writer)
    writer.put(body)
    listener.onLoop((self, count: writer.count, keepsAlive: ending.keepAlive), Listener.keep)
    return true
  }

  private var date: [UInt8] { listener.onLoop(()) { listener, _ in listener.date } }

  private func appendHead(_ response: Response, _ ending: ResponseSerializer.Ending) {
    ResponseSerializer.appendHead(
      response, to: &output, date: date, keepAlive: ending.keepAlive, chunked: ending.chunked,
      contentLength: ending.contentLength, version: ending.version)
  }

  private func append(_ bytes: [UInt8]) {
    // A large body is not copied behind the head: the head leaves first, then the body's own storage is the output.
    if bytes.count > 64 * 1024 {
      flush(more: true)
      if outputStart == output.count {
        output = bytes
        outputStart = 0
        return
      }
    }
    output.append(contentsOf: bytes)
  }

  /// Whether what is left of the request's body is small enough to read past.
  private var bodyCanBePassed: Bool {
    switch incoming {
    case .none: true
    case .broken: false
    case .length(let remaining, _): !owesContinue && remaining <= service.settings.discardedBytesMax
    case .chunked: false
    }
  }

  func finishAnswer(keepsAlive: Bool) {
    worker = nil
    if !keepsAlive {
      beginLinger()
    } else if case .length(let remaining, _) = incoming, remaining > 0 {
      phase = .discarding
      setDeadline(.body, after: service.patience.body)
    } else {
      becomeIdle()
    }
    guard !isProcessing else { return }
    flush()
    resumeReading()
  }

  func becomeIdle() {
    incoming = .none
    owesContinue = false
    phase = .idle
    clearDeadline(.body)
    setDeadline(.idle, after: service.patience.idle)
  }

  /// Answers a request that did not parse, and ends the connection: where the next one starts is unknown.
  func refuse(_ status: HTTPStatus, _ detail: String) {
    guard phase == .idle || phase == .head else { return }
    let response = Problem(status, detail: detail).response(requestID: RequestID())
    appendHead(
      response,
      ResponseSerializer.Ending(
        keepAlive: false, chunked: false, contentLength: response.body.length, version: .http11))
    if case .bytes(let bytes) = response.body { append(bytes) }
    beginLinger()
    if !isProcessing { flush() }
  }

  func beginLinger() {
    phase = .lingering
    incoming = .none
    clearDeadline(.idle)
    clearDeadline(.head)
    clearDeadline(.body)
  }

  /// Writes as much as the kernel takes.
  func flush(more: Bool = false) {
    guard phase != .closed else { return }
    while outputStart < output.count {
      let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
      let count = output.withUnsafeBytes { bytes in
        wayfare_send(descriptor, bytes.baseAddress.map { $0 + outputStart }, bytes.count - outputStart, flags)
      }
      if count >= 0 {
        outputStart += count
        written += count
      } else if errno == EAGAIN {
        writeIsBlocked()
        return
      } else if errno != EINTR {
        tearDown()
        return
      }
    }
    outputDrained()
  }

  private func wakeWriters() {
    let waiters = drainWaiters
    drainWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  private func writeIsBlocked() {
    if deadlines[.write] == Deadlines.never {
      writeStarted = EventLoop.nanoseconds
      written = 0
    }
    let settings = service.settings
    setDeadline(
      .write,
      at: Deadlines.transfer(
        started: writeStarted, bytes: written, allowance: service.patience.write,
        slowestBytesPerSecond: settings.slowestBytesPerSecond))
    if output.count - outputStart <= settings.bufferedBytesMax { wakeWriters() }
  }

  private func outputDrained() {
    outputStart = 0
    // Small answers keep their buffer for the next; a large one gives it back.
    if !output.isEmpty { output.removeAll(keepingCapacity: output.capacity <= 1024) }
    clearDeadline(.write)
    if !drainWaiters.isEmpty { wakeWriters() }
    guard phase == .lingering, deadlines[.linger] == Deadlines.never else { return }
    if peerHasFinished {
      tearDown()
      return
    }
    // The peer may still be sending: closing now would reset the connection under the answer.
    shutdown(descriptor, Int32(SHUT_WR))
    setDeadline(.linger, after: service.patience.linger)
    hasUnread = true
    if !isProcessing { readAvailable() }
  }
}

/// Counts streamed bytes against the length that the head has promised.
private final class StreamedLength: Sendable {
  struct Mismatch: Error, CustomStringConvertible {
    var description: String { "the body's length differs from the one promised in Content-Length" }
  }

  private let promised: Int?
  private let sent = Atomic<Int>(0)

  init(_ promised: Int?) { self.promised = promised }

  func add(_ count: Int) throws {
    let total = sent.add(count, ordering: .relaxed).newValue
    if let promised, total > promised { throw Mismatch() }
  }

  var isComplete: Bool { promised.map { sent.load(ordering: .relaxed) == $0 } ?? true }
}
