import CCurl
import EventLoop
import Synchronization

/// libcurl's multi handle on an event loop: libcurl says which sockets and which timer it waits for, the loop waits.
///
/// What its callbacks ask for is written down and carried out after the call that they happened in, in order, so
/// that nothing re-enters libcurl.
actor ClientLoop: LoopBound {
  nonisolated let loop: EventLoop
  private let multi: UnsafeMutableRawPointer
  private let wishes = Wishes()
  private var transfers: [UnsafeMutableRawPointer: any LoopTransfer] = [:]
  private var sockets: [Int32: Registration] = [:]
  private var timer: Timer?
  private var isClosed = false
  private var transfersStarted = 0

  /// What libcurl has asked for since it was last looked at.
  fileprivate final class Wishes {
    var sockets: [(descriptor: Int32, what: Int32)] = []
    var timerMilliseconds: Int?
  }

  init?(loop: EventLoop, connectionsMax: Int, perHost: Int) {
    guard ClientLoop.isInitialised, let multi = curl_multi_init() else { return nil }
    self.loop = loop
    self.multi = multi
    wayfare_curl_multi_prepare(
      multi, noteSocket, noteTimer, Unmanaged.passUnretained(wishes).toOpaque(), connectionsMax, perHost)
  }

  var count: Int { transfers.count }

  /// Sends once.
  func send(_ request: ClientRequest, host: String, timeout: Duration) async throws -> ClientResponse {
    guard let transfer = Transfer(request, host: host, timeout: timeout) else {
      throw ClientError.malformedURL(request.url)
    }
    return try transfer.outcome(try await perform(transfer)).get()
  }

  /// Hands over a mail once.
  func send(_ mail: MailSubmission, to server: MailServer) async throws -> MailAnswer {
    guard let transfer = MailTransfer(mail, server) else { throw ClientError.malformedURL(server.url) }
    return try transfer.outcome(try await perform(transfer)).get()
  }

  /// Signs in at a mail server and leaves again.
  func enter(_ server: MailServer) async throws {
    guard let transfer = MailTransfer(nil, server) else { throw ClientError.malformedURL(server.url) }
    let code = try await perform(transfer)
    guard code != CURLE_OK else { return }
    let answer = try transfer.outcome(code).get()
    throw ClientError.unreachable(host: transfer.host, reason: "\(answer.code) \(answer.text)")
  }

  /// Has libcurl carry something out, and gives its code.
  private func perform(_ transfer: any LoopTransfer) async throws -> CURLcode {
    guard !isClosed else { throw ClientError.closed }
    transfersStarted += 1
    transfer.number = transfersStarted
    let (easy, number) = (TransferName(transfer.easy), transfersStarted)
    return try await withTaskCancellationHandler {
      if Task.isCancelled { throw CancellationError() }
      return try await withUnsafeThrowingContinuation { continuation in
        transfer.continuation = continuation
        transfers[transfer.easy] = transfer
        let code = curl_multi_add_handle(multi, transfer.easy)
        if code != CURLM_OK {
          transfers[transfer.easy] = nil
          continuation.resume(
            throwing: ClientError.broken(host: transfer.host, reason: String(cString: curl_multi_strerror(code))))
        }
        settle()
      }
    } onCancel: {
      Task(executorPreference: loop) { await self.cancel(easy, number) }
    }
  }

  /// Ends every transfer and gives libcurl's memory back.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    for transfer in Array(transfers.values) { end(transfer, .failure(ClientError.closed)) }
    for registration in sockets.values { loop.deregister(registration) }
    sockets = [:]
    if let timer { loop.cancel(timer) }
    curl_multi_cleanup(multi)
  }

  private func cancel(_ easy: TransferName, _ number: Int) {
    // libcurl may have given the handle's address to another transfer since; the number is never given again.
    guard !isClosed, let transfer = transfers[easy.pointer], transfer.number == number else { return }
    end(transfer, .failure(CancellationError()))
    settle()
  }

  private func end(_ transfer: any LoopTransfer, _ result: Result<CURLcode, any Error>) {
    transfers[transfer.easy] = nil
    curl_multi_remove_handle(multi, transfer.easy)
    transfer.continuation.take()?.resume(with: result)
  }

  private func act(_ descriptor: Int32, _ events: Int32) {
    guard !isClosed else { return }
    var running: Int32 = 0
    curl_multi_socket_action(multi, descriptor, events, &running)
    settle()
  }

  /// Carries out what libcurl has asked for and hands out what it has finished.
  private func settle() {
    while true {
      applyWishes()
      var code = CURLE_OK
      guard let easy = wayfare_curl_multi_finished(multi, &code) else { break }
      guard let transfer = transfers[easy] else { continue }
      end(transfer, .success(code))
    }
    applyWishes()
  }

  private func applyWishes() {
    for wish in wishes.sockets { watch(wish.descriptor, wish.what) }
    wishes.sockets.removeAll(keepingCapacity: true)
    guard let milliseconds = wishes.timerMilliseconds.take() else { return }
    if let timer { loop.cancel(timer) }
    timer = nil
    guard milliseconds >= 0 else { return }
    timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
      self?.assumeIsolated { $0.act(CURL_SOCKET_TIMEOUT, 0) }
    }
  }

  private func watch(_ descriptor: Int32, _ what: Int32) {
    if what == CURL_POLL_REMOVE {
      sockets.removeValue(forKey: descriptor).map(loop.deregister)
      return
    }
    var interest: Interest = []
    if what & CURL_POLL_IN != 0 { interest.insert(.read) }
    if what & CURL_POLL_OUT != 0 { interest.insert(.write) }
    if let registration = sockets[descriptor] {
      loop.update(registration, interest: interest)
      return
    }
    do {
      sockets[descriptor] = try loop.register(descriptor, interest: interest, trigger: .level) {
        [weak self] readiness in
        var events: Int32 = 0
        if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
        if readiness.contains(.failed) { events |= CURL_CSELECT_ERR }
        self?.assumeIsolated { $0.act(descriptor, events) }
      }
    } catch {
      // Unwatched, the transfer makes no progress and ends by its own timeout, which libcurl keeps.
      return
    }
  }

  private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// Something that libcurl carries out for one that waits; touched only by the loop that owns it.
protocol LoopTransfer: AnyObject {
  var easy: UnsafeMutableRawPointer { get }
  var host: String { get }
  /// Which of its loop's transfers it is, for a cancellation that may come too late.
  var number: Int { get set }
  var continuation: UnsafeContinuation<CURLcode, any Error>? { get set }
}

/// A handle's address, which only the loop that owns the handle makes use of.
///
/// `@unchecked Sendable` because it serves as a name alone until it is back on the loop.
private struct TransferName: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

private func noteSocket(
  _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
  _ perSocket: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return 0 }
  Unmanaged<ClientLoop.Wishes>.fromOpaque(context).takeUnretainedValue().sockets.append((socket, what))
  return 0
}

private func noteTimer(
  _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return 0 }
  Unmanaged<ClientLoop.Wishes>.fromOpaque(context).takeUnretainedValue().timerMilliseconds = milliseconds
  return 0
}
