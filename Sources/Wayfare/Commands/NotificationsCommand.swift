import Glibc
import JSON
import Kernel
import Notification
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
      bounced             reads a mail from standard input that says that one of ours has not arrived (RFC 3464), and keeps
                          what it says; for the alias of the sender's address, or as the mda of fetchmail
      """,
    operands: [
      Operand(name: "ACTION", help: "list, failed, bounces, forgive or bounced"),
      Operand(name: "ADDRESS", help: "of the mailbox that is read again", isOptional: true),
    ],
    settings: [.json] + Setting.database + Setting.log
  ) { arguments in
    let action = arguments.operand(0) ?? ""
    let address = arguments.operand(1)
    let actions = ["list", "failed", "bounces", "forgive", "bounced"]
    guard actions.contains(action), (address != nil) == (action == "forgive") else {
      throw UsageError(
        "wayfare notifications wants list, failed, bounces, bounced or forgive ADDRESS, not \"\(action)\"")
    }
    let report = action == "bounced" ? BounceReport(standardInput(upTo: bounceMax)) : nil
    if action == "bounced", report == nil {
      // Out-of-office notes and the like come to the same address; whoever pipes them here is not to be troubled.
      print("This is no report about a mail of ours.")
      return .done
    }
    let isJSON = arguments.flags[Setting.json.name] != nil
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let store = Database(database.client).notifications
        let code =
          if let report { try await heed(report, store) } else { try await run(action, address, isJSON, store) }
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private static let bounceMax = 4 << 20

  /// What comes in; cut where it is longer, because what counts stands at the beginning of its parts.
  private static func standardInput(upTo most: Int) -> [UInt8] {
    var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while bytes.count < most {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  private static func heed(_ report: BounceReport, _ store: NotificationStore) async throws -> ExitCode {
    for receiver in report.receivers {
      switch try await store.heed(receiver, of: report.identity) {
      case .unknown: print("No mail of ours with that name went to \(receiver.address).")
      case .noted: print("Noted: \(receiver.address): \(receiver.reason)")
      case .marked: print("\(receiver.address) is marked: \(receiver.reason)")
      }
    }
    return .done
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
