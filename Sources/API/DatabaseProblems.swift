public import HTTP
public import Postgres

// What callers are told of database errors: that it was not their fault, and when to try again; never a statement.
extension PostgresError: ProblemConvertible {
  /// What the caller is told.
  public var problem: Problem {
    switch self {
    case .unavailable, .connectionLost, .poolExhausted, .queueFull, .closed:
      busy("The database cannot be reached right now; nothing was changed. Try again in a moment.", retrySeconds: 2)
    case .timeout:
      busy("The database took too long; nothing was changed. Try again in a moment.", retrySeconds: 5)
    case .outcomeUnknown:
      busy(
        "The connection to the database was lost while saving. Look whether the change is there before you repeat it.",
        retrySeconds: 2)
    case .server(let error) where error.isOverload:
      busy("The database is overloaded; nothing was changed. Try again in a moment.", retrySeconds: 5)
    case .server, .decoding, .misuse: Problem(.internalServerError)
    }
  }

  private func busy(_ detail: String, retrySeconds: Int) -> Problem {
    Problem(
      .serviceUnavailable, name: "database", title: "Database unavailable", detail: detail,
      fields: ["Retry-After": "\(retrySeconds)"])
  }
}

extension ServerError {
  /// Out of connections, memory or disk, shutting down, or a conflict that retries did not settle.
  fileprivate var isOverload: Bool {
    isRetryable || ["53", "57", "58"].contains { sqlState.hasPrefix($0) }
  }
}
