import CLinux
import EventLoop
import Glibc
import Synchronization

/// What is left of the body of the request being answered.
enum IncomingBody {
  /// There is none, or all of it has been read.
  case none
  case length(remaining: Int, buffered: [UInt8])
  case chunked(ChunkedDecoder, buffered: [UInt8])
  /// It cannot be read to its end, for this reason; the connection must close.
  case broken(ConnectionError)
}

extension Connection {
  /// Reads what the kernel has, for as long as somebody wants it.
  func readAvailable() {
    guard !isProcessing else { return }
    let scratch = listener.scratch
    while hasUnread, wantsInput {
      let count = wayfare_receive(descriptor, scratch.baseAddress, scratch.count)
      if count > 0 {
        // Fewer bytes than fit means that the kernel has no more, and says so again when it has; unless the end follows.
        if count < scratch.count && !peerHasFinished { hasUnread = false }
        consume(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
      } else if count == 0 {
        hasUnread = false
        inputEnded()
      } else if errno == EAGAIN {
        hasUnread = false
      } else if errno != EINTR {
        tearDown()
      }
    }
  }

  /// Goes on with what was read before and kept, then with what the kernel has.
  func resumeReading() {
    guard !isProcessing, phase != .closed else { return }
    if !input.isEmpty { consume(UnsafeRawBufferPointer(start: nil, count: 0)) }
    readAvailable()
  }

  private var wantsInput: Bool {
    switch phase {
    case .idle, .head, .discarding, .lingering: true
    case .closed: false
    case .responding:
      switch incoming {
      case .length(let remaining, let buffered): remaining > 0 && buffered.count < service.settings.bufferedBytesMax
      case .chunked(_, let buffered): buffered.count < service.settings.bufferedBytesMax
      case .none, .broken: false
      }
    }
  }

  private func consume(_ bytes: UnsafeRawBufferPointer) {
    isProcessing = true
    if input.isEmpty {
      let used = process(bytes)
      if used < bytes.count && phase != .closed { input.append(contentsOf: bytes[used...]) }
    } else {
      if !bytes.isEmpty {
        input.removeFirst(inputStart)
        inputStart = 0
        input.append(contentsOf: bytes)
      }
      // What was taken stays in front until more comes: moving the rest up for each of many small requests would cost
      // the square of their number.
      let kept = input
      inputStart += kept.withUnsafeBytes { process(UnsafeRawBufferPointer(rebasing: $0[inputStart...])) }
      if phase == .closed || inputStart == kept.count {
        input = []
        inputStart = 0
      }
    }
    isProcessing = false
    flush()
  }

  /// Takes as many bytes as the phase allows; returns how many.
  private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 0
    while position < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      switch phase {
      case .idle, .head:
        guard let used = parse(rest) else { return position }
        position += used
      case .responding, .discarding:
        let used = feedBody(rest)
        guard used > 0 else { return position }
        position += used
      case .lingering, .closed: return bytes.count
      }
    }
    return position
  }

  /// Parses one head and starts its handler; nil when more is needed.
  private func parse(_ bytes: UnsafeRawBufferPointer) -> Int? {
    do {
      guard let parsed = try parser.parseHead(bytes) else {
        if phase == .idle {
          phase = .head
          clearDeadline(.idle)
          setDeadline(.head, after: service.patience.head)
        }
        return nil
      }
      let body = UnsafeRawBufferPointer(rebasing: bytes[parsed.consumed...])
      return parsed.consumed + begin(parsed.head, body)
    } catch {
      service.refusedHeads.add(1, ordering: .relaxed)
      refuse(error.status, error.detail)
      return bytes.count
    }
  }

  /// Starts the handler for a head; returns how many bytes of its body were taken at once.
  private func begin(_ head: RequestHead, _ bytes: UnsafeRawBufferPointer) -> Int {
    phase = .responding
    requestStarted = loop.turnNanoseconds
    bodyReceived = 0
    clearDeadline(.idle)
    clearDeadline(.head)
    let body: RequestBody
    var used = 0
    switch head.framing {
    case .none, .length(0):
      incoming = .none
      body = .empty
    case .length(let length) where length <= bytes.count:
      incoming = .none
      used = length
      body = RequestBody(bytes: Array(bytes[..<length]))
    case .length(let length):
      incoming = .length(remaining: length, buffered: [])
      used = feedBody(bytes)
      body = RequestBody(length: length) { [self] in try await nextBodyBytes() }
      owesContinue = head.expectsContinue && used == 0
    case .chunked:
      incoming = .chunked(ChunkedDecoder(limits: service.settings.limits), buffered: [])
      used = feedBody(bytes)
      body = RequestBody(length: nil) { [self] in try await nextBodyBytes() }
      owesContinue = head.expectsContinue && used == 0
    }
    setDeadline(.handler, at: requestStarted &+ service.patience.handler)
    // The last that is done here: who answers may find all that the connection knows of the request.
    unanswered = Request(head: head, body: body)
    listener.onLoop(self, Listener.answerSoon)
    return used
  }

  /// Takes bytes of the current body; returns how many belong to it.
  private func feedBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    switch incoming {
    case .none, .broken: return 0
    case .length(let remaining, var buffered):
      incoming = .none
      let count = min(remaining, bytes.count)
      bodyReceived += count
      if phase == .responding { buffered.append(contentsOf: bytes[..<count]) }
      incoming = .length(remaining: remaining - count, buffered: buffered)
      bodyAdvanced()
      return count
    case .chunked(var decoder, var buffered):
      incoming = .none
      do {
        let step = try decoder.decode(bytes, into: &buffered)
        bodyReceived += step.consumed
        if phase == .discarding { buffered.removeAll() }
        if step.finished {
          incoming = .length(remaining: 0, buffered: buffered)
        } else {
          incoming = .chunked(decoder, buffered: buffered)
        }
        bodyAdvanced()
        return step.consumed
      } catch {
        breakBody(.bodyMalformed(error))
        return 0
      }
    }
  }

  /// Gives a waiting handler what has come; ends the reading past an unwanted body.
  private func bodyAdvanced() {
    if phase == .discarding {
      if case .length(remaining: 0, _) = incoming { becomeIdle() }
      return
    }
    guard let waiter = bodyWaiter, let bytes = takeBuffered() else { return }
    bodyWaiter = nil
    clearDeadline(.body)
    setDeadline(.handler, after: service.patience.handler)
    waiter.resume(returning: bytes.isEmpty ? nil : bytes)
  }

  /// What waits for the handler: nil when nothing does, empty at the end.
  private func takeBuffered() -> [UInt8]? {
    switch incoming {
    case .none: return []
    case .broken: return nil
    case .length(let remaining, let buffered):
      guard !buffered.isEmpty || remaining == 0 else { return nil }
      incoming = remaining == 0 ? .none : .length(remaining: remaining, buffered: [])
      return buffered
    case .chunked(let decoder, let buffered):
      guard !buffered.isEmpty else { return nil }
      incoming = .chunked(decoder, buffered: [])
      return buffered
    }
  }

  /// The next bytes of the body for its handler; nil at the end.
  func nextBodyBytes() async throws -> [UInt8]? {
    precondition(bodyWaiter == nil, "a body has one reader")
    // Its time to answer begins when the body is in its hands.
    setDeadline(.handler, after: service.patience.handler)
    if let bytes = takeBuffered() {
      // Room again: what the kernel holds may come.
      if !isProcessing { readAvailable() }
      return bytes.isEmpty ? nil : bytes
    }
    if case .broken(let reason) = incoming { throw reason }
    if phase == .closed { throw ConnectionError.peerGone }
    if owesContinue {
      owesContinue = false
      output.append(contentsOf: continueLine)
      flush()
    }
    setDeadline(
      .body,
      at: Deadlines.transfer(
        started: requestStarted, bytes: bodyReceived, allowance: service.patience.body,
        slowestBytesPerSecond: service.settings.slowestBytesPerSecond))
    return try await withUnsafeThrowingContinuation { continuation in
      // Looked at again, because a turn of the loop may lie between what was seen above and this.
      if let bytes = takeBuffered() {
        clearDeadline(.body)
        return continuation.resume(returning: bytes.isEmpty ? nil : bytes)
      }
      if case .broken(let reason) = incoming { return continuation.resume(throwing: reason) }
      if phase == .closed { return continuation.resume(throwing: ConnectionError.peerGone) }
      bodyWaiter = continuation
      if !isProcessing { readAvailable() }
    }
  }

  /// Ends the reading of a body that cannot be completed.
  func breakBody(_ reason: ConnectionError) {
    incoming = .broken(reason)
    clearDeadline(.body)
    bodyWaiter.take()?.resume(throwing: reason)
  }

  /// The peer will send no more.
  private func inputEnded() {
    peerHasFinished = true
    switch phase {
    case .idle where outputStart < output.count: beginLinger()
    case .idle, .lingering, .discarding: tearDown()
    case .head: refuse(.badRequest, "the connection ended inside the request's head; send it whole")
    case .responding:
      if case .none = incoming { return }
      breakBody(.peerGone)
    case .closed: break
    }
  }
}

private let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
