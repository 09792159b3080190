import Postgres

/// What became of a request that may be sent twice.
public enum IdempotentSubmission: Sendable, Hashable {
  /// It is the first of its key, and was carried out.
  case first(Submission)
  /// The same request was carried out before; this is the job it made.
  case again(JobID)
  /// The key belongs to another request.
  case different
  /// A request with this key is being carried out right now.
  case inFlight
}

/// A request that may be sent twice: whose it is, what it is called, and what it says.
package struct RepeatableRequest: Sendable {
  /// Whose keys these are.
  package let caller: String
  /// What the caller calls the request.
  package let key: String
  /// All that makes the request what it is, written the same way each time; its digest is kept.
  package let content: [UInt8]

  /// A request.
  package init(caller: String, key: String, content: [UInt8]) {
    self.caller = caller
    self.key = key
    self.content = content
  }
}

/// What is known of a request when it comes.
enum RequestStanding {
  /// Nobody sent it before; nobody else can while the transaction lasts.
  case new
  /// It was carried out before; this is the job it made.
  case known(JobID)
  /// The key belongs to another request.
  case different
  /// It is being carried out right now.
  case inFlight
}

extension JobStore {
  /// Stores a job once for each key of a caller, however often it is asked to.
  ///
  /// The key and the job are stored together, so that one without the other is never there.
  /// - Parameters:
  ///   - job: what is asked for.
  ///   - caller: whose keys these are.
  ///   - key: what the caller calls the request.
  ///   - request: all that makes the request what it is, written the same way each time; its digest is kept.
  /// - Returns: whether this was the first request of its key, and its job.
  /// - Throws: `JobRefusal` or `StoreError`.
  public func submit(
    _ job: NewJob, caller: String, key: String, request: [UInt8]
  ) async throws -> IdempotentSubmission {
    let request = RepeatableRequest(caller: caller, key: key, content: request)
    return try await translating {
      try await database.transaction { transaction in
        switch try await standing(of: request, in: transaction) {
        case .known(let id): return .again(id)
        case .different: return .different
        case .inFlight: return .inFlight
        case .new: break
        }
        guard let submission = try await submit([job], in: transaction).first else {
          throw StoreError.faulty(reason: "a job got no answer")
        }
        try await remember(request, made: submission.id, in: transaction)
        return .first(submission)
      }
    }
  }

  /// Whether a request was sent before; if not, nobody else can carry it out while the transaction lasts.
  func standing(of request: RepeatableRequest, in transaction: Transaction) async throws -> RequestStanding {
    let isFree = try await transaction.query(
      "select pg_try_advisory_xact_lock(hashtextextended(\(request.caller) || chr(10) || \(request.key), 7246002))"
    ).decodeOnly(Bool.self)
    guard isFree else { return .inFlight }
    let known = try await transaction.query(
      """
      select fingerprint = sha256(\(request.content)), job_id from idempotency_key
      where caller = \(request.caller) and key = \(request.key)
      """
    ).decodeFirst(Bool.self, Int64.self)
    return known.map { $0.0 ? .known(JobID($0.1)) : .different } ?? .new
  }

  /// Keeps a request with the job it made.
  func remember(_ request: RepeatableRequest, made job: JobID, in transaction: Transaction) async throws {
    try await transaction.execute(
      """
      insert into idempotency_key (caller, key, fingerprint, job_id)
      values (\(request.caller), \(request.key), sha256(\(request.content)), \(job.rawValue))
      """)
  }
}
