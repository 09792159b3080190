/// Gives a failing server a rest: after too many failures nothing is sent for a while, then one request tries.
///
/// closed → open when, of at least `volume` requests in the window, the share that failed reaches `threshold`;
/// open → half-open when the rest is over; half-open → closed when the one probe succeeds, → open again (a rest
/// twice as long, up to a limit) when it fails. Time is an argument, in nanoseconds.
struct CircuitBreaker: Sendable {
  struct Rules: Sendable {
    var volume = 10
    var threshold = 0.5
    var window: Duration = .seconds(10)
    var rest: Duration = .seconds(2)
    var restMax: Duration = .seconds(60)
  }

  enum State: Equatable, Sendable {
    case closed
    case open(until: UInt64)
    case halfOpen
  }

  private(set) var state = State.closed
  private let rules: Rules
  private var windowStart: UInt64 = 0
  private var successes = 0
  private var failures = 0
  private var rest: UInt64

  init(rules: Rules = Rules()) {
    self.rules = rules
    rest = rules.rest.nanoseconds
  }

  /// Whether a request may go; a half-open breaker lets exactly one.
  mutating func admit(at now: UInt64) -> Bool {
    switch state {
    case .closed: return true
    case .halfOpen: return false
    case .open(let until):
      guard now >= until else { return false }
      state = .halfOpen
      return true
    }
  }

  /// Hears how an admitted request ended.
  mutating func record(success: Bool, at now: UInt64) {
    switch state {
    case .halfOpen where success:
      state = .closed
      rest = rules.rest.nanoseconds
      startWindow(at: now)
    case .halfOpen:
      rest = min(rest * 2, rules.restMax.nanoseconds)
      state = .open(until: now &+ rest)
    case .open: break
    case .closed: count(success: success, at: now)
    }
  }

  /// Hears that an admitted request ended without saying anything about the server: a probe may be tried again.
  mutating func abandon(at now: UInt64) {
    if state == .halfOpen { state = .open(until: now) }
  }

  private mutating func count(success: Bool, at now: UInt64) {
    if now &- windowStart > rules.window.nanoseconds { startWindow(at: now) }
    if success { successes += 1 } else { failures += 1 }
    let total = successes + failures
    if !success, total >= rules.volume, Double(failures) >= rules.threshold * Double(total) {
      state = .open(until: now &+ rest)
    }
  }

  private mutating func startWindow(at now: UInt64) {
    windowStart = now
    successes = 0
    failures = 0
  }
}
