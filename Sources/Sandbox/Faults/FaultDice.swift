import Kernel

/// What can go wrong with a request.
enum Fault: String, Sendable, CaseIterable {
  /// 500 before anything is done.
  case error
  /// 500 after it was done.
  case errorAfter
  /// No answer, and nothing was done.
  case silence
  /// No answer, though it was done.
  case silenceAfter
  /// No JSON, though it was done.
  case garbageAfter
  /// No answer for as long, and then it is done all the same, after whoever asked has gone.
  case late
  /// The connection is cut in the middle of the answer, though it was done.
  case cutAfter
  /// Sold to somebody else just before.
  case soldOut
  /// The price rises just before.
  case priceRise
  /// Too many requests.
  case throttled
}

/// Which thing a request wants done.
enum Deed: String, Sendable, CaseIterable {
  case search, price, order, pay, look, cancel, change
  /// What is asked of who collects money.
  case authorise, capture, void, refund, find
}

/// What goes wrong next: what was asked for first, then what chance has.
struct FaultDice: Sendable {
  private var random: SeededRandom
  private let misfortune: SandboxSettings.Misfortune
  private var wanted: [Deed: [Fault]] = [:]
  /// How often each thing has gone wrong.
  private(set) var counts: [String: Int] = [:]

  init(_ settings: SandboxSettings) {
    random = SeededRandom(seed: settings.seed ^ 0x5EED)
    misfortune = settings.misfortune
  }

  /// Puts a fault in the way of the next request of a kind.
  mutating func want(_ fault: Fault, for deed: Deed) { wanted[deed, default: []].append(fault) }

  /// What goes wrong with this request.
  mutating func next(for deed: Deed) -> Fault? {
    let fault = draw(for: deed)
    if let fault { counts[fault.rawValue, default: 0] += 1 }
    return fault
  }

  private mutating func draw(for deed: Deed) -> Fault? {
    if var line = wanted[deed], !line.isEmpty {
      let fault = line.removeFirst()
      wanted[deed] = line
      return fault
    }
    var chance = Double.random(in: 0..<1, using: &random)
    let shares: [(Fault, Double)] = [
      (.error, misfortune.errors), (.errorAfter, misfortune.errorsAfter), (.silenceAfter, misfortune.silences),
      (.garbageAfter, misfortune.garbage), (.silence, misfortune.losses), (.late, misfortune.delays),
      (.soldOut, deed == .order ? misfortune.soldOut : 0), (.priceRise, deed == .order ? misfortune.priceRises : 0),
    ]
    for (fault, share) in shares {
      if chance < share { return fault }
      chance -= share
    }
    return nil
  }

  /// Whether an event is sent twice.
  mutating func isDuplicated() -> Bool { happens(misfortune.duplicates, "duplicatedEvents") }

  /// Whether an event waits for the next one.
  mutating func isHeldBack() -> Bool { happens(misfortune.reorders, "reorderedEvents") }

  private mutating func happens(_ share: Double, _ name: String) -> Bool {
    guard Double.random(in: 0..<1, using: &random) < share else { return false }
    counts[name, default: 0] += 1
    return true
  }
}
