import Store

extension Command {
  /// The command `wayfare events`.
  static let events = Command(
    name: "events", summary: "events that leave for Kafka: what waits, and what no broker will have",
    discussion: """
      status              whether somebody relays, how many events wait and for how long, and what stands in the way
      refused             events that were set aside, because no broker will have them, with the reason
      retry NUMBER        has one that was set aside tried again
      """,
    operands: [
      Operand(name: "ACTION", help: "status, refused or retry"),
      Operand(name: "NUMBER", help: "of the event", isOptional: true),
    ],
    settings: Setting.database + Setting.log
  ) { arguments in
    let action = arguments.operand(0) ?? ""
    guard ["status", "refused", "retry"].contains(action), (arguments.operand(1) != nil) == (action == "retry") else {
      throw UsageError("wayfare events wants status, refused or retry NUMBER, not \"\(action)\"")
    }
    let number = try arguments.operand(1).map { text throws(UsageError) in
      guard let number = Int64(text), number > 0 else {
        throw UsageError("\"\(text)\" is no event; wayfare events refused lists those that were set aside")
      }
      return number
    }
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let code = try await run(action, number, Database(database.client).relay)
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private static func run(_ action: String, _ number: Int64?, _ line: RelayStore) async throws -> ExitCode {
    if let number {
      let isDone = try await line.retry(number)
      print(isDone ? "Event \(number) is tried again." : "Event \(number) was not set aside.")
      return isDone ? .done : .noResult
    }
    if action == "status" {
      let standing = try await line.standing()
      print(standing.workedAt == nil ? "Nobody has ever relayed events; see --kafka." : "Events \(standing.note).")
      return .done
    }
    let events = try await line.refused()
    for event in events {
      print("\(event.id)  \(event.createdAt)  \(event.topic)  \(event.kind)  \(event.key)  \(event.reason)")
    }
    if events.isEmpty { print("No event is set aside.") }
    return events.isEmpty ? .noResult : .done
  }
}
