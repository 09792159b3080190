import JSON
import Kernel
import Secrets

/// What Adyen tells of a payment by webhook.
struct AdyenNotification: Sendable {
  let code: String
  /// What is told of: the payment, or the change to it.
  let name: String
  /// The payment that was changed.
  var original = ""
  let reference: String
  let amount: Int64
  let currency: String
  var isSuccess = true

  static let merchant = "SandboxECOM"

  /// The body of the webhook; the signature is in it.
  func signed(with key: String, at moment: Instant) -> [UInt8] {
    let success = isSuccess ? "true" : "false"
    let parts = [
      name, original, AdyenNotification.merchant, reference, "\(amount)", currency, code, success,
    ]
    let digits = key.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    let secret = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    let signature = Base64URL.encodePadded(Digest.hmacSHA256(Array(parts.joined(separator: ":").utf8), key: secret))
    var writer = JSONWriter()
    writer.object { object in
      object.field("live", "false")
      object.array("notificationItems") { items in
        items.object { item in
          item.object("NotificationRequestItem") { told in
            told.object("additionalData") { $0.field("hmacSignature", signature) }
            told.object("amount") {
              $0.field("currency", currency)
              $0.field("value", amount)
            }
            told.field("eventCode", code)
            told.field("eventDate", moment.description)
            told.field("merchantAccountCode", AdyenNotification.merchant)
            told.field("merchantReference", reference)
            if !original.isEmpty { told.field("originalReference", original) }
            told.field("paymentMethod", "visa")
            told.field("pspReference", name)
            told.field("reason", "")
            told.field("success", success)
          }
        }
      }
    }
    return writer.finish()
  }
}
