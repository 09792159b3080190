import JSON
import Kernel
import Postgres
import Store

extension Command {
  /// The command `wayfare notifications`.
  static let notifications = Command(
    name: "notifications", summary: "what was sent to whom with which result, and addresses that nobody reads",
    discussion: """
      list                what was sent, the newest two hundred: when, what, through which channel, to which account, and
                          what became of it; of letters of accounts neither text nor address is kept
      failed              the same, of what failed
      bounces             addresses that were marked, because their servers said that nobody reads mail there
      forgive ADDRESS     lets mails go there again
      """,
    operands: [
      Operand(name: "ACTION", help: "list, failed, bounces or forgive"),
      Operand(name: "ADDRESS", help: "of the mailbox that is read again", isOptional: true),
    ],
    settings: [.json] + Setting.database + Setting.log
  ) { arguments in
    let action = arguments.operand(0) ?? ""
    let address = arguments.operand(1)
    guard ["list", "failed", "bounces", "forgive"].contains(action), (address != nil) == (action == "forgive") else {
      throw UsageError("wayfare notifications wants list, failed, bounces or forgive ADDRESS, not \"\(action)\"")
    }
    let isJSON = arguments.flags[Setting.json.name] != nil
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let code = try await run(action, address, isJSON, Database(database.client).notifications)
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private static func run(
    _ action: String, _ address: String?, _ isJSON: Bool, _ store: NotificationStore
  ) async throws -> ExitCode {
    if let address {
      let isDone = try await store.forgive(address)
      print(isDone ? "Mails go to \(address) again." : "\(address) was not marked.")
      return isDone ? .done : .noResult
    }
    var lines: [HistoryLine] = []
    if action == "bounces" {
      for bounce in try await store.bounces() {
        lines.append(
          HistoryLine(fields: [("at", "\(bounce.at)"), ("address", bounce.address), ("reason", bounce.reason)]))
      }
    } else {
      for record in try await store.history(failedOnly: action == "failed") {
        let user = record.user.map { "\($0)" } ?? "-"
        lines.append(
          HistoryLine(fields: [
            ("at", "\(record.endedAt ?? record.createdAt)"), ("kind", record.kind), ("channel", record.channel),
            ("account", user), ("state", record.state), ("attempts", "\(record.attempts)"),
            ("result", record.result ?? ""),
          ]))
      }
    }
    for line in lines { print(isJSON ? String(decoding: line.jsonBytes(), as: UTF8.self) : line.text) }
    if lines.isEmpty, !isJSON { print("Nothing.") }
    return lines.isEmpty ? .noResult : .done
  }
}

/// One line of what was sent.
private struct HistoryLine: JSONWritable {
  let fields: [(name: String, value: String)]

  var text: String { fields.map(\.value).joined(separator: "  ") }

  func write(to writer: inout JSONWriter) {
    writer.object { object in for field in fields { object.field(named: field.name, field.value) } }
  }
}
