package import EventLoop
package import HTTP
import JSON
import Kernel
package import Notification
package import Secrets
import Synchronization

/// Carries messages to Apple's devices through APNs, which is spoken over HTTP/2 where the other side has TLS.
package final class AppleCourier: Sendable {
  /// The app, and the key that its owner has.
  package struct App: Sendable {
    /// `https://api.push.apple.com`, or the one for development.
    package var url: String
    /// The team's name.
    package var team: String
    /// The key's name.
    package var keyID: String
    /// The key.
    package var key: TokenSigner
    /// The app's bundle.
    package var topic: String

    /// An app.
    package init(
      url: String = "https://api.push.apple.com", team: String, keyID: String, key: TokenSigner, topic: String
    ) {
      self.url = url
      self.team = team
      self.keyID = keyID
      self.key = key
      self.topic = topic
    }
  }

  /// Tokens may be an hour old, and newer ones may not come more often than every 20 minutes.
  private static let tokenSeconds: Int64 = 50 * 60
  /// A message that reaches nobody within these is dropped there.
  private static let keptSeconds: Int64 = 86_400

  private let client: HTTPClient
  private let app: App
  private let now: @Sendable () -> Int64
  private let token = Mutex<(text: String, madeAt: Int64)?>(nil)

  /// A courier on a loop, with a clock in seconds since 1970.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start.
  package init(loop: EventLoop, app: App, now: @escaping @Sendable () -> Int64) throws(ClientError) {
    var retries = RetryRules()
    // The queue tries again.
    retries.attemptsMax = 1
    client = try HTTPClient(loop: loop, retries: retries)
    self.app = app
    self.now = now
  }

  /// Tries once to hand over a message for a device.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  package func send(_ message: PushMessage, to device: String) async throws -> CourierVerdict {
    var request = ClientRequest(.post, "\(app.url)/3/device/\(device.percentEncoded)")
    request.fields.set("authorization", "bearer \(currentToken())")
    request.fields.set("apns-topic", app.topic)
    request.fields.set("apns-push-type", "alert")
    request.fields.set("apns-id", message.id)
    request.fields.set("apns-collapse-id", message.id)
    request.fields.set("apns-expiration", "\(now() + Self.keptSeconds)")
    request.fields.set("content-type", "application/json")
    request.body = Self.body(message)
    request.timeout = .seconds(20)
    request.responseBytesMax = 16 * 1024
    request.isIdempotent = false
    do {
      let response = try await client.send(request)
      if response.status == 403 { token.withLock { $0 = nil } }
      return Self.verdict(response)
    } catch let error as ClientError {
      return .later("\(error)", after: nil)
    }
  }

  /// Ends what is under way.
  package func close() async { await client.close() }

  private func currentToken() -> String {
    let second = now()
    return token.withLock { kept in
      if let kept, second - kept.madeAt < Self.tokenSeconds { return kept.text }
      let text = app.key.token(keyID: app.keyID) { claims in
        claims.field("iss", app.team)
        claims.field("iat", second)
      }
      kept = (text, second)
      return text
    }
  }

  private static func body(_ message: PushMessage) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.object("aps") { aps in
        aps.object("alert") {
          $0.field("title", message.title)
          $0.field("body", message.body)
        }
        aps.field("sound", "default")
      }
      object.field("kind", message.kind)
      object.field("link", ifPresent: message.link)
    }
    return writer.finish()
  }

  private static func verdict(_ response: ClientResponse) -> CourierVerdict {
    // What is no JSON says nothing more than the status.
    let word = (try? JSONDocument(bytes: response.body).root)?.text("reason") ?? ""
    let reason = CourierWords.reason(response, word)
    switch response.status {
    case 200: return .delivered(reference: response.field("apns-id"))
    case 410: return .unreachable(reason)
    case 400 where ["BadDeviceToken", "DeviceTokenNotForTopic"].contains(word): return .unreachable(reason)
    case 400, 404, 405, 413: return .refused(reason)
    // 403 is about our key: for whoever runs the installation to mend, and messages wait.
    default: return .later(reason, after: CourierWords.retryAfter(response))
    }
  }
}
