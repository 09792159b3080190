import EventLoop
import Postgres
import Store
import Synchronization
import Telemetry

/// Brings the schema to where this binary wants it, or says why it is not there.
final class SchemaKeeper: Sendable {
  private let migrations: Migrations
  private let mayApply: Bool
  private let logger: Logger
  private let loop: EventLoop
  private let known = Mutex<String?>("not looked at yet")
  private let task = Mutex<Task<Void, Never>?>(nil)

  /// A keeper that applies pending migrations itself if it may, or leaves them to `wayfare migrate`.
  init(_ database: DatabaseAccess, mayApply: Bool, runtime: Runtime) {
    migrations = Migrations(Schema.migrations, on: database.client)
    self.mayApply = mayApply
    logger = runtime.logger.named("schema")
    loop = runtime.group.loops[0]
  }

  /// What is wrong with the schema; nil when nothing is.
  var fault: String? { known.withLock { $0 } }

  /// Looks once; while the database is away, goes on looking in the background.
  ///
  /// - Throws: `MigrationError` or `UsageError` when database and binary do not fit together: nobody may serve then.
  func start() async throws {
    do {
      try await settle()
    } catch let error as PostgresError where error.isPassing {
      logger.warning("the database does not answer yet; trying again", ["error": .string("\(error)")])
      known.withLock { $0 = "the database does not answer" }
      let background = Task(executorPreference: loop) { [self] in await goOn() }
      task.withLock { $0 = background }
    }
  }

  func stop() { task.withLock { $0.take() }?.cancel() }

  private func goOn() async {
    while !Task.isCancelled {
      do {
        try await loop.sleep(for: .seconds(1))
        try await settle()
        logger.info("the database answers")
        return
      } catch let error as PostgresError where error.isPassing {
        known.withLock { $0 = "the database does not answer" }
      } catch {
        known.withLock { $0 = "\(error)" }
        if !(error is CancellationError) {
          logger.critical("the schema does not fit this program", ["error": .string("\(error)")])
        }
        return
      }
    }
  }

  private func settle() async throws {
    if mayApply {
      for name in try await migrations.apply() { logger.notice("migrated", ["migration": .string(name)]) }
    } else {
      let pending = try await migrations.plan().pending
      guard pending.isEmpty else {
        throw UsageError("\(pending.count) migrations are pending in the database; run: wayfare migrate")
      }
    }
    known.withLock { $0 = nil }
  }
}

extension PostgresError {
  /// Whether the same call may succeed later, without anybody changing anything but the server's health.
  var isPassing: Bool {
    switch self {
    case .unavailable, .connectionLost, .poolExhausted, .queueFull, .timeout, .outcomeUnknown: true
    case .server, .decoding, .misuse, .closed: false
    }
  }
}
