import CSodium

/// The secret of an installation, from which the keys for each purpose are derived; it is in no database.
package struct MasterKey: Sendable {
  /// Its length in bytes.
  package static let length = 32

  private let bytes: [UInt8]

  /// A new one.
  package static func random() -> MasterKey { MasterKey(bytes: RandomBytes.make(length)) }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads 64 hexadecimal digits; nil for anything else.
  package init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 2 * MasterKey.length else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = MasterKey.value(digits[index]), let low = MasterKey.value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.init(bytes: bytes)
  }

  /// 64 hexadecimal digits.
  package var hexadecimal: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The key for a purpose; other purposes' keys tell nothing of it.
  package func key(for purpose: Purpose) -> [UInt8] {
    Digest.hmacSHA256(Array("wayfare \(purpose.rawValue)".utf8), key: bytes)
  }

  /// What keys are derived for.
  package enum Purpose: String, Sendable {
    /// The secret halves of signing keys.
    case signing = "signing keys"
    /// Secrets of authenticators.
    case secondFactor = "second factors"
    /// What mails tell.
    case mail = "mails"
    /// Secrets that webhooks are signed with.
    case webhooks = "webhooks"
    /// What switches mails off.
    case mailPasses = "mail passes"
    /// What a sign-in elsewhere carries to and fro.
    case signIn = "sign-ins elsewhere"
    /// Marks of packages' names.
    case packages
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// What only the holder of a key opens, and nobody can change unseen: a nonce, then XSalsa20-Poly1305.
package enum SealedBox {
  /// Seals bytes under a key of 32 bytes.
  package static func seal(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    precondition(key.count == Int(crypto_secretbox_KEYBYTES), "a key has 32 bytes")
    let nonce = RandomBytes.make(Int(crypto_secretbox_NONCEBYTES))
    var box = [UInt8](repeating: 0, count: bytes.count + Int(crypto_secretbox_MACBYTES))
    crypto_secretbox_easy(&box, bytes, UInt64(bytes.count), nonce, key)
    return nonce + box
  }

  /// Opens what was sealed under the same key; nil for anything else.
  package static func open(_ sealed: [UInt8], key: [UInt8]) -> [UInt8]? {
    _ = Sodium.isReady
    let nonceCount = Int(crypto_secretbox_NONCEBYTES)
    let overhead = nonceCount + Int(crypto_secretbox_MACBYTES)
    guard key.count == Int(crypto_secretbox_KEYBYTES), sealed.count >= overhead else { return nil }
    let nonce = Array(sealed[..<nonceCount])
    let box = Array(sealed[nonceCount...])
    var bytes = [UInt8](repeating: 0, count: sealed.count - overhead)
    return crypto_secretbox_open_easy(&bytes, box, UInt64(box.count), nonce, key) == 0 ? bytes : nil
  }
}
