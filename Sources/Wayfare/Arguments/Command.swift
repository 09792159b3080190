/// One thing that `wayfare` can do.
struct Command: Sendable {
  /// What a command takes by position.
  struct Operand: Sendable {
    let name: String
    let help: String
    var isOptional = false
  }

  let name: String
  let summary: String
  /// A paragraph for `--help`.
  var discussion = ""
  var operands: [Operand] = []
  /// The settings that this command heeds, which are its flags.
  var settings: [Setting] = []
  let run: @Sendable (Arguments) throws -> ExitCode
}

/// What the shell is told.
enum ExitCode: Int32 {
  case done = 0
  case noResult = 1
  case wrongInput = 2
  case ourFault = 3
}

/// Something a user typed or configured wrongly: one sentence that names it and says how to mend it.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
