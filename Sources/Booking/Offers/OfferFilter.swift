public import Kernel

/// Which offers of all are wanted.
public struct OfferFilter: Hashable, Sendable {
  /// Run by nobody but these; empty for anybody.
  public var carriers: Set<String>
  /// Changes on the way at most.
  public var stopsMax: Int?
  /// Leaving at or after.
  public var departsFrom: Instant?
  /// Leaving before.
  public var departsBefore: Instant?
  /// Arriving at or before.
  public var arrivesBy: Instant?
  /// Costing at most, in minor units of the search's currency.
  public var priceMax: Int64?
  /// Checked bags for each traveller at least.
  public var bagsMin: Int
  /// Only what can be given back for less than its price.
  public var isRefundable: Bool

  /// Anything, unless something is asked for.
  public init(
    carriers: Set<String> = [], stopsMax: Int? = nil, departsFrom: Instant? = nil,
    departsBefore: Instant? = nil,
    arrivesBy: Instant? = nil, priceMax: Int64? = nil, bagsMin: Int = 0, isRefundable: Bool = false
  ) {
    self.carriers = carriers
    self.stopsMax = stopsMax
    self.departsFrom = departsFrom
    self.departsBefore = departsBefore
    self.arrivesBy = arrivesBy
    self.priceMax = priceMax
    self.bagsMin = bagsMin
    self.isRefundable = isRefundable
  }
}

/// Which offers come first.
public enum OfferOrder: String, Hashable, Sendable, CaseIterable {
  /// The cheapest.
  case price
  /// The shortest on the way.
  case duration
  /// The earliest to leave.
  case departure
  /// The earliest to arrive.
  case arrival
}
