import JSON
import Kernel
import Notification
import Store

extension JobHandler {
  /// Jobs of kind `notification.tell`: something has happened, and it is found out who hears of it, where and when.
  ///
  /// Entries of feeds, deliveries and the jobs that send them are stored with the end of the job.
  package static func notificationTell(_ desk: MessageDesk) -> JobHandler {
    JobHandler(.notificationTell) { context in
      let order = try TellOrder(json: JSONDocument(text: context.job.payload).root)
      guard let kind = MessageKind(rawValue: order.kind) else { throw JobGivenUp("\(order.kind) has no words") }
      let audience = try await desk.store.audience(of: order)
      let messages = audience.readers.map { reader in
        let handling = desk.channels.map { channel in
          (channel, reader.habits.handling(of: kind, on: channel, at: audience.now, desk.rules(reader.habits.zone)))
        }
        return PlannedMessage(
          reader: reader.id, facts: audience.facts, handling: Dictionary(uniqueKeysWithValues: handling))
      }
      return try await context.complete { (transaction) async throws -> [UInt8]? in
        let told = try await desk.store.tell(order, to: messages, in: transaction)
        return Array(#"{"told":\#(told)}"#.utf8)
      }
    }
  }

  /// Jobs of kind `notification.digest`: what waits for somebody's digest becomes one mail.
  package static func notificationDigest(_ desk: MessageDesk) -> JobHandler {
    JobHandler(.notificationDigest) { context in
      let request = try DigestRequest(jsonBytes: Array(context.job.payload.utf8))
      return try await context.complete { (transaction) async throws -> [UInt8]? in
        let joined = try await desk.store.makeDigest(of: request.account, in: transaction)
        return Array(#"{"joined":\#(joined)}"#.utf8)
      }
    }
  }
}

extension MessageDesk {
  /// What clocks of a zone show; UTC's where this machine knows no such zone any more.
  fileprivate func rules(_ zone: ZoneName) -> ZoneRules { (try? zones.rules(of: zone)) ?? .utc }
}

private struct DigestRequest: JSONReadable {
  let account: UserID

  init(json: JSONNode) throws(JSONError) {
    let text = try json.object(required: "account").required("account", length: 36...36)
    guard let id = UserID(text) else { throw json.fault("must be an id", at: "/account") }
    account = id
  }
}

extension JobKind {
  /// Tells people what has happened.
  static let notificationTell: JobKind = {
    var kind = JobKind(
      TellOrder.job.kind, "finds out who hears of something, where and when", payload: TellOrder.self)
    kind.queue = NotificationStore.queue
    kind.timeLimit = .seconds(60)
    return kind
  }()

  /// Joins messages.
  static let notificationDigest: JobKind = {
    var kind = JobKind(
      NotificationStore.digestKind, "joins what waits for somebody's digest", payload: DigestRequest.self)
    kind.queue = NotificationStore.queue
    kind.timeLimit = .seconds(60)
    return kind
  }()
}
