import Glibc

/// What can go wrong below the loop.
public enum EventLoopError: Error, CustomStringConvertible, Sendable {
  /// The kernel refused a call.
  case system(call: String, CInt)

  /// One sentence for a log or a terminal.
  public var description: String {
    switch self {
    case .system(let call, let code):
      let reason = String(cString: strerror(code))
      let mend = code == EMFILE ? "; raise the limit of open files (ulimit -n)" : ""
      return "\(call) failed: \(reason)\(mend)"
    }
  }
}
