import Kernel
import Secrets

/// Why what came is no event.
package enum EventFlaw: Error, Hashable, Sendable {
  /// The signature is missing, is not of this form or is somebody else's.
  case forged
  /// It was signed too long ago, or is not yet to be.
  case stale
  /// It is signed, and says nothing that can be read.
  case unreadable
}

/// A signature of the form `t=SECONDS,v1=HEX`: HMAC-SHA-256 over the time, a point and the body.
///
/// While a secret is being changed there are several `v1`; one that is right is enough.
enum TimedSignature {
  /// How far the sender's clock may be off, and how long an event may be on its way.
  private static let windowSeconds: Int64 = 300
  private static let signaturesMax = 10

  /// Checks a signature.
  ///
  /// - Throws: what is wrong with it.
  static func check(_ header: String?, _ body: [UInt8], secret: String, now: Instant) throws(EventFlaw) {
    var time: Substring?
    var codes: [Substring] = []
    for part in (header ?? "").prefix(1000).split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      if pair[0] == "t" { time = pair[1] } else if pair[0] == "v1" { codes.append(pair[1]) }
    }
    guard let time, !time.isEmpty, time.utf8.allSatisfy({ (48...57).contains($0) }), let second = Int64(time),
      !codes.isEmpty, codes.count <= signaturesMax
    else { throw .forged }
    let expected = Digest.hmacSHA256(Array("\(time).".utf8) + body, key: Array(secret.utf8))
    guard codes.contains(where: { isSame(expected, hex: $0) }) else { throw .forged }
    guard abs(second - now.secondsSinceEpoch) <= windowSeconds else { throw .stale }
  }

  /// Compared to the end, so that time does not tell how far a guess was right.
  private static func isSame(_ code: [UInt8], hex: Substring) -> Bool {
    let digits = Array(hex.utf8)
    guard digits.count == code.count * 2 else { return false }
    var difference: UInt8 = 0
    for (index, byte) in code.enumerated() {
      // Both operators bind alike in Swift: without these parentheses some wrong digits would pass.
      difference |= (digit(byte >> 4) ^ digits[2 * index]) | (digit(byte & 15) ^ digits[2 * index + 1])
    }
    return difference == 0
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
