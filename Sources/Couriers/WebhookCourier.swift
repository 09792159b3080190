package import EventLoop
package import HTTP
package import Secrets

/// Carries events to programs of others, signed as Standard Webhooks has it.
///
/// Users name the addresses, so that nothing goes to private ones, redirects are not followed, and little of what is
/// answered is read.
package struct WebhookCourier: Sendable {
  /// An event as it goes to one endpoint.
  package struct Delivery: Sendable {
    /// What it is known by, however often it is sent.
    package let id: String
    /// Where it goes.
    package let url: String
    /// What is told: JSON.
    package let body: String
    /// What it is signed with; while a secret is being changed, the one before too.
    package let secrets: [WebhookSecret]

    /// A delivery.
    package init(id: String, url: String, body: String, secrets: [WebhookSecret]) {
      self.id = id
      self.url = url
      self.body = body
      self.secrets = secrets
    }
  }

  /// What became of a try.
  package struct Outcome: Sendable, Hashable {
    /// What was answered; nil where nothing was.
    package let status: Int?
    /// What stood in the way, or what a refusal said; bounded.
    package let error: String?
  }

  private let client: HTTPClient
  private let reach: ClientRequest.Reach

  /// A courier on a loop.
  ///
  /// - Parameters:
  ///   - loop: where it runs.
  ///   - reachesPrivate: whether private addresses may be reached, for tests and closed networks alone.
  /// - Throws: `ClientError.closed` when libcurl cannot start.
  package init(loop: EventLoop, reachesPrivate: Bool = false) throws(ClientError) {
    var retries = RetryRules()
    // The queue tries again.
    retries.attemptsMax = 1
    client = try HTTPClient(loop: loop, retries: retries)
    reach = reachesPrivate ? .anywhere : .publicAddresses
  }

  /// Tries once to hand over an event.
  ///
  /// - Parameters:
  ///   - delivery: what goes where.
  ///   - second: the time, in seconds since 1970: what is much older is refused by who checks signatures.
  /// - Returns: what became of it.
  /// - Throws: `CancellationError` when the task is cancelled.
  package func send(_ delivery: Delivery, atSecond second: Int64) async throws -> Outcome {
    var request = ClientRequest(.post, delivery.url)
    request.fields.set("Content-Type", "application/json")
    request.fields.set("User-Agent", "Wayfare-Webhooks")
    request.fields.set("webhook-id", delivery.id)
    request.fields.set("webhook-timestamp", "\(second)")
    let signatures = delivery.secrets.map { $0.signature(id: delivery.id, timestamp: second, body: delivery.body) }
    request.fields.set("webhook-signature", signatures.joined(separator: " "))
    request.body = Array(delivery.body.utf8)
    request.timeout = .seconds(15)
    request.responseBytesMax = 64 * 1024
    request.reach = reach
    request.isIdempotent = false
    do {
      let response = try await client.send(request)
      let isWell = (200..<300).contains(response.status)
      let told = isWell ? nil : Self.line(response.body)
      return Outcome(status: response.status, error: told)
    } catch let error as ClientError {
      return Outcome(status: nil, error: String("\(error)".prefix(300)))
    }
  }

  /// Ends what is under way.
  package func close() async { await client.close() }

  private static func line(_ bytes: [UInt8]) -> String {
    let printable = String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars
      .map { $0.value < 32 || $0.value == 127 ? " " : String($0) }
    return printable.joined()
  }
}
