import Glibc

/// Why a measurement did not come about.
enum BenchmarkError: Error, CustomStringConvertible {
  /// Something was typed wrongly.
  case usage(String)
  /// The system refused a call.
  case system(call: String, code: Int32)
  /// A server could not be started or did not answer at all.
  case unreachable(String)
  /// A server answered something else than it should have.
  case wrongAnswers(String)
  /// A signal asked the program to end.
  case interrupted(signal: Int32)

  /// One sentence for people.
  var description: String {
    switch self {
    case .usage(let sentence), .unreachable(let sentence), .wrongAnswers(let sentence): sentence
    case .system(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
    case .interrupted(let signal): "ended by signal \(signal); every server it started is stopped"
    }
  }

  /// What the shell is told.
  var exitStatus: Int32 {
    switch self {
    case .system, .unreachable: 1
    case .usage: 2
    case .wrongAnswers: 3
    case .interrupted(let signal): 128 + signal
    }
  }
}
