package import Kernel

/// Whom a call goes to: the seller of an item, or whoever collects the money.
package enum SagaTarget: Hashable, Sendable {
  case item(Int)
  case payment
}

/// What is asked of a seller or of whoever collects money.
package enum SagaAction: Hashable, Sendable {
  /// Price and place of an offer.
  case verify
  case hold
  case book
  case cancel
  /// Another offer in place of what was bought.
  case change(OfferKey, price: Int64)
  case authorise
  case capture
  case void
  case refund(Int64)
  /// What is known there under our reference.
  case look

  /// Whether it may be asked again without harm, whatever became of it.
  package var isHarmless: Bool { self == .verify || self == .look }
}

/// One call to the outside, written down before it is made.
package struct SagaCall: Hashable, Sendable {
  /// How far it has come.
  package enum State: Hashable, Sendable {
    /// Written down, to be made once it is `due`.
    case intended(due: Instant)
    /// Made, or about to be.
    case sent(Instant)
    /// Nobody knows what became of what was sent by that time: asked for once it is `due`, or since then.
    ///
    /// The time is not when it was written down as sent, but the latest at which it may have left: it may have waited here
    /// for a connection, or for those questions that come before it.
    case unknown(sent: Instant, due: Instant, isAsking: Bool)
  }

  /// Its place in the booking's journal.
  package let number: Int
  package let target: SagaTarget
  package let action: SagaAction
  package var state: State
  /// Tries that were not acted on.
  package var attempts = 0
  /// How often was asked what became of it.
  package var asks = 0

  /// A call that is about to be made.
  package init(number: Int, target: SagaTarget, action: SagaAction, state: State) {
    self.number = number
    self.target = target
    self.action = action
    self.state = state
  }
}

/// A line of the journal: what became of a call.
package struct JournalLine: Hashable, Sendable {
  package enum State: String, Hashable, Sendable { case intent, sent, ok, declined, unknown, dropped }

  package let number: Int
  package let target: SagaTarget
  package let action: SagaAction
  package let state: State
  package let attempts: Int
  /// What was said, where it was said in words.
  package let words: String?
}

/// What is to be sent now.
package enum SagaRequest: Hashable, Sendable {
  /// The call itself.
  case make(SagaCall)
  /// The question what became of the call.
  case ask(SagaCall)

  package var call: SagaCall {
    switch self {
    case .make(let call), .ask(let call): call
    }
  }
}

/// What came of a request.
package enum SagaAnswer: Hashable, Sendable {
  /// To `verify`: what it costs now and until when.
  case offered(price: Int64, expires: Instant)
  /// What a seller says; nil for nothing under our reference.
  indirect case seller(SaleStanding?)
  /// What whoever collects money says.
  indirect case payment(PaymentStanding?)
  case declined(SellerFault.Refusal, words: String)
  case notSent(words: String)
  case unknown(words: String)
}

/// Something that happened to a booking.
package enum SagaEvent: Hashable, Sendable {
  /// What came of the call with that number; of the question for it where `isAsked`.
  case answer(number: Int, isAsked: Bool, SagaAnswer)
  /// A webhook says that something has happened there: it is asked for, not believed.
  case hint(SagaTarget)
  /// The customer pays, with what the provider calls by that name.
  case pay(method: String?)
  /// The customer answers a question.
  case consent(question: Int, Bool)
  /// The customer calls it off.
  case cancel
  /// The customer wants another offer in place of what was bought.
  case change(item: Int, OfferKey, price: Int64)
  /// Time has passed.
  case tick
}

/// What follows from an event, to be stored with the new state in one transaction.
package enum SagaEffect: Hashable, Sendable {
  case journal(JournalLine)
  case ledger(LedgerEntry)
  /// The booking went into a phase.
  case entered(BookingPhase)
  case asked(BookingQuestion)
}

/// Why an event cannot be.
package enum SagaFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// A booking needs 1 to 20 items.
  case itemCount(Int)
  /// One booking is paid in one currency.
  case currencies(Currency, Currency)
  /// A price must be above zero.
  case price(item: Int)
  /// So must that of a package.
  case packagePrice
  /// A package is booked as a whole.
  case packagePolicy
  /// A package has parts, and nothing else has.
  case part(item: Int)
  /// A booking that is there cannot be paid, or not any more.
  case notPayable(BookingPhase)
  /// A payment is under way.
  case paymentUnderWay
  /// There is no such question, or none any more.
  case noQuestion(Int)
  /// It is over.
  case over(BookingPhase)
  /// Only what has its ticket can be changed, and nothing else may be under way.
  case notChangeable(BookingPhase)
  /// There is no such item.
  case noItem(Int)
  /// A package is given back as a whole; its parts are not exchanged.
  case inPackage(item: Int)
  /// It costs more, which has to be booked anew.
  case dearer(by: Int64)

  package var description: String {
    switch self {
    case .itemCount(let count): "must have 1 to \(Saga.itemsMax) items, found \(count)"
    case .currencies(let one, let other): "must be in one currency, found \(one) and \(other)"
    case .price(let item): "item \(item + 1) must have a price above zero"
    case .packagePrice: "a package must have a price above zero"
    case .packagePolicy: "a package is booked as a whole, by the policy \"all\""
    case .part(let item): "item \(item + 1) must be part of a package where the booking is one, and nowhere else"
    case .inPackage(let item):
      "item \(item + 1) is part of a package, whose parts are not exchanged; call the booking off and book another"
    case .notPayable(let phase): "the booking is \(phase.rawValue) and cannot be paid now"
    case .paymentUnderWay: "a payment is under way; wait for what becomes of it"
    case .noQuestion(let number): "question \(number) is not asked, or not any more"
    case .over(let phase): "the booking is \(phase.rawValue), which is its end"
    case .notChangeable(let phase): "the booking is \(phase.rawValue); only what has its tickets can be changed"
    case .noItem(let item): "there is no item \(item + 1)"
    case .dearer(let units): "the other offer costs \(units) minor units more; book it anew and cancel this one"
    }
  }
}
