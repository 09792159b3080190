/// What a client tells about its work: to be wired to logs and metrics, as ``telemetry(_:logger:)`` does.
///
/// The closures run on the caller's thread after each statement, and must be quick.
public struct PostgresObserver: Sendable {
  /// What was called.
  public enum Operation: String, Sendable, CaseIterable {
    /// One statement.
    case query
    /// Several statements in one flight.
    case pipeline
    /// A transaction from BEGIN to COMMIT, each attempt for itself.
    case transaction
    /// Rows going in.
    case copyIn = "copy_in"
    /// Rows coming out.
    case copyOut = "copy_out"
  }

  /// A call is over.
  public struct Report: Sendable {
    /// What was called.
    public var operation: Operation
    /// How long it took, with the wait for a connection.
    public var duration: Duration
    /// Whether it threw.
    public var hasFailed: Bool
  }

  /// Hears of everything.
  public var finished: @Sendable (Report) -> Void
  /// Hears of statements slower than the client's threshold: the text, without values, and the time.
  public var wasSlow: @Sendable (_ text: String, _ duration: Duration) -> Void
  /// Hears when a transaction is tried again: the attempt, and why.
  public var isRetrying: @Sendable (_ attempt: Int, _ error: ServerError) -> Void

  /// Takes the closures; those left out do nothing.
  public init(
    finished: @escaping @Sendable (Report) -> Void = { _ in },
    wasSlow: @escaping @Sendable (_ text: String, _ duration: Duration) -> Void = { _, _ in },
    isRetrying: @escaping @Sendable (_ attempt: Int, _ error: ServerError) -> Void = { _, _ in }
  ) {
    self.finished = finished
    self.wasSlow = wasSlow
    self.isRetrying = isRetrying
  }
}
