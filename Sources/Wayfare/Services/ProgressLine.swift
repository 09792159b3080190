import Glibc

/// How far something is, on one line of a terminal that is written over; nothing where standard error is none.
final class ProgressLine {
  private let isShown = isatty(STDERR_FILENO) == 1
  private var shownAt: ContinuousClock.Instant?

  /// Shows a text, at most ten times a second; false if the user has asked to stop.
  func show(_ text: @autoclosure () -> String) -> Bool {
    if Signals.isPending { return false }
    let now = ContinuousClock.now
    guard isShown, shownAt.map({ now - $0 > .milliseconds(100) }) ?? true else { return true }
    shownAt = now
    put("\r\u{1B}[K\(text())")
    return true
  }

  /// Takes the line away.
  func clear() {
    if shownAt != nil { put("\r\u{1B}[K") }
  }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
