package import EventLoop
package import HTTP
package import JSON
import Kernel
package import Notification
package import Secrets
import Synchronization

/// Carries messages to devices through Firebase Cloud Messaging, by its HTTP API of version 1.
package final class FirebaseCourier: Sendable {
  /// A service account, as Google hands it out as a file.
  package struct Account: Sendable {
    /// The project.
    package let project: String
    /// Who signs.
    package let mail: String
    /// With which key.
    package let key: TokenSigner
    /// Where tokens are had for signatures.
    package let tokenURL: String
    /// Where messages go.
    package var url = "https://fcm.googleapis.com"

    /// Reads the file.
    ///
    /// - Throws: `JSONError` that names what is missing or wrong.
    package init(_ json: JSONNode) throws(JSONError) {
      func text(_ name: String) throws(JSONError) -> String {
        guard let node = json.find("/" + name) else { throw json.fault("must have \"\(name)\"") }
        return try node.string(length: 1...8192)
      }
      project = try text("project_id")
      mail = try text("client_email")
      tokenURL = try text("token_uri")
      guard let key = TokenSigner(pem: try text("private_key")), key.algorithm == .rs256 else {
        throw json.fault("must be an RSA key in PEM form", at: "/private_key")
      }
      self.key = key
    }
  }

  private static let scope = "https://www.googleapis.com/auth/firebase.messaging"
  /// A token is not used in its last minutes.
  private static let spareSeconds: Int64 = 300

  private let client: HTTPClient
  private let account: Account
  private let now: @Sendable () -> Int64
  private let token = Mutex<(text: String, until: Int64)?>(nil)

  /// A courier on a loop, with a clock in seconds since 1970.
  ///
  /// - Throws: `ClientError.closed` when libcurl cannot start.
  package init(loop: EventLoop, account: Account, now: @escaping @Sendable () -> Int64) throws(ClientError) {
    var retries = RetryRules()
    // The queue tries again.
    retries.attemptsMax = 1
    client = try HTTPClient(loop: loop, retries: retries)
    self.account = account
    self.now = now
  }

  /// Tries once to hand over a message for a device.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  package func send(_ message: PushMessage, to device: String) async throws -> CourierVerdict {
    do {
      let token: String
      switch try await currentToken() {
      case .success(let text): token = text
      case .failure(let refusal): return .later("no token for Firebase: \(refusal.reason)", after: nil)
      }
      var request = ClientRequest(.post, "\(account.url)/v1/projects/\(account.project.percentEncoded)/messages:send")
      request.fields.set("Authorization", "Bearer \(token)")
      request.fields.set("Content-Type", "application/json")
      request.body = Self.body(message, to: device)
      request.timeout = .seconds(20)
      request.responseBytesMax = 64 * 1024
      request.isIdempotent = false
      let response = try await client.send(request)
      if response.status == 401 { self.token.withLock { $0 = nil } }
      return Self.verdict(response)
    } catch let error as ClientError {
      return .later("\(error)", after: nil)
    }
  }

  /// Ends what is under way.
  package func close() async { await client.close() }

  private struct Refusal: Error { let reason: String }

  /// Two that need a token at once both fetch one, and the later is kept.
  private func currentToken() async throws -> Result<String, Refusal> {
    let second = now()
    if let kept = token.withLock({ $0 }), second < kept.until { return .success(kept.text) }
    let assertion = account.key.token(keyID: nil) { claims in
      claims.field("iss", account.mail)
      claims.field("scope", Self.scope)
      claims.field("aud", account.tokenURL)
      claims.field("iat", second)
      claims.field("exp", second + 3600)
    }
    var request = ClientRequest(.post, account.tokenURL)
    request.fields.set("Content-Type", "application/x-www-form-urlencoded")
    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer".percentEncoded
    request.body = Array("grant_type=\(grant)&assertion=\(assertion)".utf8)
    request.timeout = .seconds(20)
    request.responseBytesMax = 64 * 1024
    let response = try await client.send(request)
    // What is no JSON has no token.
    let root = try? JSONDocument(bytes: response.body).root
    guard response.status == 200, let text = root?.text("access_token") else {
      return .failure(Refusal(reason: CourierWords.reason(response, root?.text("error_description"))))
    }
    let seconds = Int64(root?.count("expires_in") ?? 3600)
    token.withLock { $0 = (text, second + max(0, min(seconds, 86_400) - Self.spareSeconds)) }
    return .success(text)
  }

  private static func body(_ message: PushMessage, to device: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { object in
      object.object("message") { told in
        told.field("token", device)
        told.object("notification") {
          $0.field("title", message.title)
          $0.field("body", message.body)
        }
        told.object("data") {
          $0.field("id", message.id)
          $0.field("kind", message.kind)
          $0.field("link", ifPresent: message.link)
        }
        told.object("android") { android in
          android.field("ttl", "86400s")
          // A message that comes again takes the place of the one that is shown.
          android.object("notification") { $0.field("tag", message.id) }
        }
      }
    }
    return writer.finish()
  }

  private static func verdict(_ response: ClientResponse) -> CourierVerdict {
    // What is no JSON says nothing more than the status.
    let root = try? JSONDocument(bytes: response.body).root
    let reason = CourierWords.reason(response, root?.member("error")?.text("message"))
    if response.status == 200 {
      return .delivered(reference: root?.text("name"))
    }
    let codes = root?.member("error")?.list("details").compactMap { $0.text("errorCode") } ?? []
    if codes.contains("UNREGISTERED") || codes.contains("SENDER_ID_MISMATCH") { return .unreachable(reason) }
    switch response.status {
    case 400, 404, 413: return .refused(reason)
    // 401 and 403 are about our account: for whoever runs the installation to mend, and messages wait.
    default: return .later(reason, after: CourierWords.retryAfter(response))
    }
  }
}
