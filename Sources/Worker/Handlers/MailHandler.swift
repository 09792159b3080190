import Glibc
import JSON
import Kernel
import Notification
import Store

extension JobHandler {
  /// Jobs of kind `notification.send`: a mail, sealed or of somebody's feed, is handed to the mail server.
  ///
  /// It is sent, then what became of it is stored with the end of the job. A worker that dies in between sends it again, by
  /// the same Message-ID: at least once out, and once to whoever goes by that.
  package static func notificationSend(_ desk: MessageDesk, _ mail: MessageDesk.Mail) -> JobHandler {
    JobHandler(.notificationSend) { context in
      let root = try JSONDocument(text: context.job.payload).root
      switch try root.find("/kind")?.string {
      case "account.mail": return try await MailRun(desk: desk, mail: mail, context: context).sendLetter()
      case "delivery":
        guard let id = DeliveryID(try root.find("/delivery")?.string ?? "") else {
          throw root.fault("must be an id", at: "/delivery")
        }
        return try await MailRun(desk: desk, mail: mail, context: context).send(id)
      // Versions before wrote it for what is told by jobs of another kind now; who would have heard of it has gone on.
      case "itinerary.selected": return .done(nil)
      default: throw root.fault("must be account.mail or delivery", at: "/kind")
      }
    }
  }
}

extension JobKind {
  /// Hands mails over.
  static let notificationSend: JobKind = {
    var kind = JobKind(NotificationStore.sendKind, "hands a mail to the mail server", check: { _ in })
    kind.queue = NotificationStore.queue
    // A server takes a few mails at once; the others wait in the queue rather than in this process.
    kind.perWorkerMax = 4
    kind.timeLimit = .seconds(120)
    kind.retry = RetryDelay(first: .seconds(30), most: .seconds(4 * 3600))
    return kind
  }()
}

/// One try to send one mail.
private struct MailRun {
  let desk: MessageDesk
  let mail: MessageDesk.Mail
  let context: JobContext

  /// Letters that waited longer, for a mail server to be set, are not sent: their tokens serve no more.
  private static let letterSecondsMax: Double = 7 * 86_400

  private var isLastTry: Bool { context.job.attempt >= context.job.attemptsMax }

  // MARK: Letters

  func sendLetter() async throws -> JobAnswer {
    guard let letter = desk.open(context.job.payload) else {
      // Another worker may have the right one.
      throw NotTaken(reason: "it was sealed under another master key; give this worker the installation's")
    }
    guard let kind = MessageKind(rawValue: letter.kind) else { throw JobGivenUp("\(letter.kind) has no words") }
    guard context.job.attempt > 1 || context.job.waitedSeconds < MailRun.letterSecondsMax else {
      return try await endLetter(kind, .skipped("it had waited for so long that it tells nothing any more"))
    }
    let standing = try await desk.store.standing(of: letter.address)
    if let reason = standing.bounce, kind.urgency != .security {
      return try await endLetter(kind, .skipped("nobody reads mail there: \(reason)"))
    }
    let language = desk.language(standing.language)
    let link = letter.facts[.token].flatMap { desk.link(kind, token: $0, in: language) }
    guard let words = desk.book.render(Message(kind, letter.facts, name: letter.name, link: link), in: language) else {
      throw JobGivenUp("the letter \(kind.rawValue) does not say what its words have places for")
    }
    let verdict: CourierVerdict
    do {
      let to = try Mailbox(letter.address, name: letter.name?.defused)
      verdict = try await mail.send(
        MailMessage(
          from: mail.from, to: to, words: words, language: language.rawValue, identity: identity,
          date: Instant(secondsSinceEpoch: Int64(time(nil)))))
    } catch let fault as Mailbox.Fault {
      verdict = .refused("\(fault)")
    }
    switch verdict {
    case .delivered(let reference): return try await endLetter(kind, .sent(reference))
    case .refused(let reason): return try await endLetter(kind, .failed(reason))
    case .unreachable(let reason): return try await endLetter(kind, .failed(reason), bounced: letter.address)
    case .later(let reason, _):
      if isLastTry { return try await endLetter(kind, .failed(reason)) }
      throw NotTaken(reason: reason)
    }
  }

  /// The same for every try.
  ///
  /// Numbers of jobs come again when a database is set back; what is sealed never does.
  private var identity: String {
    let hash = context.job.payload.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return "letter.\(context.job.run.id).\(String(hash, radix: 16))"
  }

  private func endLetter(
    _ kind: MessageKind, _ ending: DeliveryEnding, bounced: String? = nil
  ) async throws -> JobAnswer {
    try await context.complete { transaction in
      try await desk.store.endLetter(
        of: context.job.run.id, kind: kind.rawValue, attempts: context.job.attempt, ending, bounced: bounced,
        in: transaction)
    }
  }

  // MARK: Mails of somebody's feed

  func send(_ id: DeliveryID) async throws -> JobAnswer {
    guard let outgoing = try await desk.store.begin(id) else { return .done(nil) }
    guard let kind = MessageKind(rawValue: outgoing.kind) else {
      return try await end(id, .skipped("\(outgoing.kind) has no words"))
    }
    if let reason = outgoing.bounce { return try await end(id, .skipped("nobody reads mail there: \(reason)")) }
    let language = desk.language(outgoing.reader.language)
    guard let words = desk.words(of: outgoing, kind, language) else {
      return try await end(id, .skipped("it does not say what its words have places for"))
    }
    let verdict: CourierVerdict
    do {
      let to = try Mailbox(outgoing.reader.email, name: outgoing.reader.name)
      verdict = try await mail.send(
        MailMessage(
          from: mail.from, to: to, words: words, language: language.rawValue, identity: "delivery.\(id)",
          date: outgoing.createdAt, unsubscribe: desk.unsubscribing(outgoing.reader.id, kind)))
    } catch let fault as Mailbox.Fault {
      verdict = .refused("\(fault)")
    }
    switch verdict {
    case .delivered(let reference): return try await end(id, .sent(reference))
    case .refused(let reason): return try await end(id, .failed(reason))
    case .unreachable(let reason): return try await end(id, .failed(reason), bounced: outgoing.reader.email)
    case .later(let reason, _):
      if isLastTry { return try await end(id, .failed(reason)) }
      throw NotTaken(reason: reason)
    }
  }

  private func end(_ id: DeliveryID, _ ending: DeliveryEnding, bounced: String? = nil) async throws -> JobAnswer {
    try await context.complete { transaction in
      try await desk.store.end(id, ending, bounced: bounced, in: transaction)
    }
  }
}

/// The mail server did not take a mail now.
private struct NotTaken: Error, CustomStringConvertible {
  let reason: String
  var description: String { "the mail was not taken: \(reason)" }
}

extension MessageDesk {
  /// A message of somebody's feed in words; nil when it does not say what its words have places for.
  func words(of outgoing: Outgoing, _ kind: MessageKind, _ language: Language) -> RenderedMessage? {
    var message = Message(kind, outgoing.facts, name: outgoing.reader.name, link: link(kind, trip: outgoing.trip))
    if kind == .digest {
      message.facts = [.count: "\(outgoing.items.count)"]
      message.items = outgoing.items.compactMap { item in
        MessageKind(rawValue: item.kind).flatMap { book.render(Message($0, item.facts), in: language)?.short }
      }
    }
    return book.render(message, in: language)
  }
}
