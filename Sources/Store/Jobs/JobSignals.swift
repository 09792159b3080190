public import Postgres

/// What the queue announces.
public enum JobSignal: Sendable, Hashable {
  /// A queue has work.
  case ready(queue: String)
  /// A queue was paused or resumed.
  case pauseChanged
  /// A running job is to stop.
  case cancel(JobID)
  /// Jobs have changed in a way that watchers want to know.
  case changed([JobID])
  /// Something may have been missed.
  case gap
}

/// The announcements of the queue as they come; only a help, because everything is also found by looking.
public struct JobSignals: Sendable {
  private let listener: Listener

  /// Announcements heard through a listener.
  public init(_ listener: Listener) { self.listener = listener }

  /// Hears of work, pauses and cancellations until the listener is closed or the task cancelled.
  ///
  /// - Throws: `StoreError` when the listener cannot listen at all.
  public func forWorkers(_ body: @escaping @Sendable (JobSignal) async -> Void) async throws {
    try await translating {
      let ready = try await listener.subscribe(JobStore.readyChannel)
      let control = try await listener.subscribe(JobStore.controlChannel)
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          for await event in ready {
            switch event {
            case .gap: await body(.gap)
            case .notification(let queue, _): await body(.ready(queue: queue))
            }
          }
        }
        tasks.addTask {
          for await event in control {
            if let signal = JobSignals.control(event) { await body(signal) }
          }
        }
      }
    }
  }

  /// Hears of changes that watchers want to know, until the listener is closed or the task cancelled.
  ///
  /// - Throws: `StoreError` when the listener cannot listen at all.
  public func forWatchers(_ body: @escaping @Sendable (JobSignal) async -> Void) async throws {
    try await translating {
      for await event in try await listener.subscribe(JobStore.changedChannel) {
        switch event {
        case .gap: await body(.gap)
        case .notification(let text, _): await body(.changed(text.split(separator: " ").compactMap { JobID($0) }))
        }
      }
    }
  }

  private static func control(_ event: ListenerEvent) -> JobSignal? {
    guard case .notification(let text, _) = event else { return .gap }
    if text.hasPrefix("queue ") { return .pauseChanged }
    guard text.hasPrefix("cancel ") else { return nil }
    return JobID(text.dropFirst(7)).map { .cancel($0) }
  }
}
