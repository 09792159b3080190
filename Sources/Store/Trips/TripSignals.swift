package import Kernel
public import Postgres

/// What is announced of trips.
package enum TripSignal: Sendable, Hashable {
  /// A trip's log has grown to a place.
  case changed(TripID, Int64)
  /// Somebody looks elsewhere.
  case presence(TripID)
  /// Something may have been missed.
  case gap
}

/// The announcements of trips as they come; only a help, because everything is also found by looking.
public struct TripSignals: Sendable {
  private let listener: Listener

  /// Announcements heard through a listener.
  public init(_ listener: Listener) { self.listener = listener }

  /// Hears until the listener is closed or the task cancelled.
  ///
  /// - Throws: `StoreError` when the listener cannot listen at all.
  package func hear(_ body: @escaping @Sendable (TripSignal) async -> Void) async throws {
    try await translating {
      let changed = try await listener.subscribe(TripStore.changedChannel)
      let presence = try await listener.subscribe(TripStore.presenceChannel)
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          for await event in changed {
            if let signal = TripSignals.changed(event) { await body(signal) }
          }
        }
        tasks.addTask {
          for await event in presence {
            if case .notification(let text, _) = event, let id = TripID(text) { await body(.presence(id)) }
          }
        }
      }
    }
  }

  private static func changed(_ event: ListenerEvent) -> TripSignal? {
    guard case .notification(let text, _) = event else { return .gap }
    let words = text.split(separator: " ")
    guard words.count == 2, let id = TripID(String(words[0])), let seq = Int64(words[1]) else { return nil }
    return .changed(id, seq)
  }
}
