import HTTP
import JSON
import Store

/// Whether the process lives, and whether it can serve: what load balancers and orchestrators ask.
struct Health: Sendable {
  /// What one thing that the process needs says of itself.
  struct Check: Sendable, JSONWritable {
    let name: String
    let isWell: Bool
    let detail: String

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("name", name)
        $0.field("ok", isWell)
        $0.field("detail", detail)
      }
    }
  }

  private static let schema: JSONSchema = .fields([
    "status": .text, "checks": .list(.fields(["name": .text, "ok": .boolean, "detail": .text])),
  ])

  let version: String
  /// Asked at every request for readiness; each must answer within its own limit.
  let checks: @Sendable () async -> [Check]
  private let alive: Response

  init(version: String, checks: @escaping @Sendable () async -> [Check]) {
    self.version = version
    self.checks = checks
    alive = .json(Live(version: version), fields: ["Cache-Control": "no-store"])
  }

  func addRoutes(to router: Router) {
    router.get("/health/live") { _, _ in alive }.describe(
      .json("Whether the process lives", .operations, gives: .fields(["status": .text, "version": .text])))
    router.get("/health/ready") { _, _ in await ready() }.describe(
      .json(
        "Whether it can serve", .operations, gives: Self.schema, or: [.json(Self.schema, status: .serviceUnavailable)]))
  }

  private func ready() async -> Response {
    let checks = await checks()
    let isReady = checks.allSatisfy(\.isWell)
    var response = Response.json(
      Ready(isReady: isReady, checks: checks), status: isReady ? .ok : .serviceUnavailable,
      fields: ["Cache-Control": "no-store"])
    if !isReady { response.fields.set("Retry-After", "1") }
    return response
  }

  private struct Live: JSONWritable {
    let version: String

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("status", "ok")
        $0.field("version", version)
      }
    }
  }

  private struct Ready: JSONWritable {
    let isReady: Bool
    let checks: [Check]

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("status", isReady ? "ok" : "unavailable")
        $0.field("checks", checks)
      }
    }
  }
}
