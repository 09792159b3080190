import EventLoop
import Kernel

/// A clock that runs so many times as fast as ours, from a moment on.
struct FastClock: Sendable {
  let speed: Int
  private let start: Instant
  private let begun = EventLoop.nanoseconds

  init(speed: Int, from start: Instant) {
    self.speed = speed
    self.start = start
  }

  var now: Instant {
    start.adding(seconds: Int64((EventLoop.nanoseconds - begun) / 1000) * Int64(speed) / 1_000_000)
  }

  /// How long so many of its seconds are for us.
  func ours(seconds: Int) -> Duration { .milliseconds(seconds * 1000 / speed) }

  /// Waits until so many of its seconds have passed.
  func wait(seconds: Int, on loop: EventLoop) async throws { try await loop.sleep(for: ours(seconds: seconds)) }
}
