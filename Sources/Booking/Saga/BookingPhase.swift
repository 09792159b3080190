/// How far a booking has come.
package enum BookingPhase: String, Hashable, Sendable, CaseIterable {
  /// Prices and places are being asked for.
  case begun
  /// Held as far as sellers hold; waits for the money.
  case pending
  /// The money is taken.
  case paid
  /// Tickets are being bought.
  case ticketing
  /// Every ticket that was paid for is there.
  case ticketed
  /// What was bought is being exchanged.
  case changing
  /// Something is being given back, and money with it.
  case refundNeeded
  /// All money that was to go back has gone back.
  case refunded
  /// What was held is being let go; no money was taken.
  case releasing
  /// The time to pay ran out; nothing is held, nothing was taken.
  case lapsed
  /// Called off; nothing is held, nothing more goes back.
  case cancelled

  /// Whether nothing goes on by itself any more.
  package var isSettled: Bool {
    switch self {
    case .ticketed, .refunded, .lapsed, .cancelled: true
    case .begun, .pending, .paid, .ticketing, .changing, .refundNeeded, .releasing: false
    }
  }

  /// Where it may go from here.
  package var following: Set<BookingPhase> {
    switch self {
    case .begun: [.pending, .releasing]
    case .pending: [.paid, .releasing]
    case .paid: [.ticketing]
    case .ticketing: [.ticketed, .refundNeeded]
    case .ticketed: [.changing, .refundNeeded]
    case .changing: [.ticketed, .refundNeeded]
    case .refundNeeded: [.ticketed, .refunded, .cancelled]
    case .releasing: [.lapsed, .cancelled]
    case .refunded, .lapsed, .cancelled: []
    }
  }
}

/// What is done when not everything can be had.
package enum BookingPolicy: String, Hashable, Sendable {
  /// All or nothing.
  case allOrNothing = "all"
  /// What can be had, if the customer agrees before paying; afterwards what cannot be had is paid back.
  case bestEffort = "best"
}

/// Why something is undone.
package enum Undoing: String, Hashable, Sendable {
  /// The time to pay ran out.
  case lapse
  /// The customer wants it, and bears what the terms say.
  case customer
  /// Something else could not be had.
  case policy
  /// The seller does not keep to what was bought.
  case seller
  /// It cannot be had, or not at that price.
  case refusal
}

/// What a booking asks its customer.
package struct BookingQuestion: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    /// Whether it is still wanted though it costs so much now.
    case price(now: Int64)
    /// Whether the rest is wanted without these.
    case without([Int])
    /// Whether another offer is wanted that the seller puts in place of an item's.
    case sellerChange(item: Int, OfferKey)
  }

  /// Tells an answer to an older question.
  package let number: Int
  package let subject: Subject

  package init(number: Int, subject: Subject) {
    self.number = number
    self.subject = subject
  }
}
