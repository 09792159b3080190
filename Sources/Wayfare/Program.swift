import Glibc
import HTTP
import JSON
import Postgres
import Transport

/// Every command, in the order in which help shows them.
private let commands: [Command] = [
  .feed, .catalogue, .route, .reach, .plan, .budget, .split, .up, .serve, .work, .jobs, .migrate, .audit, .letters,
  .bookings, .notifications, .events,
  .sandbox,
  .doctor,
  .version,
]

/// Runs what the command line asks for and says what went wrong in one sentence.
func runProgram(_ words: [String]) -> ExitCode {
  Signals.hold()
  raiseDescriptorLimit()
  guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
    print(Help.overview(commands), terminator: "")
    return words.isEmpty ? .wrongInput : .done
  }
  do {
    let wanted = name == "--version" ? "version" : name
    guard let command = commands.first(where: { $0.name == wanted }) else {
      let near = nearestName(to: name, among: commands.map(\.name)).map { "; did you mean \($0)?" } ?? ""
      throw UsageError("wayfare has no command \"\(name)\"\(near) (see wayfare --help)")
    }
    let arguments = try Arguments(Array(words.dropFirst()), for: command)
    if arguments.wantsHelp {
      print(Help.text(for: command), terminator: "")
      return .done
    }
    return try command.run(arguments)
  } catch {
    say("wayfare: \(error)")
    return exitCode(for: error)
  }
}

/// Wrong input is the user's to mend; everything else is ours.
private func exitCode(for error: any Error) -> ExitCode {
  switch error {
  case FeedError.stopped: .noResult
  case FeedError.graph, FeedError.notWritten: .ourFault
  case RouteError.data(let error): exitCode(for: error)
  case RealtimeError.graph: .ourFault
  case is RouteError, is RealtimeError: .wrongInput
  case FeedError.timetable: .ourFault
  case is FeedError: .wrongInput
  case is UsageError, is ListenError, is MigrationError, is ClusterError: .wrongInput
  default: .ourFault
  }
}

/// A sentence for people, on standard error.
func say(_ sentence: String) {
  let line = Array((sentence + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

/// Connections are descriptors: take as many as the system lets us.
private func raiseDescriptorLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
