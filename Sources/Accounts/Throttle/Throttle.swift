package import Kernel

/// How often something may be tried: a few times freely, then with pauses that double.
///
/// Who guesses passwords gets a few dozen guesses a day; who mistypes waits half a minute. What is counted is a name (an
/// account's address, whether or not there is one, or a network), so that a refusal tells nothing. An attempt is counted
/// before it is judged, so that many at once get no more than one after the other; success sets the count back. A pause
/// never grows while it lasts: an owner is kept out by an attacker for one pause at most after the attacker stops.
package struct Throttle: Sendable, Hashable {
  /// What is known of a name.
  package struct State: Sendable, Hashable {
    /// Attempts since the count began.
    package var count: Int
    /// When the last was made.
    package var lastAt: Instant
    /// Until when no more may be made.
    package var blockedUntil: Instant?

    /// A state.
    package init(count: Int, lastAt: Instant, blockedUntil: Instant? = nil) {
      self.count = count
      self.lastAt = lastAt
      self.blockedUntil = blockedUntil
    }
  }

  /// What is to be done about an attempt.
  package enum Decision: Sendable, Hashable {
    /// It may be made; this is to be kept first.
    case admit(State)
    /// It may not; it can after so many seconds.
    case refuse(seconds: Int)
  }

  /// Attempts without a pause.
  package var free: Int
  /// The first pause, in seconds.
  package var firstSeconds: Int
  /// The longest pause, in seconds.
  package var longestSeconds: Int
  /// After how many seconds without an attempt everything is forgotten.
  package var forgetSeconds: Int

  /// A rule.
  package init(free: Int, firstSeconds: Int, longestSeconds: Int, forgetSeconds: Int) {
    self.free = free
    self.firstSeconds = firstSeconds
    self.longestSeconds = longestSeconds
    self.forgetSeconds = forgetSeconds
  }

  /// For sign-ins to one account.
  package static let account = Throttle(free: 5, firstSeconds: 30, longestSeconds: 900, forgetSeconds: 86_400)
  /// For sign-ins and registrations from one network, behind which many people may be.
  package static let network = Throttle(free: 50, firstSeconds: 30, longestSeconds: 900, forgetSeconds: 3_600)
  /// For mails to one address.
  package static let mail = Throttle(free: 3, firstSeconds: 300, longestSeconds: 86_400, forgetSeconds: 86_400)

  /// Decides about an attempt.
  package func decide(_ known: State?, at now: Instant) -> Decision {
    if let until = known?.blockedUntil, until > now {
      return .refuse(seconds: Int(until.secondsSinceEpoch - now.secondsSinceEpoch))
    }
    var state = known ?? State(count: 0, lastAt: now)
    if now.secondsSinceEpoch - state.lastAt.secondsSinceEpoch >= Int64(forgetSeconds) { state.count = 0 }
    state.count += 1
    state.lastAt = now
    state.blockedUntil = pause(after: state.count).map {
      Instant(secondsSinceEpoch: now.secondsSinceEpoch + Int64($0))
    }
    return .admit(state)
  }

  /// The pause that follows an attempt, unless it succeeds.
  private func pause(after count: Int) -> Int? {
    let over = count - free
    if over < 0 { return nil }
    return min(longestSeconds, over >= 20 ? longestSeconds : firstSeconds << over)
  }
}
