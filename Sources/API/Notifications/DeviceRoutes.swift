import HTTP
import JSON
import Kernel
import Notification
import Store

/// `/devices`: where the one who asks is told things by an app.
struct DeviceRoutes: Sendable {
  private static let bytesMax = 16 * 1024

  let store: NotificationStore
  let source: TokenCallerSource

  func addRoutes(to group: RouteGroup) {
    group.get("/devices") { request, _ in try await list(request) }.describe(
      .json(
        "One's devices, and the number that texts go to", .notifications, .token,
        gives: .fields(["devices": .list(DeviceJSON.schema), "phone": PhoneRoutes.number.orNull])))
    group.post("/devices") { request, _ in try await add(request) }.describe(
      .json(
        "Adds a device; one that somebody else had is theirs no more", .notifications, .token,
        takes: .fields(["platform": .words(PushPlatform.self), "token": .text(8...4096), "name?": .text(0...100)]),
        gives: DeviceJSON.schema, status: .created))
    group.delete("/devices/{id}") { request, context in
      let user = try await source.user(of: request)
      let id = try context.parameters.require("id", as: DeviceID.self)
      guard try await store.removeDevice(id, of: user.id) else {
        throw Problem(.notFound, detail: "You have no such device, or none any more.")
      }
      return Response(status: .noContent)
    }.describe(.empty("Removes a device", .notifications, .token, path: ["id": .id]))
  }

  private func list(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let devices = try await store.devices(of: user.id).map { DeviceJSON(device: $0) }
    let phone = try await store.phone(of: user.id)
    return TripAnswers.fresh(
      Told { object in
        object.array("devices") { for one in devices { $0.element(one) } }
        object.field("phone", phone)
      })
  }

  private func add(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(required: "platform", "token", optional: "name")
    let text = try object.required("platform", length: 1...20)
    guard let platform = PushPlatform(rawValue: text) else {
      throw json.fault(
        "must be one of \(PushPlatform.allCases.map(\.rawValue).joined(separator: ", "))", at: "/platform")
    }
    let token = try object.required("token", length: 8...4096)
    guard token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw json.fault("must be what the platform calls the device, without spaces", at: "/token")
    }
    let made = try await store.addDevice(
      platform, token: token, name: try object.optional("name", length: 0...100) ?? "", of: user.id)
    guard let made else {
      throw Problem(
        .conflict, name: "too-many", title: "Too many",
        detail: "You have \(NotificationStore.devicesMax) devices, which is the most; remove one first.")
    }
    return TripAnswers.fresh(DeviceJSON(device: made), status: .created)
  }
}

private struct DeviceJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "platform": .words(PushPlatform.self), "name": .text, "createdAt": .moment,
  ])

  let device: StoredDevice

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", device.id.description)
      object.field("platform", device.platform.rawValue)
      object.field("name", device.name)
      object.field("createdAt", device.createdAt.description)
    }
  }
}
