import EventLoop
import Glibc
import Kernel
import Postgres
import Store
import Telemetry
import Worker

/// The worker of a process.
struct JobService: Sendable {
  private let worker: Worker

  /// What can be asked for.
  static let kinds: [JobKind] = [.probe]

  /// What this program can do.
  static func handlers(on loop: EventLoop) -> [JobHandler] { [.probe(on: loop)] }

  init(
    _ runtime: Runtime, _ database: DatabaseAccess, _ listener: Listener, _ settings: WorkerSettings, _ tracer: Tracer?
  ) {
    let loop = runtime.group.loops[0]
    worker = Worker(
      database: Database(database.client), handlers: JobHandlers(JobService.handlers(on: loop)), settings: settings,
      loop: loop, signals: JobSignals(listener), zones: .system, logger: runtime.logger.named("worker"),
      metrics: runtime.metrics, tracer: tracer)
  }

  /// The worker as a service: it ends by letting jobs finish, and gives back what does not.
  func service(stoppingWithin limit: Duration) -> Service {
    Service(name: "worker", start: { worker.start() }, stop: { await worker.stop(within: limit) })
  }

  /// How a worker works, as the settings say.
  static func settings(_ settings: Settings) throws(UsageError) -> WorkerSettings {
    var how = WorkerSettings()
    let queues = settings.list(.queues)
    for queue in queues where !isQueueName(queue) {
      throw UsageError("\(settings.source(.queues)): \(JobRefusal.badName(queue))")
    }
    how.queues = queues.isEmpty ? nil : queues
    how.concurrency = try settings.int(.concurrency, in: 1...10_000) ?? how.concurrency
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    how.name = "\(host)/\(getpid())"
    return how
  }
}
