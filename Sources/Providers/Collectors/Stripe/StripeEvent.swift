package import Kernel
import JSON

/// An event that Stripe sent: that something happened to a payment, not what; for that the payment is asked for.
package struct StripeEvent: Hashable, Sendable {
  /// What it is known by, however often it comes.
  package let id: String
  /// What happened, such as `payment_intent.succeeded`.
  package let type: String
  /// Our reference, where the event tells it.
  package let reference: String?
  /// Stripe's name of the payment intent.
  package let intent: String?

  /// Reads an event that carries `Stripe-Signature: t=SECONDS,v1=HEX`.
  ///
  /// - Parameters:
  ///   - body: as it came.
  ///   - signature: the header's value.
  ///   - secret: what the endpoint was given.
  ///   - now: the time; five minutes off are put up with.
  /// - Throws: what is wrong with it.
  package init(body: [UInt8], signature: String?, secret: String, now: Instant) throws(EventFlaw) {
    let event = try SignedEvent(body: body, signature: signature, secret: secret, now: now)
    (id, type) = (event.id, event.type)
    let object = event.object
    reference = object?.member("metadata")?.text("reference")
    let isIntent = object?.text("object") == "payment_intent"
    intent = isIntent ? object?.text("id") : object?.text("payment_intent")
  }
}
