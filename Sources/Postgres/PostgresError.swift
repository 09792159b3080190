/// What can go wrong between a caller and the server.
public enum PostgresError: Error, Sendable {
  /// The server refused a statement.
  case server(ServerError)
  /// The connection ended while the call was under way; a statement outside a transaction may or may not have run.
  case connectionLost(reason: String)
  /// There is no connection and the server takes none at the moment; the pool goes on trying.
  case unavailable(reason: String)
  /// Every connection was busy for longer than a caller is willing to wait.
  case poolExhausted(waited: Duration, limit: Int)
  /// As many callers wait as the limit allows.
  case queueFull(limit: Int)
  /// A limit of time ran out.
  case timeout(TimeoutKind)
  /// The connection ended during COMMIT: the transaction may or may not have been committed.
  case outcomeUnknown(reason: String)
  /// A value of a row is not what the caller asked for.
  case decoding(DecodingFailure)
  /// The call cannot be made like this; the text says how.
  case misuse(String)
  /// The client, connection or transaction has been closed.
  case closed
}

/// Which limit of time ran out.
public enum TimeoutKind: Sendable, Hashable {
  /// `statement_timeout`: the statement took too long and was cancelled.
  case statement
  /// `lock_timeout`: somebody else held a lock for too long.
  case lock
  /// `idle_in_transaction_session_timeout`: a transaction waited too long for its next statement.
  case idleInTransaction
  /// The server did not take the connection in time.
  case connect
  /// The server stayed silent for longer than its own timeouts allow.
  case silence
}

/// What the server said about a statement it refused.
public struct ServerError: Error, Sendable, Hashable {
  /// The five characters of SQLSTATE, such as `23505`.
  public var sqlState: String
  /// The primary message.
  public var message: String
  /// More about it.
  public var detail: String?
  /// What to do about it.
  public var hint: String?
  /// The violated constraint.
  public var constraint: String?
  /// The table concerned.
  public var table: String?
  /// The column concerned.
  public var column: String?
  /// Where in the statement, in characters from 1.
  public var position: Int?

  /// Whether the server asks for the transaction to be tried again: serialization failure or deadlock.
  public var isRetryable: Bool { sqlState == "40001" || sqlState == "40P01" }
}

/// Which value could not be read, and why.
public struct DecodingFailure: Error, Sendable, Hashable {
  /// The column's name.
  public var column: String
  /// What the caller asked for.
  public var expected: String
  /// What is there.
  public var found: String
}

extension ServerError: CustomStringConvertible {
  /// The message with its SQLSTATE, detail and hint.
  public var description: String {
    var text = "\(message) [\(sqlState)]"
    if let detail { text += "; \(detail)" }
    if let hint { text += "; \(hint)" }
    return text
  }
}

extension PostgresError: CustomStringConvertible {
  /// One sentence for a log or a terminal, without any value or password.
  public var description: String {
    switch self {
    case .server(let error): "PostgreSQL refused the statement: \(error)"
    case .connectionLost(let reason): "the connection to PostgreSQL was lost: \(reason)"
    case .unavailable(let reason): "PostgreSQL is not available: \(reason)"
    case .poolExhausted(let waited, let limit):
      "all \(limit) connections to PostgreSQL stayed busy for \(waited); raise the pool's size or send less"
    case .queueFull(let limit): "\(limit) calls wait for PostgreSQL already; try again later"
    case .timeout(let kind): kind.description
    case .outcomeUnknown(let reason):
      "the connection to PostgreSQL was lost during COMMIT, so read back whether it took place: \(reason)"
    case .decoding(let failure): failure.description
    case .misuse(let reason): reason
    case .closed: "the client, connection or transaction is closed"
    }
  }
}

extension TimeoutKind: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .statement: "the statement ran into statement_timeout and was cancelled"
    case .lock: "the statement waited for a lock longer than lock_timeout"
    case .idleInTransaction: "the transaction waited for its next statement longer than its idle timeout"
    case .connect: "PostgreSQL did not take the connection in time"
    case .silence: "PostgreSQL stayed silent for longer than its own timeouts allow"
    }
  }
}

extension DecodingFailure: CustomStringConvertible {
  /// One sentence that names the column.
  public var description: String {
    "column \"\(column)\" is \(found) where \(expected) was asked for; cast it in the SQL or ask for what it is"
  }
}
