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
    try await translating {
      try await database.transaction { transaction in
        let isFree = try await transaction.query(
          "select pg_try_advisory_xact_lock(hashtextextended(\(caller) || chr(10) || \(key), 7246002))"
        ).decodeOnly(Bool.self)
        guard isFree else { return .inFlight }
        let known = try await transaction.query(
          """
          select fingerprint = sha256(\(request)), job_id from idempotency_key where caller = \(caller) and key = \(key)
          """
        ).decodeFirst(Bool.self, Int64.self)
        if let (isSame, id) = known { return isSame ? .again(JobID(id)) : .different }
        guard let submission = try await submit([job], in: transaction).first else {
          throw StoreError.faulty(reason: "a job got no answer")
        }
        try await transaction.execute(
          """
          insert into idempotency_key (caller, key, fingerprint, job_id)
          values (\(caller), \(key), sha256(\(request)), \(submission.id.rawValue))
          """)
        return .first(submission)
      }
    }
  }
}
