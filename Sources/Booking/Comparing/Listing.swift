package import Kernel

/// Whoever collects money and can list what was begun in a time: only so is found what our books know nothing of.
package protocol PaymentListing: PaymentProvider {
  /// Every payment with a reference of ours that was begun then.
  func payments(from: Instant, to: Instant) async throws(PaymentFault) -> [PaymentStanding]
}

/// Whoever sells and can list what was ordered in a time; likewise.
package protocol SaleListing: Seller {
  /// Every order with a reference of ours that was made then.
  func sales(from: Instant, to: Instant) async throws(SellerFault) -> [SaleStanding]
}
