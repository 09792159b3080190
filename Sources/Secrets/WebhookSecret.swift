/// What webhooks are signed with: 32 random bytes, shown as `whsec_` and base64, as Standard Webhooks has it.
package struct WebhookSecret: Sendable, Hashable, CustomStringConvertible {
  private let bytes: [UInt8]

  /// A new one.
  package static func random() -> WebhookSecret { WebhookSecret(bytes: RandomBytes.make(32)) }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// As it is shown to its owner, once.
  package var text: String { "whsec_" + Self.base64(bytes) }

  /// Nothing that a log may not have.
  package var description: String { "a webhook's secret" }

  /// What goes into `webhook-signature`: a version, and a code over id, time and body.
  package func signature(id: String, timestamp: Int64, body: String) -> String {
    "v1," + Self.base64(Digest.hmacSHA256(Array("\(id).\(timestamp).\(body)".utf8), key: bytes))
  }

  /// As it is kept.
  package func sealed(_ key: MasterKey) -> [UInt8] { SealedBox.seal(bytes, key: key.key(for: .webhooks)) }

  /// Opens what is kept; nil if it was sealed under another key.
  package init?(sealed: [UInt8], _ key: MasterKey) {
    guard let bytes = SealedBox.open(sealed, key: key.key(for: .webhooks)) else { return nil }
    self.bytes = bytes
  }

  /// Base64 with its usual signs and filled up, which Base64URL goes without.
  private static func base64(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }
}
