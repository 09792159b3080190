public import Kernel

/// What may be given back, changed and carried.
public struct SaleTerms: Hashable, Sendable {
  /// What giving back costs, by when; in order of time, and after the last one nothing is paid back.
  public var refunds: [RefundStep]
  /// What a change costs beside the difference of prices; nil where it cannot be changed.
  public var changeFee: Money?
  /// Checked bags for each traveller.
  public var checkedBags: Int
  /// Cabin bags for each traveller, beside what goes under a seat.
  public var cabinBags: Int

  /// Terms of a sale.
  public init(refunds: [RefundStep] = [], changeFee: Money? = nil, checkedBags: Int = 0, cabinBags: Int = 0) {
    self.refunds = refunds
    self.changeFee = changeFee
    self.checkedBags = checkedBags
    self.cabinBags = cabinBags
  }

  /// What giving back at `now` would cost; nil where nothing is paid back any more.
  public func fee(at now: Instant) -> Money? {
    refunds.first { now < $0.before }?.fee
  }
}

/// A moment until which giving back costs so much.
public struct RefundStep: Hashable, Sendable {
  /// Until just before then.
  public let before: Instant
  /// What is kept of the price.
  public let fee: Money

  /// Giving back before a moment costs a fee.
  public init(before: Instant, fee: Money) {
    self.before = before
    self.fee = fee
  }
}
