package import Accounts
package import Kernel
import Postgres

/// Something to be told in the log.
package struct AuditNote: Sendable {
  /// What, in a word such as `session.revoked`.
  package let action: String
  /// To whom or what.
  package let subject: String
  /// More about it: JSON text.
  package let details: String

  /// A note.
  package init(_ action: String, subject: String, details: String = "{}") {
    self.action = action
    self.subject = subject
    self.details = details
  }
}

extension AccountStore {
  /// Adds to the log as the last thing that a transaction does.
  func record(_ note: AuditNote, _ actor: Actor, in transaction: Transaction) async throws {
    let (number, previous, time) = try await transaction.query(
      "select number, digest, clock_timestamp() from audit_head for update"
    ).decodeOnly(Int64.self, [UInt8].self, PostgresTimestamp.self)
    let entry = AuditEntry(
      number: number + 1, microseconds: time.microseconds, actor: actor.user, subject: note.subject,
      action: note.action, network: actor.network, details: note.details)
    try await transaction.execute(
      """
      with added as (
        insert into audit_entry (number, at, actor, subject, action, network, details, digest)
        values (\(entry.number), \(time), \(entry.actor), \(entry.subject), \(entry.action), \(entry.network),
          \(entry.details), sha256(\(entry.content(after: previous))))
        returning number, digest)
      update audit_head set number = added.number, digest = added.digest from added
      """)
  }

  /// Adds to the log on its own.
  ///
  /// - Throws: `StoreError`.
  package func record(_ note: AuditNote, _ actor: Actor) async throws {
    try await translating { try await database.transaction { try await record(note, actor, in: $0) } }
  }

  /// The newest entries by or about somebody or something, newest first.
  ///
  /// - Throws: `StoreError`.
  package func auditEntries(about subject: String, by actor: UserID?, limit: Int) async throws -> [AuditEntry] {
    try await translating {
      let rows = try await database.query(
        """
        select number, at, actor, subject, action, network, details from audit_entry
        where subject = \(subject) or actor = \(actor) order by number desc limit \(Int64(limit))
        """)
      return try rows.decode(
        Int64.self, PostgresTimestamp.self, UserID?.self, String.self, String.self, String?.self, String.self
      ).map(AccountStore.entry)
    }
  }

  /// Goes through the whole log.
  ///
  /// It proves that nothing was changed, taken out or put in behind the program's back, unless all digests after it were
  /// made anew: to see that too, keep the count and the digest that this gives somewhere else and compare later.
  /// - Parameter hash: SHA-256.
  /// - Returns: how many entries fit, and the digest of the last.
  /// - Throws: `AuditChain.Fault` at the first entry that does not fit; `StoreError`.
  package func verifyAudit(
    hash: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) async throws -> (count: Int64, digest: [UInt8]) {
    // The end first: what is added meanwhile is left for the next time.
    let (last, digest) = try await translating {
      try await database.query("select number, digest from audit_head").decodeOnly(Int64.self, [UInt8].self)
    }
    var chain = AuditChain(hash: hash)
    while chain.count < last {
      let from = chain.count
      let page = try await translating {
        try await database.query(
          """
          select number, at, actor, subject, action, network, details, digest from audit_entry
          where number > \(from) and number <= \(last) order by number limit 1000
          """
        ).decode(
          Int64.self, PostgresTimestamp.self, UserID?.self, String.self, String.self, String?.self, String.self,
          [UInt8].self)
      }
      if page.isEmpty { break }
      for row in page {
        try chain.take(AccountStore.entry((row.0, row.1, row.2, row.3, row.4, row.5, row.6)), row.7)
      }
    }
    try chain.finish(count: last, digest: digest)
    return (chain.count, chain.digest)
  }

  private static func entry(
    _ row: (Int64, PostgresTimestamp, UserID?, String, String, String?, String)
  ) -> AuditEntry {
    AuditEntry(
      number: row.0, microseconds: row.1.microseconds, actor: row.2, subject: row.3, action: row.4, network: row.5,
      details: row.6)
  }
}
