import Booking
import HTTP
import JSON
import Kernel
import Synchronization

/// The token that Amadeus' API wants with each request: fetched when the last one is about to end.
final class AmadeusToken: Sendable {
  private struct Token: Sendable {
    let text: String
    let ends: Instant
  }

  private let line: SellerLine
  private let key: String
  private let secret: String
  private let now: @Sendable () -> Instant
  private let token = Mutex<Token?>(nil)

  init(_ line: SellerLine, key: String, secret: String, now: @escaping @Sendable () -> Instant) {
    self.line = line
    self.key = key
    self.secret = secret
    self.now = now
  }

  /// A token that holds for a minute at least.
  func text() async throws(SellerFault) -> String {
    let now = now()
    if let token = token.withLock({ $0 }), token.ends > now.adding(seconds: 60) { return token.text }
    var call = SellerLine.Call(.read, .post, "/v1/security/oauth2/token")
    call.contentType = "application/x-www-form-urlencoded"
    let form = "grant_type=client_credentials&client_id=\(key.percentEncoded)&client_secret=\(secret.percentEncoded)"
    call.body = Array(form.utf8)
    let node = try await line.document(call)
    guard let text = node.text("access_token"), let seconds = node.count("expires_in") else {
      throw line.fault(.read, "a token was asked for and none came")
    }
    token.withLock { $0 = Token(text: text, ends: now.adding(seconds: Int64(min(max(seconds, 0), 86_400)))) }
    return text
  }

  /// Forgets a token that was refused.
  func forget(_ text: String) {
    token.withLock { if $0?.text == text { $0 = nil } }
  }
}
