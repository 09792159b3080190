/// A secret that is shown as it is and kept as its digest: it has 256 random bits, so that a plain digest is enough.
package struct OpaqueToken: Sendable, Hashable {
  /// What a token begins with, which tells what it is for.
  package enum Kind: String, Sendable {
    /// Gives the next access token.
    case refresh = "wfr_"
    /// Lets a program in.
    case key = "wfk_"
    /// Comes by mail.
    case mail = "wfm_"
  }

  /// As it is shown.
  package let text: String

  /// A new one.
  package static func random(_ kind: Kind) -> OpaqueToken {
    OpaqueToken(text: kind.rawValue + Base64URL.encode(RandomBytes.make(32)))
  }

  private init(text: String) { self.text = text }

  /// Takes what was shown; nil if it cannot be one of ours.
  package init?(shown text: String, _ kind: Kind) {
    guard text.utf8.count == 47, text.hasPrefix(kind.rawValue), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      return nil
    }
    self.text = text
  }

  /// As it is kept.
  package var digest: [UInt8] { Digest.sha256(Array(text.utf8)) }

  /// Seals the token that follows this one, so that only who has this one reads it.
  package func seal(next: OpaqueToken) -> [UInt8] { SealedBox.seal(Array(next.text.utf8), key: sealKey) }

  /// Opens what `seal(next:)` has made.
  package func open(next sealed: [UInt8]) -> String? {
    SealedBox.open(sealed, key: sealKey).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Not its digest, which is kept.
  private var sealKey: [UInt8] { Digest.hmacSHA256(Array("next".utf8), key: Array(text.utf8)) }
}
