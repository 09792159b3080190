import API
import EventLoop
import Postgres
import Store
import Synchronization
import Telemetry

/// Keeps the runtime settings current: reads them at the start, after every announcement, and after every gap in them.
final class LiveSettingsWatch: Sendable {
  private let store: RuntimeSettingsStore
  private let live: LiveSettings
  private let listener: Listener
  private let logger: Logger
  private let loop: EventLoop
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(_ database: DatabaseAccess, _ listener: Listener, live: LiveSettings, runtime: Runtime) {
    store = Database(database.client).runtimeSettings
    self.live = live
    loop = runtime.group.loops[0]
    self.listener = listener
    logger = runtime.logger.named("settings")
  }

  func start() {
    let background = Task(executorPreference: loop) { [self] in await watch() }
    task.withLock { $0 = background }
  }

  func stop() { task.withLock { $0.take() }?.cancel() }

  private func watch() async {
    await read()
    do {
      for await _ in try await listener.subscribe(RuntimeSettingsStore.channel) { await read() }
    } catch {
      logger.error("changes of the settings are not heard", ["error": .string("\(error)")])
    }
  }

  /// Reads until it succeeds: an announcement that comes while the database is away must not be lost.
  private func read() async {
    while !Task.isCancelled {
      do {
        live.take(try await store.settings())
        return
      } catch {
        logger.debug("the settings cannot be read yet", ["error": .string("\(error)")])
      }
      // Cancelled while it sleeps, it ends with the loop's condition.
      try? await loop.sleep(for: .seconds(1))
    }
  }
}
