import Glibc
import JSON
import Transport

extension Command {
  /// The command `wayfare feed`.
  static let feed = Command(
    name: "feed", summary: "add, list, check and remove timetables (GTFS feeds)",
    discussion: """
        wayfare feed add NAME ZIP|DIR   read a feed into the transit graph, in place of one of the same name
        wayfare feed list               the feeds in the graph
        wayfare feed check ZIP|DIR      say what is wrong with a feed; nothing is kept
        wayfare feed remove NAME        take a feed out of the graph

      NAME is yours to choose: stops are then called stop:NAME:STOP_ID. What is wrong with single rows is told and costs
      those rows; adding fails only if nothing useful is left, and the graph then stays as it was. The graph lies in the
      data directory and can be looked at with sqlite3 (see docs/graph.md). Exits 0 when done; check exits 1 when the
      feed has errors.
      """,
    operands: [
      Operand(name: "ACTION", help: "add, list, check or remove"),
      Operand(name: "NAME", help: "what the feed is called", isOptional: true),
      Operand(name: "ZIP|DIR", help: "where the feed is", isOptional: true),
    ],
    settings: [.home, .json]
  ) { arguments in
    try FeedCommand(arguments).run()
  }
}

/// The actions of `wayfare feed`.
struct FeedCommand {
  private enum Action: String, CaseIterable {
    case add, list, check, remove

    /// What is wanted after the action's name.
    var operands: [String] {
      switch self {
      case .add: ["NAME", "ZIP|DIR"]
      case .list: []
      case .check: ["ZIP|DIR"]
      case .remove: ["NAME"]
      }
    }
  }

  private let arguments: Arguments
  private let wantsJSON: Bool

  init(_ arguments: Arguments) {
    self.arguments = arguments
    wantsJSON = arguments.flags[Setting.json.name] != nil
  }

  func run() throws -> ExitCode {
    let operands = Array(arguments.operands.dropFirst())
    switch try action(operands.count) {
    case .add: return try add(operands[0], operands[1])
    case .list: return try list()
    case .check: return try check(operands[0])
    case .remove: return try remove(operands[0])
    }
  }

  private func action(_ count: Int) throws(UsageError) -> Action {
    let name = arguments.operand(0) ?? ""
    guard let action = Action(rawValue: name) else {
      let near = nearestName(to: name, among: Action.allCases.map(\.rawValue)).map { "did you mean \($0)?" }
      throw UsageError("wayfare feed does not know \"\(name)\": \(near ?? "say add, list, check or remove")")
    }
    guard count == action.operands.count else {
      let form = (["wayfare feed", name] + action.operands).joined(separator: " ")
      throw UsageError("wayfare feed \(name) wants \(action.operands.count) words after it: \(form)")
    }
    return action
  }

  private func store() throws(UsageError) -> FeedStore {
    FeedStore(home: try Settings(arguments).home())
  }

  // MARK: Actions

  private func add(_ name: String, _ path: String) throws -> ExitCode {
    let name = try FeedName(name)
    let progress = ProgressLine()
    let report: FeedReport
    do {
      report = try store().add(name, from: path) { progress.show($0) }
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    if wantsJSON {
      print(FeedReportText.json(report, name: name.description))
    } else {
      print("added \(name): \(FeedReportText.summary(report))")
      if let notices = FeedReportText.shortNotices(report) { print("\(notices): wayfare feed check \(path)") }
    }
    return .done
  }

  private func check(_ path: String) throws -> ExitCode {
    let progress = ProgressLine()
    let report: FeedReport
    do {
      report = try FeedStore.check(path) { progress.show($0) }
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    print(wantsJSON ? FeedReportText.json(report, name: nil) : FeedReportText.full(report))
    return report.isUsable && report.count(.error) == 0 ? .done : .noResult
  }

  private func remove(_ name: String) throws -> ExitCode {
    try store().remove(name)
    print("removed \(name)")
    return .done
  }

  private func list() throws -> ExitCode {
    let feeds = try store().feeds()
    if wantsJSON {
      print(FeedListText.json(feeds))
    } else {
      print(feeds.isEmpty ? "there is no feed yet: add one with wayfare feed add NAME ZIP" : FeedListText.table(feeds))
    }
    return .done
  }
}

extension ProgressLine {
  /// How far an import is; false if the user has asked to stop.
  fileprivate func show(_ progress: FeedProgress) -> Bool {
    let rows = progress.rows > 0 ? "\(grouped(progress.rows)) rows" : ""
    return show("\(progress.step.padded(to: 24)) \(rows.padded(to: 18)) \(progress.bytes >> 20) MB")
  }
}
