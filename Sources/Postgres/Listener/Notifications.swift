import Synchronization

/// What one subscriber hears of one channel; the subscription ends when nobody holds it any more.
public struct Notifications: AsyncSequence, Sendable {
  /// A notification or a gap.
  public typealias Element = ListenerEvent

  private let subscription: Subscription

  init(_ mailbox: Mailbox) { subscription = Subscription(mailbox: mailbox) }

  /// Begins to listen; a subscription has one reader.
  public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

  /// Hears one event after the other.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let subscription: Subscription

    /// The next event; nil when the listener is closed or the task cancelled.
    public mutating func next() async -> ListenerEvent? { await subscription.mailbox.next() }

    /// The next event, on the caller's own executor; nil when the listener is closed or the task cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> ListenerEvent? {
      await subscription.mailbox.next(isolation: actor)
    }
  }

  fileprivate final class Subscription: Sendable {
    let mailbox: Mailbox
    init(mailbox: Mailbox) { self.mailbox = mailbox }
    deinit { mailbox.close() }
  }
}

/// Between the listener's loop and a subscriber's task.
final class Mailbox: Sendable {
  private struct State {
    var buffer: NotificationBuffer
    var reader: UnsafeContinuation<ListenerEvent?, Never>?
    var isClosed = false
  }

  private let state: Mutex<State>

  init(limit: Int) { state = Mutex(State(buffer: NotificationBuffer(limit: limit))) }

  /// Whether nobody reads it any more.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func put(_ event: ListenerEvent) {
    let reader = state.withLock { state -> UnsafeContinuation<ListenerEvent?, Never>? in
      if state.isClosed { return nil }
      if let reader = state.reader.take() { return reader }
      state.buffer.append(event)
      return nil
    }
    reader?.resume(returning: event)
  }

  func close() {
    let reader = state.withLock { state in
      state.isClosed = true
      return state.reader.take()
    }
    reader?.resume(returning: nil)
  }

  func next(isolation: isolated (any Actor)? = #isolation) async -> ListenerEvent? {
    await withTaskCancellationHandler {
      // Mentioned, so that this runs where the caller does.
      _ = isolation
      return await withUnsafeContinuation { continuation in
        let ready = state.withLock { state -> ListenerEvent?? in
          if let event = state.buffer.popFirst() { return .some(event) }
          if state.isClosed { return .some(nil) }
          precondition(state.reader == nil, "a subscription has one reader")
          state.reader = continuation
          return nil
        }
        if let ready { continuation.resume(returning: ready) }
      }
    } onCancel: {
      close()
    }
  }
}
