/// A statement on its way: what was asked for, and how its messages go out and come back.
struct Request: Sendable {
  /// How the statement stands to transactions.
  enum Setting: Sendable {
    /// On its own; wrapped in a transaction where timeouts cannot be set otherwise.
    case standalone(Timeouts?)
    /// On its own and never wrapped, as `VACUUM` and `CREATE DATABASE` need it.
    case bare(Timeouts?)
    /// With the statements before it one transaction, whether or not any other is open.
    case atomic(Timeouts?)
    /// First in a transaction: BEGIN and its timeouts travel with it.
    case begin(String, Timeouts?)
    /// Inside a transaction that has begun.
    case inTransaction(Timeouts?)
    /// ROLLBACK after a wrapped statement failed.
    case recovery
    /// No statement at all: a round trip.
    case probe

    /// The limits that hold for it, where they are not the connection's.
    var timeouts: Timeouts? {
      switch self {
      case .standalone(let timeouts), .bare(let timeouts), .begin(_, let timeouts), .inTransaction(let timeouts),
        .atomic(let timeouts):
        timeouts
      case .recovery, .probe: nil
      }
    }

    var isRecovery: Bool { if case .recovery = self { true } else { false } }
  }

  var sql: SQL
  var setting: Setting
  /// What travels before it in the same flight of messages; behind one that fails the rest is passed over.
  var earlier: [SQL] = []

  /// Whether the server's refusal leaves nothing behind, so that the statement may be sent again.
  var isRepeatable: Bool {
    switch setting {
    case .standalone, .bare, .atomic: true
    case .begin, .inTransaction, .recovery, .probe: false
    }
  }
}

/// One message to the server within a flight.
struct Step: Sendable {
  enum Action: Sendable, Equatable {
    case prepare(StatementCache.Key, name: String)
    case executePrepared(name: String)
    case execute
    case deallocate(name: String)
  }

  var action: Action
  var sql: SQL
  /// Whether its result is what the caller waits for.
  var isAnswer = false
}

/// A request between the caller and the server: its messages up to one Sync, and what has come back of them.
struct Flight: Sendable {
  /// Takes what the statements that the caller waits for gave, in their order.
  typealias Completion = @Sendable (Result<[ResultHandle], any Error>) -> Void

  let id: UInt64
  let request: Request
  let completion: Completion
  var steps: [Step] = []
  /// Nothing may follow it on the wire before it is over, because its failure leaves a transaction open.
  var isBarrier = false
  /// It brings its own BEGIN and COMMIT.
  var isWrapped = false
  var received = 0
  var answers: [ResultHandle] = []
  var failure: ServerError?
  var failedStep: Step?
  var isCancelled = false
  var wasResent = false

  init(id: UInt64, request: Request, completion: @escaping Completion) {
    self.id = id
    self.request = request
    self.completion = completion
  }

  /// The same flight before anything was sent, to be sent a second time.
  var renewed: Flight {
    var flight = Flight(id: id, request: request, completion: completion)
    flight.isCancelled = isCancelled
    // A stray cancellation says nothing about the statement, a plan that is stale twice in a row does.
    flight.wasResent = wasResent || failure?.isStalePlan == true
    return flight
  }
}

/// How flights are turned into messages on this connection.
struct FlightPlanner {
  var isPooled: Bool
  var defaults: Timeouts
  var statements: StatementCache

  /// Fills in the flight's messages.
  mutating func plan(_ flight: inout Flight) {
    flight.isBarrier = isPooled
    switch flight.request.setting {
    case .standalone(let timeouts):
      guard isPooled || timeouts != nil else { return add(flight.request.sql, to: &flight, isAnswer: true) }
      flight.isBarrier = true
      flight.isWrapped = true
      add("BEGIN", to: &flight)
      add((timeouts ?? defaults).settingLocally, to: &flight)
      add(flight.request.sql, to: &flight, isAnswer: true)
      add("COMMIT", to: &flight)
    case .atomic(let timeouts):
      // Statements up to one Sync are one transaction without anybody saying so; BEGIN is for the timeouts.
      let isWrapped = isPooled || timeouts != nil
      flight.isBarrier = isWrapped
      flight.isWrapped = isWrapped
      if isWrapped {
        add("BEGIN", to: &flight)
        add((timeouts ?? defaults).settingLocally, to: &flight)
      }
      addAnswers(to: &flight)
      if isWrapped { add("COMMIT", to: &flight) }
    case .begin(let text, let timeouts):
      flight.isBarrier = true
      add(SQL(unsafe: text), to: &flight)
      if isPooled || timeouts != nil { add((timeouts ?? defaults).settingLocally, to: &flight) }
      addAnswers(to: &flight)
    case .recovery:
      flight.isBarrier = true
      addAnswers(to: &flight)
    case .bare, .inTransaction:
      addAnswers(to: &flight)
    case .probe:
      break
    }
  }

  /// Everything that the caller asked for.
  private mutating func addAnswers(to flight: inout Flight) {
    for sql in flight.request.earlier { add(sql, to: &flight, isAnswer: true) }
    add(flight.request.sql, to: &flight, isAnswer: true)
  }

  private mutating func add(_ sql: SQL, to flight: inout Flight, isAnswer: Bool = false) {
    if isPooled {
      flight.steps.append(Step(action: .execute, sql: sql, isAnswer: isAnswer))
      return
    }
    let key = StatementCache.Key(text: sql.text, types: sql.parameters.types)
    let use = statements.use(key)
    if use.isNew {
      for name in statements.takeStale() {
        flight.steps.append(Step(action: .deallocate(name: name), sql: SQL(unsafe: "DEALLOCATE \(name)")))
      }
      flight.steps.append(Step(action: .prepare(key, name: use.name), sql: sql))
    }
    flight.steps.append(Step(action: .executePrepared(name: use.name), sql: sql, isAnswer: isAnswer))
  }

  /// Brings the cache in line with what became of a flight.
  mutating func settle(_ flight: Flight) {
    guard let failure = flight.failure else { return }
    for step in flight.steps.suffix(from: max(0, flight.received - 1)) {
      // From the failed message on, nothing took place.
      switch step.action {
      case .prepare(let key, _): statements.forget(key, isOnServer: false)
      case .deallocate(let name): statements.returnStale(name)
      case .execute, .executePrepared: break
      }
    }
    guard failure.isStalePlan, let step = flight.failedStep else { return }
    let key = StatementCache.Key(text: step.sql.text, types: step.sql.parameters.types)
    statements.forget(key, isOnServer: failure.sqlState == "0A000")
  }
}

extension ServerError {
  /// The prepared statement is gone, or the tables it reads have changed shape: prepare it anew.
  var isStalePlan: Bool {
    sqlState == "26000" || (sqlState == "0A000" && message.contains("cached plan must not change result type"))
  }

  /// The statement was cancelled on somebody's request rather than by a timeout.
  var isCancellation: Bool { sqlState == "57014" && !message.contains("statement timeout") }

  /// The error as callers see it.
  var translated: PostgresError {
    switch sqlState {
    case "57014" where message.contains("statement timeout"): .timeout(.statement)
    case "55P03" where message.contains("lock timeout"): .timeout(.lock)
    case "25P03": .timeout(.idleInTransaction)
    default: .server(self)
    }
  }
}
