import HTTP
public import JSON
import Kernel
public import Store

/// `GET` and `PATCH /v1/runtime-settings`: what operators change while everything runs.
struct RuntimeSettingsRoutes: Sendable {
  static let path = "/v1/runtime-settings"

  private static let maintenance: JSONSchema = .fields([
    "message": .text(1...500), "retrySeconds?": .integer(1...86_400),
  ])
  private static let schema: JSONSchema = .fields([
    "logLevel": .any, "maintenance": maintenance.orNull, "revision": .integer, "changedAt": .moment,
  ])

  let store: RuntimeSettingsStore
  let live: LiveSettings

  func addRoutes(to group: RouteGroup) {
    group.get("") { request, _ in
      let settings = try await store.settings()
      return try request.isNotModified(etag(settings)) ? .notModified(etag(settings)) : answer(settings)
    }.describe(
      .json("What operators change while everything runs", .operations, .operators, gives: Self.schema).conditional)
    group.patch("") { request, _ in try await change(request) }.describe(
      .json(
        "Changes it", .operations, .operators, fields: ["If-Match"],
        takes: .fields(["logLevel?": .words(WireLogLevel.self), "maintenance?": Self.maintenance]), gives: Self.schema))
  }

  private func change(_ request: Request) async throws -> Response {
    let change = try await request.json(as: RuntimeSettingsChange.self, limit: 16 * 1024)
    let now = try await store.settings()
    try request.requireIfMatch(etag(now))
    guard let changed = try await store.change(change, from: now.revision) else { throw Problem.versionChanged }
    live.take(changed)
    return answer(changed)
  }

  private func answer(_ settings: RuntimeSettings) -> Response {
    Response.json(settings, fields: ["Cache-Control": "no-store"]).with(etag(settings))
  }

  private func etag(_ settings: RuntimeSettings) -> ETag { ETag(version: settings.revision) }
}

extension RuntimeSettings: JSONWritable {
  /// The settings as they travel.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("logLevel", logLevel)
      $0.field("maintenance", maintenance)
      $0.field("revision", revision)
      $0.field("changedAt", changedAt.description)
    }
  }
}

extension RuntimeSettings.Maintenance: JSONWritable, JSONReadable {
  /// The settings as they travel.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("message", message)
      $0.field("retrySeconds", retrySeconds)
    }
  }

  /// Reads what an operator sent.
  ///
  /// - Throws: `JSONError`, which names the field and the mend.
  public init(json: JSONNode) throws(JSONError) {
    let object = try json.object(fields: "message", "retrySeconds")
    self.init(
      message: try object.required("message", length: 1...500),
      retrySeconds: try object.optional("retrySeconds", in: 1...86_400) ?? 60)
  }
}

/// The levels as they travel: an unknown one is refused with the nearest.
private enum WireLogLevel: String, JSONReadable, CaseIterable {
  case trace, debug, info, notice, warning, error, critical
}

extension RuntimeSettingsChange: JSONReadable {
  /// Reads what an operator sent.
  ///
  /// - Throws: `JSONError`, which names the field and the mend.
  public init(json: JSONNode) throws(JSONError) {
    self.init()
    let object = try json.object(fields: "logLevel", "maintenance")
    logLevel = try object.optional("logLevel", as: WireLogLevel.self)?.rawValue
    if object.find("maintenance") != nil {
      maintenance = .some(try object.optional("maintenance", as: RuntimeSettings.Maintenance.self))
    }
  }
}
