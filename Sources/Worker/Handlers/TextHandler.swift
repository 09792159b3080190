import JSON
import Kernel
import Notification
import Store

extension JobHandler {
  /// Jobs of kind `notification.sms`: a message of somebody's feed, or a code for a number that is to be confirmed, goes
  /// out as a text.
  package static func notificationText(_ desk: MessageDesk, _ texts: MessageDesk.Texts) -> JobHandler {
    JobHandler(.notificationText) { context in
      let root = try JSONDocument(text: context.job.payload).root
      if try root.find("/kind")?.string == "account.mail" { return try await sendCode(desk, texts, context) }
      let id = try context.deliveryID()
      guard let outgoing = try await desk.store.begin(id) else { return .done(nil) }
      func end(_ ending: DeliveryEnding, without number: String? = nil) async throws -> JobAnswer {
        try await context.complete { (transaction) async throws -> Void in
          if let number { try await desk.store.removePhone(number, in: transaction) }
          try await desk.store.end(id, ending, in: transaction)
        }
      }
      guard let kind = MessageKind(rawValue: outgoing.kind),
        let words = desk.words(of: outgoing, kind, desk.language(outgoing.reader.language))
      else { return try await end(.skipped("it does not say what its words have places for")) }
      guard let number = try await desk.store.phone(of: outgoing.reader.id) else {
        return try await end(.skipped("there is no confirmed number"))
      }
      let text = [words.short, desk.link(kind, trip: outgoing.trip)].compactMap { $0 }.joined(separator: " ")
      switch try await texts.send(text, number) {
      case .delivered(let reference): return try await end(.sent(reference))
      case .refused(let reason): return try await end(.failed(reason))
      case .unreachable(let reason): return try await end(.failed(reason), without: number)
      case .later(let reason, _):
        guard context.job.attempt < context.job.attemptsMax else { return try await end(.failed(reason)) }
        throw NotTexted(reason: reason)
      }
    }
  }

  private static func sendCode(
    _ desk: MessageDesk, _ texts: MessageDesk.Texts, _ context: JobContext
  ) async throws -> JobAnswer {
    guard let letter = desk.open(context.job.payload), let kind = MessageKind(rawValue: letter.kind) else {
      // Another worker may have the right one.
      throw NotTexted(reason: "it was sealed under another master key; give this worker the installation's")
    }
    guard context.job.waitedSeconds < Double(NotificationStore.codeMinutes) * 60 else {
      throw JobGivenUp("it had waited for so long that its code serves nothing any more")
    }
    guard let words = desk.book.render(Message(kind, letter.facts), in: desk.language(letter.name)) else {
      throw JobGivenUp("the text \(kind.rawValue) does not say what its words have places for")
    }
    switch try await texts.send(words.short, letter.address) {
    case .delivered: return .done(nil)
    case .refused(let reason), .unreachable(let reason): throw JobGivenUp(reason)
    case .later(let reason, _): throw NotTexted(reason: reason)
    }
  }
}

private struct NotTexted: Error, CustomStringConvertible {
  let reason: String
  var description: String { "the text was not taken: \(reason)" }
}

extension JobKind {
  /// Hands texts over.
  static let notificationText: JobKind = {
    var kind = JobKind(NotificationStore.textKind, "hands a text to whoever carries texts", check: { _ in })
    kind.queue = NotificationStore.queue
    kind.perWorkerMax = 4
    kind.timeLimit = .seconds(60)
    kind.retry = RetryDelay(first: .seconds(10), most: .seconds(3600))
    return kind
  }()
}
