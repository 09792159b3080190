import EventLoop
import Glibc

/// A watch over a connection's socket, through a duplicate of its descriptor.
///
/// libpq closes its socket whenever it sees fit; a duplicate stays ours until the watch ends, so that the loop
/// never watches a number that has gone to somebody else.
///
/// `@unchecked Sendable` because only the loop's thread touches it.
final class SocketWatch: @unchecked Sendable {
  private let loop: EventLoop
  private let descriptor: Int32
  private var registration: Registration?
  private var waiter: UnsafeContinuation<Bool, Never>?
  private var timer: Timer?
  /// Called at every readiness while nobody waits; nil leaves readiness to whoever waits next.
  var handler: (@Sendable (Readiness) -> Void)?

  /// Begins to watch; on the loop.
  init(_ socket: Int32, on loop: EventLoop) throws(PostgresError) {
    self.loop = loop
    descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw .unavailable(reason: "no descriptor left for a connection (\(String(cString: strerror(errno))))")
    }
    do {
      registration = try loop.register(descriptor, interest: [], trigger: .level) { [weak self] readiness in
        self?.ready(readiness)
      }
    } catch {
      // What was opened is closed by `deinit`, which runs for what is thrown away here too.
      throw .unavailable(reason: error.description)
    }
  }

  /// Sets what the handler is to hear of.
  func listen(for interest: Interest) {
    guard let registration else { return }
    loop.update(registration, interest: interest)
  }

  /// Waits until the socket is ready or time runs out; false for the latter.
  func wait(for interest: Interest, within limit: Duration) async -> Bool {
    await withUnsafeContinuation { continuation in
      // Looked at here and not before: what runs before an await may be a turn of the loop away from this. The watch
      // is over once the peer is gone, and reading tells the rest without waiting.
      guard let registration else { return continuation.resume(returning: true) }
      waiter = continuation
      timer = loop.schedule(after: limit) { self.wake(false) }
      loop.update(registration, interest: interest)
    }
  }

  /// Ends the watch; on the loop.
  func close() {
    stop()
    wake(false)
    handler = nil
    if descriptorIsOpen { Glibc.close(descriptor) }
    descriptorIsOpen = false
  }

  private var descriptorIsOpen = true

  private func ready(_ readiness: Readiness) {
    if waiter != nil {
      wake(true)
    } else if let handler {
      handler(readiness)
    } else if !readiness.isDisjoint(with: [.peerClosed, .failed]) {
      // The loop repeats these at every turn, whatever one is interested in.
      stop()
    }
  }

  private func wake(_ isReady: Bool) {
    guard let continuation = waiter else { return }
    waiter = nil
    if let timer { loop.cancel(timer) }
    timer = nil
    if let registration { loop.update(registration, interest: []) }
    continuation.resume(returning: isReady)
  }

  private func stop() {
    if let registration { loop.deregister(registration) }
    registration = nil
  }

  deinit { if descriptorIsOpen { Glibc.close(descriptor) } }
}
