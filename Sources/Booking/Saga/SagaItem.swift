package import Kernel

/// One thing to be had from one seller.
package struct SagaItem: Hashable, Sendable {
  /// How far it has come.
  package enum Stage: Hashable, Sendable {
    /// Price and place are not known yet.
    case wished
    /// It can be had until then.
    case verified(until: Instant)
    /// It is reserved until then.
    case held(until: Instant)
    /// It is bought; its papers are to come where there are none.
    case bought(papers: [String])
    /// It cannot be had.
    case refused(SellerFault.Refusal)
    /// It was let go or given back, and nothing is left with the seller.
    case returned
    /// It is bought, nobody wants it, and the seller does not take it back: we bear it.
    case stranded
  }

  package let reference: BookingReference
  package var offer: OfferKey
  /// What it has to be as a part of a package; nil for what is sold by itself.
  package let part: OfferKind?
  /// What its seller is paid, in minor units; of a package's part nothing until it was verified.
  package var cost: Int64
  /// What the customer pays for it: what it costs, or as a part of a package its share of the price.
  package var price: Int64
  /// What its seller wants now, where that is not agreed.
  package var asked: Int64?
  package var stage = Stage.wished
  /// The call that is under way.
  package var call: SagaCall?
  /// Whether something of ours may be with the seller: known before the call that puts it there.
  package var isWithSeller = false
  /// Whether the seller reserves without money.
  package var canHold = true
  /// Why it is to be undone, where it is.
  package var undoing: Undoing?
  /// What the seller keeps of it after the customer gave it back.
  package var kept: Int64 = 0
  /// The newest of the seller's standings that was heeded.
  package var version: Int64 = -1
  /// The offer that the seller wants in place of what was bought.
  package var proposal: OfferKey?
  /// Whether its change under way is one that the seller wants.
  package var isForced = false
  /// Whether the seller is to be asked how it stands, not before then.
  package var look: Instant?

  /// Whether its seller does not keep to it, and the customer has not said whether the rest of the package is wanted.
  package var isMissed = false

  /// An item as it was selected.
  package init(_ reference: BookingReference, offer: OfferKey, price: Int64) {
    self.init(reference, offer: offer, part: nil, cost: price, price: price)
  }

  /// A part of a package, of which only the whole has a price until its seller was asked.
  package init(_ reference: BookingReference, offer: OfferKey, part: OfferKind) {
    self.init(reference, offer: offer, part: part, cost: 0, price: 0)
  }

  /// An item as it was kept.
  package init(_ reference: BookingReference, offer: OfferKey, part: OfferKind?, cost: Int64, price: Int64) {
    self.reference = reference
    self.offer = offer
    self.part = part
    self.cost = cost
    self.price = price
  }

  package var isBought: Bool { if case .bought = stage { true } else { false } }
  package var hasPapers: Bool { if case .bought(let papers) = stage { !papers.isEmpty } else { false } }
  var isOut: Bool {
    switch stage {
    case .refused, .returned: true
    case .wished, .verified, .held, .bought, .stranded: false
    }
  }

  /// When it cannot be bought any more; nil where that is no question.
  var until: Instant? {
    switch stage {
    case .verified(let until), .held(let until): until
    case .wished, .bought, .refused, .returned, .stranded: nil
    }
  }
}

/// One try of the customer's to pay.
package struct SagaPayment: Hashable, Sendable {
  package enum Stage: String, Hashable, Sendable {
    /// Nothing is known there.
    case none
    /// Waits for the customer.
    case pending
    case authorised
    case captured
    case voided
    case failed
  }

  /// Which try it is, from one.
  package let number: Int
  package var amount: Int64
  package let method: String?
  package var stage = Stage.none
  package var refunded: Int64 = 0
  package var refunds = 0
  package var call: SagaCall?
  /// Whether an authorisation may be there: known before the call that makes it.
  package var isThere = false
  package var isReserved = false
  package var look: Instant?
  package var looks = 0
  /// Whether it was given up and is to be let go.
  package var isLeft = false

  /// A try.
  package init(number: Int, amount: Int64, method: String?) {
    self.number = number
    self.amount = amount
    self.method = method
  }
}

/// How long things wait.
package struct SagaPatience: Hashable, Sendable {
  /// How long after a request that nobody has answered it may still be acted on.
  ///
  /// "Nothing is known of it" is believed only later than this, because otherwise the same would be bought twice.
  package var quietSeconds: Int64 = 120
  /// How long whoever asks waits for an answer at most.
  package var answerSeconds: Int64 = 90
  /// How long before an offer or a reservation ends nothing is begun any more.
  package var marginSeconds: Int64 = 60
  /// How long a customer has from the beginning until the money is taken.
  package var paySeconds: Int64 = 1800
  /// Tries of what was not sent.
  package var attemptsMax = 5
  /// The longest pause.
  package var pauseSecondsMax: Int64 = 3600

  /// The usual.
  package init() {}

  /// 2, 4, 8 … seconds.
  func pause(_ attempts: Int) -> Int64 { min(pauseSecondsMax, 1 << Int64(min(attempts, 20) + 1)) }
}
