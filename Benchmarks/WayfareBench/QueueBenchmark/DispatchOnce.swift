import Synchronization

/// Lets one thread wait until another says so, once.
final class DispatchOnce: Sendable {
  private let isDone = Atomic<Bool>(false)

  func signal() { isDone.store(true, ordering: .releasing) }

  /// Looks a hundred times a second, which disturbs nothing that is measured here.
  func wait() {
    while !isDone.load(ordering: .acquiring) { Pause.milliseconds(10) }
  }
}
