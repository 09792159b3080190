import JSON
import Kernel
package import Store

extension JobHandler {
  /// Jobs of kind `notification.webhook`: an event is handed to an endpoint, and what became of that is kept.
  ///
  /// A worker that dies in between hands it over again under the same `webhook-id`.
  /// - Parameters:
  ///   - store: where events wait.
  ///   - send: tries once.
  /// - Returns: the handler.
  package static func notificationWebhook(
    _ store: WebhookStore, send: @escaping @Sendable (WebhookOutgoing) async throws -> WebhookTry
  ) -> JobHandler {
    JobHandler(.notificationWebhook) { context in
      let request = try WebhookRequest(jsonBytes: Array(context.job.payload.utf8))
      // One of an endpoint that was switched off waits until it is switched on, which has the line sent again.
      guard let outgoing = try await store.begin(request.delivery) else { return .done(nil) }
      let attempt = try await send(outgoing)
      if attempt.hasArrived || attempt.status == 410 || context.job.attempt >= context.job.attemptsMax {
        return try await context.complete { transaction in
          try await store.keep(attempt, of: outgoing.id, isOver: true, in: transaction)
        }
      }
      try await store.keep(attempt, of: outgoing.id)
      throw NotArrived(status: attempt.status, error: attempt.error)
    }
  }
}

private struct WebhookRequest: JSONReadable {
  let delivery: WebhookDeliveryID

  init(json: JSONNode) throws(JSONError) {
    let text = try json.object(required: "delivery").required("delivery", length: 36...36)
    guard let id = WebhookDeliveryID(text) else { throw json.fault("must be an id", at: "/delivery") }
    delivery = id
  }
}

/// An event did not arrive.
private struct NotArrived: Error, CustomStringConvertible {
  let status: Int?
  let error: String?
  var description: String { "the event did not arrive: \(status.map { "\($0)" } ?? "no answer") \(error ?? "")" }
}

extension JobKind {
  /// Hands events over.
  static let notificationWebhook: JobKind = {
    var kind = JobKind(WebhookStore.sendJob.kind, "hands an event to an endpoint", payload: WebhookRequest.self)
    kind.queue = NotificationStore.queue
    kind.perWorkerMax = 32
    kind.timeLimit = .seconds(60)
    // 5, 10, 20 … 21,600 seconds: sixteen tries in about a day.
    kind.retry = RetryDelay(first: .seconds(5), most: .seconds(6 * 3600))
    return kind
  }()
}
