package import Kernel
import Postgres
package import Trips

/// What a change of a trip wants to know from the start: it comes in the round trip that takes the lock.
package struct TripOpening: Sendable {
  /// What a client asks for, each by its id and with all that it says.
  package struct Asked: Sendable {
    package let client: String
    package let mutations: [(id: String, content: [UInt8])]

    package init(client: String, mutations: [(id: String, content: [UInt8])]) {
      self.client = client
      self.mutations = mutations
    }
  }

  /// Whether all of the document is wanted, unless it is a version that is known.
  package enum DocumentWish: Sendable {
    case none
    case stored(known: Int64?)
  }

  package let asked: Asked?
  package let document: DocumentWish

  package init(asked: Asked? = nil, document: DocumentWish = .none) {
    self.asked = asked
    self.document = document
  }
}

extension TripStore {
  /// Changes a trip: nobody else writes it until `body` has returned, and all of it takes place or nothing.
  ///
  /// How the visitor stands to the trip is read under the same lock under which roles are changed, so that nobody
  /// writes with a role that was taken away. It takes two round trips if `body` asks for nothing: one that takes the lock
  /// and reads, and one that writes and commits.
  /// - Returns: what `body` returns, or nil when there is no such trip.
  /// - Throws: what `body` throws, or `StoreError`.
  package func write<Value>(
    _ id: TripID, _ visitor: TripVisitor, _ opening: TripOpening = TripOpening(),
    _ body: (TripWriter) async throws -> Value
  ) async throws -> Value? {
    try await translating {
      try await database.transaction { transaction in
        let answers = try await transaction.pipeline(Self.statements(id, visitor, opening))
        guard let row = answers[1].first else { return nil }
        var known: [String: KnownMutation] = [:]
        if answers.count > 2 {
          for row in try answers[2].decode(String.self, UserID.self, Bool.self, String.self) {
            known[row.0] = KnownMutation(author: row.1, isSame: row.2, result: row.3)
          }
        }
        let writer = TripWriter(try TripRows.access(row), try row["stored"], known, jobs, transaction)
        let value = try await body(writer)
        await transaction.finish(with: writer.closing())
        return value
      }
    }
  }

  /// What takes the lock, and what is read under it.
  private static func statements(_ id: TripID, _ visitor: TripVisitor, _ opening: TripOpening) -> [SQL] {
    let stored: SQL =
      switch opening.document {
      case .none: "null::text"
      case .stored(let known): "case when state.revision = \(known) then null else stored::text end"
      }
    // Two statements, because whoever waits for the lock would see roles as they were before in the same one.
    var statements: [SQL] = [
      "select from trip_state where trip_id = \(id) for no key update",
      """
      select \(TripRows.visitorColumns(visitor)), \(stored) as stored from trip_state state where state.trip_id = \(id)
      """,
    ]
    if let asked = opening.asked {
      let (ids, contents) = (asked.mutations.map(\.id), asked.mutations.map(\.content))
      statements.append(
        """
        select known.mutation_id, author, digest = sha256(content), result::text
        from unnest(\(ids), \(contents)) as asked (mutation_id, content)
        join trip_mutation known on known.trip_id = \(id) and client_id = \(asked.client)
          and known.mutation_id = asked.mutation_id
        """)
    }
    return statements
  }
}

/// A document as it is stored: JSON texts.
package struct TripTexts: Sendable {
  /// As people see it.
  package let document: String
  /// All of it.
  package let stored: String
  /// What lists show of it.
  package let headline: String

  package init(document: String, stored: String, headline: String) {
    self.document = document
    self.stored = stored
    self.headline = headline
  }
}

/// A document that a transaction has stored.
package struct SavedDocument: Sendable {
  package let revision: Int64
  package let document: TripDocument
  package let texts: TripTexts
}

/// A trip that is being changed by one transaction.
package final class TripWriter {
  /// How the visitor stands to it, and where the log was.
  package let access: TripAccess
  /// The last place of the log, with what was appended.
  package private(set) var seq: Int64
  package private(set) var revision: Int64

  let transaction: Transaction
  private let jobs: JobStore
  private var appended: [TripLogEntry] = []
  private let opened: String?
  private var remembering: [SQL] = []
  /// What became of those mutations that the opening asked for and that were sent before.
  package let known: [String: KnownMutation]
  /// What the document was replaced by, and as which version; of account once the transaction has been committed.
  package private(set) var saved: SavedDocument?

  init(
    _ access: TripAccess, _ stored: String?, _ known: [String: KnownMutation], _ jobs: JobStore,
    _ transaction: Transaction
  ) {
    self.access = access
    opened = stored
    self.known = known
    self.jobs = jobs
    self.transaction = transaction
    (seq, revision) = (access.seq, access.revision)
  }

  /// The trip's id.
  package var id: TripID { access.id }

  /// All of the document as it was when the lock was taken: JSON text; what the opening has brought is not read again.
  package func stored() async throws -> String {
    if let opened { return opened }
    return try await translating {
      try await transaction.query("select stored::text from trip_state where trip_id = \(id)").decodeOnly(String.self)
    }
  }

  /// One entry of the log.
  package func entry(_ seq: Int64) async throws -> TripLogEntry? {
    try await translating {
      try await transaction.query(
        """
        select seq, kind, author, client_id, mutation_id, at, body::text as body from trip_op
        where trip_id = \(id) and seq = \(seq)
        """
      ).first.map { try TripRows.entry($0) }
    }
  }

  /// Appends to the log; stored when the body has returned.
  ///
  /// - Returns: its place.
  package func append(
    _ kind: String, by author: UserID?, client: String? = nil, mutation: String? = nil, body: String
  ) -> Int64 {
    seq += 1
    appended.append(
      TripLogEntry(
        seq: seq, kind: kind, author: author, client: client, mutation: mutation,
        at: Instant(secondsSinceEpoch: 0), body: body))
    return seq
  }

  /// Replaces the document; the last place of the log is its version.
  package func save(_ document: TripDocument, _ texts: TripTexts) {
    revision = seq
    saved = SavedDocument(revision: revision, document: document, texts: texts)
  }

  // MARK: Telling people

  /// Has people told of something once the change stands.
  package func tell(_ order: TellOrder, trace: String? = nil) async throws {
    _ = try await jobs.submit([order.newJob(trace: trace)], in: transaction)
  }

  /// Has a letter sent once the change stands.
  ///
  /// - Parameters:
  ///   - sealed: the payload, which nobody but its sender opens.
  ///   - trace: the W3C trace context of whoever caused it.
  /// - Throws: `StoreError`; the change is then rolled back with it.
  package func send(letter sealed: String, trace: String? = nil) async throws {
    var job = NewJob(kind: NotificationStore.sendKind, payload: sealed)
    job.queue = NotificationStore.queue
    job.attemptsMax = NotificationStore.attemptsMax
    job.trace = trace
    _ = try await jobs.submit([job], in: transaction)
  }

  /// What the trip is called, and what somebody is.
  package func names(_ user: UserID) async throws -> (trip: String, user: String) {
    try await translating {
      try await transaction.query(
        """
        select coalesce((select headline ->> 'title' from trip_state where trip_id = \(id)), ''),
          coalesce((select name from account where id = \(user)), '')
        """
      ).decodeOnly(String.self, String.self)
    }
  }

  // MARK: What was asked

  /// Keeps what became of mutations; stored when the body has returned.
  package func remember(
    _ client: String, by author: UserID, _ mutations: [(id: String, content: [UInt8], result: String)]
  ) {
    guard !mutations.isEmpty else { return }
    remembering.append(
      """
      insert into trip_mutation (trip_id, client_id, mutation_id, author, digest, result)
      select \(id), \(client), mutation_id, \(author), sha256(content), result::json
      from unnest(\(mutations.map(\.id)), \(mutations.map(\.content)), \(mutations.map(\.result)))
        as one (mutation_id, content, result)
      """)
  }

  // MARK: Storing

  /// What is left to be stored, to travel with COMMIT.
  func closing() -> [SQL] {
    guard seq != access.seq else { return remembering }
    var statements = remembering
    if seq / 256 != access.seq / 256 { statements += clearing() }
    // One statement for the log, the trip and the announcement: each more would be taken in, begun and ended for itself.
    statements.append(
      """
      with logged as (
        insert into trip_op (trip_id, seq, kind, author, client_id, mutation_id, body)
        select \(id), seq, kind, author, client_id, mutation_id, body::json
        from unnest(\(appended.map(\.seq)), \(appended.map(\.kind)), \(appended.map(\.author)),
          \(appended.map(\.client)), \(appended.map(\.mutation)), \(appended.map(\.body)))
          as one (seq, kind, author, client_id, mutation_id, body)
      ), changed as (
        update trip_state set seq = \(seq), revision = \(revision), changed_at = now()\(contents)
        where trip_id = \(id)
      )
      select pg_notify(\(TripStore.changedChannel), \("\(id) \(seq)"))
      """)
    return statements
  }

  /// The document's columns, where it was replaced.
  private var contents: SQL {
    guard let texts = saved?.texts else { return "" }
    return """
      , document = \(texts.document)::text::json, stored = \(texts.stored)::text::json,
        headline = \(texts.headline)::text::json
      """
  }

  /// Takes away what nobody is to come back for.
  private func clearing() -> [SQL] {
    let start = max(access.logStart, seq - Int64(TripLimits.logMax))
    return [
      "delete from trip_op where trip_id = \(id) and seq <= \(start)",
      "update trip_state set log_start = \(start) where trip_id = \(id)",
      "delete from trip_mutation where trip_id = \(id) and at < now() - interval '30 days'",
    ]
  }
}
