public import Kernel

/// Whoever sells: the port that adapters of real companies and the sandbox fill.
///
/// Every call may fail in three ways that must be told apart (``SellerFault``); whoever calls writes down what it is
/// about to ask before it asks. Adapters try once: whether another try is safe is the saga's to know.
public protocol Seller: Sendable {
  /// The name under which it is configured.
  var name: String { get }
  /// What it sells.
  var kinds: Set<OfferKind> { get }
  /// What there is; the pieces come as the seller answers.
  func search(_ search: OfferSearch) async throws(SellerFault) -> [Offer]
  /// Asks for price and places of one offer right now.
  func verify(_ offer: OfferKey) async throws(SellerFault) -> Offer
  /// Reserves without paying, where the seller can; `SaleStanding.State.held` with its end.
  func hold(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding
  /// Buys: what was held under this reference, or the offer at once.
  func book(_ order: SaleOrder) async throws(SellerFault) -> SaleStanding
  /// What the seller knows under our reference; nil where it knows nothing of it.
  func standing(of reference: BookingReference) async throws(SellerFault) -> SaleStanding?
  /// Gives back what was held or bought.
  func cancel(_ reference: BookingReference) async throws(SellerFault) -> SaleStanding
  /// Replaces what was bought by another offer.
  func change(_ reference: BookingReference, to order: SaleOrder) async throws(SellerFault) -> SaleStanding
}

/// What is ordered from a seller.
public struct SaleOrder: Hashable, Sendable {
  /// What we call it.
  public var reference: BookingReference
  /// Which offer.
  public var offer: OfferKey
  /// What we agreed to pay; a seller that wants more has to decline.
  public var price: Money
  /// Who travels.
  public var travellers: [SaleTraveller]

  /// An order.
  public init(_ reference: BookingReference, offer: OfferKey, price: Money, travellers: [SaleTraveller]) {
    self.reference = reference
    self.offer = offer
    self.price = price
    self.travellers = travellers
  }
}

/// Somebody for whom something is bought.
public struct SaleTraveller: Hashable, Sendable {
  /// Given names, as in the passport.
  public var givenName: String
  /// Family name, as in the passport.
  public var familyName: String
  /// Day of birth, where the seller wants it.
  public var born: LocalDate?
  /// Where tickets go.
  public var mail: String?

  /// A traveller.
  public init(givenName: String, familyName: String, born: LocalDate? = nil, mail: String? = nil) {
    self.givenName = givenName
    self.familyName = familyName
    self.born = born
    self.mail = mail
  }
}

/// What a seller says of something we ordered.
public struct SaleStanding: Hashable, Sendable {
  /// How far it has come.
  public enum State: Hashable, Sendable {
    /// Reserved until then.
    case held(until: Instant)
    /// Bought, papers are to come.
    case booked
    /// Bought, with the papers' numbers.
    case ticketed([String])
    /// Given back; so much is paid back to us.
    case cancelled(refund: Money)
    /// The reservation ran out.
    case lapsed
    /// The seller wants other times or prices; what was bought waits for an answer.
    case changedBySeller(Offer)
  }

  /// Our reference.
  public var reference: BookingReference
  /// The seller's own name of it.
  public var sellerName: String
  /// How far it has come.
  public var state: State
  /// What the seller charges or charged us.
  public var price: Money
  /// Grows with each change at the seller: an older message never undoes a newer one.
  public var version: Int64

  /// What a seller says.
  public init(
    _ reference: BookingReference, sellerName: String, state: State, price: Money, version: Int64
  ) {
    self.reference = reference
    self.sellerName = sellerName
    self.state = state
    self.price = price
    self.version = version
  }
}

/// Why a seller did not do what was asked.
public enum SellerFault: Error, Hashable, Sendable {
  /// It said no, and nothing has changed there.
  case declined(Refusal, words: String)
  /// The request was certainly not acted on; the same may be asked again.
  case notSent(words: String)
  /// Nobody knows whether it was acted on: ask for ``Seller/standing(of:)`` before anything else.
  case unknown(words: String)

  /// Why a seller said no.
  public enum Refusal: String, Hashable, Sendable, CaseIterable {
    /// Sold to somebody else.
    case soldOut
    /// The price is another now.
    case priceChanged
    /// The offer or the reservation ran out.
    case expired
    /// Not allowed by the terms.
    case notAllowed
    /// The request was not understood: our mistake.
    case malformed
    /// The key is wrong, or lacks a right.
    case forbidden
    /// Too many requests.
    case throttled
    /// Any other no.
    case other
  }
}
