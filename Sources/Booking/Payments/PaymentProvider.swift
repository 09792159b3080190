package import Kernel

/// Whoever collects money: the port that adapters fill.
///
/// Card data never comes to us: the customer gives it to the provider, and we hold a name of it (`method`). Like sellers'
/// adapters they try once, and whoever calls writes down first what it is about to ask.
package protocol PaymentProvider: Sendable {
  /// The name under which it is configured.
  var name: String { get }
  /// Reserves an amount with the customer's bank.
  func authorise(_ order: PaymentOrder) async throws(PaymentFault) -> PaymentStanding
  /// Takes what was reserved.
  func capture(_ reference: String) async throws(PaymentFault) -> PaymentStanding
  /// Lets go what was reserved.
  func void(_ reference: String) async throws(PaymentFault) -> PaymentStanding
  /// Pays back some of what was taken; `attempt` is our name of this refund.
  func refund(_ reference: String, _ amount: Money, as attempt: String) async throws(PaymentFault) -> PaymentStanding
  /// What the provider knows under our reference; nil where it knows nothing of it.
  func standing(of reference: String) async throws(PaymentFault) -> PaymentStanding?
}

/// Whoever collects money and sends customers to their bank and back with something that is to be handed in.
package protocol PaymentReturning: PaymentProvider {
  /// Hands in what a customer has brought back from their bank; how the payment stands then is asked for as ever.
  func conclude(_ reference: String, result: String) async throws(PaymentFault)
}

/// What is to be collected.
package struct PaymentOrder: Hashable, Sendable {
  /// What we call it; one for each try of the customer's.
  package let reference: String
  package let amount: Money
  /// The provider's name of the card or account; nil where the customer gives it to the provider later.
  package let method: String?

  package init(_ reference: String, _ amount: Money, method: String?) {
    self.reference = reference
    self.amount = amount
    self.method = method
  }
}

/// What a provider says of a payment.
package struct PaymentStanding: Hashable, Sendable {
  /// How far it has come.
  package enum State: String, Hashable, Sendable {
    /// Waits for the customer, or for a bank.
    case pending
    /// Reserved.
    case authorised
    /// Taken.
    case captured
    /// Let go.
    case voided
    /// Refused by the customer's bank, for good.
    case failed
  }

  package let reference: String
  package let state: State
  /// What was reserved or taken.
  package let amount: Money
  /// What was paid back of it so far.
  package let refunded: Money
  /// What the customer's browser needs to go on; a secret of that customer.
  package let clientSecret: String?
  /// Where the customer's bank wants to see the customer, where it does.
  package let redirect: String?

  package init(
    _ reference: String, _ state: State, _ amount: Money, refunded: Money? = nil, clientSecret: String? = nil,
    redirect: String? = nil
  ) {
    self.reference = reference
    self.state = state
    self.amount = amount
    self.refunded = refunded ?? .zero(amount.currency)
    self.clientSecret = clientSecret
    self.redirect = redirect
  }
}

/// Why a provider did not do what was asked.
package enum PaymentFault: Error, Hashable, Sendable {
  /// It said no, and nothing has changed there.
  case declined(words: String)
  /// The request was certainly not acted on; the same may be asked again.
  case notSent(words: String)
  /// Nobody knows whether it was acted on: ask for ``PaymentProvider/standing(of:)`` before anything else.
  case unknown(words: String)
}
