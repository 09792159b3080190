/// A mail about an account.
package enum AccountLetter: Sendable, Hashable {
  /// Confirms a new account's address.
  case confirm(token: String)
  /// Tells an owner that somebody wanted a new account with their address.
  case alreadyRegistered
  /// Leads to a new password.
  case reset(token: String)
  /// Tells that there is no account of the address for which a new password was asked.
  case resetWithoutAccount
  /// Tells that the password was changed.
  case passwordChanged
  /// Tells that a session was ended because one of its tokens was shown twice.
  case sessionReused
  /// Tells that codes of an authenticator are asked for from now on, or no longer.
  case secondFactor(isOn: Bool)
  /// Tells that one can also sign in by a provider from now on.
  case signInLinked
  /// Confirms a new address of an account.
  case confirmAddress(token: String)
  /// Tells the old address that there is another from now on.
  case addressChanged
  /// Asks to join an organisation.
  case invitation(organisation: String, token: String)

  /// Its kind, as it travels.
  package var kind: String {
    switch self {
    case .confirm: "account.confirm"
    case .alreadyRegistered: "account.already-registered"
    case .reset: "account.reset"
    case .resetWithoutAccount: "account.reset-without-account"
    case .passwordChanged: "account.password-changed"
    case .sessionReused: "account.session-reused"
    case .secondFactor(true): "account.second-factor-on"
    case .secondFactor(false): "account.second-factor-off"
    case .signInLinked: "account.sign-in-linked"
    case .confirmAddress: "account.confirm-address"
    case .addressChanged: "account.address-changed"
    case .invitation: "account.invitation"
    }
  }

  /// What it leads somewhere with.
  package var token: String? {
    switch self {
    case .confirm(let token), .confirmAddress(let token), .reset(let token), .invitation(_, let token): token
    default: nil
    }
  }

  /// The organisation that it is about.
  package var organisation: String? {
    if case .invitation(let name, _) = self { name } else { nil }
  }
}

/// A mail with who gets it.
package struct AddressedLetter: Sendable, Hashable {
  /// Where it goes.
  package let address: String
  /// Whom it greets, if a name is known.
  package let name: String?
  /// What it says.
  package let letter: AccountLetter

  /// A mail.
  package init(_ letter: AccountLetter, to address: String, name: String? = nil) {
    self.letter = letter
    self.address = address
    self.name = name
  }
}
