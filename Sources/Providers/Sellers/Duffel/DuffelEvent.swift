package import Booking
import JSON
package import Kernel
import Secrets

/// An event that Duffel sent: that something happened to an order, not what; for that the order is asked for.
package struct DuffelEvent: Hashable, Sendable {
  /// Why what came is no event.
  package enum Flaw: Error, Hashable, Sendable {
    /// The signature is missing, is not of this form or is somebody else's.
    case forged
    /// It was signed too long ago, or is not yet to be.
    case stale
    /// It is signed, and says nothing that can be read.
    case unreadable
  }

  /// What it is known by, however often it comes.
  package let id: String
  /// What happened, such as `order.created`.
  package let type: String
  /// Our reference, where the order is one of ours.
  package let reference: BookingReference?
  /// The seller's name of the order.
  package let order: String?

  /// Reads an event that carries `X-Duffel-Signature: t=SECONDS,v1=HEX`.
  ///
  /// - Parameters:
  ///   - body: as it came.
  ///   - signature: the header's value.
  ///   - secret: what the subscription was given.
  ///   - now: the time; five minutes off are put up with.
  /// - Throws: what is wrong with it.
  package init(body: [UInt8], signature: String?, secret: String, now: Instant) throws(Flaw) {
    var parts: [Substring: Substring] = [:]
    for part in (signature ?? "").prefix(500).split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { parts[pair[0]] = pair[1] }
    }
    guard let time = parts["t"], let code = parts["v1"], !time.isEmpty,
      time.utf8.allSatisfy({ (48...57).contains($0) }),
      let second = Int64(time)
    else { throw .forged }
    let expected = Digest.hmacSHA256(Array("\(time).".utf8) + body, key: Array(secret.utf8))
    guard DuffelEvent.isSame(expected, hex: code) else { throw .forged }
    guard abs(second - now.secondsSinceEpoch) <= 300 else { throw .stale }
    guard let node = try? JSONDocument(bytes: body, limits: JSONLimits(bytesMax: 1 << 20)).root,
      let id = node.text("id"), let type = node.text("type")
    else { throw .unreadable }
    self.id = id
    self.type = type
    let object = node.member("data")?.member("object")
    reference = object.flatMap { DuffelOrders.reference($0) }
    order = object?.text("order_id") ?? object?.text("id")
  }

  /// Compared to the end, so that time does not tell how far a guess was right.
  private static func isSame(_ code: [UInt8], hex: Substring) -> Bool {
    let digits = Array(hex.utf8)
    guard digits.count == code.count * 2 else { return false }
    var difference: UInt8 = 0
    for (index, byte) in code.enumerated() {
      difference |= digit(byte >> 4) ^ digits[2 * index] | digit(byte & 15) ^ digits[2 * index + 1]
    }
    return difference == 0
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
