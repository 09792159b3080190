/// What a subscriber hears.
public enum ListenerEvent: Sendable, Hashable {
  /// Somebody notified the channel.
  case notification(payload: String, pid: Int32)
  /// Something may have been missed: read anew what the channel is about.
  case gap
}

/// The events that one subscriber has not read yet, as pure state.
///
/// A gap makes everything before it pointless, because the subscriber reads anew; so does overflow, which
/// becomes a gap.
struct NotificationBuffer {
  let limit: Int
  private var events = Fifo<ListenerEvent>()

  init(limit: Int) {
    precondition(limit > 1, "a subscriber needs room for a gap and an event")
    self.limit = limit
  }

  var count: Int { events.count }

  mutating func append(_ event: ListenerEvent) {
    if event == .gap || events.count >= limit {
      _ = events.removeAll()
      events.append(.gap)
    }
    if event != .gap { events.append(event) }
  }

  mutating func popFirst() -> ListenerEvent? { events.popFirst() }
}
