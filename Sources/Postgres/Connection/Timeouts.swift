/// The server's own limits of time, in force for every statement; `.zero` switches one off.
public struct Timeouts: Sendable, Hashable {
  /// `statement_timeout`: how long one statement may run.
  public var statement: Duration
  /// `lock_timeout`: how long one statement may wait for one lock.
  public var lock: Duration
  /// `idle_in_transaction_session_timeout`: how long a transaction may wait for its next statement.
  public var idleInTransaction: Duration

  /// Takes the three limits.
  public init(
    statement: Duration = .seconds(30), lock: Duration = .seconds(10), idleInTransaction: Duration = .seconds(60)
  ) {
    self.statement = statement
    self.lock = lock
    self.idleInTransaction = idleInTransaction
  }

  /// The startup parameter that sets them for a session.
  var startupOptions: String {
    "-c statement_timeout=\(statement.milliseconds) -c lock_timeout=\(lock.milliseconds)"
      + " -c idle_in_transaction_session_timeout=\(idleInTransaction.milliseconds)"
  }

  /// The statement that sets them until the end of the transaction.
  ///
  /// `set_config` rather than SET LOCAL, because it sets all three in one message and takes values.
  var settingLocally: SQL {
    """
    SELECT set_config('statement_timeout', \(String(statement.milliseconds)), true), \
    set_config('lock_timeout', \(String(lock.milliseconds)), true), \
    set_config('idle_in_transaction_session_timeout', \(String(idleInTransaction.milliseconds)), true)
    """
  }
}

extension Duration {
  /// Whole milliseconds, rounded up, so that a limit above zero never becomes "no limit".
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return min(seconds, 2_000_000) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}
