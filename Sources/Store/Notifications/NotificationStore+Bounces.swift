import Kernel
package import Notification
import Postgres

/// What became of a report that a mail has not arrived.
package enum BounceHeed: Hashable, Sendable {
  /// It is no mail of ours that went to that address.
  case unknown
  /// It is in the history: the mail failed, or is still on its way.
  case noted
  /// Likewise, and the address is marked: nobody reads mail there.
  case marked
}

/// Mails that come back after a server had taken them.
extension NotificationStore {
  /// Keeps what a report says of one receiver.
  ///
  /// Of a letter of an account neither text nor address is kept, so that its address is not marked: anybody could name one.
  ///
  /// - Throws: `StoreError`.
  package func heed(_ receiver: BounceReport.Receiver, of identity: String) async throws -> BounceHeed {
    let parts = identity.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 3, parts[0] == "letter", let job = Int64(parts[1]) {
      return try await keep(receiver, "job_id = \(job) and account_id is null") == nil ? .unknown : .noted
    }
    guard parts.count == 2, parts[0] == "delivery", let id = DeliveryID(String(parts[1])) else { return .unknown }
    let address = receiver.address
    let mine: SQL = """
      id = \(id) and channel = 'email'
        and account_id in (select account.id from account where lower(email) = lower(\(address)))
      """
    guard try await keep(receiver, mine) != nil else { return .unknown }
    return receiver.isAddressGone ? .marked : .noted
  }

  private func keep(_ receiver: BounceReport.Receiver, _ condition: SQL) async throws -> DeliveryID? {
    let state = receiver.isFailed ? "failed" : "sent"
    let result = (receiver.isFailed ? "came back: " : "not there yet: ") + receiver.reason
    return try await translating {
      try await database.transaction { transaction in
        // What has come back is not on its way any more, whatever is told later.
        let found = try await transaction.query(
          """
          update notification_delivery set state = \(state), result = \(String(result.prefix(500)))
          where \(condition) and (state = 'sent' or state = 'failed' and \(state) = 'failed')
          returning id, account_id is not null
          """
        ).decodeFirst(DeliveryID.self, Bool.self).map { (id: $0.0, isOfAccount: $0.1) }
        guard let kept = found, receiver.isAddressGone else { return found?.id }
        if kept.isOfAccount { try await mark(receiver.address, receiver.reason, in: transaction) }
        return kept.id
      }
    }
  }
}
