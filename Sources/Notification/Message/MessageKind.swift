/// Everything that is told to people.
package enum MessageKind: String, Sendable, Hashable, CaseIterable {
  case accountConfirm = "account.confirm"
  case accountAlreadyRegistered = "account.already-registered"
  case accountReset = "account.reset"
  case accountResetWithoutAccount = "account.reset-without-account"
  case accountPasswordChanged = "account.password-changed"
  case accountSessionReused = "account.session-reused"
  case accountSecondFactorOn = "account.second-factor-on"
  case accountSecondFactorOff = "account.second-factor-off"
  case accountSignInLinked = "account.sign-in-linked"
  case accountConfirmAddress = "account.confirm-address"
  case accountAddressChanged = "account.address-changed"
  case accountPhoneCode = "account.phone-code"
  case accountInvitation = "account.invitation"
  case tripInvited = "trip.invited"
  case tripMentioned = "trip.mentioned"
  case itineraryPlanned = "itinerary.planned"
  case itinerarySelected = "itinerary.selected"
  case webhookDisabled = "webhook.disabled"
  case bookingOffers = "booking.offers"
  case bookingQuestion = "booking.question"
  case bookingTicketed = "booking.ticketed"
  case bookingRefunded = "booking.refunded"
  case bookingFailed = "booking.failed"
  case priceAlert = "price.alert"
  case digest

  /// How much it may disturb.
  package enum Urgency: Sendable, Hashable {
    /// Guards the account, or was asked for by who gets it this minute: always by mail, whatever is preferred.
    case security
    /// Something stops working until somebody acts: not in a digest, and at any hour.
    case urgent
    /// Goes at once, but not in quiet hours.
    case normal
    /// May wait and be joined with others.
    case low
  }

  /// How much it may disturb.
  package var urgency: Urgency {
    switch self {
    case .accountConfirm, .accountAlreadyRegistered, .accountReset, .accountResetWithoutAccount,
      .accountPasswordChanged, .accountSessionReused, .accountSecondFactorOn, .accountSecondFactorOff,
      .accountSignInLinked, .accountConfirmAddress, .accountAddressChanged, .accountPhoneCode:
      .security
    // Half an hour is left to answer.
    case .webhookDisabled, .bookingOffers, .bookingQuestion, .bookingFailed: .urgent
    case .accountInvitation, .tripInvited, .itinerarySelected, .digest, .bookingTicketed, .bookingRefunded,
      .priceAlert:
      .normal
    case .tripMentioned, .itineraryPlanned: .low
    }
  }

  /// Goes to an address, sealed until it is sent, rather than to an account: mails about accounts, and those with a token.
  package var isLetter: Bool {
    switch self {
    case .accountInvitation, .tripInvited: true
    default: urgency == .security
    }
  }

  /// What its words have places for, all of which must be given.
  package var facts: Set<Fact> {
    switch self {
    case .accountConfirm, .accountConfirmAddress, .accountReset, .accountPhoneCode: [.token]
    case .accountAlreadyRegistered, .accountResetWithoutAccount, .accountPasswordChanged, .accountSessionReused,
      .accountSecondFactorOn, .accountSecondFactorOff, .accountSignInLinked, .accountAddressChanged:
      []
    case .accountInvitation: [.organisation, .token]
    case .tripInvited: [.trip, .author, .token]
    case .tripMentioned: [.trip, .author, .text]
    case .itineraryPlanned: [.trip]
    case .itinerarySelected: [.trip, .count]
    case .webhookDisabled: [.address]
    case .bookingOffers, .bookingQuestion, .bookingTicketed, .bookingRefunded, .bookingFailed: [.text]
    case .priceAlert: [.text, .price]
    case .digest: [.count]
    }
  }

  /// Kinds that somebody can choose to hear of or not.
  package static let choosable: [MessageKind] = allCases.filter { !$0.isLetter && $0 != .digest }
}

/// What a message is about, as its words name it.
package enum Fact: String, Sendable, Hashable, CaseIterable {
  case token, organisation, trip, author, text, count, address, price

  /// Whether people who get it have not written it themselves: it is told so that it leads nowhere.
  package var isPeoplesWords: Bool {
    switch self {
    case .organisation, .trip, .author, .text: true
    case .token, .count, .address, .price: false
    }
  }

  /// Characters that are told of it; the rest is left out.
  package var lengthMax: Int {
    switch self {
    case .text: 1000
    case .token, .address: 500
    case .organisation, .trip, .author: 120
    case .count: 20
    case .price: 40
    }
  }
}

/// Ways in which something reaches somebody; what was told is in the feed in any case.
package enum Channel: String, Sendable, Hashable, CaseIterable, Comparable {
  case email, push, sms

  /// In the order of their names.
  package static func < (left: Channel, right: Channel) -> Bool { left.rawValue < right.rawValue }
}
