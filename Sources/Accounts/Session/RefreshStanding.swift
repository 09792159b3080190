package import Kernel

/// How long sessions and tokens last.
package struct SessionLimits: Sendable, Hashable {
  /// How long an access token is good for.
  package var accessSeconds: Int64 = 600
  /// How long a session lasts without being used.
  package var idleSeconds: Int64 = 30 * 86_400
  /// How long a session lasts at most, however much it is used.
  package var wholeSeconds: Int64 = 90 * 86_400
  /// For how long the refresh token before the present one is answered again.
  package var graceSeconds: Int64 = 30
  /// For how long a sign-in is fresh enough to change what guards the account.
  package var freshSeconds: Int64 = 900
  /// How many sessions an account has at most; the one unused for longest ends first.
  package var sessionsMax = 50

  /// The limits that the program has.
  package init() {}
}

/// What a shown refresh token means for its session.
///
/// Each refresh spends the token and gives the next, so that of a thief and the owner one shows a spent token, and the
/// session ends for both. But answers get lost, and two tabs may refresh at once: the token before the present one is
/// answered again for a short grace with the *same* next token, as long as that one has not been used. Nothing is gained by
/// a thief: there is one line of tokens, never two, so whoever comes second after the next token was used is found out.
package enum RefreshStanding: Sendable, Hashable {
  /// It is the present one: spend it and give the next.
  case rotate
  /// It was spent a moment ago and the next has not been used: give the same next token again.
  case `repeat`
  /// It was spent before: somebody else has it. End the session.
  case reused
  /// Its session is over, or it has waited for too long.
  case over

  /// What is known of a shown token.
  package struct Token: Sendable, Hashable {
    /// Its number in the session's line.
    package let number: Int64
    /// When it was spent.
    package let spentAt: Instant?

    /// A token.
    package init(number: Int64, spentAt: Instant?) {
      self.number = number
      self.spentAt = spentAt
    }
  }

  /// What is known of its session.
  package struct Session: Sendable, Hashable {
    /// The number of the present token.
    package let presentNumber: Int64
    /// When it was used last.
    package let usedAt: Instant
    /// When it began.
    package let createdAt: Instant
    /// Whether it was ended.
    package let isRevoked: Bool

    /// A session.
    package init(presentNumber: Int64, usedAt: Instant, createdAt: Instant, isRevoked: Bool) {
      self.presentNumber = presentNumber
      self.usedAt = usedAt
      self.createdAt = createdAt
      self.isRevoked = isRevoked
    }

    /// Whether the session is over at a time.
    package func isOver(at now: Instant, _ limits: SessionLimits) -> Bool {
      isRevoked || now.secondsSinceEpoch - usedAt.secondsSinceEpoch >= limits.idleSeconds
        || now.secondsSinceEpoch - createdAt.secondsSinceEpoch >= limits.wholeSeconds
    }
  }

  /// Judges a token whose session is held.
  package init(of token: Token, in session: Session, at now: Instant, _ limits: SessionLimits) {
    if session.isOver(at: now, limits) {
      self = .over
    } else if token.number == session.presentNumber {
      self = .rotate
    } else if token.number == session.presentNumber - 1, let spent = token.spentAt,
      now.secondsSinceEpoch - spent.secondsSinceEpoch <= limits.graceSeconds
    {
      self = .repeat
    } else {
      self = .reused
    }
  }
}
