public import Kernel

/// Which offers somebody wants to see.
public struct OfferRequest: Hashable, Sendable {
  /// What is looked for with sellers.
  public var search: OfferSearch
  /// Which of all that there are.
  public var filter: OfferFilter
  /// In which order.
  public var order: OfferOrder
  /// After so many.
  public var start: Int
  /// So many at most.
  public var count: Int

  /// A request.
  public init(
    _ search: OfferSearch, filter: OfferFilter = OfferFilter(), order: OfferOrder = .price,
    start: Int = 0,
    count: Int = 20
  ) {
    self.search = search
    self.filter = filter
    self.order = order
    self.start = start
    self.count = count
  }
}

/// Some of the offers that there are.
public struct OfferPage: Sendable {
  /// The offers as a JSON array.
  public var offers: [UInt8]
  /// How many are on this page.
  public var count: Int
  /// How many there are in all that are wanted.
  public var total: Int
  /// When sellers answered.
  public var fetched: Instant
  /// How long ago that was.
  public var ageSeconds: Int64
  /// Whether that is longer than answers are good for.
  public var isStale: Bool
  /// Sellers that did not answer, or not yet.
  public var missing: [String]

  /// A page.
  public init(
    offers: [UInt8], count: Int, total: Int, fetched: Instant, ageSeconds: Int64, isStale: Bool,
    missing: [String]
  ) {
    self.offers = offers
    self.count = count
    self.total = total
    self.fetched = fetched
    self.ageSeconds = ageSeconds
    self.isStale = isStale
    self.missing = missing
  }
}
