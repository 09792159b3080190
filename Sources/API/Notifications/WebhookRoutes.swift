import HTTP
import JSON
import Kernel
import Secrets
import Store

/// `/webhook-endpoints`: where the one who asks wants to hear of events of their trips.
struct WebhookRoutes: Sendable {
  private static let bytesMax = 16 * 1024
  /// Kinds of events that there are.
  static let events = ["itinerary.changed", "itinerary.planned", "itinerary.selected"]
  private static let someEvents: JSONSchema = .list(.words(events))
  private static let address: JSONSchema = .text(matching: "^https?://[!-~]{3,1990}$")

  let store: WebhookStore
  let source: TokenCallerSource
  let key: MasterKey

  func addRoutes(to group: RouteGroup) {
    group.get("/webhook-endpoints") { request, _ in
      let user = try await source.user(of: request)
      let endpoints = try await store.endpoints(of: user.id).map { EndpointJSON(endpoint: $0) }
      return TripAnswers.fresh(
        Told { object in object.array("endpoints") { for one in endpoints { $0.element(one) } } })
    }.describe(
      .json(
        "One's endpoints", .notifications, .token, gives: .fields(["endpoints": .list(EndpointJSON.schema)])))
    group.post("/webhook-endpoints") { request, _ in try await add(request) }.describe(
      .json(
        "Adds an endpoint; its secret is told this once", .notifications, .token, fields: ["Idempotency-Key"],
        takes: .fields(["url": Self.address, "description?": .text(0...200), "events?": Self.someEvents]),
        gives: EndpointJSON.schema, status: .created))
    group.get("/webhook-endpoints/{id}") { request, context in
      TripAnswers.fresh(EndpointJSON(endpoint: try await own(request, context)))
    }.describe(.json("An endpoint", .notifications, .token, path: ["id": .id], gives: EndpointJSON.schema))
    group.patch("/webhook-endpoints/{id}") { request, context in try await change(request, context) }.describe(
      .json(
        "Changes an endpoint, or switches it on or off", .notifications, .token, path: ["id": .id],
        takes: .fields([
          "url?": Self.address, "description?": .text(0...200), "events?": Self.someEvents, "enabled?": .boolean,
        ]), gives: EndpointJSON.schema))
    group.delete("/webhook-endpoints/{id}") { request, context in
      let endpoint = try await own(request, context)
      guard try await store.remove(endpoint.id, of: endpoint.owner) else { throw Problem.noEndpoint }
      return Response(status: .noContent)
    }.describe(.empty("Removes an endpoint", .notifications, .token, path: ["id": .id]))
    group.post("/webhook-endpoints/{id}/rotate") { request, context in
      let endpoint = try await own(request, context)
      let secret = WebhookSecret.random()
      guard let changed = try await store.rotate(endpoint.id, to: secret.sealed(key), of: endpoint.owner) else {
        throw Problem.noEndpoint
      }
      return TripAnswers.fresh(EndpointJSON(endpoint: changed, secret: secret.text))
    }.describe(
      .json(
        "Gives an endpoint a new secret; the old one signs for a day more", .notifications, .token,
        path: ["id": .id], gives: EndpointJSON.schema))
    group.get("/webhook-endpoints/{id}/deliveries") { request, context in try await log(request, context) }.describe(
      .json(
        "What was sent to an endpoint, the newest first", .notifications, .token, path: ["id": .id],
        query: ["cursor": .integer(1...Int.max), "limit": .integer(1...200)],
        gives: .page("deliveries", DeliveryJSON.schema)))
    group.post("/webhook-endpoints/{id}/deliveries/{delivery}/resend") { request, context in
      let endpoint = try await own(request, context)
      let delivery = try context.parameters.require("delivery", as: WebhookDeliveryID.self)
      guard try await store.resend(delivery, of: endpoint.id) else {
        throw Problem(.conflict, detail: "There is no such delivery that is over: what waits will be sent by itself.")
      }
      return Response(status: .accepted)
    }.describe(
      .empty(
        "Sends a delivery that is over again", .notifications, .token, path: ["id": .id, "delivery": .id],
        status: .accepted))
  }

  private func own(_ request: Request, _ context: RequestContext) async throws -> StoredEndpoint {
    let user = try await source.user(of: request)
    let id = try context.parameters.require("id", as: WebhookEndpointID.self)
    guard let endpoint = try await store.endpoint(id, of: user.id) else { throw Problem.noEndpoint }
    return endpoint
  }

  private func add(_ request: Request) async throws -> Response {
    let user = try await source.user(of: request)
    let document = try await request.jsonDocument(limit: Self.bytesMax)
    let object = try document.root.object(required: "url", optional: "description", "events")
    let secret = WebhookSecret.random()
    let outcome = try await store.add(
      try Self.url(object) ?? "", description: try object.optional("description", length: 0...200) ?? "",
      events: try Self.events(object) ?? [], sealedSecret: secret.sealed(key), of: user.id,
      try request.making("webhook endpoint", document, by: user.id))
    let made = try outcome.made(
      orFull: "There are \(WebhookStore.endpointsMax) endpoints, as many as can be: remove one first.")
    // The secret was told once; whoever has lost that answer has it rotated.
    return TripAnswers.fresh(
      EndpointJSON(endpoint: made.value, secret: made.isNew ? secret.text : nil), status: .created)
  }

  private func change(_ request: Request, _ context: RequestContext) async throws -> Response {
    let endpoint = try await own(request, context)
    let json = try await request.jsonDocument(limit: Self.bytesMax).root
    let object = try json.object(fields: "url", "description", "events", "enabled")
    var change = EndpointChange()
    change.url = try Self.url(object)
    change.description = try object.optional("description", length: 0...200)
    change.events = try Self.events(object)
    change.isEnabled = try object.optional("enabled")
    guard let changed = try await store.change(endpoint.id, change, of: endpoint.owner) else {
      throw Problem.noEndpoint
    }
    return TripAnswers.fresh(EndpointJSON(endpoint: changed))
  }

  private func log(_ request: Request, _ context: RequestContext) async throws -> Response {
    let endpoint = try await own(request, context)
    let cursor = try request.query.optional("cursor", as: Int64.self, in: 1...Int64.max) ?? .max
    let limit = try request.query.optional("limit", as: Int.self, in: 1...200) ?? 50
    let found = try await store.log(of: endpoint.id, before: cursor, limit: limit + 1)
    let shown = found.prefix(limit).map { DeliveryJSON(record: $0) }
    let next = found.count > limit ? shown.last.map { "\($0.record.seq)" } : nil
    return TripAnswers.fresh(
      Told { object in
        object.array("deliveries") { for one in shown { $0.element(one) } }
        object.field("next", next)
      })
  }

  /// An address that could be reached; whether it is a private one is judged when its name is looked up, each time.
  private static func url(_ object: JSONObject) throws -> String? {
    guard let node = object.find("url") else { return nil }
    let text = try object.required("url", length: 10...2000)
    let isShaped = text.hasPrefix("https://") || text.hasPrefix("http://")
    guard isShaped, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !text.contains("@"), !text.contains("#") else {
      throw node.invalid("must be an address such as https://example.org/hook, without user, password and fragment")
    }
    return text
  }

  private static func events(_ object: JSONObject) throws -> [String]? {
    guard let node = object.find("events") else { return nil }
    let names = try [String](json: node)
    for name in names where !Self.events.contains(name) {
      throw node.invalid("has \"\(name)\", which is no event; they are \(Self.events.joined(separator: ", "))")
    }
    return Array(Set(names)).sorted()
  }
}

/// An endpoint as it is told; its secret once, when it is made.
private struct EndpointJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "url": .text, "description": .text, "events": .list(.text), "enabled": .boolean,
    "disabledBecause?": .text, "failingSince?": .moment, "previousSecretUntil?": .moment, "createdAt": .moment,
    "secret?": .text,
  ])

  let endpoint: StoredEndpoint
  var secret: String?

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", endpoint.id.description)
      object.field("url", endpoint.url)
      object.field("description", endpoint.description)
      object.field("events", endpoint.events)
      object.field("enabled", endpoint.disabledBecause == nil)
      object.field("disabledBecause", ifPresent: endpoint.disabledBecause)
      object.field("failingSince", ifPresent: endpoint.failingSince?.description)
      object.field("previousSecretUntil", ifPresent: endpoint.previousUntil?.description)
      object.field("createdAt", endpoint.createdAt.description)
      object.field("secret", ifPresent: secret)
    }
  }
}

private struct DeliveryJSON: JSONWritable {
  static let schema: JSONSchema = .fields([
    "id": .id, "event": .text, "state": .text, "attempts": .integer, "status?": .integer, "error?": .text,
    "createdAt": .moment, "endedAt?": .moment,
  ])

  let record: WebhookRecord

  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", record.id.description)
      object.field("event", record.kind)
      object.field("state", record.state)
      object.field("attempts", record.attempts)
      object.field("status", ifPresent: record.status)
      object.field("error", ifPresent: record.error)
      object.field("createdAt", record.createdAt.description)
      object.field("endedAt", ifPresent: record.endedAt?.description)
    }
  }
}

extension Problem {
  fileprivate static var noEndpoint: Problem {
    Problem(.notFound, detail: "You have no such endpoint, or none any more.")
  }
}
