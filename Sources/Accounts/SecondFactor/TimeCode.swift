import Kernel

/// The codes that an authenticator shows: RFC 6238 with SHA-1, six digits, thirty seconds, as all of them do.
package enum TimeCode {
  /// How long a code is shown.
  package static let stepSeconds: Int64 = 30
  /// How many digits it has.
  package static let digits = 6
  /// Steps before and after the present one whose codes are taken: clocks differ, and people type slowly.
  package static let tolerance: Int64 = 1
  /// Bytes of a secret, as RFC 4226 wants them.
  package static let secretBytes = 20

  /// The number of the step that a second belongs to.
  package static func step(atSecond second: Int64) -> Int64 { second / stepSeconds }

  /// The code of a step.
  ///
  /// - Parameters:
  ///   - step: which step.
  ///   - hmac: the HMAC-SHA-1 of a message under the secret.
  /// - Returns: six digits.
  package static func code(step: Int64, hmac: ([UInt8]) -> [UInt8]) -> String {
    let message = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
    let mac = hmac(message)
    let offset = Int(mac[mac.count - 1] & 15)
    let number =
      UInt32(mac[offset] & 0x7F) << 24 | UInt32(mac[offset + 1]) << 16 | UInt32(mac[offset + 2]) << 8
      | UInt32(mac[offset + 3])
    let text = String(number % 1_000_000)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// The step whose code was typed, if it is near enough and later than the last that was used.
  ///
  /// A code serves once: its step and all before it are spent (RFC 6238, section 5.2).
  /// - Parameters:
  ///   - typed: what was typed; spaces between digits do not matter.
  ///   - second: what the clock shows.
  ///   - last: the last step that was used.
  ///   - hmac: the HMAC-SHA-1 of a message under the secret.
  /// - Returns: the step, or nil.
  package static func acceptedStep(
    _ typed: String, atSecond second: Int64, after last: Int64?, hmac: ([UInt8]) -> [UInt8]
  ) -> Int64? {
    let bytes = Array(typed.utf8.filter { $0 != UInt8(ascii: " ") })
    guard bytes.count == digits, bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let now = step(atSecond: second)
    var found: Int64?
    // All are reckoned, so that the time tells nothing of which it was.
    for step in (now - tolerance)...(now + tolerance) {
      let expected = Array(code(step: step, hmac: hmac).utf8)
      let difference = zip(expected, bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
      if difference == 0, step > last ?? .min { found = step }
    }
    return found
  }

  /// What authenticators read from a picture.
  package static func uri(secret: [UInt8], account: String, issuer: String) -> String {
    let label = "\(issuer.percentEncoded):\(account.percentEncoded)"
    return
      "otpauth://totp/\(label)?secret=\(Base32.encode(secret))&issuer=\(issuer.percentEncoded)&algorithm=SHA1&digits=6&period=30"
  }
}
