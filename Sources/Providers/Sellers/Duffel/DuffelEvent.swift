package import Booking
import JSON
package import Kernel

/// An event that Duffel sent: that something happened to an order, not what; for that the order is asked for.
package struct DuffelEvent: Hashable, Sendable {
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
  package init(body: [UInt8], signature: String?, secret: String, now: Instant) throws(EventFlaw) {
    let event = try SignedEvent(body: body, signature: signature, secret: secret, now: now)
    (id, type) = (event.id, event.type)
    let object = event.object
    reference = object.flatMap { DuffelOrders.reference($0) }
    order = object?.text("order_id") ?? object?.text("id")
  }
}
