import JSON
package import Kernel
package import Notification
import Postgres

/// What a notification's id is of.
package enum NotificationNoun {}
/// The id of an entry of somebody's feed.
package typealias NotificationID = Identifier<NotificationNoun>
/// What a delivery's id is of.
package enum DeliveryNoun {}
/// The id of a message on one channel.
package typealias DeliveryID = Identifier<DeliveryNoun>

/// Somebody who is told something.
package struct Reader: Sendable, Hashable {
  package let id: UserID
  package let email: String
  package let name: String
  /// The language that their profile names, if it names one.
  package let language: String?
  package let habits: ReadingHabits
}

/// What people were told, and what came of it.
///
/// Everything that follows from an event is stored in one transaction with the end of the job that tells it: entries of
/// feeds, deliveries, and the jobs that send them. A key makes one entry of what is told twice.
package struct NotificationStore: Sendable {
  /// Kinds of the jobs that send; all wait in one queue.
  package static let sendKind = "notification.send"
  package static let pushKind = "notification.push"
  package static let textKind = "notification.sms"
  /// The kind of the jobs that make a digest of what waits for it.
  package static let digestKind = "notification.digest"
  /// Where they wait.
  package static let queue = "notification"
  /// How often a mail is tried, over about a day.
  package static let attemptsMax = 15
  /// Days after which what was told and sent is forgotten.
  package static let feedDays: Int32 = 365
  package static let historyDays: Int32 = 90

  let database: PostgresClient
  let jobs: JobStore

  init(_ database: PostgresClient, _ jobs: JobStore) {
    self.database = database
    self.jobs = jobs
  }

  static func reader(_ row: Row) throws -> Reader {
    let text: String? = try row["notifications"]
    // What was kept by another version and cannot be read is as if nothing had been said.
    let habits = text.flatMap { try? ReadingHabits(json: JSONDocument(text: $0).root) } ?? ReadingHabits()
    return Reader(
      id: try row["account_id"], email: try row["email"], name: try row["name"], language: try row["language"],
      habits: habits)
  }

  static let readerColumns: SQL = """
    account.id as account_id, account.email, account.name, profile ->> 'language' as language,
    (preferences -> 'notifications')::text as notifications
    """

  static func facts(_ text: String) throws -> [Fact: String] {
    var facts: [Fact: String] = [:]
    for (name, node) in try JSONDocument(text: text).root.members {
      if let fact = Fact(rawValue: name) { facts[fact] = try node.string }
    }
    return facts
  }

  static func text(_ facts: [Fact: String]) -> String {
    var writer = JSONWriter()
    writer.object { object in
      for (fact, value) in facts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        object.field(named: fact.rawValue, value.clipped(to: fact.lengthMax))
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  /// Forgets what is old.
  ///
  /// - Throws: `StoreError`.
  package func clearAway() async throws {
    _ = try await translating {
      try await database.atomically([
        "delete from notification where created_at < now() - make_interval(days => \(Self.feedDays))",
        "delete from notification_delivery where created_at < now() - make_interval(days => \(Self.historyDays))",
        "delete from webhook_delivery where created_at < now() - make_interval(days => \(Self.historyDays))",
        "delete from mail_bounce where at < now() - make_interval(days => \(Self.feedDays))",
      ])
    }
  }

  // MARK: Addresses that nobody reads

  /// The language of whoever has an address, and whether mail reaches them; what letters go by.
  ///
  /// - Throws: `StoreError`.
  package func standing(of address: String) async throws -> (language: String?, bounce: String?) {
    try await translating {
      let row = try await database.query(
        """
        select (select profile ->> 'language' from account
            join account_profile on account_id = account.id where lower(email) = lower(\(address))),
          (select reason from mail_bounce where address = lower(\(address)))
        """
      ).decodeOnly(String?.self, String?.self)
      return (row.0, row.1)
    }
  }

  /// Addresses that are marked, the newest first.
  ///
  /// - Throws: `StoreError`.
  package func bounces() async throws -> [(address: String, reason: String, at: Instant)] {
    try await translating {
      try await database.query("select address, reason, at from mail_bounce order by at desc limit 200")
        .decode(String.self, String.self, PostgresTimestamp.self).map { ($0.0, $0.1, Instant($0.2)) }
    }
  }

  /// Lets mails go to an address again; false when it was not marked.
  ///
  /// - Throws: `StoreError`.
  package func forgive(_ address: String) async throws -> Bool {
    try await translating {
      try await database.execute("delete from mail_bounce where address = lower(\(address))") > 0
    }
  }

  func mark(_ address: String, _ reason: String, in transaction: Database.Transaction) async throws {
    try await transaction.execute(
      """
      insert into mail_bounce (address, reason) values (lower(\(address)), \(String(reason.prefix(500))))
      on conflict (address) do update set reason = excluded.reason, at = now()
      """)
  }
}
