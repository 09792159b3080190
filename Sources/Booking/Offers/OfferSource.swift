/// Where offers come from, whatever stands between those who ask and the sellers.
public struct OfferSource: Sendable {
  /// A page of what there is; waits for sellers where nothing is kept.
  ///
  /// - Throws: ``OfferFault``.
  public let page: @Sendable (OfferRequest) async throws -> OfferPage
  /// The same page again and again, as sellers answer; it ends when the last one has, or none is waited for any more.
  ///
  /// - Throws: ``OfferFault`` when there is nothing at all, or what the closure throws.
  public let follow: @Sendable (OfferRequest, @escaping @Sendable (OfferPage) async throws -> Void) async throws -> Void
  /// Asks sellers anew, unless they were asked within so many seconds.
  ///
  /// - Throws: ``OfferFault``.
  public let refresh: @Sendable (OfferSearch, _ unlessWithinSeconds: Int64) async throws -> Void
  /// Asks for price and places of one offer right now.
  ///
  /// - Throws: ``SellerFault``; nil where no such seller is known.
  public let verify: @Sendable (OfferKey) async throws -> Offer?

  /// A source of these four.
  public init(
    page: @escaping @Sendable (OfferRequest) async throws -> OfferPage,
    follow:
      @escaping @Sendable (OfferRequest, @escaping @Sendable (OfferPage) async throws -> Void) async throws -> Void,
    refresh: @escaping @Sendable (OfferSearch, Int64) async throws -> Void,
    verify: @escaping @Sendable (OfferKey) async throws -> Offer?
  ) {
    self.page = page
    self.follow = follow
    self.refresh = refresh
    self.verify = verify
  }
}

/// Why there are no offers.
public enum OfferFault: Error, Hashable, Sendable {
  /// No seller answered, and nothing is kept that could stand in.
  case noSellerAnswered(words: String)
  /// Too much is asked for at once.
  case overloaded
}
