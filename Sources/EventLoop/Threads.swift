import CLinux
import Glibc

/// Starts a named thread with signals as its creator has them; nil when the system has no thread left.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) -> pthread_t? {
  let box = Unmanaged.passRetained(ThreadBody(name: name, body: body))
  var thread = pthread_t()
  let result = pthread_create(&thread, nil, { runThreadBody($0) }, box.toOpaque())
  if result != 0 {
    box.release()
    errno = result
    return nil
  }
  return thread
}

/// Starts a named thread that nobody joins; false when the system has no thread left.
package func startDetachedThread(named name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
  guard let thread = startThread(named: name, body) else { return false }
  return pthread_detach(thread) == 0
}

private final class ThreadBody {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func runThreadBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let thread = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
  wayfare_name_thread(thread.name)
  thread.body()
  return nil
}
