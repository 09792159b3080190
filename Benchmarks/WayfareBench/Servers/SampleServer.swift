import EventLoop
import Glibc
import HTTP
import JSON
import Telemetry

/// Wayfare's HTTP server with one JSON route behind every middleware that the product has, in the product's order.
///
/// It runs in a process of its own: this program started again with a subcommand that `--help` does not list.
enum SampleServer {
  static let subcommand = "http-server"
  static let path = "/v1/trips/42/summary"
  static let origin = "https://app.example.org"

  /// What the route answers.
  static var expectedBody: [UInt8] { TripSummary.sample(id: 42).jsonBytes() }

  /// Serves until the process is ended; says on its first line where.
  ///
  /// - Throws: `BenchmarkError`, `ListenError` or `EventLoopError`.
  static func run(_ arguments: [String]) throws {
    guard arguments.count == 2, arguments[0] == "--listen" else {
      throw BenchmarkError.usage("\(subcommand) wants --listen ADDRESS and nothing else")
    }
    Interruption.uninstall()
    OpenFileLimit.raise()
    let logger = Logger("bench", sink: LogSink(descriptor: 2, format: .text(isColored: false), level: .notice))
    // One loop, as nginx has one worker.
    let group = try EventLoopGroup(count: 1)
    let server = try HTTPServer(
      listen: [ListenAddress(arguments[1])], group: group, responder: routes(logger), logger: logger)
    Task(executorPreference: group.loops[0]) {
      do {
        try await server.start()
        StandardOutput.write("\(server.addresses[0])\n")
      } catch {
        StandardOutput.error("wayfare-bench: \(error)")
        exit(1)
      }
    }
    while true { pause() }
  }

  private static func routes(_ logger: Logger) -> RouteTree {
    let router = Router()
    router.add(Observability(logger: logger, registry: MetricRegistry()))
    router.add(SecurityHeaders())
    router.add(CORS(origins: .these([origin])))
    router.add(LoadShedder(queueDelayMicroseconds: { EventLoop.current?.lagMicroseconds ?? 0 }))
    // A quota that is never spent: its counting is measured, its refusals would not be.
    let quota = RateLimitPolicy(name: "address", quota: 1_000_000_000, windowSeconds: 1)
    router.add(RateLimit(perAddress: quota, now: { EventLoop.current?.turnNanoseconds ?? EventLoop.nanoseconds }))
    router.add(Compression())
    router.get("/v1/trips/{id}/summary") { _, context in
      let id = try context.parameters.require("id", as: Int64.self)
      return .json(await TripSummary.find(id: id))
    }
    return router.build()
  }
}

/// A small JSON document of the kind that a list of trips is made of.
private struct TripSummary: JSONWritable {
  let id: Int64
  let title: String
  let days: Int
  let travellers: Int
  let isShared: Bool
  let currency: String
  let budgetMinorUnits: Int

  static func sample(id: Int64) -> TripSummary {
    TripSummary(
      id: id, title: "Five days between Lisbon and Porto", days: 5, travellers: 3, isShared: true, currency: "EUR",
      budgetMinorUnits: 148_500)
  }

  /// Asynchronous, as looking it up would be.
  static func find(id: Int64) async -> TripSummary { sample(id: id) }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("id", id)
      $0.field("title", title)
      $0.field("days", days)
      $0.field("travellers", travellers)
      $0.field("shared", isShared)
      $0.object("budget") {
        $0.field("currency", currency)
        $0.field("minor_units", budgetMinorUnits)
      }
    }
  }
}
