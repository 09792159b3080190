public import Kernel

/// A price that was shown, against the one that the seller confirms right before payment.
public struct PriceCheck: Hashable, Sendable {
  /// What was shown.
  public let shown: Money
  /// The offer as the seller confirms it.
  public let offer: Offer

  /// A price that was shown, and what the seller says now.
  public init(shown: Money, offer: Offer) {
    self.shown = shown
    self.offer = offer
  }

  /// Whether the price is another.
  public var isChanged: Bool { offer.price != shown }

  /// Whether it may not be charged without being agreed to: it costs more, or is in another currency.
  public var needsConsent: Bool {
    offer.price.currency != shown.currency || offer.price.minorUnits > shown.minorUnits
  }
}
